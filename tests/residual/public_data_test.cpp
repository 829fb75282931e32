// SPDX-License-Identifier: Apache-2.0
// On real rows the correction halves the law's typical error, and its intervals hold.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "energylens/table/table.hpp"
#include "numerics/summary.hpp"
#include "residual/stepped.hpp"

namespace energylens::residual {
namespace {

struct Scores {
  std::vector<double> errors;
  double covered = 0, rows = 0;

  void add(const predictor::Predictor& predictor, const table::Group& group,
           const std::vector<std::size_t>& trained) {
    for (std::size_t r = 0; r < group.rows.size(); ++r) {
      if (std::ranges::count(trained, r) > 0) continue;
      const double measured = group.rows[r].results.total_energy_j;
      const predictor::Estimate e = predictor.predict(0, group.rows[r].config).total_energy_j;
      errors.push_back(std::abs(e.value / measured - 1));
      covered += e.lo <= measured && measured <= e.hi ? 1 : 0;
      ++rows;
    }
  }
};

TEST(PublicData, OnTheMainGroup) {
  const char* folder = std::getenv("ENERGYLENS_DATA");
  const std::filesystem::path path = std::filesystem::path(folder ? folder : "") / "gpu_llm_profile.csv";
  if (!folder || !std::filesystem::exists(path)) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
  std::vector<table::Condition> conditions;
  for (const char* text : {"model=Llama-3-70B", "gpu=RTX4090", "quant=FP16", "total_time_s>=1"}) {
    conditions.push_back(table::parse_condition(text));
  }
  const std::vector<table::Group> groups =
      table::groups(table::where(table::read_csv(path.string()), conditions));
  ASSERT_EQ(groups.size(), 1u);
  Scores law, both;
  for (std::uint64_t seed = 0; seed < 2; ++seed) {
    const predictor::TrainingData data = stepped::drawn(groups[0], 100, seed);
    const CorrectedModel model = fit(data, stepped::options());
    law.add(model.form(), groups[0], data[0].rows);
    both.add(model, groups[0], data[0].rows);
  }
  EXPECT_LT(numerics::quantile(both.errors, 0.5), 0.6 * numerics::quantile(law.errors, 0.5));
  EXPECT_NEAR(both.covered / both.rows, 0.9, 0.05);
}

}  // namespace
}  // namespace energylens::residual
