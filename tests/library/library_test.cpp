// SPDX-License-Identifier: Apache-2.0
#include "energylens/library/library.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "energylens/core/error.hpp"
#include "energylens/library/evaluate.hpp"

namespace energylens::library {
namespace {

const Library& shipped() {
  return Library::builtin();
}

predictor::Facts facts_of(const System& system) {
  return predictor::facts(system.identity(), hardware::Catalogue::builtin());
}

/// The prior of a system of which no row is known.
parametric::LawModel prior_of(const System& system, Reading reading,
                              std::function<bool(const Entry&)> allowed = nullptr) {
  const table::Group group{system.identity(), {}};
  return shipped().prior({&group, facts_of(system), reading, std::move(allowed)}, {});
}

table::Configuration serving(const char* layout, double batch) {
  table::Configuration config{table::parse_layout(layout), {}};
  config.load.kind = table::RowKind::steady;
  config.load.batch = batch;
  config.load.isl = 1024;
  config.load.osl = 256;
  return config;
}

double width(const predictor::Estimate& estimate) {
  return std::log(estimate.hi / estimate.lo);
}

TEST(Library, HoldsFitsWithTheirOrigin) {
  ASSERT_GT(shipped().entries().size(), 100u);
  for (const Entry& entry : shipped().entries()) {
    const DataSet& data = shipped().data()[entry.data_set];
    EXPECT_FALSE(data.licence.empty());
    EXPECT_EQ(data.data_hash.size(), 16u);
    EXPECT_TRUE(entry.law.energy || entry.law.time) << entry.system.address();
  }
}

TEST(Library, EveryEntryPredictsItsOwnMiddle) {
  for (std::size_t i = 0; i < shipped().entries().size(); ++i) {
    const Entry& entry = shipped().entries()[i];
    if (!entry.law.energy) continue;
    const predictor::Domain& domain = entry.law.domain;
    table::Configuration config{domain.layouts.front(), {}};
    config.load.kind =
        entry.law.serving || !entry.law.isl_known ? table::RowKind::steady : table::RowKind::job;
    config.load.batch = domain.batch.min;
    config.load.osl = domain.osl.min;
    if (entry.law.isl_known) config.load.isl = domain.isl.min;
    const predictor::Prediction p = shipped().model_of(i).predict(0, config);
    EXPECT_GT(p.total_energy_j.value, 0) << entry.system.address();
    EXPECT_LE(p.total_energy_j.lo, p.total_energy_j.value);
  }
}

TEST(Library, FindsASystemByOtherSpellings) {
  EXPECT_FALSE(shipped().matching({"llama 3.1-70B", "NVIDIA H800 80GB", "FP8", ""}, Reading::job).empty());
  EXPECT_TRUE(shipped().matching({"Llama-3.1-70B", "MI355X", "fp8", ""}, Reading::job).empty());
}

TEST(Library, AnswersASystemOfWhichNothingIsKnown) {
  const parametric::LawModel model =
      prior_of({"Qwen3-32B", "H100-80GB-SXM", "bf16", "vLLM"}, Reading::server);
  const predictor::Prediction p = model.predict(0, serving("tp2", 32));
  EXPECT_EQ(model.laws().front().measured_rows, 0u);
  EXPECT_GT(p.energy_per_out_token_j.value, 0.05);
  EXPECT_LT(p.energy_per_out_token_j.value, 20);
  EXPECT_GT(width(p.energy_per_out_token_j), std::log(1.2)) << "a prior is not that certain";
}

TEST(Library, IsLessCertainOfAVendorItNeverSaw) {
  const System amd{"MiniMax-M3", "MI355X", "fp8", "vLLM"};
  const auto without_amd = [](const Entry& entry) {
    return entry.system.gpu.find("MI3") == std::string::npos;
  };
  const double seen =
      width(prior_of(amd, Reading::server).predict(0, serving("tp8", 32)).energy_per_out_token_j);
  const double unseen = width(
      prior_of(amd, Reading::server, without_amd).predict(0, serving("tp8", 32)).energy_per_out_token_j);
  EXPECT_GT(unseen, 1.15 * seen);
}

TEST(Library, TheSameSystemIsNearest) {
  const System system{"MiniMax-M3", "H200-141GB-SXM", "fp8", "vLLM"};
  const std::vector<Neighbour> near = shipped().nearest(system.identity(), facts_of(system), Reading::server);
  ASSERT_GT(near.size(), 10u);
  EXPECT_EQ(shipped().entries()[near.front().entry].system.gpu, system.gpu);
  EXPECT_GT(near.front().likeness, near.back().likeness);
}

TEST(Library, RefusesOtherFilesAndDamagedOnes) {
  EXPECT_THROW(Library::from_text("{\"schema\": \"energylens-catalogue-1\"}", "x.json"), Error);
  EXPECT_THROW(Library::from_text(
                   R"({"schema": "energylens-library-1", "data": [], "groups": [{"data": "no"}]})", "x.json"),
               Error);
}

TEST(Library, SummariesWeighGroupsAlike) {
  GroupScore big{0, LeftOut::model, 0, std::vector<double>(90, 0.5), std::vector<bool>(90, true), 4, 4, 0.0};
  GroupScore small{1, LeftOut::model, 0, {0.1, 0.1, 0.1}, {true, false, false}, 4, 2, 0.4};
  const std::vector<GroupScore> scores{big, small, small};
  const std::vector<Summary> all = summarise(scores);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_DOUBLE_EQ(all.front().median_error, 0.1);
  EXPECT_NEAR(all.front().coverage, (1 + 1.0 / 3 + 1.0 / 3) / 3, 1e-12);
  EXPECT_NEAR(all.front().top1, 8.0 / 12, 1e-12);
  EXPECT_NEAR(all.front().regret, 0.8 / 12, 1e-12);
}

}  // namespace
}  // namespace energylens::library
