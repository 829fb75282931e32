// SPDX-License-Identifier: Apache-2.0
#include "campaign/plan/plan_changes.hpp"

#include <gmock/gmock.h>

#include "campaign/plans.hpp"
#include "table/expect_error.hpp"

namespace energylens::campaign {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string refusal(const Plan& now) {
  return table::error_of([&] { changes_on_resume(small_plan(), now, "out/plan.json"); });
}

TEST(PlanChanges, TheSamePlanWithAnotherIdIsTheSame) {
  Plan now = small_plan();
  now.id = "campaign-2";
  EXPECT_THAT(changes_on_resume(small_plan(), now, "p"), IsEmpty());
}

/// Whoever adds a setting decides: it may change only if the table says so.
TEST(PlanChanges, EverySettingMayChangeOrIsNamed) {
  int may = 0;
  for (const SettingInfo& info : setting_infos()) {
    Plan now = small_plan();
    std::visit([&](auto member) { now.settings.*member += 1; }, info.member);
    if (info.when_resumed == WhenResumed::same) {
      EXPECT_THAT(refusal(now), HasSubstr('"' + std::string(info.name) + "\" is ")) << info.name;
      continue;
    }
    ++may;
    const auto changes = changes_on_resume(small_plan(), now, "p");
    ASSERT_EQ(changes.size(), 1u) << info.name;
    EXPECT_EQ(changes[0].setting, info.name);
    EXPECT_EQ(changes[0].to.as_number(), changes[0].from.as_number() + 1);
  }
  EXPECT_EQ(may, 6);
}

TEST(PlanChanges, WhatMayNotChangeIsNamedWithBothValues) {
  Plan now = small_plan();
  now.settings.repeats = 3;
  EXPECT_THAT(refusal(now), HasSubstr(R"("repeats" is 2 in out/plan.json and 3 here)"));
  now = small_plan();
  now.settings.max_repeats = 3;
  EXPECT_THAT(refusal(now),
              HasSubstr(R"("max_repeats" is 4 in out/plan.json and 3 here; it may only be increased)"));
  now = small_plan();
  now.identity.emplace_back("engine", "vLLM");
  EXPECT_THAT(refusal(now), HasSubstr(R"("engine" is not stated in out/plan.json and "vLLM" here)"));
  now = small_plan();
  now.serve_cmd.clear();
  EXPECT_THAT(refusal(now),
              HasSubstr(R"("serve_cmd" is "serve --port {port}" in out/plan.json and not stated here)"));
}

TEST(PlanChanges, ConfigurationsAreComparedOneByOne) {
  Plan now = small_plan();
  now.targets[1].load.osl = 99;
  EXPECT_THAT(refusal(now),
              HasSubstr("configuration 2 is toy fp16 tp1 batch 1 isl 128 osl 16 in out/plan.json and "
                        "toy fp16 tp1 batch 1 isl 128 osl 99 here"));
  now = small_plan();
  now.targets.pop_back();
  EXPECT_THAT(refusal(now), HasSubstr("there are 8 configurations in out/plan.json and 7 here"));
  now = small_plan();
  now.targets[0].expected_s = 5;
  EXPECT_THAT(refusal(now), HasSubstr("expected_s"));
}

}  // namespace
}  // namespace energylens::campaign
