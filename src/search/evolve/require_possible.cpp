// SPDX-License-Identifier: Apache-2.0
// require_possible.cpp: what the evaluators of formulas take for granted, checked for formulas that come from a file:
// inputs and operators that exist, as many numbers as there are constants, sizes that the search keeps to. The losses of
// the archive, from which the front is made, are computed again. Tested by
// tests/search/evolve/damaged_checkpoint_test.cpp.
#include <algorithm>
#include <cmath>

#include "energylens/core/error.hpp"
#include "search/evolve/checkpoint.hpp"

namespace energylens::search {
namespace {

bool all_finite(const std::vector<double>& values) {
  return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

/// Whether formulas of these primitives may have such a factor.
class PossibleParts {
 public:
  explicit PossibleParts(const SearchContext& context) : context_(context) {}

  bool sum(const Sum& terms) const {
    return std::ranges::all_of(terms, [this](const Term& one) { return term(one); });
  }

 private:
  bool term(const Term& one) const {
    return std::isfinite(one.coefficient) &&
           std::ranges::all_of(one.factors, [this](const Factor& f) { return factor(f); });
  }

  bool factor(const Factor& f) const {
    if (!std::isfinite(f.exponent)) return false;
    if (f.kind == Factor::Kind::input)
      return f.input < context_.dataset.columns.size() && f.argument.empty() && f.second.empty();
    if (f.argument.empty() || !sum(f.argument) || !sum(f.second)) return false;
    if (f.kind == Factor::Kind::bracket) return f.second.empty();
    // A guess may have a function that the search itself does not use.
    const bool two = f.function == expr::Op::minimum || f.function == expr::Op::maximum;
    return (two || f.function >= expr::Op::exp) && two == !f.second.empty();
  }

  const SearchContext& context_;
};

/// Whether there is one set of `each` numbers, or one for each group.
bool is_set_of(const std::vector<double>& numbers, std::size_t each, std::size_t groups) {
  return all_finite(numbers) && (numbers.size() == each || numbers.size() == each * groups);
}

/// Why no search has such a member; nullptr if one may.
const char* problem_of(const Member& member, const SearchContext& context) {
  const std::size_t groups = context.dataset.groups;
  if (member.tree.parts.size() != context.primitives.parts.size()) return "has another number of parts";
  const PossibleParts possible(context);
  if (!std::ranges::all_of(member.tree.parts, [&](const Sum& part) { return possible.sum(part); }))
    return "has an input, an operator or a number that this search does not have";
  if (count_terms(member.tree) == 0) return "has no term";
  if (!is_set_of(member.fitted.coefficients, count_terms(member.tree), groups) ||
      !is_set_of(member.fitted.inner, count_inner(member.tree), groups))
    return "has another number of constants than terms and exponents";
  if (!(member.complexity >= 0 && member.complexity <= context.primitives.max_complexity))
    return "is more complex than this search allows";
  if (!(member.loss() >= 0 && std::isfinite(member.loss())))
    return "has a loss that is not a number of at least 0";
  return nullptr;
}

double loss_at_rows(const Member& member, const Dataset& dataset) {
  Tree tree = member.tree;
  const std::vector<double> model = predict_rows(tree, member.fitted, dataset);
  double loss = 0;
  for (std::size_t i = 0; i < dataset.rows; ++i) {
    const double error = dataset.loss == Loss::log_error ? std::log(model[i] * dataset.scale[i])
                                                         : (model[i] - dataset.target[i]) * dataset.scale[i];
    loss += dataset.weight[i] * error * error;
  }
  return loss;
}

bool has_its_loss(const Member& member, const Dataset& dataset) {
  constexpr double kRounding = 1e-6, kExactLoss = 1e-20;
  const double loss = loss_at_rows(member, dataset);
  return std::abs(loss - member.loss()) <= kRounding * member.loss() + kExactLoss;
}

[[noreturn]] void refuse_member(const std::string& file, const std::string& problem) {
  throw Error::bad_input({file, 0, {}}, "the checkpoint is damaged: a formula " + problem);
}

void require_possible(const std::vector<Member>& members, const std::string& file,
                      const SearchContext& context) {
  for (const Member& member : members) {
    if (const char* const problem = problem_of(member, context)) refuse_member(file, problem);
  }
}

bool in_order(const Member& a, const Member& b) {
  const double place_a = std::floor(a.complexity), place_b = std::floor(b.complexity);
  return place_a < place_b || (place_a == place_b && a.loss() <= b.loss());
}

}  // namespace

void require_possible(const Checkpoint& checkpoint, const std::string& file, const SearchContext& context) {
  require_possible(checkpoint.archive, file, context);
  for (const Member& member : checkpoint.archive) {
    if (!has_its_loss(member, context.dataset))
      refuse_member(file, "has another loss than its constants give");
  }
  for (const Island::State& island : checkpoint.islands) {
    require_possible(island.members, file, context);
    for (std::size_t i = 1; i < island.members.size(); ++i) {
      if (!in_order(island.members[i - 1], island.members[i])) refuse_member(file, "is in the wrong place");
    }
  }
}

}  // namespace energylens::search
