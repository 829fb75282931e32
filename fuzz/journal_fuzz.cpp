// SPDX-License-Identifier: Apache-2.0
// The journal of a campaign, which a killed process or a hand may have left in any state: it is understood or
// refused by one line, and every record of it reads back from its own line. A row that was
// accepted is accepted again. tests/campaign/fuzz_replay_test.cpp replays the corpus without a
// fuzzer.
#include <cstddef>
#include <cstdint>
#include <string>

#include "campaign/journal.hpp"
#include "fuzz/hold.hpp"

namespace {

using namespace energylens;

void read_journal(const std::string& text) {
  const campaign::JournalContent content = campaign::parse_journal(text, "journal");
  for (const std::string& warning : content.warnings) fuzz::require(fuzz::is_one_line(warning));
  for (const campaign::Record& record : content.records) {
    const std::string line = io::print_json(campaign::record_json(record), 0) + '\n';
    const campaign::JournalContent again = campaign::parse_journal(line, "again");
    fuzz::require(again.records.size() == 1 && again.end == line.size() && again.refused == 0);
    fuzz::require(again.records.front().valid() == record.valid());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  fuzz::understand_or_refuse([&] { read_journal(text); });
  return 0;
}
