// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "energylens/eval/evaluate.hpp"
#include "synthetic_group.hpp"

namespace energylens::eval {
namespace {

using synthetic::group_of;
using synthetic::job;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> limits_of(const table::Group& group, const predictor::FitOptions& fit = {}) {
  return benchmark_limits(group, table::scenarios(group), fit);
}

TEST(Limits, ADecodeStudyOnEqualGpuCounts) {
  const table::Group group = group_of({job("tp4pp2", 1, {1, 64}, 104), job("tp8", 1, {1, 64}, 100),
                                       job("tp4pp2", 1, {1, 128}, 200), job("tp8", 1, {1, 128}, 204)});
  EXPECT_THAT(
      limits_of(group),
      ElementsAre(
          "2 layouts are compared: tp4pp2, tp8", "tp4pp2 has the least energy in 1 of 2 scenarios",
          "the second-best layout uses 3.0 % more energy than the best one (median)",
          "every scenario has isl = 1: prefill is not tested",
          "every scenario has tp*pp = 8: tp and pp are not tested separately",
          "the KV capacity is neither stated in the data nor estimated from the catalogue: all requests are assumed to run at once"));
}

TEST(Limits, WavesRestOnWhatAFitWouldTake) {
  table::Group group = group_of({job("tp4pp2", 1, {1, 64}, 104), job("tp8", 1, {1, 64}, 100)});
  predictor::FitOptions flag;
  flag.kv_capacity_tokens = 5000;
  EXPECT_THAT(
      limits_of(group, flag),
      Contains("the data do not state the KV capacity: waves are computed from --kv-capacity-tokens"));
  group.identity.key = {{"model", "Llama-3-70B"}, {"gpu", "H100-80GB-SXM"}, {"quant", "FP16"}};
  EXPECT_THAT(
      limits_of(group),
      Contains(
          "the data do not state the KV capacity: waves are computed from an estimate with the catalogue"));
  // The weights leave no room in one GPU, by the catalogue; but it was measured, so a fit takes it without
  // waves.
  group.rows.push_back(job("tp1", 1, {1, 64}, 90));
  EXPECT_THAT(
      limits_of(group),
      Contains(
          "the data do not state the KV capacity: waves are computed from an estimate with the catalogue, except where it cannot hold a single request"));
}

TEST(Limits, AConstantWinnerAndCapacitiesFromTheData) {
  table::Group group = group_of({job("tp2", 1, {8, 64}, 100), job("tp4", 1, {8, 64}, 150),
                                 job("tp2", 1, {16, 64}, 100), job("tp4", 1, {16, 64}, 170)});
  for (table::Row& row : group.rows) row.config.kv_capacity_tokens = 5000;
  group.identity.simulated = true;
  const std::vector<std::string> limits = limits_of(group);
  EXPECT_THAT(limits, Contains("the rows are simulated"));
  EXPECT_THAT(limits, Contains("tp2 has the least energy in every scenario: the choice is not tested"));
  EXPECT_THAT(limits, Contains("every scenario has pp = 1: pipeline parallelism is not tested"));
  EXPECT_THAT(limits, Contains("every scenario has osl = 64: growth with osl is not tested"));
  EXPECT_THAT(limits, Contains(HasSubstr("held-out rows contributed")));
  EXPECT_THAT(limits, Not(Contains(HasSubstr("isl"))));
}

TEST(Limits, NoScenarioAtAll) {
  EXPECT_THAT(limits_of(group_of({job("tp2", 1, {1, 64}, 5)})),
              ElementsAre("no scenario has two layouts: the choice is not tested"));
}

TEST(LatencyCost, ByHand) {
  const table::Group group =
      group_of({job("tp4", 1, {1, 64}, 100, 2), job("tp8", 1, {1, 64}, 130, 1),  // fastest costs 30 % more
                job("tp4", 2, {1, 64}, 100, 1), job("tp8", 2, {1, 64}, 130, 2),  // fastest is best
                job("tp4", 3, {1, 64}, 100, 1), job("tp8", 3, {1, 64}, 130)});   // a time is missing
  const LatencyCost cost = latency_cost(group, table::scenarios(group));
  EXPECT_DOUBLE_EQ(cost.differ, 0.5);
  EXPECT_DOUBLE_EQ(cost.extra_energy, 0.15);
  EXPECT_FALSE(known(latency_cost(group, {}).differ));
}

}  // namespace
}  // namespace energylens::eval
