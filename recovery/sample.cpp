// SPDX-License-Identifier: Apache-2.0
// Held by tests/recovery/suites_test.cpp.
#include "recovery/sample.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "energylens/core/rng.hpp"
#include "expr/program.hpp"

namespace energylens::recovery {
namespace {

double drawn(const KnownInput& input, double widened, Rng& rng) {
  if (!input.counts.empty()) return input.counts[rng.below(input.counts.size())];
  const double margin = widened * (input.high - input.low);
  double low = input.low - margin;
  if (low <= 0 && input.low >= 0) low = input.low;  // positive stays positive
  const double u = rng.uniform();
  if (input.whole) return std::round(low * std::pow((input.high + margin) / low, u));
  return low + (input.high + margin - low) * u;
}

search::Problem drawn(const Known& known, std::size_t rows, double widened, Rng& rng) {
  search::Problem out;
  out.target_unit = known.unit;
  for (const KnownInput& input : known.inputs) out.inputs.push_back({input.name, input.unit, {}});
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t k = 0; k < known.inputs.size(); ++k)
      out.inputs[k].values.push_back(drawn(known.inputs[k], widened, rng));
    if (known.groups() > 1) out.groups.push_back(i * known.groups() / rows);
  }
  out.target = values(known, out);
  return out;
}

/// Leaves out rows where the formula has no value.
void keep_finite(search::Problem& p) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < p.target.size(); ++i) {
    if (!std::isfinite(p.target[i])) continue;
    for (search::Input& input : p.inputs) input.values[kept] = input.values[i];
    if (!p.groups.empty()) p.groups[kept] = p.groups[i];
    p.target[kept++] = p.target[i];
  }
  for (search::Input& input : p.inputs) input.values.resize(kept);
  if (!p.groups.empty()) p.groups.resize(kept);
  p.target.resize(kept);
}

double standard_deviation(const std::vector<double>& y) {
  const double n = static_cast<double>(y.size()), mean = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double sum = 0;
  for (const double v : y) sum += (v - mean) * (v - mean);
  return std::sqrt(sum / n);
}

}  // namespace

std::vector<double> values(const expr::Expr& formula, const search::Problem& problem) {
  std::vector<std::string> names;
  std::vector<std::span<const double>> columns;
  for (const search::Input& input : problem.inputs) {
    names.push_back(input.name);
    columns.emplace_back(input.values);
  }
  std::vector<double> out(problem.inputs.front().values.size());
  expr::Workspace workspace;
  expr::Program(formula, names).evaluate(columns, {}, out, workspace);
  return out;
}

std::vector<double> values(const Known& known, const search::Problem& problem) {
  std::vector<double> out;
  for (std::size_t g = 0; g < known.groups(); ++g) {
    const std::vector<double> of_group = values(known.expr(g), problem);
    if (out.empty()) out = of_group;
    for (std::size_t i = 0; i < problem.groups.size(); ++i) {
      if (problem.groups[i] == g) out[i] = of_group[i];
    }
  }
  return out;
}

Sample sample(const Known& known, double noise, std::uint64_t seed) {
  Rng rng(splitmix64(seed + 1));
  const std::size_t rows = known.relative ? known.rows : known.rows * 3 / 4;
  Sample out{drawn(known, rows, 0, rng),
             {},
             drawn(known, known.rows - (known.relative ? 0 : rows), 0, rng),
             drawn(known, known.rows, 0.1, rng)};
  keep_finite(out.training);
  keep_finite(out.held_out);
  keep_finite(out.outside);
  out.truth = out.training.target;
  const double spread = standard_deviation(out.truth);
  for (double& y : out.training.target) {
    const double size = known.relative ? y : spread;
    if (noise > 0) y += noise * size * std::clamp(rng.normal(), -4.0, 4.0);
  }
  return out;
}

}  // namespace energylens::recovery
