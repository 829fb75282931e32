// SPDX-License-Identifier: Apache-2.0
// describe.cpp: which formula of the front to choose. The description length is the length of a message that
// states the formula, its constants and its errors (Rissanen 1978), in nats:
//     n/2 ln(loss + noise^2) + k/2 ln n + complexity * ln(symbols)
// with n rows, k fitted numbers over all groups, and as many symbols as there are inputs and operators. The
// noise term means that a formula gains nothing by fitting differences between repeated measurements. If
// rows have folds, the variance s^2 of errors is known from cross-validation, and n/2 (ln s^2 + loss / s^2)
// replaces the first term.
// A formula with at least as many numbers as rows is saturated: its errors show nothing of the variance, so
// it is not chosen. An inner constant is replaced by a simple number if that shortens the description, and
// of the formulas of one complexity the shortest one is on the front. Tested by
// tests/search/front/front_test.cpp.
#include "search/front/describe.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "energylens/core/parallel.hpp"
#include "expr/algebra.hpp"
#include "search/front/cross_validate.hpp"
#include "search/tree/to_expr.hpp"

namespace energylens::search {
namespace {

constexpr int kStarts = 8;
constexpr double kRounding = 1e-18;  // squared error that rounding alone may leave

FitSettings careful(const SearchContext& context) {
  FitSettings out = context.fit;
  out.steps = 80;
  out.tolerance = 1e-10;
  return out;
}

std::size_t fitted_numbers(const Member& member) {
  return member.fitted.coefficients.size() + member.fitted.inner.size();
}

/// The part of the description that states the formula and its constants.
double formula_length(const Member& member, const SearchContext& context) {
  const double n = static_cast<double>(context.dataset.rows);
  const double fitted = static_cast<double>(fitted_numbers(member));
  const double symbols =
      static_cast<double>(context.primitives.names.size() + context.options.operators.size());
  return fitted / 2 * std::log(n) + member.complexity * std::log(symbols);
}

double description_length(const Member& member, const SearchContext& context) {
  const Dataset& dataset = context.dataset;
  const double floor = dataset.noise_sd * dataset.noise_sd + kRounding;
  return static_cast<double>(dataset.rows) / 2 * std::log(member.loss() + floor) +
         formula_length(member, context);
}

/// The same for errors of known variance.
double description_length(const Member& member, const SearchContext& context, double variance) {
  const double n = static_cast<double>(context.dataset.rows);
  return n / 2 * (std::log(variance) + member.loss() / variance) + formula_length(member, context);
}

/// The least squared error at rows left out; unknown if none is known.
double least_left_out(const std::vector<Formula>& formulas) {
  double least = kUnknown;
  for (const Formula& f : formulas) {
    if (!f.saturated && known(f.cv_loss) && !(f.cv_loss >= least)) least = f.cv_loss;
  }
  return least;
}

/// The variance of errors: the least squared error at rows left out, which contains both the noise and the
/// error of the formula, but at least the noise. Unknown without cross-validation.
double error_variance(const std::vector<Formula>& formulas, const Dataset& dataset) {
  return std::max(least_left_out(formulas), dataset.noise_sd * dataset.noise_sd + kRounding);
}

/// Fills the errors at rows left out, and the description lengths that follow from them.
void add_validation(std::vector<Formula>& formulas, const std::vector<const Member*>& members,
                    const std::vector<Validation>& validations, const SearchContext& context) {
  for (std::size_t i = 0; i < formulas.size(); ++i) {
    formulas[i].cv_loss = validations[i].loss;
    formulas[i].cv_mape = validations[i].mape;
  }
  const double variance = error_variance(formulas, context.dataset);
  for (std::size_t i = 0; i < formulas.size(); ++i) {
    if (known(variance)) formulas[i].description_length = description_length(*members[i], context, variance);
  }
}

/// Simple numbers near the constant. For an exponent, the nearest multiple of 1/2 in any case.
std::vector<double> simple_near(const InnerConstant& constant) {
  const double value = *constant.value;
  std::vector<double> out;
  if (constant.exponent) out.push_back(std::round(value * 2) / 2);
  for (const double parts : {1.0, 2.0, 3.0, 4.0}) {
    const double near = std::round(value * parts) / parts;
    const bool listed = std::find(out.begin(), out.end(), near) != out.end();
    if (!listed && std::fabs(near - value) < 0.1 * std::fabs(value) && near != 0) out.push_back(near);
  }
  return out;
}

Member refitted(Tree tree, const SearchContext& context, FitWorkspace& workspace, int starts) {
  canonicalise(tree, context.primitives.positive);
  Member out{std::move(tree), {}, 0};
  out.complexity = complexity(out.tree, context.primitives.costs);
  FitSettings settings = careful(context);
  settings.starts = starts;
  out.fitted = fit_constants(out.tree, settings, workspace);
  return out;
}

/// What may be removed from a tree: a term of a sum with several terms, or a factor that is not an input.
struct Removal {
  Sum* sum;
  std::size_t term, factor;  // factor: kWhole for the whole term
};
constexpr std::size_t kWhole = static_cast<std::size_t>(-1);

void find_removals(Sum& sum, std::vector<Removal>& out) {
  for (std::size_t t = 0; t < sum.size(); ++t) {
    if (sum.size() > 1) out.push_back({&sum, t, kWhole});
    for (std::size_t f = 0; f < sum[t].factors.size(); ++f) {
      Factor& factor = sum[t].factors[f];
      if (factor.kind == Factor::Kind::input) continue;
      out.push_back({&sum, t, f});
      find_removals(factor.argument, out);
      find_removals(factor.second, out);
    }
  }
}

std::vector<Removal> removals(Tree& tree) {
  std::vector<Removal> out;
  for (Sum& part : tree.parts) find_removals(part, out);
  return out;
}

/// Removes one piece after another whose absence shortens the description. The search may have added it to
/// fit rounding errors or noise.
Member pruned(Member member, const SearchContext& context, FitWorkspace& workspace) {
  for (std::size_t at = 0; at < removals(member.tree).size();) {
    Tree tree = member.tree;
    const Removal r = removals(tree)[at];
    Sum& sum = *r.sum;
    if (r.factor == kWhole) {
      sum.erase(sum.begin() + static_cast<std::ptrdiff_t>(r.term));
    } else {
      std::vector<Factor>& factors = sum[r.term].factors;
      factors.erase(factors.begin() + static_cast<std::ptrdiff_t>(r.factor));
    }
    if (!typed(tree, context.primitives)) {
      ++at;
      continue;
    }
    Member tried = refitted(std::move(tree), context, workspace, 1);
    const bool fits = count_terms(tried.tree) > 0 && std::isfinite(tried.loss()) &&
                      keeps_bounds(tried.tree, context.primitives);
    if (fits && description_length(tried, context) < description_length(member, context) &&
        keeps_monotonicity(tried, context)) {
      member = std::move(tried);
      at = 0;
    } else {
      ++at;
    }
  }
  return member;
}

/// The formula with the shortest description among those with one more inner constant fixed at a simple
/// number. Nothing if none is shorter than `member`.
std::optional<Member> simpler_by_one(const Member& member, const SearchContext& context,
                                     FitWorkspace& workspace) {
  std::optional<Member> best;
  double least = description_length(member, context);
  Tree given = member.tree;
  const std::vector<InnerConstant> constants = inner_constants(given);
  for (std::size_t at = 0; at < constants.size(); ++at) {
    for (const double simple : simple_near(constants[at])) {
      Tree tree = member.tree;
      const InnerConstant slot = inner_constants(tree)[at];
      *slot.free = false;
      *slot.value = simple;
      Member tried = refitted(std::move(tree), context, workspace, 1);
      const bool fits = count_terms(tried.tree) > 0 && typed(tried.tree, context.primitives) &&
                        keeps_bounds(tried.tree, context.primitives);
      if (!fits || !(description_length(tried, context) < least) || !keeps_monotonicity(tried, context))
        continue;
      least = description_length(tried, context);
      best = std::move(tried);
    }
  }
  return best;
}

/// Fixes inner constants at simple numbers while the description gets shorter, always the one that shortens
/// it most.
Member simplified(Member member, const SearchContext& context, FitWorkspace& workspace) {
  while (std::optional<Member> shorter = simpler_by_one(member, context, workspace))
    member = *std::move(shorter);
  return member;
}

std::string parameter_prefix(const std::vector<std::string>& names) {
  for (const char* prefix : {"c", "k", "q", "c_"}) {
    const auto clashes = [&](const std::string& name) {
      const std::string p(prefix);
      return name.starts_with(p) && name.size() > p.size() &&
             name.find_first_not_of("0123456789", p.size()) == std::string::npos;
    };
    if (std::none_of(names.begin(), names.end(), clashes)) return prefix;
  }
  return "constant_";
}

}  // namespace

Formula formula_of(const Member& member, const SearchContext& context, const Form& form) {
  const PrimitiveSet& primitives = context.primitives;
  Formula out;
  out.complexity = member.complexity;
  out.loss = member.loss();
  out.description_length = description_length(member, context);
  out.expr = form.whole;
  const std::string prefix = parameter_prefix(primitives.names);
  const std::size_t terms = count_terms(member.tree), inner = count_inner(member.tree);
  std::size_t term_base = 0, inner_base = 0, next = 0;
  for (std::size_t p = 0; p < form.parts.size(); ++p) {
    const Sum& part = member.tree.parts[p];
    const PartExpr written = to_expr(part, primitives.names, primitives.costs, prefix, next);
    std::size_t found_inner = 0;
    for (std::size_t i = 0; i < written.terms.size(); ++i) {
      const bool of_term = written.terms[i] != PartExpr::kInner;
      const std::vector<double>& from = of_term ? member.fitted.coefficients : member.fitted.inner;
      const std::size_t stride = of_term ? terms : inner;
      const std::size_t at = of_term ? term_base + written.terms[i] : inner_base + found_inner++;
      Constant c{prefix + std::to_string(next + i), Unit(), from.size() > stride, of_term, {}};
      for (std::size_t s = at; s < from.size(); s += stride) c.values.push_back(from[s]);
      Dims dims;
      if (of_term && typed(part[written.terms[i]], primitives, dims))
        c.unit = unit_of(primitives.parts[p].dims - dims);
      out.constants.push_back(std::move(c));
    }
    next += written.terms.size();
    term_base += part.size();
    inner_base += found_inner;
    out.expr = expr::substitute(out.expr, form.parts[p].name, written.expr);
    if (!form.bare)
      out.parts.push_back({form.parts[p].name, expr::simplify(form.parts[p].multiplier * written.expr)});
  }
  return out;
}

/// The few formulas with the shortest descriptions, pruned and simplified. Formulas saturated for this
/// number of `rows` come last.
static std::vector<Member> shortened(const std::vector<Member>& all, std::size_t rows,
                                     const SearchContext& context, const RunOptions& run) {
  constexpr std::size_t kFew = 4;
  std::vector<std::tuple<bool, double, std::size_t>> order;
  for (std::size_t i = 0; i < all.size(); ++i)
    order.emplace_back(fitted_numbers(all[i]) >= rows, description_length(all[i], context), i);
  std::sort(order.begin(), order.end());
  std::vector<Member> out(std::min(kFew, order.size()));
  parallel_for(out.size(), run, [&](std::size_t i) {
    FitWorkspace workspace(context.dataset);
    out[i] = simplified(pruned(all[std::get<2>(order[i])], context, workspace), context, workspace);
  });
  return out;
}

void choose_shortest(std::vector<Formula>& formulas) {
  constexpr double kMost = 4;  // ratio of squared errors: twice the error
  const double least = least_left_out(formulas);
  const auto carries_over = [&](const Formula& f) {
    return !f.saturated && (!known(f.cv_loss) || f.cv_loss <= kMost * std::max(f.loss, least));
  };
  Formula* shortest = nullptr;
  for (Formula& f : formulas) {
    if (carries_over(f) && (!shortest || f.description_length < shortest->description_length)) shortest = &f;
  }
  if (!shortest && !formulas.empty()) shortest = &formulas.front();  // all saturated
  if (shortest) shortest->chosen = true;
}

std::vector<Formula> describe(const Archive& archive, const SearchContext& context, const Problem& problem,
                              const Form& form, const RunOptions& run) {
  const std::size_t rows = distinct_rows(problem);
  const std::vector<const Member*> rough = archive.front();
  std::vector<Member> polished(rough.size());
  RunOptions always = run;  // a cancelled search still returns a front
  always.cancel = nullptr;
  always.progress = {};
  parallel_for(rough.size(), always, [&](std::size_t i) {
    FitWorkspace workspace(context.dataset);
    Member member = refitted(rough[i]->tree, context, workspace, kStarts);
    const bool better = member.loss() <= rough[i]->loss() && keeps_bounds(member.tree, context.primitives) &&
                        keeps_monotonicity(member, context);
    if (!better) member = *rough[i];
    polished[i] = simplified(std::move(member), context, workspace);
  });
  // A fitted exponent follows the noise, so its loss is less than that of the simple number near it. Hence
  // the best formula of a complexity is the one with the shortest description, not the one of least loss.
  Archive best([&](const Member& member) { return description_length(member, context); });
  for (const Member* member : rough) best.admit(*member);
  for (const Member& member : polished) best.admit(member);
  for (const Member& member : shortened(polished, rows, context, always)) best.admit(member);
  std::vector<Formula> out;
  const std::vector<const Member*> front = best.front();
  for (const Member* member : front) {
    out.push_back(formula_of(*member, context, form));
    out.back().member = std::make_shared<const Member>(*member);
    out.back().saturated = fitted_numbers(*member) >= rows;
    if (out.size() < 2) continue;
    const Formula& before = out[out.size() - 2];
    out.back().score = -std::log((out.back().loss + kRounding) / (before.loss + kRounding)) /
                       (out.back().complexity - before.complexity);
  }
  add_validation(out, front, cross_validate(front, context, problem, form, always), context);
  choose_shortest(out);
  return out;
}

}  // namespace energylens::search
