// SPDX-License-Identifier: Apache-2.0
// The journal of a campaign, which a killed process or a hand may have left in any state: it is understood or
// refused by one line, and every record of it reads back from its own line. The rows it gives are checked as
// before they are written to rows.csv. tests/campaign/fuzz_replay_test.cpp replays the corpus without a
// fuzzer.
#include <cstddef>
#include <cstdint>
#include <string>

#include "campaign/rows.hpp"
#include "energylens/campaign/journal.hpp"
#include "hold.hpp"

namespace {

using namespace energylens;

void read_journal(const std::string& text) {
  std::size_t end = 0;
  for (const campaign::Record& record : campaign::parse_journal(text, "journal", end)) {
    const std::string line = wire::print_json(campaign::record_json(record), 0) + '\n';
    fuzz::require(campaign::parse_journal(line, "again", end).size() == 1 && end == line.size());
    fuzz::require(fuzz::is_one_line(campaign::table_problem(record.row)));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  fuzz::understand_or_refuse([&] { read_journal(text); });
  return 0;
}
