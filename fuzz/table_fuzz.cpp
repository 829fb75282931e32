// SPDX-License-Identifier: Apache-2.0
// Whatever parse_csv accepts must group and must read back from its own CSV with the same fingerprint; all
// else must be refused by an Error of one line. tests/table/fuzz_replay_test.cpp replays the corpus without a
// fuzzer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "energylens/core/error.hpp"
#include "energylens/table/group.hpp"
#include "energylens/table/table.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace energylens;
  try {
    const table::Table read = table::parse_csv({reinterpret_cast<const char*>(data), size}, "fuzz");
    const std::vector<table::Group> groups = table::groups(read);
    for (const table::Group& group : groups) table::scenarios(group);
    const table::Table again = table::parse_csv(table::to_csv(read), "written");
    if (table::data_hash(table::groups(again)) != table::data_hash(groups)) std::abort();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::bad_input) std::abort();
    if (std::string(error.what()).find_first_of("\r\n") != std::string::npos) std::abort();
  }
  return 0;
}
