// SPDX-License-Identifier: Apache-2.0
// A text from anywhere as a plan and as a server's log: each is understood or refused by one line. A plan
// that was understood reads back from its own JSON. tests/campaign/fuzz_replay_test.cpp replays the corpus
// without a fuzzer.
#include <cstddef>
#include <cstdint>
#include <string>

#include "campaign/schedule.hpp"
#include "campaign/serving/kv_capacity.hpp"
#include "fuzz/hold.hpp"

namespace {

using namespace energylens;

using fuzz::is_one_line, fuzz::require;

void read_plan(const std::string& text) {
  const campaign::Plan plan = campaign::parse_plan(text, "plan");
  const io::Json json = campaign::plan_json(plan);
  if (plan.targets.size() > 1000) return;
  require(campaign::plan_json(campaign::parse_plan(io::print_json(json), "again")) == json);
  const campaign::Schedule schedule(plan, {});
  require(schedule.least_left() >= plan.targets.size() && schedule.next());
  try {
    campaign::check_runnable(plan);
  } catch (const Error& error) {
    require((error.code() == ErrorCode::usage || error.code() == ErrorCode::bad_input) &&
            is_one_line(error.what()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  fuzz::understand_or_refuse([&] { read_plan(text); });
  for (const double tokens : {campaign::kv_capacity_in_log(text), campaign::kv_capacity_in_metrics(text)})
    require(!known(tokens) || tokens > 0);
  return 0;
}
