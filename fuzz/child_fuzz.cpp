// SPDX-License-Identifier: Apache-2.0
// One line of a child: whatever it holds, it is a reply or a problem of one line, and what a driver takes
// from it is a possible figure or unknown. tests/campaign/fuzz_replay_test.cpp replays the corpus without a
// fuzzer.
#include <cstddef>
#include <cstdint>
#include <string>

#include "campaign/serving/reply.hpp"
#include "energylens/core/number_text.hpp"
#include "fuzz/hold.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace energylens;
  const std::string line(reinterpret_cast<const char*>(data), size);
  const campaign::Reply reply = campaign::parse_reply(line);
  fuzz::require(fuzz::is_one_line(reply.problem));
  if (!reply.problem.empty()) return 0;
  const double tokens = reply.tokens(), capacity = campaign::capacity_of(reply.about());
  fuzz::require(!known(tokens) || tokens >= 0);
  fuzz::require(!known(capacity) || capacity > 0);
  (void)reply.simulated();
  return 0;
}
