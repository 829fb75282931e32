// SPDX-License-Identifier: Apache-2.0
// SymPy on pairs of which we know whether they are one formula.
#include <gtest/gtest.h>

#include "recovery/sympy_judge.hpp"

namespace energylens::recovery {
namespace {

struct Pair {
  const char *truth, *found;
  bool same;
};

TEST(SymPyJudge, KnowsFormulasInOtherGuises) {
  const std::vector<Pair> pairs = {
      {"m*(v^2 + u^2)/2", "0.5*m*v^2 + u^2*m*0.5", true},
      {"q/(4*pi*r)", "0.07957747154594767*q/r", true},
      {"m*sin(u/2)^2", "m - m*cos(u)", true},
      {"(1 + v/r)/sqrt(1 - v^2/r^2)", "sqrt(r + v)/sqrt(r - v)", true},
      {"m*r + 3", "m*r", true},  // but for a constant
      {"m/(exp(u) + exp(-u))", "m*exp(u)/(exp(2*u) + 1)", true},
      {"m*(v^2 + u^2)/2", "0.5*m*v^2 + 0.6*u^2*m", false},
      {"m*sin(u)", "m*u", false},
      {"sqrt(m^2 + v^2)", "m + v", false},
  };
  SymPyJudge judge;
  for (const Pair& p : pairs) {
    const Judgement answer = judge.judge(p.truth, p.found, {"m", "q", "r", "u", "v"}, {});
    if (!answer.same && answer.why.find("absent") != std::string::npos) GTEST_SKIP() << answer.why;
    EXPECT_EQ(answer.same, p.same) << p.truth << " and " << p.found << ": " << answer.why;
  }
}

TEST(SymPyJudge, TellsWhyItCannotTell) {
  SymPyJudge judge;
  const Judgement answer = judge.judge("m*(", "m", {"m"}, {});
  EXPECT_FALSE(answer.same.has_value());
  EXPECT_FALSE(answer.why.empty());
}

TEST(SymPyJudge, SaysWhereThereIsNoPython) {
  const char* const path = std::getenv("PATH");
  const std::string saved = path ? path : "";
  setenv("PATH", "/nowhere", 1);
  SymPyJudge judge;
  const Judgement answer = judge.judge("m", "m", {"m"}, {});
  setenv("PATH", saved.c_str(), 1);
  EXPECT_FALSE(answer.same.has_value());
  EXPECT_NE(answer.why.find("absent"), std::string::npos);
}

}  // namespace
}  // namespace energylens::recovery
