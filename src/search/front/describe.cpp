// SPDX-License-Identifier: Apache-2.0
// describe.cpp: which formula of the front to believe. The description length is what it takes to write down
// the formula, its constants and what it leaves (Rissanen 1978), in nats:
//     n/2 ln(loss + noise^2) + k/2 ln n + complexity * ln(symbols)
// with n rows, k fitted numbers over all groups and as many symbols as there are inputs and operators. The
// noise keeps formulas from being paid for errors that repeated measurements have too. Where rows have folds,
// the variance of errors is known from cross-validation, and n/2 (ln s^2 + loss / s^2) takes the place of the
// first term: no formula is paid for a misfit that it does not take from rows left out. A formula with no
// fewer numbers than rows (saturated) says nothing of the variance and is not chosen: it may meet every row,
// those left out included, since fits without them begin at its numbers. An inner constant is made a simple
// number where that shortens the description, and of formulas of one complexity the shortest is on the front.
// Held by tests/search/front/front_test.cpp.
#include "search/front/describe.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "energylens/core/parallel.hpp"
#include "energylens/expr/algebra.hpp"
#include "search/front/cross_validate.hpp"
#include "search/tree/to_expr.hpp"

namespace energylens::search {
namespace {

constexpr int kStarts = 8;
constexpr double kRounding = 1e-18;  // a squared error that arithmetic alone may leave

FitSettings careful(const SearchContext& context) {
  FitSettings out = context.fit;
  out.steps = 80;
  out.tolerance = 1e-10;
  return out;
}

std::size_t fitted_numbers(const Member& member) {
  return member.fitted.coefficients.size() + member.fitted.inner.size();
}

/// What the formula and its constants take.
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

/// Of errors whose variance is known.
double description_length(const Member& member, const SearchContext& context, double variance) {
  const double n = static_cast<double>(context.dataset.rows);
  return n / 2 * (std::log(variance) + member.loss() / variance) + formula_length(member, context);
}

/// The least squared error on rows left out; unknown if none is known.
double least_left_out(const std::vector<Formula>& formulas) {
  double least = kUnknown;
  for (const Formula& f : formulas) {
    if (!f.saturated && known(f.cv_loss) && !(f.cv_loss >= least)) least = f.cv_loss;
  }
  return least;
}

/// sigma^2 = repeats + model error: the least error on rows left out, which holds both, and not below the
/// repeats. Unknown without cross-validation.
double error_variance(const std::vector<Formula>& formulas, const Dataset& dataset) {
  return std::max(least_left_out(formulas), dataset.noise_sd * dataset.noise_sd + kRounding);
}

/// Errors on rows left out, and the description length that they lead to.
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

/// Simple numbers near the constant; of an exponent the nearest multiple of 1/2 in any case.
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
  out.complexity = complexity(out.tree, context.primitives.prices);
  FitSettings settings = careful(context);
  settings.starts = starts;
  out.fitted = fit_constants(out.tree, settings, workspace);
  return out;
}

/// Where a tree may be made shorter: a term of a sum of several, or a factor that is no input.
struct Removal {
  Sum* sum;
  std::size_t term, factor;  // factor: none, the whole term
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

/// Leaves out whatever makes the description shorter by its absence, one after another: what a search put in
/// to follow rounding errors or noise.
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

/// The shortest of the formulas that have one more inner constant fixed at a simple number; none is shorter
/// than `member`: nothing.
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

/// Fixes inner constants at simple numbers, one after another, the one that costs least first, while the
/// description gets shorter.
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
  const PrimitiveSet& v = context.primitives;
  Formula out;
  out.complexity = member.complexity;
  out.loss = member.loss();
  out.description_length = description_length(member, context);
  out.expr = form.whole;
  const std::string prefix = parameter_prefix(v.names);
  const std::size_t terms = count_terms(member.tree), inner = count_inner(member.tree);
  std::size_t term_base = 0, inner_base = 0, next = 0;
  for (std::size_t p = 0; p < form.parts.size(); ++p) {
    const Sum& part = member.tree.parts[p];
    const PartExpr written = to_expr(part, v.names, v.prices, prefix, next);
    std::size_t found_inner = 0;
    for (std::size_t i = 0; i < written.terms.size(); ++i) {
      const bool of_term = written.terms[i] != PartExpr::kInner;
      const std::vector<double>& from = of_term ? member.fitted.coefficients : member.fitted.inner;
      const std::size_t stride = of_term ? terms : inner;
      const std::size_t at = of_term ? term_base + written.terms[i] : inner_base + found_inner++;
      Constant c{prefix + std::to_string(next + i), Unit(), from.size() > stride, of_term, {}};
      for (std::size_t s = at; s < from.size(); s += stride) c.values.push_back(from[s]);
      Dims dims;
      if (of_term && typed(part[written.terms[i]], v, dims)) c.unit = unit_of(v.parts[p].dims - dims);
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

/// The few that have the shortest descriptions, pruned; saturated ones (of so many `rows`) come last.
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
  constexpr double kMost = 4;                     // of squared errors: twice the error
  const double least = least_left_out(formulas);  // what is possible on rows left out
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
  RunOptions always = run;  // a front is owed even after a cancel
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
  // A fitted exponent follows the noise: of one complexity it has less loss than the simple number it is
  // near.
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
