// SPDX-License-Identifier: Apache-2.0
// Held by formats_test.cpp.
#include "importers/content.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/file.hpp"
#include "energylens/core/error.hpp"

namespace energylens::importers {
namespace {

/// Formats are known by their beginning.
constexpr std::size_t kBeginning = 1u << 16;

}  // namespace

std::string text_of(const std::string& file, const Request& request) {
  return file == "-" && request.standard_input ? *request.standard_input : read_file(file);
}

std::string beginning_of(const std::string& file) {
  if (file == "-") throw Error::usage("standard input cannot be read twice: write it to a file");
  std::ifstream in(file, std::ios::binary);
  std::string text(kBeginning, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.gcount() == 0) return read_file(file);  // an empty file, or one that cannot be read
  text.resize(static_cast<std::size_t>(in.gcount()));
  return std::string(beginning_of_text(text));
}

std::string_view beginning_of_text(std::string_view text) {
  text = text.substr(0, kBeginning);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

bool fits(const Signature& signature, std::string_view beginning) {
  if (signature.start.empty() && signature.words.front().empty()) return false;
  if (!beginning.starts_with(signature.start)) return false;
  return std::ranges::all_of(signature.words,
                             [&](std::string_view word) { return beginning.find(word) != beginning.npos; });
}

bool is_meter_report(std::string_view beginning) {
  return beginning.starts_with('{') && beginning.find("\"power_valid\"") != beginning.npos &&
         beginning.find("\"devices\"") != beginning.npos;
}

}  // namespace energylens::importers
