// SPDX-License-Identifier: Apache-2.0
// Easy formulas are found again soon, what is found is judged, and a report says so.
#include "recovery/attempt.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "energylens/io/json.hpp"
#include "recovery/report.hpp"
#include "recovery/terms.hpp"

namespace energylens::recovery {
namespace {

Known named(const std::vector<Known>& suite, const std::string& name) {
  const auto at = std::find_if(suite.begin(), suite.end(), [&](const Known& k) { return k.name == name; });
  EXPECT_NE(at, suite.end()) << name;
  return *at;
}

AttemptOptions soon(double noise, bool units) {
  AttemptOptions out;
  out.seconds = 120;  // far more than is needed: these end by themselves
  out.processor_time = true;
  out.noise = noise;
  out.units = units;
  return out;
}

TEST(Attempt, FindsEasyFormulas) {
  SymPyJudge judge;
  for (const char* name : {"I.12.11", "II.34.29b", "I.27.6"}) {
    const Outcome o = attempt(named(feynman(), name), soon(0, true), judge);
    if (!o.exact && o.why.find("absent") != std::string::npos) GTEST_SKIP() << o.why;
    EXPECT_EQ(o.exact, true) << name << ": " << o.formula << ' ' << o.why;
    EXPECT_GT(o.r2, 1 - 1e-12) << name;
  }
}

TEST(Attempt, FindsAProductWithoutUnits) {
  SymPyJudge judge;
  const Outcome o = attempt(named(feynman(), "I.18.14"), soon(0, false), judge);
  EXPECT_NE(o.exact, false) << o.formula;
  EXPECT_GT(o.r2, 1 - 1e-12);
}

TEST(Attempt, IsNotSatisfiedByAnApproximation) {
  Known known = named(nguyen(), "Nguyen-11");
  AttemptOptions options = soon(0, true);
  options.seconds = 0.2;
  SymPyJudge judge;
  options.seed = 2;
  const Outcome o = attempt(known, options, judge);
  EXPECT_TRUE(o.r2 > 1 - 1e-9 || o.exact == false) << o.formula;
}

TEST(Report, GivesRatesAndProblems) {
  Outcome good, bad, open;
  good.name = "a";
  good.exact = true;
  good.r2 = 1;
  bad.name = "b";
  bad.exact = false;
  bad.r2 = 0.5;
  open.name = "c";
  open.why = "too long";
  const std::vector<Outcome> all{good, bad, open};
  const io::Json json = io::parse_json(outcome_json("feynman", {}, all), "report");
  EXPECT_NEAR(json.number("exact_rate"), 1.0 / 3, 1e-12) << "not judged counts as not exact";
  EXPECT_NEAR(json.number("r2_rate"), 1.0 / 3, 1e-12);
  EXPECT_EQ(json.array_at("problems").size(), 3u);
  EXPECT_TRUE(json.array_at("problems")[2].at("exact").is_null());
  EXPECT_NE(outcome_table(all).find("| a | yes |"), std::string::npos);
  const io::Json none = io::parse_json(outcome_json("feynman", {}, {}), "report");
  EXPECT_TRUE(none.at("exact_rate").is_null());
}

}  // namespace
}  // namespace energylens::recovery
