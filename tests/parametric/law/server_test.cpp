// SPDX-License-Identifier: Apache-2.0
// The law of servers: gradients, the expression, what it promises by construction, and its limits.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <initializer_list>

#include "central_differences.hpp"
#include "expr/program.hpp"
#include "parametric/formula.hpp"
#include "parametric/law/random_law.hpp"
#include "parametric/law/terms.hpp"

namespace energylens::parametric {
namespace {

constexpr Parameters kNumbers{0.5, 0.1, 0.4, 0.1, 20, 0.8, 0.3, 5, 0.5, 0.05, 1, 1e-4};

Parameters random_server_parameters(Rng& rng) {
  Parameters c = random_parameters(rng);
  for (const std::size_t own : {C0, C1, C2}) c[own] = std::pow(10, between(-1, 0.3, rng));
  return c;
}

struct ServerCase {
  Parameters parameters;
  Reading reading;
  table::Configuration config;

  explicit ServerCase(Rng& rng) : parameters(random_server_parameters(rng)), config(random_job(rng)) {
    reading.form = Form::server;
    reading.facts = random_facts(rng);
    reading.facts.verified_tokens = static_cast<double>(1 + rng.below(4));
    if (rng.below(2) == 0) reading.facts.kv_heads = static_cast<double>(1 << rng.below(4));
    reading.metric = rng.below(2) == 0 ? Metric::energy : Metric::time;
    config.load.kind = table::RowKind::steady;
    if (rng.below(2) == 0) config.layout.ep = 2;
    if (rng.below(2) == 0) config.layout.dp = config.layout.ep;
  }
  double total(const table::Configuration& c) const {
    return evaluate(parameters, terms(c, reading)).total();
  }
};

/// Joules of `layout` with `batch` requests in flight, of a mixture with four KV heads.
Phases joules(std::string_view layout, double batch, const Parameters& numbers = kNumbers) {
  Reading reading;
  reading.form = Form::server;
  reading.facts.expert_share = 1.0 / 32;
  reading.facts.always_read_share = 0.03;
  reading.facts.kv_heads = 4;
  table::Configuration config;
  config.layout = table::parse_layout(layout);
  config.load = {table::RowKind::steady, batch, kUnknown, 1000, 501};
  return evaluate(numbers, terms(config, reading));
}

RC_GTEST_PROP(ServerLaw, GradientsAgreeWithCentralDifferences, (std::uint64_t seed)) {
  Rng rng(seed);
  const ServerCase c(rng);
  const Reference reference{between(0, 2, rng), between(0, 2, rng), between(0, 4, rng)};
  const Terms x = terms(c.config, c.reading, reference);
  const Coordinates at = coordinates_of(c.parameters, Form::server);
  const auto part = [&](auto member) {
    return central_differences(
        [&](std::span<const double> z) {
          Coordinates copy;
          std::copy(z.begin(), z.end(), copy.begin());
          return evaluate(parameters_at(copy, Form::server), x).*member;
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

RC_GTEST_PROP(ServerLaw, TheExpressionIsTheSameLaw, (std::uint64_t seed)) {
  Rng rng(seed);
  const ServerCase c(rng);
  predictor::GroupContext group;
  group.facts = c.reading.facts;
  group.serving = true;
  std::vector<std::string> names;
  for (const ParameterInfo& info : parameter_infos(Form::server)) names.emplace_back(info.name);
  const table::Layout& l = c.config.layout;
  const std::vector<double> point{static_cast<double>(l.tp), static_cast<double>(l.pp),
                                  static_cast<double>(l.dp), static_cast<double>(l.ep),
                                  c.config.load.batch,       c.config.load.isl,
                                  c.config.load.osl};
  const std::vector<std::string> variables = {"tp", "pp", "dp", "ep", "batch", "isl", "osl"};
  const double slow = expr::Program(one_wave_formula(group, c.reading.metric), variables, names)
                          .evaluate(point, c.parameters);
  RC_ASSERT(std::abs(slow - c.total(c.config)) <= 1e-11 * slow);
}

RC_GTEST_PROP(ServerLaw, NeverFallsWithBatchIslOrOsl, (std::uint64_t seed)) {
  Rng rng(seed);
  const ServerCase c(rng);
  for (double table::Load::*const axis : {&table::Load::batch, &table::Load::isl, &table::Load::osl}) {
    table::Configuration more = c.config;
    for (int i = 0; i < 30; ++i) {
      const double before = c.total(more);
      more.load.*axis += axis == &table::Load::batch ? 1 : 37;
      RC_ASSERT(c.total(more) >= before * (1 - 1e-12));
    }
  }
}

RC_GTEST_PROP(ServerLaw, TheReferenceIsOnlyAnotherOrigin, (std::uint64_t seed)) {
  Rng rng(seed);
  const ServerCase c(rng);
  const Reference reference{between(0, 2, rng), between(0, 2, rng), between(0, 4, rng)};
  const Coordinates centred = coordinates_of(c.parameters, Form::server);
  const double there = evaluate(c.parameters, terms(c.config, c.reading, reference)).total();
  const Parameters natural = parameters_at(moved_to_origin(centred, reference, Form::server), Form::server);
  RC_ASSERT(std::abs(there - evaluate(natural, terms(c.config, c.reading)).total()) <= 1e-10 * there);
}

TEST(ServerLaw, OneGpuByHand) {
  // Eight tokens touch 1 - (31/32)^8 of the experts; no GPU sends anything.
  const double reads = 0.03 + 0.97 * (1 - std::pow(31.0 / 32, 8));
  const double step = 20 * (reads + 0.5) + 5 * std::sqrt(8.0) + 8 * (0.1 + 1e-4 * 1250.5);
  EXPECT_NEAR(joules("tp1", 8).prefill, 0.1 * 8 * 1000, 1e-9);
  EXPECT_NEAR(joules("tp1", 8).decode, 500 * step, 1e-6);
}

TEST(ServerLaw, NumbersOfOtherLayoutsHaveNoEffect) {
  Parameters other = kNumbers;
  other[C1] = 7;
  other[C2] = 9;
  EXPECT_EQ(joules("tp4", 8).total(), joules("tp4", 8, other).total());
  EXPECT_EQ(joules("tp4dp2", 8).total(), joules("tp4dp2", 8, other).total());
  EXPECT_LT(joules("tp4ep4", 8).total(), joules("tp4ep4", 8, other).total());
  EXPECT_LT(joules("tp1dp4ep4", 8).total(), joules("tp1dp4ep4", 8, other).total());
}

TEST(ServerLaw, ParallelExpertsAddTheirShareToAStep) {
  Parameters cache_only = kNumbers;
  for (const std::size_t other : {A1, B7}) cache_only[other] = 0;
  EXPECT_NEAR(joules("tp4ep4", 8, cache_only).decode, 1.1 * joules("tp4", 8, cache_only).decode, 1e-9);
}

TEST(ServerLaw, GpusBeyondTheKvHeadsKeepCopies) {
  Parameters cache_only = kNumbers;
  for (const std::size_t other : {A1, B0, B3}) cache_only[other] = 0;
  EXPECT_DOUBLE_EQ(joules("tp4", 8, cache_only).decode, joules("tp1", 8, cache_only).decode);
  EXPECT_DOUBLE_EQ(joules("tp8", 8, cache_only).decode, 2 * joules("tp4", 8, cache_only).decode);
  cache_only[C1] = 0;  // each rank of attention keeps the requests of its own
  EXPECT_DOUBLE_EQ(joules("tp1dp8ep8", 8, cache_only).decode, joules("tp1", 8, cache_only).decode);
}

TEST(ServerLaw, EveryRankReadsTheAttentionWeights) {
  predictor::Facts facts;
  facts.expert_share = 0.25;
  facts.always_read_share = 0.2;
  EXPECT_DOUBLE_EQ(predictor::weights_read(facts, 1, 1), 0.2 + 0.8 * 0.25);
  EXPECT_DOUBLE_EQ(predictor::weights_read(facts, 1, 8), 1.6 + 0.8 * 0.25);
  EXPECT_DOUBLE_EQ(predictor::weights_read(facts, 2, 1), 0.2 + 0.8 * (1 - 0.75 * 0.75));
}

/// Joules of decoding on one GPU, with some of the numbers 0.
double decode_j(const table::Load& load, std::initializer_list<std::size_t> absent,
                double layers = kUnknown) {
  Reading reading;
  reading.form = Form::server;
  reading.facts.layers = layers;
  Parameters numbers = kNumbers;
  for (const std::size_t other : absent) numbers[other] = 0;
  table::Configuration config;
  config.load = load;
  return evaluate(numbers, terms(config, reading)).decode;
}

TEST(ServerLaw, AcceptedTokensShortenTheDecodeAndVerifiedOnesFillIt) {
  const table::Load plain{table::RowKind::steady, 8, kUnknown, 1000, 501};
  table::Load speculative = plain;
  speculative.accepted_per_step = 2.5;
  const auto ratio = [&](std::initializer_list<std::size_t> absent, double layers = kUnknown) {
    return decode_j(speculative, absent, layers) / decode_j(plain, absent, layers);
  };
  EXPECT_NEAR(ratio({A1, B3, B7}), 1 / 2.5, 1e-12);         // reading and waiting
  EXPECT_NEAR(ratio({A1, B0, B7}), 2 / 2.5, 1e-12);         // four tokens to the power b4 = 1/2
  EXPECT_NEAR(ratio({B0, B3, B7}), 4 / 2.5, 1e-12);         // the work of four tokens
  EXPECT_NEAR(ratio({A1, B0, B3}), 4 / 2.5, 1e-12);         // each looks back at the whole context
  EXPECT_NEAR(ratio({A1, B3, B7}, 60), 1.05 / 2.5, 1e-12);  // three drafts through a head of one layer of 60
}

TEST(ServerLaw, StatedDraftsReplaceTheUsualThree) {
  table::Load load{table::RowKind::steady, 8, kUnknown, 1000, 501};
  load.accepted_per_step = 1.5;
  const double usual = decode_j(load, {B0, B3, B7});
  load.drafted_per_step = 1;
  EXPECT_NEAR(decode_j(load, {B0, B3, B7}), usual / 2, 1e-9);
}

}  // namespace
}  // namespace energylens::parametric
