// SPDX-License-Identifier: Apache-2.0
// proofs.cpp: properties of a formula everywhere in the box of its rows, not only at the rows:
// expr::prove_sign, prove_rising and prove_concave, group by group. For a proof within errors, constants are
// variables with ranges, like inputs. A property that is refuted for the fitted constants need not be tried
// within errors. Tested by tests/search/front/proofs_test.cpp.
#include "search/proofs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "energylens/core/parallel.hpp"
#include "expr/algebra.hpp"

namespace energylens::search {
namespace {

using expr::Expr;
using expr::Interval;
using expr::Verdict;

constexpr double kErrors = 2;  // in standard errors
/// If a property is undecided in one group, the others can only refute it, so they get fewer boxes.
constexpr std::size_t kBoxes = 2000, kFewBoxes = 200;

bool has_input(const Problem& problem, const std::string& name) {
  return std::any_of(problem.inputs.begin(), problem.inputs.end(),
                     [&](const Input& input) { return input.name == name; });
}

/// The formulas of tied inputs, with columns of one value replaced by numbers. Those that need another
/// column are left out.
std::vector<Tie> usable_ties(const Problem& problem) {
  std::vector<Tie> out;
  for (Tie tie : problem.ties) {
    for (const Constancy& c : problem.constants)
      tie.formula = expr::substitute(tie.formula, c.name, Expr::constant(c.value));
    const std::vector<std::string> needed = tie.formula.variables();
    const bool all = std::all_of(needed.begin(), needed.end(),
                                 [&](const std::string& name) { return has_input(problem, name); });
    if (all && has_input(problem, tie.input)) out.push_back(std::move(tie));
  }
  return out;
}

/// The range of each input, by group.
std::vector<std::vector<Interval>> input_boxes(const Problem& problem) {
  const double infinity = std::numeric_limits<double>::infinity();
  std::vector<std::vector<Interval>> out(problem.group_count(),
                                         std::vector<Interval>(problem.inputs.size(), {infinity, -infinity}));
  const auto take = [&](std::size_t group, std::size_t point) {
    for (std::size_t j = 0; j < problem.inputs.size(); ++j) {
      Interval& range = out[group][j];
      range.lo = std::min(range.lo, problem.inputs[j].values[point]);
      range.hi = std::max(range.hi, problem.inputs[j].values[point]);
    }
  };
  for (std::size_t i = 0; problem.shares.empty() && i < problem.rows(); ++i) take(problem.group_of(i), i);
  for (const Share& share : problem.shares) take(problem.group_of(share.row), share.point);
  return out;
}

bool is_exponent(const Expr& e, const std::string& name) {
  for (std::size_t i = 0; i < e.size(); ++i) {
    if (e.nodes()[i].op != expr::Op::power) continue;
    const std::vector<std::string> names = e.subtree(i).right().parameters();
    if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  }
  return false;
}

/// Two standard errors around a constant; unknown() if the rows do not determine it. A number that must be >
/// 0 stays so, and if the rows do not determine it, it may be any that is not negative.
Interval constant_range(const Constant& c, std::size_t at, bool positive) {
  const double value = c.values[at];
  if (positive && c.coefficient && value == 0) return Interval::point(0);
  const bool told = !c.standard_errors.empty() && known(c.standard_errors[at]);
  const double reach = told ? kErrors * c.standard_errors[at] : kUnknown;
  if (!positive || !(value > 0)) return told ? Interval{value - reach, value + reach} : Interval::unknown();
  const double factor = told ? std::exp(reach / value) : kUnknown;
  const bool finite = std::isfinite(value * factor) && value / factor > 0;
  return finite ? Interval{value / factor, value * factor}
                : Interval{0, std::numeric_limits<double>::infinity()};
}

/// Two standard errors around all constants of a group; nothing if one of them is unknown.
std::vector<Interval> constant_box(const Formula& formula, std::size_t group, bool positive) {
  std::vector<Interval> out;
  for (const Constant& c : formula.constants) {
    const bool above = positive && (c.coefficient || !is_exponent(formula.expr, c.name));
    const Interval range = constant_range(c, c.values.size() == 1 ? 0 : group, above);
    if (!range.defined) return {};
    out.push_back(range);
  }
  return out;
}

/// What all formulas of a front have in common.
struct ProofContext {
  const Problem& problem;
  std::vector<std::string> inputs;
  std::vector<std::vector<Interval>> boxes;  // by group
  std::vector<Tie> ties;
  std::vector<Claim> claims;  // the properties to decide
  bool positive;              // coefficients must be > 0
};

ProofContext proof_context(const Problem& problem, const Options& options) {
  ProofContext out{
      problem, {}, input_boxes(problem), usable_ties(problem), {}, options.positive_coefficients};
  for (const Input& input : problem.inputs) out.inputs.push_back(input.name);
  const auto claim = [&](Property property, const std::string& name) {
    const bool tied =
        std::any_of(out.ties.begin(), out.ties.end(), [&](const Tie& tie) { return tie.input == name; });
    if (!tied) out.claims.push_back({property, name, Verdict::proven, Verdict::proven, {}, {}});
  };
  if (options.loss != Loss::absolute) claim(Property::positive, "");
  for (const std::string& name : options.rising) claim(Property::rising, name);
  for (const std::string& name : options.concave) claim(Property::concave, name);
  return out;
}

/// One formula in one group.
class Case {
 public:
  Case(const Formula& formula, std::size_t group, const ProofContext& context) : context_(context) {
    free_ = formula.expr;
    for (const Tie& tie : context.ties) free_ = expr::substitute(free_, tie.input, tie.formula);
    fitted_ = free_;
    for (const Constant& c : formula.constants) {
      const double value = c.values[c.values.size() == 1 ? 0 : group];
      fitted_ = expr::substitute(fitted_, c.name, Expr::constant(value));
      values_.emplace_back(c.name, value);
    }
    fitted_ = expr::simplify(fitted_);
    box_ = context.boxes[group];
    names_ = context.inputs;
    constants_ = constant_box(formula, group, context.positive);
  }

