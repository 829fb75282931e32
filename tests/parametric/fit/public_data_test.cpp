// SPDX-License-Identifier: Apache-2.0
// The law follows a whole public group.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "energylens/parametric/fit.hpp"
#include "energylens/table/table.hpp"
#include "parametric/fit/simulated.hpp"

namespace energylens::parametric {
namespace {

TEST(PublicData, TheMainGroupIsFollowedToFourPercent) {
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
  const LawModel model = fit_law(predictor::all_rows(groups), simulated::quick());
  const GroupLaw& law = model.laws()[0];
  EXPECT_EQ(law.energy->rows, 789u);
  EXPECT_LT(law.energy->mape, 0.045);
  EXPECT_EQ(law.energy->termination, "converged");
  EXPECT_FALSE(law.energy->undetermined.empty());
}

}  // namespace
}  // namespace energylens::parametric
