// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "energylens/expr/expr.hpp"
#include "energylens/expr/prove.hpp"
#include "energylens/search/problem.hpp"

namespace energylens::search {

struct Member;  // the internal form of a formula

/// A range; an unknown end is not bounded by the data.
struct Bounds {
  double lo = kUnknown, hi = kUnknown;
};

/// A fitted number of a formula.
struct Constant {
  std::string name;  ///< the parameter of Formula::expr
  Unit unit;         ///< dimensionless where units are off
  bool per_group = false;
  bool coefficient = false;    ///< coefficient of a whole term: the formula is linear in it
  std::vector<double> values;  ///< one, or one per group
  /// Same shape as `values`. Unknown if the rows do not determine the constant; empty before identify().
  std::vector<double> standard_errors{};
  std::vector<Bounds> profile{};  ///< 95 % intervals, same shape as `values`; empty before profile()
};

/// A property of a formula: it is > 0; it does not decrease as an input increases; it is concave in an
/// input.
enum class Property { positive, rising, concave };

/// A property of a formula, and whether it is proved, refuted or undecided: see prove().
struct Claim {
  Property property = Property::positive;
  std::string input;  ///< empty for `positive`
  /// With each constant anywhere within two standard errors of its estimate.
  expr::Verdict within_errors = expr::Verdict::open;
  expr::Verdict as_fitted = expr::Verdict::open;  ///< with the constants as fitted
  /// A point where the property fails, if it is refuted (with the fitted constants, otherwise within
  /// errors): inputs and constants by name.
  std::vector<std::pair<std::string, double>> witness;
  std::string group;  ///< group of the witness, otherwise a group in which it is undecided
};

/// One formula of the front.
struct Formula {
  double complexity = 0;          ///< sum of costs; with all costs 1 the number of nodes of `expr`
  double loss = 0;                ///< as Options::loss, with fitted constants
  double description_length = 0;  ///< nats; see describe.cpp
  /// Decrease of ln(loss) per unit of complexity since the formula before; 0 for the first.
  double score = 0;
  double cv_loss = kUnknown, cv_mape = kUnknown;  ///< at rows left out, fold by fold; unknown without folds
  double test_mape = kUnknown;  ///< error at rows outside the search; unknown if there are none
  bool chosen = false;          ///< the formula picked, by default the one of least description length
  /// It has at least as many fitted numbers as there are distinct rows. It may then fit all rows and still
  /// predict nothing. Cross-validation does not show that, because its fits start from the numbers of the
  /// formula.
  bool saturated = false;
  expr::Expr expr;  ///< value at one point, including the given form; fitted numbers are parameters
  struct Part {
    std::string name;
    expr::Expr expr;  ///< including its multiplier in the form
  };
  std::vector<Part> parts;  ///< the parts of the form; empty if no form was given
  std::vector<Constant> constants;
  double effective_parameters =
      kUnknown;                          ///< number of independent fitted numbers; unknown before identify()
  std::vector<Claim> claims;             ///< empty before prove()
  std::shared_ptr<const Member> member;  ///< null for a formula that does not come from a search

  /// Number of fitted numbers over all groups.
  std::size_t fitted_numbers() const;
  /// `expr` with the exact numbers of a group in place of the parameters.
  expr::Expr with_constants(std::size_t group = 0) const;
  /// Infix text. Constants with one value are printed with six digits; others by name.
  std::string text() const;
};

enum class Ended { evaluations, time_limit, target_loss, enough, cancelled };
std::string_view ended_text(Ended why);

/// The best formulas by complexity: no formula is both simpler than another and at least as good.
struct Front {
  std::vector<Formula> formulas;  ///< by rising complexity and falling loss; at least one
  Ended why = Ended::evaluations;
  std::uint64_t evaluations = 0;  ///< formulas fitted
  std::uint64_t duplicates = 0;   ///< candidates that had been visited and were not fitted again
  double seconds = 0;             ///< wall time, including the time before a resume
  std::size_t test_rows = 0;      ///< rows outside the search, used for test_mape
  /// Remarks for the user: guesses that could not be fitted, units that exclude all inputs, a checkpoint
  /// that could not be written.
  std::vector<std::string> remarks;

  const Formula& chosen() const;
};

/// How the chosen formula of a front is picked.
enum class Pick {
  description_length,  ///< the least of those that are not saturated; the simplest if all are
  cross_validation,    ///< the simplest within 5 % of the least cv_mape; as before if none has one
  complexity,          ///< the best of at most a given complexity
};
/// Marks the picked formula as chosen. Throws Error (usage) if no formula is that simple.
void pick(Front& front, Pick how, double complexity = kUnknown);

/// Messages for the user: the remarks, and a warning if there are too few rows to choose between these
/// formulas.
std::vector<std::string> warnings(const Front& front);

/// Fills test_mape with the errors at the rows that were not searched.
void judge_unseen(Front& front, const Problem& all, const std::vector<bool>& searched);

/// Values of the formula at the rows of the problem, shares included; NaN where a value is not finite.
std::vector<double> predict(const Formula& formula, const Problem& problem);

}  // namespace energylens::search
