// SPDX-License-Identifier: Apache-2.0
// How often do 8 starts find what 200 find? For each data set 50 rows are drawn, the law is looked for from 8
// and from 200 starts (of another seed), and the shares are counted in which the loss of few is within 1 % of
// the least seen. Simulated campaigns of many models, GPUs and noises; measured groups of at least 50 rows
// where ENERGYLENS_DATA names a folder of tables. Energy and time. Prints JSON with all samples.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/io/json.hpp"
#include "energylens/simulate/simulate.hpp"
#include "energylens/table/group.hpp"
#include "parametric/fit/estimate.hpp"
#include "parametric/law/observations.hpp"

namespace energylens::parametric {
namespace {

using io::Json;

constexpr std::size_t kRows = 50, kSimulated = 100, kDrawsOfMeasured = 5;
constexpr int kFew = 8, kMany = 200;
constexpr double kClose = 0.01;

struct Sample {
  std::string name;
  Metric metric = Metric::energy;
  double few = kUnknown, least = kUnknown;  ///< losses
  bool close() const { return few <= least * (1 + kClose); }
  Json json() const {
    return Json::object({{"data", name},
                         {"target", std::string(predictor::metric_text(metric))},
                         {"loss_few", few},
                         {"loss_least", least}});
  }
};

void add_samples(const std::string& name, const table::Group& group, std::uint64_t seed,
                 std::vector<Sample>& out) {
  predictor::TrainingGroup training;
  training.group = &group;
  for (const std::size_t row : shuffled_order(splitmix64(seed), group.rows.size())) {
    if (training.rows.size() < kRows) training.rows.push_back(row);
  }
  const predictor::PreparedRows prepared = predictor::prepared_rows(training, {});
  for (const Metric metric : predictor::kMetrics) {
    const Reading reading = reading_of(prepared, metric);
    const std::vector<Observation> seen = observations(prepared.rows, reading, reference_of(prepared.rows));
    if (seen.size() < kRows) continue;
    const Priors priors = priors_for(seen, reading);
    const double few = estimate(seen, priors, {.starts = kFew, .seed = seed}).cost;
    const double many = estimate(seen, priors, {.starts = kMany, .seed = splitmix64(seed)}).cost;
    out.push_back({name, metric, few, std::min(few, many)});
  }
}

/// Campaign number `index` of a fixed series.
simulate::Options campaign(std::size_t index) {
  static const std::vector<std::string> models{"Llama-3.1-8B", "Llama-3.1-70B", "Llama-2-13B", "Gemma-2-27B",
                                               "Mixtral-8x7B"};
  static const std::vector<std::string> gpus{"H100-80GB-SXM", "A100-80GB-SXM", "H200-141GB-SXM", "L40S",
                                             "MI300X"};
  simulate::Options options;
  options.model = models[index % models.size()];
  options.gpu = gpus[index / models.size() % gpus.size()];
  options.batches = {1, 4, 16, 64, 256, 1024};
  options.isls = {128, 512, 2048};
  options.osls = {64, 256, 1024};
  options.noise = 0.01 * static_cast<double>(1 + index % 8);
  options.seed = index;
  return options;
}

std::vector<Sample> simulated_samples() {
  std::vector<Sample> out;
  for (std::size_t i = 0; i < kSimulated; ++i) {
    const simulate::Options options = campaign(i);
    const table::Group group = table::groups(simulate::simulate(options)).front();
    add_samples(group.identity.text() + ", seed " + std::to_string(i), group, i, out);
  }
  return out;
}

std::vector<std::filesystem::path> public_tables() {
  const char* folder = std::getenv("ENERGYLENS_DATA");
  std::vector<std::filesystem::path> out;
  if (!folder) return out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const bool trace = entry.path().filename().string().starts_with("trace_");
    if (entry.path().extension() == ".csv" && !trace) out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<Sample> measured_samples() {
  std::vector<Sample> out;
  for (const std::filesystem::path& path : public_tables()) {
    for (const table::Group& group : table::groups(table::read_csv(path.string()))) {
      if (group.rows.size() < kRows) continue;
      for (std::uint64_t seed = 0; seed < kDrawsOfMeasured; ++seed) {
        add_samples(path.stem().string() + ": " + group.identity.text(), group, seed, out);
      }
    }
  }
  return out;
}

Json summary(const std::vector<Sample>& samples) {
  double close = 0, worst = 0;
  Json all = Json::array();
  for (const Sample& sample : samples) {
    close += sample.close() ? 1 : 0;
    worst = std::max(worst, sample.few / sample.least - 1);
    all.push_back(sample.json());
  }
  const double n = static_cast<double>(samples.size());
  return Json::object({{"fits", n},
                       {"share_within_1pct", n > 0 ? close / n : kUnknown},
                       {"worst_excess", n > 0 ? worst : kUnknown},
                       {"samples", all}});
}

}  // namespace
}  // namespace energylens::parametric

int main() {
  using energylens::io::Json;
  try {
    const Json out = Json::object({{"rows", static_cast<double>(energylens::parametric::kRows)},
                                   {"simulated", summary(energylens::parametric::simulated_samples())},
                                   {"measured", summary(energylens::parametric::measured_samples())}});
    std::printf("%s\n", energylens::io::print_json(out).c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fit_quality: %s\n", error.what());
    return 1;
  }
}
