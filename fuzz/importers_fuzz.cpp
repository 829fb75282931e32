// SPDX-License-Identifier: Apache-2.0
// Files of other tools from anywhere: every format either makes a table that reads back from its own CSV, or
// refuses by an Error of one line. tests/importers/fuzz_replay_test.cpp replays the corpus without a fuzzer.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "energylens/core/error.hpp"
#include "energylens/importers/import.hpp"

namespace {

/// A file in memory that holds the input: importers read files.
std::string written(const std::uint8_t* data, std::size_t size) {
  static const int file = ::memfd_create("energylens_fuzz", MFD_CLOEXEC);
  if (file < 0 || ::ftruncate(file, 0) != 0) std::abort();
  for (std::size_t done = 0; done < size;) {
    const ssize_t n = ::pwrite(file, data + done, size - done, static_cast<off_t>(done));
    if (n <= 0) std::abort();
    done += static_cast<std::size_t>(n);
  }
  return "/proc/self/fd/" + std::to_string(file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace energylens;
  importers::Request request;
  request.files = {written(data, size)};
  request.set = {{"batch", "1"}};
  for (std::size_t i = 0; i < 2 * importers::formats().size(); ++i) {
    // Once as it is, once as a log without times.
    const importers::Format& format = importers::formats()[i / 2];
    request.log_period_s = i % 2 == 0 ? kUnknown : 1;
    try {
      const importers::Imported imported = format.import(request);
      table::parse_csv(table::to_csv(imported.table), "written");
    } catch (const Error& error) {
      if (error.code() != ErrorCode::bad_input) std::abort();
      if (std::string(error.what()).find_first_of("\r\n") != std::string::npos) std::abort();
    }
  }
  return 0;
}
