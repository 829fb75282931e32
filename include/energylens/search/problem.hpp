// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "energylens/core/number_text.hpp"
#include "energylens/core/unit.hpp"
#include "energylens/expr/expr.hpp"

namespace energylens::search {

/// A column that formulas may use.
struct Input {
  std::string name;            ///< a valid name: letters, digits, '_'
  Unit unit;                   ///< SI; used only if units are on
  std::vector<double> values;  ///< one per point, all finite
  /// The input that this one normalises: its values are those of that input divided by `reference`. It is
  /// allowed where that input is, and changes with it.
  std::string normalised_from = {};
  double reference = kUnknown;
};

/// The target of a row is the sum over its shares of weight * f(point).
struct Share {
  std::size_t row = 0, point = 0;
  double weight = 1;
};

/// A column with the same value in every row.
struct Constancy {
  std::string name;
  double value = 0;
};

/// An input that is a function of others and changes with them.
struct Tie {
  std::string input;
  expr::Expr formula;  ///< of inputs and constants
};

/// The data that a formula is sought for. A candidate f is evaluated at *points*; measurements belong to
/// *rows*. Usually the two are the same. Where they differ (a job that runs in waves: M * f(full wave) +
/// f(last wave)), `shares` define how rows are composed of points, so that no candidate has to.
struct Problem {
  std::vector<Input> inputs;

  std::string target_name = "y";
  Unit target_unit;
  std::vector<double> target;  ///< one per row, finite; > 0 for the losses `log_error` and `relative`
  /// Weight of the squared error of each row, > 0; empty: 1 for all.
  std::vector<double> weights;
  /// Group of each row, 0, 1, ...; empty: all rows form one group. Groups share the formula; Options define
  /// whether they share its constants.
  std::vector<std::size_t> groups;
  std::vector<std::string> group_names;  ///< by group, for messages; may be empty
  std::vector<Share> shares;             ///< empty: row i is point i. Sorted by row; every row has a share

  /// Standard deviation of repeated measurements, as the loss measures errors (of ln y, relative, or in
  /// units of the target). Errors below it do not justify a longer formula. Unknown: taken as 0.
  double noise_sd = kUnknown;

  /// Fold of each row, 0, 1, ... for cross-validation: the formulas of the front are fitted again without
  /// the rows of each fold and evaluated at them. Rows whose errors are correlated belong in one fold; every
  /// group must have rows in two folds. Empty: no cross-validation.
  std::vector<std::size_t> folds;

  /// What is known of the formula, with parts to be found: "prefill(batch, isl, tp, pp) + osl*decode(batch,
  /// tp, L)". A part is a name that is not a function, with the inputs it may use. Each part occurs once.
  /// Numbers are fixed. Empty: the whole formula is to be found and may use every input.
  std::string form;
  /// Columns that are not inputs because they have one value; the form may use them.
  std::vector<Constancy> constants;
  /// Used by proofs only; a search treats all inputs as independent.
  std::vector<Tie> ties;

  std::size_t rows() const { return target.size(); }
  std::size_t points() const { return inputs.empty() ? rows() : inputs.front().values.size(); }
  std::size_t group_count() const;
  std::size_t group_of(std::size_t row) const { return groups.empty() ? 0 : groups[row]; }

  /// Fingerprint of everything that a search reads, 16 hexadecimal digits: a checkpoint belongs to one
  /// problem.
  std::string fingerprint() const;
};

/// Number of rows that differ in their group or in the values that a formula sees: repeats count once.
std::size_t distinct_rows(const Problem& problem);

/// The problem with the marked rows only, in their order; points and inputs are unchanged.
Problem subset(const Problem& problem, const std::vector<bool>& keep);

/// Turns dimensionless inputs with one value into constants, which the form may use. Returns their names.
std::vector<std::string> set_constants_aside(Problem& problem);

/// A warning, in one line, for inputs with only two values: any power or function passes through two points,
/// so the form determines the shape, not the rows. Empty if there are none.
std::vector<std::string> warnings(const Problem& problem);

/// Throws Error (bad input), in one line, for: no rows or no inputs; columns of different lengths; values
/// that are not finite; a target with one value; a dimensionless input with one value; two equal inputs;
/// names that are invalid or occur twice; inconsistent weights, groups or shares.
void check(const Problem& problem);

}  // namespace energylens::search
