// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <numeric>

#include "design/prior.hpp"
#include "design/problems.hpp"
#include "design/value.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/parametric/fit.hpp"
#include "numerics/dense.hpp"
#include "parametric/law/breakdown.hpp"

namespace energylens::design {
namespace {

TEST(ValueOfKnowing, IsTheMeanGainOfChangingOnesMind) {
  Rng rng(1);
  for (const auto& [lead, sd] : {std::pair{0.0, 1.0}, {0.5, 1.0}, {0.02, 0.03}, {2.0, 1.0}}) {
    double sum = 0;
    const int n = 200000;
    for (int i = 0; i < n; ++i) sum += std::max(0.0, -lead + sd * rng.normal());
    EXPECT_NEAR(value_of_knowing(lead, sd), sum / n, 0.006 * sd);
  }
}

TEST(ValueOfKnowing, FallsWithTheLeadAndRisesWithWhatIsTold) {
  EXPECT_EQ(value_of_knowing(0.1, 0), 0);
  EXPECT_EQ(value_of_knowing(-0.1, 0.2), value_of_knowing(0.1, 0.2));
  EXPECT_GT(value_of_knowing(0.1, 0.2), value_of_knowing(0.2, 0.2));
  EXPECT_GT(value_of_knowing(0.1, 0.3), value_of_knowing(0.1, 0.2));
}

double variance_left(const Problem& problem, Prior prior, std::size_t place) {
  prior.measure(place);
  const std::vector<double> served = served_weights(problem);
  double sum = 0;
  for (std::size_t p = 0; p < served.size(); ++p) sum += served[p] * prior.covariances(p)[p];
  return sum;
}

TEST(IOptimal, TakesWhatLeavesTheLeastVariance) {
  const Problem problem = begun(synthetic::smooth_group());
  const DesignOptions options = options_of(Strategy::i_optimal, 1);
  const Prior prior = prior_of(problem, options);
  const double chosen = variance_left(problem, prior, propose(problem, options).picks[0]);
  for (const std::size_t place : problem.candidates) {
    EXPECT_LE(chosen, variance_left(problem, prior, place) * (1 + 1e-9));
  }
}

TEST(IOptimal, MeasuresWhatIsServedBeforeAnythingElse) {
  Problem problem = begun(synthetic::smooth_group());
  problem.workload.erase(problem.workload.begin() + 2, problem.workload.end());
  const std::vector<double> served = served_weights(problem);
  std::size_t open = 0;
  for (const std::size_t place : problem.candidates) open += served[place] > 0 ? 1 : 0;
  ASSERT_GT(open, 1u);
  for (const std::size_t place : propose(problem, options_of(Strategy::i_optimal, open)).picks) {
    EXPECT_GT(served[place], 0);
  }
}

/// ln det of the information on the law's numbers once a place is measured.
TEST(DOptimal, TakesWhatShrinksTheVolumeMost) {
  const table::Group group = synthetic::smooth_group();
  const Problem problem = begun(group);
  const DesignOptions options = options_of(Strategy::d_optimal, 1);
  table::Group measured{problem.identity, problem.measured};
  predictor::FitOptions fit_options = options.fit;
  fit_options.target = predictor::Target::energy;
  const parametric::LawModel law = parametric::fit_law(predictor::all_rows({&measured, 1}), fit_options);
  const parametric::LawFit& fit = *law.laws()[0].energy;
  const std::vector<double> information = numerics::invert_spd(fit.covariance, parametric::kParameters);
  const auto log_volume = [&](std::size_t place) {
    const std::vector<double> g = law.breakdown(0, problem.places[place])->log_gradient;
    std::vector<double> more = information;
    for (std::size_t i = 0; i < parametric::kParameters; ++i) {
      for (std::size_t j = 0; j < parametric::kParameters; ++j) {
        more[i * parametric::kParameters + j] += g[i] * g[j] / (fit.residual_sd * fit.residual_sd);
      }
    }
    double sum = 0;
    for (const double value : numerics::symmetric_eigen(more, parametric::kParameters).values)
      sum += std::log(value);
    return sum;
  };
  const double chosen = log_volume(propose(problem, options).picks[0]);
  for (const std::size_t place : problem.candidates) EXPECT_GE(chosen, log_volume(place) - 1e-6);
}

/// tp2 and tp4 cross near batch 16; far from there the winner is clear.
table::Group crossing() {
  std::vector<table::Row> rows;
  for (double batch = 1; batch <= 256; batch *= 2) {
    for (const double osl : {100, 200, 400}) {
      rows.push_back(synthetic::job("tp2", batch, {1, osl}, osl * (2 + 0.5 * batch)));
      rows.push_back(synthetic::job("tp4", batch, {1, osl}, osl * (6 + 0.25 * batch)));
    }
  }
  return synthetic::group_of(std::move(rows));
}

TEST(Sequential, MeasuresWhereTheChoiceIsInDoubt) {
  const table::Group group = crossing();
  const Problem problem = begun(group, 4);
  const Design design = propose(problem, options_of(Strategy::sequential, 6));
  double from_crossing = 0, all = 0;
  const auto away = [&](std::size_t place) {
    return std::abs(std::log(problem.places[place].load.batch / 16));
  };
  for (const std::size_t place : design.picks) from_crossing += away(place) / 6;
  for (const std::size_t place : problem.candidates)
    all += away(place) / static_cast<double>(problem.candidates.size());
  EXPECT_LT(from_crossing, all);
  EXPECT_GT(design.regret_before, design.regret_after);
  EXPECT_GE(design.regret_after, 0);
}

TEST(Sequential, ExpectsTheRegretThatSamplingShows) {
  const table::Group group = crossing();
  const Problem problem = begun(group, 4);
  const DesignOptions options = options_of(Strategy::sequential, 0);
  const double expected = propose(problem, options).regret_before;
  const Prior prior = prior_of(problem, options);
  Rng rng(3);
  double sum = 0;
  const int n = 4000;
  for (const WorkloadQuestion& question : problem.workload) {
    const std::size_t a = question.places[0], b = question.places[1];
    const double lead = std::abs(prior.mean(a) - prior.mean(b)),
                 sd = std::sqrt(prior.contrast_variance(a, b));
    for (int i = 0; i < n; ++i) sum += std::max(0.0, sd * rng.normal() - lead) / n;
  }
  EXPECT_NEAR(expected, sum / static_cast<double>(problem.workload.size()), 0.05 * expected);
}

TEST(Sequential, MeasuringEverythingLeavesLittleToRegret) {
  const Problem problem = begun(crossing(), 4);
  const Design design = propose(problem, options_of(Strategy::sequential, 1000));
  EXPECT_LT(design.regret_after, 0.5 * design.regret_before);
}

}  // namespace
}  // namespace energylens::design
