// SPDX-License-Identifier: Apache-2.0
// The costs of steps against the law they are read from, written out here.
#include "energylens/serving/step_costs.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "energylens/core/error.hpp"
#include "energylens/predictor/predictor.hpp"

namespace energylens::serving {
namespace {

/// A law of jobs with four numbers for times; a joule is a millisecond. `start` 0: as a law of servers has it.
struct SmallLaw : predictor::Predictor {
  double start = 0.02, token = 1e-4, step = 0.01, request = 1e-3, cached = 1e-7;
  bool knows_prefill = true;
  std::vector<table::GroupIdentity> identities{1};

  double prefill(double requests, double isl) const { return start + token * requests * isl; }
  double decode_step(double requests, double context) const {
    return step + std::pow(requests, 0.8) * (request + cached * context);
  }
  std::string_view kind() const override { return "small"; }
  std::span<const table::GroupIdentity> groups() const override { return identities; }
  predictor::Prediction predict(std::size_t, const table::Configuration& config) const override {
    const table::Load& load = config.load;
    predictor::Prediction p;
    p.waves = 1;
    const double first = prefill(load.batch, load.isl),
                 decode = load.decode_steps() * decode_step(load.batch, load.context());
    if (knows_prefill) p.ttft_s.value = first;
    p.prefill_energy_j.value = 1000 * first;
    p.decode_energy_j.value = 1000 * decode;
    if (load.osl > 1) p.tpot_s.value = decode / (load.osl - 1);
    return p;
  }
};

StepQuestion about(double isl, double osl, int most) {
  StepQuestion question;
  question.request.isl = isl;
  question.request.osl = osl;
  question.max_requests = most;
  question.idle_w = 120;
  return question;
}

TEST(StepCosts, AreThoseOfTheLaw) {
  const SmallLaw law;
  const StepCosts costs = step_costs(law, about(500, 200, 300));
  for (const int n : {1, 7, 64, 65, 100, 257, 300}) {
    const DecodeCost cost = costs.decode(n);
    for (const double context : {500.0, 650.0, 2000.0}) {
      const double expected = law.decode_step(n, context);
      EXPECT_NEAR(cost.base.s + cost.per_cached_token.s * n * context, expected, 2e-4 * expected) << n;
      EXPECT_NEAR(cost.base.j + cost.per_cached_token.j * n * context, 1000 * expected, 0.2 * expected) << n;
    }
  }
  EXPECT_NEAR(costs.start().s, 0.02, 1e-9);
  EXPECT_NEAR(costs.start().j, 20, 1e-6);
  EXPECT_NEAR(costs.prefill(0, 700).s, 0.07, 1e-9);
  EXPECT_NEAR(costs.prefill(300, 700).j, 40, 1e-6);
  EXPECT_EQ(costs.idle_w(), 120);
}

TEST(StepCosts, OfServersReadTheWeightsWithoutDecoding) {
  SmallLaw law;
  law.start = 0;
  const StepCosts costs = step_costs(law, about(500, 200, 4));
  EXPECT_NEAR(costs.start().s, law.decode_step(1, 0) - law.token, 1e-6);
}

TEST(StepCosts, CountTokensUnderSpeculation) {
  StepQuestion question = about(500, 200, 4);
  question.request.accepted_per_step = 2;
  const SmallLaw law;
  EXPECT_NEAR(step_costs(law, question).decode(2).base.s,
              step_costs(law, about(500, 200, 4)).decode(2).base.s / 2, 1e-9);
}

TEST(StepCosts, FollowAPowerLimit) {
  StepQuestion question = about(500, 200, 4);
  question.limited = [](const Cost& cost) { return Cost{2 * cost.s, 0.5 * cost.j}; };
  const SmallLaw law;
  const StepCosts costs = step_costs(law, question), free = step_costs(law, about(500, 200, 4));
  EXPECT_NEAR(costs.decode(3).base.s, 2 * free.decode(3).base.s, 1e-9);
  EXPECT_NEAR(costs.prefill(0, 100).j, 0.5 * free.prefill(0, 100).j, 1e-9);
}

TEST(StepCosts, NeedPrefillAndDecode) {
  SmallLaw law;
  law.knows_prefill = false;
  EXPECT_THROW(step_costs(law, about(500, 200, 4)), Error);
}

TEST(StepCosts, ReplicasAreAlike) {
  EXPECT_EQ(one_replica_of(table::parse_layout("tp4pp2dp3")), table::parse_layout("tp4pp2"));
  EXPECT_EQ(one_replica_of(table::parse_layout("tp1dp8ep8")), table::parse_layout("tp1dp8ep8"));
}

}  // namespace
}  // namespace energylens::serving
