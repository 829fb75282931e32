// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "energylens/expr/expr.hpp"

namespace energylens::expr {

/// Scratch memory of Program; one per thread, reused from call to call and from program to program.
class Workspace {
 public:
  static constexpr std::size_t kBlock = 512;  ///< rows handled together

 private:
  friend class Program;
  struct alignas(64) Block {
    double values[kBlock];
  };
  std::vector<Block> blocks_;
  std::vector<double> scalars_;
};

/// An expression compiled for repeated evaluation: names are bound to positions, parts without variables are computed
/// once per call, leaves are read in place. Arithmetic is IEEE double without contraction; exp, log, ^ and the
/// trigonometric functions are our own (error below one unit in the last place, two for tanh, asin and acos), so that
/// one row, many rows and every machine give bitwise equal numbers. Immutable; safe from any thread, each with its own
/// Workspace.
class Program {
 public:
  /// `variables` and `parameters` are the names of the values passed to `evaluate`, by position. Throws Error (bad
  /// input) if the expression contains another name.
  Program(const Expr& expr, std::span<const std::string> variables,
          std::span<const std::string> parameters = {});

  /// Value at one point. Requires: as many values as names.
  double evaluate(std::span<const double> variables, std::span<const double> parameters = {}) const;
  /// The same with memory from the caller, without allocation.
  double evaluate(std::span<const double> variables, std::span<const double> parameters,
                  Workspace& workspace) const;

  /// Values for all rows: out[i] from columns[k][i]. Requires: as many columns as variables and parameters as
  /// names; every column that occurs has out.size() values. `out` overlaps no column.
  void evaluate(std::span<const std::span<const double>> columns, std::span<const double> parameters,
                std::span<double> out, Workspace& workspace) const;

 private:
  enum class Place : std::uint8_t { scalar, column, block };
  struct Operand {
    Place place = Place::scalar;
    std::uint32_t index = 0;
  };
  struct Instruction {
    Op op;
    Operand left, right, result;
  };

  Operand leaf(const Expr& expr, const Node& node, std::span<const std::string> variables,
               std::span<const std::string> parameters);
  void load_scalars(std::span<const double> parameters, Workspace& workspace) const;

  void run_block(std::span<const std::span<const double>> columns, std::span<double> out, std::size_t begin,
                 Workspace& workspace) const;

  std::vector<double> scalars_;           // room for parameters, then constants and results of scalar_code_
  std::vector<Instruction> scalar_code_;  // parts without variables
  std::vector<Instruction> code_;         // the rest; the last one gives the result
  Operand result_;
  std::size_t parameters_ = 0, variables_ = 0, blocks_ = 0;
};

}  // namespace energylens::expr
