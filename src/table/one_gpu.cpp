// SPDX-License-Identifier: Apache-2.0
// The power of a GPU depends on how busy it is, so that it falls somewhat where more GPUs share one load. Energies of one
// GPU, divided by all GPUs, fall much faster: as 1/GPUs. Stages of a pipeline wait for each other, which looks alike, so
// that only rows of one pipeline degree are compared. Held by one_gpu_test.cpp.
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <vector>

#include "core/rounded_text.hpp"
#include "energylens/table/group.hpp"

namespace energylens::table {
namespace {

/// Slope of ln(power per GPU) over ln(GPUs): -1 for energies of one GPU; real GPUs are above -0.65.
constexpr double kSlopeOfOneGpu = -0.85;
/// Sets of rows under equal load, so that one odd row decides nothing.
constexpr std::size_t kLeastSets = 3;

struct PowerPoint {
  double gpus, watts;  ///< of each GPU
};

double mean_power_w(const Row& row) {
  const Results& r = row.results;
  if (row.config.load.kind == RowKind::job) return r.total_energy_j / r.total_time_s;
  return r.energy_per_out_token_j * r.throughput_tok_s;
}

/// The rows of one scenario with a power, by pipeline degree.
std::map<int, std::vector<PowerPoint>> points_of(const Group& group, const Scenario& scenario) {
  std::map<int, std::vector<PowerPoint>> out;
  for (const std::size_t index : scenario.rows) {
    const Row& row = group.rows[index];
    const double gpus = row.config.layout.gpus(), watts = mean_power_w(row) / gpus;
    if (watts > 0) out[row.config.layout.pp].push_back({gpus, watts});
  }
  return out;
}

/// Sums of a regression of ln(power per GPU) on ln(GPUs) with a mean of each set.
struct SlopeSums {
  std::size_t sets = 0;
  double xx = 0, xy = 0;
  PowerPoint fewest{0, 0}, most{0, 0};

  void add(const std::vector<PowerPoint>& points) {
    double x = 0, y = 0;
    for (const PowerPoint& p : points) {
      x += std::log(p.gpus) / static_cast<double>(points.size());
      y += std::log(p.watts) / static_cast<double>(points.size());
    }
    double own = 0;
    for (const PowerPoint& p : points) {
      own += (std::log(p.gpus) - x) * (std::log(p.gpus) - x);
      xy += (std::log(p.gpus) - x) * (std::log(p.watts) - y);
      if (fewest.gpus == 0 || p.gpus < fewest.gpus) fewest = p;
      if (p.gpus > most.gpus) most = p;
    }
    xx += own;
    sets += own > 0 ? 1 : 0;
  }
};

}  // namespace

std::optional<std::string> energy_of_one_gpu(const Group& group) {
  SlopeSums sums;
  for (const Scenario& scenario : scenarios(group)) {
    for (const auto& [stages, points] : points_of(group, scenario)) sums.add(points);
  }
  if (sums.sets < kLeastSets || !(sums.xy <= kSlopeOfOneGpu * sums.xx)) return std::nullopt;
  return fmt::format(
      "power per GPU falls as 1/GPUs at equal load (from {} with {:g} to {} with {:g}): is it the energy of one GPU "
      "instead of all?",
      quantity_text(sums.fewest.watts, "W"), sums.fewest.gpus, quantity_text(sums.most.watts, "W"),
      sums.most.gpus);
}

}  // namespace energylens::table
