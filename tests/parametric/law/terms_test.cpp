// SPDX-License-Identifier: Apache-2.0
// Gradients, and what the law promises by construction: positive, rising, concave in one wave, replicas add.
#include "parametric/law/terms.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "central_differences.hpp"
#include "parametric/fit/simulated.hpp"
#include "parametric/law/random_law.hpp"

namespace energylens::parametric {
namespace {

struct Case {
  Parameters parameters;
  Reading reading;
  table::Configuration config;

  explicit Case(Rng& rng) : parameters(random_parameters(rng)), config(random_job(rng)) {
    reading.facts = random_facts(rng);
    reading.isl_known = rng.below(4) != 0;
    reading.metric = rng.below(2) == 0 ? Metric::energy : Metric::time;
    if (rng.below(2) == 0) config.kv_capacity_tokens = random_capacity(config.load, rng);
    if (!reading.isl_known) config.load.isl = kUnknown;
  }

  double total(const table::Configuration& c) const {
    return evaluate(parameters, terms(c, reading)).total();
  }
  double total() const { return total(config); }
};

RC_GTEST_PROP(Terms, GradientsAgreeWithCentralDifferences, (std::uint64_t seed)) {
  Rng rng(seed);
  const Case c(rng);
  const Reference reference{between(0, 2, rng), between(0, 2, rng), between(0, 4, rng)};
  const Terms x = terms(c.config, c.reading, reference);
  const Coordinates at = coordinates_of(c.parameters);
  const auto part = [&](auto member) {
    return central_differences(
        [&](std::span<const double> z) {
          Coordinates copy;
          std::copy(z.begin(), z.end(), copy.begin());
          return evaluate(parameters_at(copy), x).*member;
        },
        at);
  };
  PhaseGradients g;
  const Phases phases = evaluate(c.parameters, x, g);
  const std::vector<double> prefill = part(&Phases::prefill), decode = part(&Phases::decode);
  for (std::size_t j = 0; j < kParameters; ++j) {
    RC_ASSERT(std::abs(g.prefill[j] - prefill[j]) <= 1e-5 * (std::abs(prefill[j]) + phases.prefill));
    RC_ASSERT(std::abs(g.decode[j] - decode[j]) <= 1e-5 * (std::abs(decode[j]) + phases.decode));
  }
}

RC_GTEST_PROP(Terms, TheGradientComesWithTheSameValue, (std::uint64_t seed)) {
  Rng rng(seed);
  const Case c(rng);
  const Terms x = terms(c.config, c.reading);
  PhaseGradients g;
  const Phases with = evaluate(c.parameters, x, g), without = evaluate(c.parameters, x);
  RC_ASSERT(with.prefill == without.prefill);
  RC_ASSERT(with.decode == without.decode);
}

RC_GTEST_PROP(Terms, EnergyIsPositive, (std::uint64_t seed)) {
  Rng rng(seed);
  const Case c(rng);
  const Phases phases = evaluate(c.parameters, terms(c.config, c.reading));
  RC_ASSERT(phases.prefill > 0);
  RC_ASSERT((phases.decode > 0) == (c.config.load.osl > 1));
}

/// More requests, longer inputs or longer outputs never cost less, whether or not they begin a new wave.
void check_rising(double table::Load::*axis, double step, std::uint64_t seed) {
  Rng rng(seed);
  const Case c(rng);
  table::Configuration more = c.config;
  for (int i = 0; i < 60; ++i) {
    const double before = c.total(more);
    more.load.*axis += step;
    if (predictor::waves(more).count() == 0) return;  // the request has outgrown the cache
    RC_ASSERT(c.total(more) >= before * (1 - 1e-12));
  }
}

RC_GTEST_PROP(Terms, NeverFallsWithBatch, (std::uint64_t seed)) {
  check_rising(&table::Load::batch, 1, seed);
}
RC_GTEST_PROP(Terms, NeverFallsWithIsl, (std::uint64_t seed)) {
  check_rising(&table::Load::isl, 37, seed);
}
RC_GTEST_PROP(Terms, NeverFallsWithOsl, (std::uint64_t seed)) {
  check_rising(&table::Load::osl, 37, seed);
}

RC_GTEST_PROP(Terms, OneWaveIsConcaveInBatch, (std::uint64_t seed)) {
  Rng rng(seed);
  Case c(rng);
  c.config.kv_capacity_tokens = kUnknown;
  const auto at = [&](double batch) {
    table::Configuration config = c.config;
    config.load.batch = batch;
    return c.total(config);
  };
  const double left = between(0.5, 100, rng), right = between(0.5, 100, rng);
  const double chord = (at(left) + at(right)) / 2;
  RC_ASSERT(at((left + right) / 2) >= chord * (1 - 1e-12));
}

RC_GTEST_PROP(Terms, TwoHalvesNeverCostLessThanOneWave, (std::uint64_t seed)) {
  Rng rng(seed);
  Case c(rng);
  c.config.kv_capacity_tokens = kUnknown;
  table::Configuration twice = c.config;
  twice.load.batch *= 2;
  RC_ASSERT(2 * c.total() >= c.total(twice) * (1 - 1e-12));
}

RC_GTEST_PROP(Terms, ReplicasAddEnergiesAndShareTheTime, (std::uint64_t seed)) {
  Rng rng(seed);
  const Case c(rng);
  const int copies = static_cast<int>(2 + rng.below(4));
  table::Configuration all = c.config;
  all.layout.dp = copies;
  all.load.batch *= copies;
  const double factor = c.reading.metric == Metric::energy ? copies : 1;
  RC_ASSERT(std::abs(c.total(all) - factor * c.total()) <= 1e-12 * c.total(all));
}

RC_GTEST_PROP(Terms, TheReferenceIsOnlyAnotherOrigin, (std::uint64_t seed)) {
  Rng rng(seed);
  const Case c(rng);
  const Reference reference{between(0, 2, rng), between(0, 2, rng), between(0, 4, rng)};
  const Coordinates centred = coordinates_of(c.parameters);
  const double there = evaluate(c.parameters, terms(c.config, c.reading, reference)).total();
  const Parameters natural = parameters_at(moved_to_origin(centred, reference));
  const double here = evaluate(natural, terms(c.config, c.reading)).total();
  RC_ASSERT(std::abs(there - here) <= 1e-10 * there);
}

RC_GTEST_PROP(Terms, CoordinatesAndParametersAreInverse, (std::uint64_t seed)) {
  Rng rng(seed);
  const Parameters c = random_parameters(rng), back = parameters_at(coordinates_of(c));
  for (std::size_t j = 0; j < kParameters; ++j) RC_ASSERT(std::abs(back[j] - c[j]) <= 1e-14 * std::abs(c[j]));
}

TEST(Terms, WavesAreCountedByHand) {
  // 1000 tokens hold 3 requests of 300 tokens (5 blocks of 64 each): 7 requests are two waves of 3 and one
  // of 1.
  table::Configuration config = simulated::question("tp4pp2", 7, 200, 100, 1000);
  const double one = simulated::one_wave(simulated::kEnergy, config.layout, 1, config.load).total();
  const double three = simulated::one_wave(simulated::kEnergy, config.layout, 3, config.load).total();
  EXPECT_NEAR(evaluate(simulated::kEnergy, terms(config, {})).total(), 2 * three + one, 1e-9);
}

TEST(Terms, CachedTokensAreReadButNotComputed) {
  table::Configuration config = simulated::question("tp1", 4, 1000, 100);
  const Phases cold = evaluate(simulated::kEnergy, terms(config, {}));
  config.load.cached_tokens = 900;
  const Phases warm = evaluate(simulated::kEnergy, terms(config, {}));
  EXPECT_DOUBLE_EQ(warm.decode, cold.decode);
  EXPECT_NEAR(cold.prefill - warm.prefill, simulated::kEnergy[A1] * 4 * 900, 1e-9);
}

TEST(Terms, AcceptedTokensSaveSteps) {
  table::Configuration config = simulated::question("tp2", 4, 100, 101);
  const Phases plain = evaluate(simulated::kEnergy, terms(config, {}));
  config.load.accepted_per_step = 2.5;
  const Phases speculative = evaluate(simulated::kEnergy, terms(config, {}));
  EXPECT_DOUBLE_EQ(speculative.prefill, plain.prefill);
  EXPECT_NEAR(speculative.decode, plain.decode / 2.5, 1e-9);
}

TEST(Terms, SteadyRowsRunInOneWave) {
  table::Configuration config = simulated::question("tp2", 30.5, 100, 100, 1000);
  config.load.kind = table::RowKind::steady;
  const Terms x = terms(config, {});
  EXPECT_EQ(x.waves[0].count, 0);
  EXPECT_EQ(x.waves[1].count, 1);
  EXPECT_EQ(x.waves[1].size, 30.5);
}

TEST(Terms, ReplicasHaveWholeRequests) {
  // 64 requests over three replicas that hold 21 at once: 22, 21 and 21, not three times 21.33.
  const table::Configuration config = simulated::question("tp1dp3", 64, 32, 32, 21 * 64);
  const Terms energy = terms(config, {});
  EXPECT_EQ(energy.waves[0].count, 3);
  EXPECT_EQ(energy.waves[0].size, 21);
  EXPECT_EQ(energy.waves[1].count, 0);
  EXPECT_EQ(energy.waves[2].count, 1);
  EXPECT_EQ(energy.waves[2].size, 1);
  Reading seconds;
  seconds.metric = Metric::time;
  const Terms time = terms(config, seconds);
  EXPECT_EQ(time.waves[0].count, 1);
  EXPECT_EQ(time.waves[1].count, 1);
  EXPECT_EQ(time.waves[1].size, 1);
}

TEST(Terms, AnUnevenJobIsTheSumOfItsReplicas) {
  const auto energy = [](std::string_view layout, double batch) {
    return evaluate(simulated::kEnergy, terms(simulated::question(layout, batch, 100, 100, 5 * 256), {}))
        .total();
  };
  EXPECT_NEAR(energy("tp2dp3", 17), 2 * energy("tp2", 6) + energy("tp2", 5), 1e-9);
  EXPECT_NEAR(energy("tp2dp4", 3), 3 * energy("tp2", 1), 1e-9);
  EXPECT_NEAR(energy("tp2dp2", 10), 2 * energy("tp2", 5), 1e-9);
}

TEST(Terms, AttentionDataParallelIsOneReplicaOfAllItsGpus) {
  const Terms x = terms(simulated::question("tp2dp4ep8", 32, 100, 100), {});
  EXPECT_EQ(x.waves[1].count, 1);
  EXPECT_NEAR(x.log_tp, std::log(8), 1e-12);
  EXPECT_EQ(x.waves[1].size, 32);
}

TEST(Terms, OneExpertIsReadByOneRequestAndAllByMany) {
  Reading reading;
  reading.facts.expert_share = 0.25;
  reading.facts.always_read_share = 0.2;
  EXPECT_NEAR(terms(simulated::question("tp1", 1, 1, 10), reading).waves[1].weights_read, 0.2 + 0.8 * 0.25,
              1e-12);
  EXPECT_NEAR(terms(simulated::question("tp1", 200, 1, 10), reading).waves[1].weights_read, 1, 1e-12);
}

}  // namespace
}  // namespace energylens::parametric
