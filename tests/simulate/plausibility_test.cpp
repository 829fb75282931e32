// SPDX-License-Identifier: Apache-2.0
// The twin against public measurements, in rows where both run one wave. Its constants were chosen with these data
// in view, so the bands guard what was reached; they are no test on unseen data. RTX 4090 is left out: its
// all-reduces over PCI Express are up to four times slower than the twin's at large batches.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "energylens/table/group.hpp"
#include "simulate/serve.hpp"

namespace energylens::simulate {
namespace {

struct Ratios {
  std::vector<double> energy, time;  ///< simulated over measured
};

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<long>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

/// Mean distance from 1 as a factor: 1.3 is 30 % off either way.
double spread(const std::vector<double>& ratios) {
  double sum = 0;
  for (const double ratio : ratios) sum += std::abs(std::log(ratio));
  return std::exp(sum / static_cast<double>(ratios.size()));
}

/// Rows of groups of `gpu` and `quant`; only of layout `only`, if given.
Ratios compare(const std::string& file, const std::string& gpu, const std::string& quant,
               std::optional<table::Layout> only = std::nullopt) {
  Ratios ratios;
  for (const table::Group& group : table::groups(table::read_csv(file))) {
    if (group.identity["gpu"] != gpu || group.identity["quant"] != quant) continue;
    Options options;
    options.model = group.identity["model"];
    options.gpu = gpu;
    options.quant = quant;
    const System system = find_system(options, hardware::Catalogue::builtin());
    for (const table::Row& row : group.rows) {
      const table::Load& load = row.config.load;
      const bool measured = known(row.results.total_energy_j) && known(row.results.total_time_s);
      if (!measured || (only && row.config.layout != *only)) continue;
      // Less than GPUs with a request draw: a reading that missed the work.
      if (row.results.avg_power_w < system.awake_w * row.config.layout.gpus()) continue;
      if (load.batch > held_at_once(system, row.config.layout, load.isl, load.osl)) continue;
      if (load.batch * (load.isl + load.osl) > row.config.kv_capacity_tokens) continue;
      const JobOutcome job = run_job(system, row.config.layout, {load.batch, load.isl, load.osl, 0, 0});
      ratios.energy.push_back((job.prefill.joules + job.decode.joules) / row.results.total_energy_j);
      ratios.time.push_back((job.prefill.seconds + job.decode.seconds) / row.results.total_time_s);
    }
  }
  return ratios;
}

std::string public_file(const char* name) {
  const char* folder = std::getenv("ENERGYLENS_DATA");
  const auto path = std::filesystem::path(folder ? folder : "") / name;
  return folder && std::filesystem::exists(path) ? path.string() : "";
}

void expect_band(const Ratios& ratios, std::size_t least_rows, double factor) {
  ASSERT_GE(ratios.energy.size(), least_rows);
  EXPECT_GT(median(ratios.energy), 1 / factor);
  EXPECT_LT(median(ratios.energy), factor);
  EXPECT_GT(median(ratios.time), 1 / factor);
  EXPECT_LT(median(ratios.time), factor);
  EXPECT_LT(spread(ratios.energy), factor);
  EXPECT_LT(spread(ratios.time), factor);
}

TEST(Plausibility, Llama70BOnH800) {
  const std::string file = public_file("gpu_llm_profile.csv");
  if (file.empty()) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
  expect_band(compare(file, "H800-80GB", "FP16"), 50, 1.35);
}

// FP8 rows of this source gain almost nothing over FP16 at small batches (tp2, batch 1: 27.6 and 27.4 ms a
// step), which no roofline explains; hence the wide band.
TEST(Plausibility, Llama70BInFp8OnH800) {
  const std::string file = public_file("gpu_llm_profile.csv");
  if (file.empty()) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
  expect_band(compare(file, "H800-80GB", "FP8"), 50, 1.7);
}

// tp2 only: with tp4 and tp8 the measured steps hardly get shorter (an engine of 2023, limited by its host), up to
// three times the twin's.
TEST(Plausibility, Llama70BOnA100) {
  const std::string file = public_file("splitwise.csv");
  if (file.empty()) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
  expect_band(compare(file, "A100-80GB-SXM", "fp16", table::Layout{2, 1, 1, 1}), 5, 1.35);
}

// What the twin's decode step rests on: eight stages do not read their weights anew for each of few requests.
TEST(Plausibility, MeasuredDecodeOfAPipelineGrowsSmoothlyFromOneRequestToItsStages) {
  const std::string file = public_file("gpu_llm_profile.csv");
  if (file.empty()) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
  std::map<double, std::map<double, double>> energy;  // [osl][batch]
  for (const table::Group& group : table::groups(table::read_csv(file))) {
    if (group.identity["gpu"] != "RTX4090" || group.identity["quant"] != "FP16") continue;
    for (const table::Row& row : group.rows) {
      const table::Load& load = row.config.load;
      if (row.config.layout == table::Layout{1, 8, 1, 1})
        energy[load.osl][load.batch] = row.results.total_energy_j;
    }
  }
  std::size_t compared = 0;
  for (auto& [osl, by_batch] : energy) {
    if (!by_batch.contains(1) || !by_batch.contains(8)) continue;
    EXPECT_LT(by_batch[8], 1.5 * by_batch[1]) << "osl " << osl;
    ++compared;
  }
  EXPECT_GE(compared, 3u);
}

TEST(Plausibility, SmallModelsOnOneGpu) {
  const std::string file = public_file("argonne_power.csv");
  if (file.empty()) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
  expect_band(compare(file, "A100-40GB-SXM", "fp16"), 5, 1.3);
  expect_band(compare(file, "H100-80GB-SXM", "fp16"), 5, 1.3);
}

}  // namespace
}  // namespace energylens::simulate
