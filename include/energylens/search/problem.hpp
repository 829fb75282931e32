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
  std::string name;            ///< a name of formulas: letters, digits, '_'
  Unit unit;                   ///< SI; looked at only where units are on
  std::vector<double> values;  ///< one per point, all finite
  /// Another input, of which this is the ratio to `reference`: it is allowed where that one is, and moves
  /// along with it.
  std::string relative_to = {};
  double reference = kUnknown;
};

/// A row's target is the sum over its shares of weight * f(point).
struct Share {
  std::size_t row = 0, point = 0;
  double weight = 1;
};

/// A column that is the same in every row.
struct Constancy {
  std::string name;
  double value = 0;
};

/// An input that follows from others: where they move, it moves along.
struct Tie {
  std::string input;
  expr::Expr formula;  ///< of inputs and of columns of one value
};

/// What a formula is looked for in. A candidate f is evaluated at *points*; what was measured are *rows*.
/// Usually they are the same. Where they differ (a job that runs in waves: M * f(full wave) + f(last wave)),
/// `shares` tells how rows are made of points, so that no candidate has to learn it.
struct Problem {
  std::vector<Input> inputs;

  std::string target_name = "y";
  Unit target_unit;
  std::vector<double> target;  ///< one per row, finite; > 0 for the losses `log_error` and `relative`
  /// Weight of the squared error of each row, > 0; empty: 1 each.
  std::vector<double> weights;
  /// Group of each row, 0, 1, ...; empty: all rows are one group. Groups share the formula; constants are
  /// shared or their own as Options say.
  std::vector<std::size_t> groups;
  std::vector<std::string> group_names;  ///< by group, for people; may be empty
  std::vector<Share> shares;  ///< empty: row i is f(point i). In order of rows; no row without a share.

  /// Standard deviation of repeated measurements, in the measure of the loss (of ln y, relative, or in units
  /// of the target). Errors below it are not worth a longer formula. Unknown: taken as 0.
  double noise_sd = kUnknown;

  /// Fold of each row, 0, 1, ...: the formulas of the front are fitted anew without the rows of each fold and
  /// judged on them. Rows whose errors go together belong into one fold; every group has rows in two. Empty:
  /// no cross-validation.
  std::vector<std::size_t> folds;

  /// What is given of the formula, with free parts to be found: "prefill(batch, isl, tp, pp) +
  /// osl*decode(batch, tp, L)". A part is a name that is no function, with the inputs it may use. Each part
  /// occurs once. Numbers stand for themselves. Empty: the whole formula is free and may use every input.
  std::string form;
  /// Columns that are no inputs because they have one value: the form may name them.
  std::vector<Constancy> constants;
  /// For proofs alone; a search takes all inputs as they are.
  std::vector<Tie> ties;

  std::size_t rows() const { return target.size(); }
  std::size_t points() const { return inputs.empty() ? rows() : inputs.front().values.size(); }
  std::size_t group_count() const;
  std::size_t group_of(std::size_t row) const { return groups.empty() ? 0 : groups[row]; }

  /// Fingerprint of all that a search sees, 16 hexadecimal digits: checkpoints are for one problem.
  std::string fingerprint() const;
};

/// How many rows differ in their group or in what a formula sees of them: repeats count once.
std::size_t distinct_rows(const Problem& problem);

/// The rows that are kept, in their order, with all points and inputs as they are.
Problem subset(const Problem& problem, const std::vector<bool>& keep);

/// Inputs of one value and no unit become constants, which the form may name. Returns their names.
std::vector<std::string> set_constants_aside(Problem& problem);

/// What rows cannot tell, in one line for all inputs that it is true of; none if there are none: of an input
/// with two values, any power or function through the two points fits, so its shape is the form's choice.
std::vector<std::string> warnings(const Problem& problem);

/// Throws Error (bad input), one line each, for: no rows or inputs, columns of different lengths, values that
/// are not finite, equal targets, a constant input in every row of which no formula could tell apart, two
/// inputs of equal values, names that are none or occur twice, weights, groups or shares that do not fit.
void check(const Problem& problem);

}  // namespace energylens::search
