// SPDX-License-Identifier: Apache-2.0
// Held by tests/parametric/fit/fit_structure_test.cpp (values and slopes against differences).
#include "parametric/structure/formula_rows.hpp"

#include <algorithm>
#include <cmath>

#include "expr/algebra.hpp"

namespace energylens::parametric {
namespace {

std::vector<std::string> input_names() {
  return {predictor::kWaveInputs.begin(), predictor::kWaveInputs.end()};
}

std::vector<std::string> constant_names(const std::vector<predictor::StructureConstant>& constants) {
  std::vector<std::string> names;
  for (const predictor::StructureConstant& constant : constants) names.push_back(constant.name);
  return names;
}

}  // namespace

void WaveRows::add(const table::Configuration& config, const predictor::Facts& facts) {
  begin_.push_back(points());
  if (metric_ == Metric::energy) {
    for (const predictor::EqualWaves& equal : predictor::waves_of_all_replicas(config))
      if (equal.count > 0) add_wave(equal.count, equal.size, config, facts);
    return;
  }
  const predictor::Waves waves = predictor::waves(config);
  if (waves.full > 0) add_wave(waves.full, waves.size, config, facts);
  if (waves.remainder > 0) add_wave(1, waves.remainder, config, facts);
}

void WaveRows::add_wave(double count, double wave_size, const table::Configuration& config,
                        const predictor::Facts& facts) {
  const auto values = predictor::wave_inputs(config, wave_size, facts, metric_);
  for (std::size_t c = 0; c < values.size(); ++c) columns_[c].push_back(values[c]);
  weight_.push_back(count);
}

std::vector<std::span<const double>> WaveRows::columns() const {
  return {columns_.begin(), columns_.end()};
}

void WaveRows::add_up(std::span<const double> at_points, std::span<double> out) const {
  for (std::size_t row = 0; row < rows(); ++row) {
    const std::size_t end = row + 1 < rows() ? begin_[row + 1] : points();
    for (std::size_t point = begin_[row]; point < end; ++point) out[row] += weight_[point] * at_points[point];
  }
}

FormulaPrograms::FormulaPrograms(const expr::Expr& formula,
                                 const std::vector<predictor::StructureConstant>& constants)
    : value_(formula, input_names(), constant_names(constants)) {
  for (const predictor::StructureConstant& constant : constants) {
    slopes_.emplace_back(expr::derivative(formula, constant.name), input_names(), constant_names(constants));
    logarithmic_.push_back(constant.logarithmic);
  }
}

std::vector<double> FormulaPrograms::run(const expr::Program& program, const WaveRows& rows,
                                         std::span<const double> constants) const {
  std::vector<double> at_points(rows.points()), out(rows.rows(), 0.0);
  expr::Workspace workspace;
  const std::vector<std::span<const double>> columns = rows.columns();
  program.evaluate(columns, constants, at_points, workspace);
  rows.add_up(at_points, out);
  return out;
}

std::vector<double> FormulaPrograms::values(const WaveRows& rows, std::span<const double> constants) const {
  return run(value_, rows, constants);
}

std::vector<std::vector<double>> FormulaPrograms::slopes(const WaveRows& rows,
                                                         std::span<const double> constants) const {
  std::vector<std::vector<double>> out;
  for (std::size_t k = 0; k < slopes_.size(); ++k) {
    out.push_back(run(slopes_[k], rows, constants));
    if (!logarithmic_[k]) continue;
    for (double& slope : out.back()) slope *= constants[k];
  }
  return out;
}

std::vector<double> to_coordinates(const predictor::Structure& structure, std::span<const double> constants) {
  std::vector<double> out(constants.begin(), constants.end());
  for (std::size_t k = 0; k < out.size(); ++k) {
    if (structure.constants[k].logarithmic) out[k] = std::log(out[k]);
  }
  return out;
}

std::vector<double> from_coordinates(const predictor::Structure& structure,
                                     std::span<const double> coordinates) {
  std::vector<double> out(coordinates.begin(), coordinates.end());
  for (std::size_t k = 0; k < out.size(); ++k) {
    if (structure.constants[k].logarithmic) out[k] = std::exp(out[k]);
  }
  return out;
}

}  // namespace energylens::parametric
