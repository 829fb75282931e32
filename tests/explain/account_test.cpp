// SPDX-License-Identifier: Apache-2.0
// The parts add up to the prediction, for every form and configuration, and are what their names say.
#include "explain/account.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "parametric/random_models.hpp"
#include "residual/stepped.hpp"

namespace energylens::explain {
namespace {

using parametric::LawKind;

double sum_of(const Account& account) {
  double sum = 0;
  for (const Part& part : account.parts) sum += part.value;
  return sum;
}

double part(const Account& account, const std::string& name) {
  for (const Part& one : account.parts)
    if (one.name == name) return one.value;
  return kUnknown;
}

int expect_sums(const predictor::Predictor& model, bool isl_known, Rng& rng) {
  int answered = 0;
  for (int i = 0; i < 40; ++i) {
    const table::Configuration config = parametric::random_configuration(rng, isl_known);
    const predictor::Prediction prediction = model.predict(0, config);
    for (const Metric metric : predictor::kMetrics) {
      const auto account = account_of(model, 0, config, prediction, metric);
      const double said =
          metric == Metric::energy ? prediction.total_energy_j.value : prediction.total_time_s.value;
      EXPECT_EQ(account.has_value(), known(said));
      if (!account) continue;
      ++answered;
      EXPECT_NEAR(sum_of(*account) / said, 1, 1e-12);
      EXPECT_EQ(account->total, said);
    }
  }
  return answered;
}

TEST(Account, PartsAddUpToThePrediction) {
  Rng rng(11);
  int answered = 0;
  for (int i = 0; i < 12; ++i) {
    const LawKind kind = std::array{LawKind::job, LawKind::job_without_isl, LawKind::server}[rng.below(3)];
    answered += expect_sums(parametric::random_law(rng, kind), kind != LawKind::job_without_isl, rng);
    answered += expect_sums(parametric::random_found(rng), true, rng);
  }
  EXPECT_GT(answered, 1000);
}

TEST(Account, PrefillIsThatOfThePrediction) {
  Rng rng(12);
  const parametric::LawModel law = parametric::random_law(rng, LawKind::job);
  for (int i = 0; i < 100; ++i) {
    const table::Configuration config = parametric::random_configuration(rng, true);
    const predictor::Prediction prediction = law.predict(0, config);
    const auto account = account_of(law, 0, config, prediction, Metric::energy);
    if (!account) continue;
    double prefill = 0;
    for (const Part& one : account->parts) prefill += one.prefill ? one.value : 0;
    EXPECT_NEAR(prefill / prediction.prefill_energy_j.value, 1, 1e-12);
  }
}

TEST(Account, OneGpuHasNoTrafficAndNoStages) {
  Rng rng(13);
  const parametric::LawModel law = parametric::random_law(rng, LawKind::job);
  table::Configuration config{{1, 1, 1, 1}, {table::RowKind::job, 8, kUnknown, 100, 50}, 1e6};
  const auto account = account_of(law, 0, config, law.predict(0, config), Metric::energy);
  ASSERT_TRUE(account);
  EXPECT_EQ(part(*account, "prefill_traffic"), 0);
  EXPECT_EQ(part(*account, "decode_traffic"), 0);
  EXPECT_EQ(part(*account, "stages"), 0);
  EXPECT_GT(part(*account, "decode_work"), 0);
}

TEST(Account, TheCorrectionOfAModelIsAPartOfItsOwn) {
  const table::Group group = residual::stepped::group(residual::stepped::Step{});
  const residual::CorrectedModel model =
      residual::fit(residual::stepped::drawn(group, 60), residual::stepped::options());
  double largest = 0;
  for (const table::Row& row : group.rows) {
    const predictor::Prediction prediction = model.predict(0, row.config);
    const auto account = account_of(model, 0, row.config, prediction, Metric::energy);
    ASSERT_TRUE(account);
    EXPECT_EQ(account->parts.back().name, "correction");
    EXPECT_NEAR(sum_of(*account) / prediction.total_energy_j.value, 1, 1e-12);
    const double form = model.form().predict(0, row.config).total_energy_j.value;
    EXPECT_NEAR(account->parts.back().value, prediction.total_energy_j.value - form, 1e-9 * form);
    largest = std::max(largest, std::abs(account->parts.back().value) / form);
  }
  EXPECT_GT(largest, 0.01);
}

TEST(Account, APowerLimitIsTheLastPart) {
  Account account{Metric::energy, 10, {{"weights", "", false, 7}, {"cache", "", false, 3}}};
  add_part(account, "power_limit", "what the power limit changes", 8);
  EXPECT_DOUBLE_EQ(account.parts.back().value, -2);
  EXPECT_EQ(account.total, 8);
}

}  // namespace
}  // namespace energylens::explain
