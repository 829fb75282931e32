// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <span>
#include <vector>

#include "energylens/predictor/facts.hpp"
#include "energylens/predictor/structure.hpp"
#include "expr/program.hpp"
#include "predictor/wave_features.hpp"
#include "predictor/waves.hpp"

namespace energylens::parametric {

using predictor::Metric;

/// Rows as sums over the waves they run in.
class WaveRows {
 public:
  explicit WaveRows(Metric metric) : metric_(metric) {}
  /// Requires: a configuration with its capacity resolved, of which at least one request fits.
  void add(const table::Configuration& config, const predictor::Facts& facts);

  std::size_t rows() const { return begin_.size(); }
  std::size_t points() const { return weight_.size(); }
  std::vector<std::span<const double>> columns() const;
  /// out[row] += weight * at_points over its waves. Requires: `out` has rows() values.
  void add_up(std::span<const double> at_points, std::span<double> out) const;

 private:
  void add_wave(double count, double wave_size, const table::Configuration& config,
                const predictor::Facts& facts);

  Metric metric_;
  std::array<std::vector<double>, predictor::kWaveInputs.size()> columns_;
  std::vector<double> weight_;      ///< by point: waves of that size in all replicas
  std::vector<std::size_t> begin_;  ///< first point of each row
};

/// A formula and its derivatives against every constant of a structure.
class FormulaPrograms {
 public:
  FormulaPrograms(const expr::Expr& formula, const std::vector<predictor::StructureConstant>& constants);

  /// Values of rows.
  std::vector<double> values(const WaveRows& rows, std::span<const double> constants) const;
  /// And d value / d coordinate, by constant: the coordinate of a logarithmic constant is its logarithm.
  std::vector<std::vector<double>> slopes(const WaveRows& rows, std::span<const double> constants) const;

 private:
  std::vector<double> run(const expr::Program& program, const WaveRows& rows,
                          std::span<const double> constants) const;

  expr::Program value_;
  std::vector<expr::Program> slopes_;
  std::vector<bool> logarithmic_;
};

/// Coordinates of constants, and back.
std::vector<double> to_coordinates(const predictor::Structure& structure, std::span<const double> constants);
std::vector<double> from_coordinates(const predictor::Structure& structure,
                                     std::span<const double> coordinates);

}  // namespace energylens::parametric
