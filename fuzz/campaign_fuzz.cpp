// SPDX-License-Identifier: Apache-2.0
// A text from anywhere as a plan, as a journal, as a line of a child and as a server's log: each is
// understood or refused by one line. A plan that was understood reads back from its own JSON; so does every
// record of a journal. tests/campaign/fuzz_replay_test.cpp replays the corpus without a fuzzer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "campaign/kv_capacity.hpp"
#include "campaign/reply.hpp"
#include "energylens/campaign/journal.hpp"
#include "energylens/campaign/schedule.hpp"
#include "energylens/core/error.hpp"

namespace {

using namespace energylens;

void require(bool held) {
  if (!held) std::abort();
}

bool is_one_line(const std::string& text) {
  return text.find_first_of("\r\n") == std::string::npos;
}

template <class Work>
void try_to(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    require(error.code() == ErrorCode::bad_input && is_one_line(error.what()));
  }
}

void read_plan(const std::string& text) {
  const campaign::Plan plan = campaign::parse_plan(text, "plan");
  const wire::Json json = campaign::plan_json(plan);
  if (plan.targets.size() > 1000) return;
  require(campaign::plan_json(campaign::parse_plan(wire::print_json(json), "again")) == json);
  const campaign::Schedule schedule(plan, {});
  require(schedule.least_left() >= plan.targets.size() && schedule.next());
  try {
    campaign::check_runnable(plan);
  } catch (const Error& error) {
    require(error.code() == ErrorCode::usage && is_one_line(error.what()));
  }
}

void read_journal(const std::string& text) {
  std::size_t end = 0;
  for (const campaign::Record& record : campaign::parse_journal(text, "journal", end)) {
    const std::string line = wire::print_json(campaign::record_json(record), 0) + '\n';
    require(campaign::parse_journal(line, "again", end).size() == 1 && end == line.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try_to([&] { read_plan(text); });
  try_to([&] { read_journal(text); });
  require(is_one_line(campaign::parse_reply(text).problem));
  for (const double tokens : {campaign::kv_capacity_in_log(text), campaign::kv_capacity_in_metrics(text)})
    require(!known(tokens) || tokens > 0);
  return 0;
}
