// SPDX-License-Identifier: Apache-2.0
// Files of other tools from anywhere: every format either makes a table that reads back from its own CSV, or
// refuses by an Error of one line. tests/foreign/fuzz_replay_test.cpp replays the corpus without a fuzzer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "energylens/core/error.hpp"
#include "energylens/foreign/import.hpp"

namespace {

/// A file of this process for the input: importers read files.
std::string written(const std::uint8_t* data, std::size_t size) {
  static const std::string path = [] {
    std::string name = (std::filesystem::temp_directory_path() / "energylens_fuzz_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    std::atexit([] { std::filesystem::remove_all(std::filesystem::path(path).parent_path()); });
    return name + "/input";
  }();
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace energylens;
  foreign::Request request;
  request.files = {written(data, size)};
  request.set = {{"batch", "1"}};
  for (const foreign::Format& format : foreign::formats()) {
    try {
      const foreign::Imported imported = format.import(request);
      table::parse_csv(table::to_csv(imported.table), "written");
    } catch (const Error& error) {
      if (error.code() != ErrorCode::bad_input) std::abort();
      if (std::string(error.what()).find_first_of("\r\n") != std::string::npos) std::abort();
    }
  }
  return 0;
}
