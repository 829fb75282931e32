// SPDX-License-Identifier: Apache-2.0
// Answers of Prometheus servers from anywhere: they either make rows, or are refused by an Error of one line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "energylens/core/error.hpp"
#include "observe/rows.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace energylens;
  observe::Options options;
  options.url = "server";
  options.begin_s = 1'700'000'000;
  options.end_s = options.begin_s + 600;
  options.set = {{"tp", "1"}};
  try {
    observe::observed_rows(
        observe::parse_matrix(std::string(reinterpret_cast<const char*>(data), size), "server"), options);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::bad_input) std::abort();
    if (std::string(error.what()).find_first_of("\r\n") != std::string::npos) std::abort();
  }
  return 0;
}