  void check(Claim& claim, const std::string& group_name) const {
    const expr::Proof fitted = proof(fitted_, claim, names_, box_, claim.as_fitted);
    expr::Proof within = fitted;
    std::vector<std::string> names = names_;
    for (const auto& [name, value] : values_) names.push_back(name);
    if (fitted.verdict == Verdict::proven && !values_.empty()) {
      within = {};
      std::vector<Interval> box = box_;
      box.insert(box.end(), constants_.begin(), constants_.end());
      if (!constants_.empty()) within = proof(free_, claim, names, box, claim.within_errors);
    }
    const bool worse = worst(claim.as_fitted, fitted.verdict) != claim.as_fitted ||
                       worst(claim.within_errors, within.verdict) != claim.within_errors;
    claim.as_fitted = worst(claim.as_fitted, fitted.verdict);
    claim.within_errors = worst(claim.within_errors, within.verdict);
    if (!worse) return;
    claim.group = group_name;
    claim.witness.clear();
    for (std::size_t j = 0; j < within.witness.size(); ++j)
      claim.witness.emplace_back(names[j], within.witness[j]);
    if (fitted.verdict == Verdict::refuted)
      claim.witness.insert(claim.witness.end(), values_.begin(), values_.end());
    for (const Tie& tie : context_.ties) drop(claim, tie.input);
  }

 private:
  static Verdict worst(Verdict a, Verdict b) {
    if (a == Verdict::refuted || b == Verdict::refuted) return Verdict::refuted;
    return a == Verdict::open || b == Verdict::open ? Verdict::open : Verdict::proven;
  }
  /// The range of a tied input follows from the others.
  static void drop(Claim& claim, const std::string& name) {
    std::erase_if(claim.witness, [&](const auto& at) { return at.first == name; });
  }
  static expr::Proof proof(const Expr& e, const Claim& claim, const std::vector<std::string>& names,
                           const std::vector<Interval>& box, Verdict so_far) {
    const std::size_t most = so_far == Verdict::proven ? kBoxes : kFewBoxes;
    if (claim.property == Property::rising) return expr::prove_rising(e, claim.input, names, box, most);
    if (claim.property == Property::concave) return expr::prove_concave(e, claim.input, names, box, most);
    return expr::prove_sign(e, names, box, expr::Sign::positive, most);
  }

  const ProofContext& context_;
  Expr fitted_, free_;
  std::vector<std::string> names_;
  std::vector<Interval> box_, constants_;
  std::vector<std::pair<std::string, double>> values_;
};

void prove(Formula& formula, const ProofContext& context) {
  formula.claims = context.claims;
  for (std::size_t g = 0; g < context.problem.group_count(); ++g) {
    const Case one(formula, g, context);
    const std::vector<std::string>& names = context.problem.group_names;
    for (Claim& claim : formula.claims) {
      if (claim.as_fitted != Verdict::refuted) one.check(claim, g < names.size() ? names[g] : std::string());
    }
  }
}

}  // namespace

void prove(Front& front, const Problem& problem, const Options& options) {
  const ProofContext context = proof_context(problem, options);
  RunOptions run;
  run.threads = options.threads;
  parallel_for(front.formulas.size(), run, [&](std::size_t i) { prove(front.formulas[i], context); });
}

}  // namespace energylens::search
