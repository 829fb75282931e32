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

struct Member;  // a formula as the search has it

/// A range; an unknown end is not bounded by the data.
struct Bounds {
  double lo = kUnknown, hi = kUnknown;
};

/// A fitted number of a formula.
struct Constant {
  std::string name;  ///< the parameter of Formula::expr
  Unit unit;         ///< dimensionless where units are off
  bool per_group = false;
  bool coefficient = false;    ///< of a whole term, in which the formula is linear
  std::vector<double> values;  ///< one, or one per group
  /// As `values`, unknown where rows do not tell the constant; empty before identify().
  std::vector<double> standard_errors{};
  std::vector<Bounds> profile{};  ///< 95 % intervals, as `values`; empty for what profile() has not looked at
};

/// What may be claimed of a formula: that it is > 0; that it does not fall as an input rises; that it is
/// concave in it.
enum class Property { positive, rising, concave };

/// Something that is claimed of a formula, and whether it was proven: see prove().
struct Claim {
  Property property = Property::positive;
  std::string input;  ///< empty for `positive`
  /// With each constant anywhere within two standard errors.
  expr::Verdict within_errors = expr::Verdict::open;
  expr::Verdict as_fitted = expr::Verdict::open;  ///< with the constants as fitted
  /// Where it fails, if it is refuted (as fitted, else within errors): inputs and constants by name.
  std::vector<std::pair<std::string, double>> witness;
  std::string group;  ///< of the witness; or else one that is open
};

/// One row of the front.
struct Formula {
  double complexity = 0;          ///< sum of prices; with all prices 1 the number of nodes of `expr`
  double loss = 0;                ///< as Options::loss, constants fitted
  double description_length = 0;  ///< nats; see describe.cpp
  /// Fall of ln(loss) per unit of complexity since the row before; 0 for the first.
  double score = 0;
  double cv_loss = kUnknown, cv_mape = kUnknown;  ///< on rows left out, fold by fold; unknown without folds
  double test_mape = kUnknown;  ///< on rows that the search did not see; unknown if there are none
  bool chosen = false;          ///< the row of least description length
  /// It has no fewer fitted numbers than there are rows (distinct_rows): it may follow them all and tell
  /// nothing, on rows left out no more than on its own, since a fit that starts from it has nothing to learn.
  bool saturated = false;
  expr::Expr expr;  ///< value at one point, the given form included; fitted numbers are parameters
  struct Part {
    std::string name;
    expr::Expr expr;  ///< with the factors that the form gives it
  };
  std::vector<Part> parts;  ///< of the form, by its names; empty if none was given
  std::vector<Constant> constants;
  double effective_parameters = kUnknown;  ///< fitted numbers that rows tell apart; unknown before identify()
  std::vector<Claim> claims;               ///< none before prove()
  std::shared_ptr<const Member> member;    ///< none for formulas that are from no search

  /// How many numbers were fitted, over all groups.
  std::size_t fitted_numbers() const;
  /// `expr` with the numbers of a group in place of the parameters; exact.
  expr::Expr with_constants(std::size_t group = 0) const;
  /// Infix text. One value of every constant: numbers, to six digits; else parameters by name.
  std::string text() const;
};

enum class Ended { evaluations, time_limit, target_loss, enough, cancelled };
std::string_view ended_text(Ended why);

/// The best formulas by complexity: none is both simpler and at least as good as another.
struct Front {
  std::vector<Formula> formulas;  ///< by rising complexity and falling loss; at least one
  Ended why = Ended::evaluations;
  std::uint64_t evaluations = 0;  ///< formulas fitted
  std::uint64_t duplicates = 0;   ///< formulas that had been seen and were not fitted again
  double seconds = 0;             ///< wall time, that before a resume included
  std::size_t test_rows = 0;      ///< that the search did not see and formulas were judged by
  /// What the search has to tell people: guesses that could not be fitted, units that let no input enter, a
  /// checkpoint that could not be kept.
  std::vector<std::string> remarks;

  const Formula& chosen() const;
};

/// Which formula of a front is taken.
enum class Pick {
  description_length,  ///< the least of those that are not saturated; the simplest where all are
  cross_validation,    ///< the simplest within 5 % of their least cv_mape; as before where none has one
  complexity,          ///< the best of at most a given complexity
};
/// Marks the picked formula as chosen. Throws Error (usage) if none is as simple as that.
void pick(Front& front, Pick how, double complexity = kUnknown);

/// For people: the remarks, and that the rows are too few for a choice among these formulas to be worth much.
std::vector<std::string> warnings(const Front& front);

/// Fills test_mape with the errors on the rows that were not searched.
void judge_unseen(Front& front, const Problem& all, const std::vector<bool>& searched);

/// Value of the formula at each row of the problem, shares included; NaN where it is not finite.
std::vector<double> predict(const Formula& formula, const Problem& problem);

}  // namespace energylens::search
