// SPDX-License-Identifier: Apache-2.0
// The path for sweeps is the law of terms.cpp and of the expression, to 1e-12 of the value.
#include "parametric/fast_law.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

#include "expr/program.hpp"
#include "parametric/formula.hpp"
#include "parametric/law/random_law.hpp"
#include "parametric/law/terms.hpp"
#include "predictor/waves.hpp"

namespace energylens::parametric {
namespace {

constexpr double kTolerance = 1e-12;

/// Columns with their memory.
struct Sweep {
  std::vector<FastLayout> layouts;
  std::vector<std::uint32_t> layout;
  std::vector<double> batch, isl, osl;

  std::vector<double> evaluate(const PlainLaw& law) const {
    std::vector<double> out(batch.size(), -1);
    FastLaw(law, layouts).evaluate({layout, batch, isl, osl}, out);
    return out;
  }
  table::Configuration configuration(std::size_t i) const {
    table::Configuration config;
    config.layout = layouts[layout[i]].layout;
    config.kv_capacity_tokens = layouts[layout[i]].kv_capacity_tokens;
    config.load.batch = batch[i];
    config.load.isl = isl[i];
    config.load.osl = osl[i];
    return config;
  }
  void add(std::uint32_t index, double requests, double input, double output) {
    layout.push_back(index);
    batch.push_back(requests);
    isl.push_back(input);
    osl.push_back(output);
  }
};

PlainLaw random_law(Rng& rng) {
  return {random_parameters(rng), random_facts(rng), rng.below(3) != 0,
          rng.below(2) != 0 ? Metric::energy : Metric::time};
}

std::vector<FastLayout> random_layouts(Rng& rng) {
  std::vector<FastLayout> out(1 + rng.below(12));
  for (FastLayout& fast : out) {
    fast.layout.tp = 1 << rng.below(4);
    fast.layout.pp = 1 << rng.below(4);
    fast.layout.dp = static_cast<int>(1 + rng.below(7));
    fast.layout.ep = rng.below(4) == 0 ? fast.layout.dp : 1;
    fast.kv_capacity_tokens = rng.below(4) == 0 ? kUnknown : std::floor(std::pow(10, between(2, 7, rng)));
  }
  return out;
}

/// Mostly whole batches, of all sizes up to `most`.
Sweep random_sweep(Rng& rng, double most) {
  Sweep out;
  out.layouts = random_layouts(rng);
  const std::size_t jobs = 1 + rng.below(700);
  for (std::size_t i = 0; i < jobs; ++i) {
    const double batch = std::pow(most, rng.uniform());
    out.add(static_cast<std::uint32_t>(rng.below(out.layouts.size())),
            rng.below(8) == 0 ? batch : std::floor(batch), static_cast<double>(1 + rng.below(4000)),
            static_cast<double>(1 + rng.below(2000)));
  }
  return out;
}

double by_terms(const PlainLaw& law, const table::Configuration& config) {
  if (!(predictor::waves(config).count() > 0)) return kUnknown;
  return evaluate(law.parameters, terms(config, {law.facts, law.isl_known, law.metric})).total();
}

void require_agreement(const PlainLaw& law, const Sweep& sweep) {
  const std::vector<double> fast = sweep.evaluate(law);
  for (std::size_t i = 0; i < fast.size(); ++i) {
    const double slow = by_terms(law, sweep.configuration(i));
    if (known(slow)) {
      RC_ASSERT(std::abs(fast[i] - slow) <= kTolerance * slow);
    } else {
      RC_ASSERT(!known(fast[i]));
    }
  }
}

RC_GTEST_PROP(FastLaw, AgreesWithTheTerms, (std::uint64_t seed)) {
  Rng rng(seed);
  const PlainLaw law = random_law(rng);
  require_agreement(law, random_sweep(rng, 4000));
}

RC_GTEST_PROP(FastLaw, AgreesWithTheTermsBeyondItsTables, (std::uint64_t seed)) {
  Rng rng(seed);
  const PlainLaw law = random_law(rng);
  require_agreement(law, random_sweep(rng, 1e6));
}

RC_GTEST_PROP(FastLaw, AgreesWithTheExpression, (std::uint64_t seed)) {
  Rng rng(seed);
  const PlainLaw law = random_law(rng);
  Sweep sweep;
  const table::Configuration job = random_job(rng);
  sweep.add(0, job.load.batch, law.isl_known ? job.load.isl : kUnknown, job.load.osl);
  sweep.layouts = {{job.layout, random_capacity(job.load, rng)}};
  const std::vector<std::string> variables{"tp", "pp", "batch", "isl", "osl", "capacity"};
  std::vector<std::string> names;
  for (const ParameterInfo& info : parameter_infos()) names.emplace_back(info.name);
  const expr::Program program(job_formula(law.facts, law.isl_known, law.metric), variables, names);
  const std::vector<double> point{static_cast<double>(job.layout.tp),
                                  static_cast<double>(job.layout.pp),
                                  job.load.batch,
                                  job.load.isl,
                                  job.load.osl,
                                  sweep.layouts[0].kv_capacity_tokens};
  const double slow = program.evaluate(point, law.parameters);
  RC_ASSERT(std::abs(sweep.evaluate(law)[0] - slow) <= kTolerance * slow);
}

PlainLaw plain() {
  return {{60, 0.3, 0.2, 0.1, 40, 0.15, 0.4, 3, 0.8, 0.2, 0.05, 4e-4}, {}, true, Metric::energy};
}

TEST(FastLaw, IsUnknownWhereNotOneRequestFits) {
  Sweep sweep;
  sweep.layouts = {{{.tp = 8}, 1024}};
  sweep.add(0, 4, 1000, 24);
  sweep.add(0, 4, 1000, 25);
  const std::vector<double> out = sweep.evaluate(plain());
  EXPECT_NEAR(out[0] / by_terms(plain(), sweep.configuration(0)), 1, kTolerance);
  EXPECT_FALSE(known(out[1]));
}

TEST(FastLaw, IsUnknownForInputsThatAreNone) {
  Sweep sweep;
  sweep.layouts = {{{.tp = 8}, 100000}};
  for (const double bad : {kUnknown, -1.0}) {
    sweep.add(0, bad, 100, 100);
    sweep.add(0, 4, bad, 100);
    sweep.add(0, 4, 100, bad);
  }
  sweep.add(0, 4, 100, 0);
  for (const double value : sweep.evaluate(plain())) EXPECT_FALSE(known(value));
}

TEST(FastLaw, NoRequestsCostNothing) {
  Sweep sweep;
  sweep.layouts = {{{.tp = 8}, 100000}};
  sweep.add(0, 0, 100, 100);
  EXPECT_EQ(sweep.evaluate(plain())[0], 0);
}

TEST(FastLaw, AValueDoesNotDependOnItsNeighbours) {
  Rng rng(5);
  const PlainLaw law = random_law(rng);
  const Sweep sweep = random_sweep(rng, 1e4);
  const std::vector<double> together = sweep.evaluate(law);
  const FastLaw fast(law, sweep.layouts);
  for (std::size_t i = 0; i < together.size(); i += 7) {
    double alone = -1;
    fast.evaluate({std::span(&sweep.layout[i], 1), std::span(&sweep.batch[i], 1), std::span(&sweep.isl[i], 1),
                   std::span(&sweep.osl[i], 1)},
                  std::span(&alone, 1));
    if (known(alone) || known(together[i])) {
      EXPECT_EQ(alone, together[i]);
    }
  }
}

}  // namespace
}  // namespace energylens::parametric
