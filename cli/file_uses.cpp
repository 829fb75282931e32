// SPDX-License-Identifier: Apache-2.0
// Files are compared by device and inode; two outputs that do not exist yet, by their path. Held by
// tests/cli/file_uses_test.cpp, for every verb.
#include "cli/file_uses.hpp"

#include <filesystem>

#include "core/text.hpp"
#include "energylens/core/error.hpp"

namespace energylens::cli {
namespace {

/// Whether writing one would replace the other. A file that is not regular keeps nothing that could be lost.
bool same_file(const std::string& a, const std::string& b) {
  std::error_code missing;
  if (std::filesystem::exists(a, missing) && std::filesystem::exists(b, missing))
    return std::filesystem::is_regular_file(a, missing) && std::filesystem::equivalent(a, b, missing);
  const auto place_of = [&missing](const std::string& path) {
    return std::filesystem::weakly_canonical(std::filesystem::absolute(path, missing), missing);
  };
  return place_of(a) == place_of(b) && !missing;
}

}  // namespace

void FileUses::reads(const std::string& path) {
  if (!path.empty()) inputs_.push_back(path == "-" ? "/dev/stdin" : path);
}

void FileUses::writes(const std::string& flag, const std::string& path) {
  if (!path.empty() && path != "-") outputs_.push_back({flag, path});
}

void FileUses::check() const {
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const Output& output = outputs_[i];
    for (const std::string& input : inputs_) {
      if (same_file(output.path, input))
        throw Error::usage(output.flag + ' ' + shown(output.path) + " would overwrite an input file" +
                           (input == output.path ? "" : ", " + shown(input)));
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (same_file(output.path, outputs_[j].path))
        throw Error::usage(outputs_[j].flag + " and " + output.flag + " would write the same file, " +
                           shown(output.path));
    }
  }
}

}  // namespace energylens::cli
