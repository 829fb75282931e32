// SPDX-License-Identifier: Apache-2.0
// Whatever parse_json accepts must print and read back as the same value; all else must be refused by an
// Error of one line. tests/io/json_corpus_test.cpp replays the corpus without a fuzzer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "energylens/io/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace energylens;
  try {
    const io::Json json = io::parse_json({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (!(io::parse_json(io::print_json(json), "printed") == json)) std::abort();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::bad_input) std::abort();
    if (std::string(error.what()).find_first_of("\r\n") != std::string::npos) std::abort();
  }
  return 0;
}
