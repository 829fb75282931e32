// SPDX-License-Identifier: Apache-2.0
// fit.cpp: the constants of one formula. Coefficients of terms are linear: given the inner constants, each
// group solves its own normal equations (variable projection), in the weights of the loss. Inner constants
// move by Levenberg and Marquardt with exact slopes; the normal matrix has the shape of an arrow
// (coefficients of a group see only their rows and the inner constants), so groups are eliminated one by one.
// For losses that are quadratic in the coefficients these are solved again after each step; for log_error
// they move along. Positive coefficients start from non-negative least squares and move by their logarithms.
// Held by tests/search/fit_test.cpp: known constants, many starts, solve::minimise.
#include "fit.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::search {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kExact = 1e-28;  // a loss that rounding alone leaves

}  // namespace

void Fitter::find_constants(Tree& tree) {
  inner_.clear();
  inner_term_.clear();
  terms_ = 0;
  for (Sum& part : tree.parts) {
    const std::vector<double*> found = inner_constants(part);
    inner_.insert(inner_.end(), found.begin(), found.end());
  }
  for (const Sum& part : tree.parts) {
    for (const Term& term : part) inner_term_.insert(inner_term_.end(), count_inner(term), terms_++);
  }
  if (values_.size() < terms_) values_.resize(terms_);
  if (slopes_.size() < inner_.size()) slopes_.resize(inner_.size());
}

void Fitter::set_inner(const std::vector<double>& inner) {
  for (std::size_t j = 0; j < inner.size(); ++j) *inner_[j] = inner[j];
}

/// Columns of all terms, and of their slopes, at rows.
void Fitter::evaluate(const Tree& tree, bool with_slopes) {
  at_points_.resize(sheet_.points);
  std::size_t k = 0, j = 0;
  Slopes slopes;
  for (std::size_t p = 0; p < tree.parts.size(); ++p) {
    const std::vector<double>& multiplier = sheet_.multipliers[p];
    const auto to_rows = [&](double* points, std::vector<double>& out) {
      for (std::size_t i = 0; i < multiplier.size(); ++i) points[i] *= multiplier[i];
      out.resize(sheet_.rows);
      sheet_.add_up(points, out.data());
    };
    for (const Term& term : tree.parts[p]) {
      evaluator_.term(term, at_points_.data(), with_slopes ? &slopes : nullptr);
      to_rows(at_points_.data(), values_[k++]);
      for (double* slope : slopes) to_rows(slope, slopes_[j++]);
      evaluator_.give_back(slopes);
    }
  }
}

void Fitter::solve_coefficients(const std::vector<Block>& blocks, std::vector<double>& coefficients) {
  coefficients.assign(blocks.size() * terms_, 0);
  dependent_blocks_ = 0;
  any_dependent_ = false;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    system_.reset(terms_);
    row_.assign(sheet_.rows, 0);
    for (std::size_t i = blocks[b].begin; i < blocks[b].end; ++i)
      row_[i] = sheet_.weight[i] * sheet_.scale[i] * sheet_.scale[i];
    for (std::size_t k = 0; k < terms_; ++k) {
      const double* const x = values_[k].data();
      double right = 0;
      for (std::size_t i = blocks[b].begin; i < blocks[b].end; ++i) {
        right += row_[i] * x[i] * (sheet_.target[i] - (sheet_.given.empty() ? 0 : sheet_.given[i]));
      }
      system_.b(k) = right;
      for (std::size_t l = 0; l <= k; ++l) {
        const double* const y = values_[l].data();
        double sum = 0;
        for (std::size_t i = blocks[b].begin; i < blocks[b].end; ++i) sum += row_[i] * x[i] * y[i];
        system_.a(k, l) = sum;
      }
    }
    settings_.positive ? system_.solve_nonnegative(solution_) : system_.solve(solution_);
    if (system_.dependent() > 0) ++dependent_blocks_;
    std::copy(solution_.begin(), solution_.end(),
              coefficients.begin() + static_cast<std::ptrdiff_t>(b * terms_));
  }
}

/// The loss; leaves model_, error_ (r) and slope_ (dr / df) of each row.
double Fitter::loss_of(const std::vector<Block>& blocks, const std::vector<double>& coefficients) {
  model_.resize(sheet_.rows);
  error_.resize(sheet_.rows);
  slope_.resize(sheet_.rows);
  double total = 0;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const double* const c = coefficients.data() + b * terms_;
    const std::size_t begin = blocks[b].begin, end = blocks[b].end;
    for (std::size_t i = begin; i < end; ++i) model_[i] = sheet_.given.empty() ? 0 : sheet_.given[i];
    for (std::size_t k = 0; k < terms_; ++k) {
      const double* const x = values_[k].data();
      for (std::size_t i = begin; i < end; ++i) model_[i] += c[k] * x[i];
    }
    for (std::size_t i = begin; i < end; ++i) {
      if (sheet_.loss == Loss::log_error) {
        if (!(model_[i] > 0)) return kInfinity;
        error_[i] = std::log(model_[i] * sheet_.scale[i]);
        slope_[i] = 1 / model_[i];
      } else {
        error_[i] = (model_[i] - sheet_.target[i]) * sheet_.scale[i];
        slope_[i] = sheet_.scale[i];
      }
      total += sheet_.weight[i] * error_[i] * error_[i];
    }
  }
  return std::isfinite(total) ? total : kInfinity;
}

void Fitter::evaluate_state(Tree& tree, const std::vector<Block>& blocks, State& state, bool solve) {
  set_inner(state.inner);
  evaluate(tree, !state.inner.empty());
  if (solve) solve_coefficients(blocks, state.coefficients);
  state.loss = loss_of(blocks, state.coefficients);
}

/// Normal equations of one block at the errors of loss_of: own coefficients (normal_, right_) against inner
/// constants.
void Fitter::accumulate(const Block& block, const double* coefficients) {
  const std::size_t k = terms_, q = inner_.size(), n = k + q;
  normal_.assign(n * n, 0);
  right_.assign(n, 0);
  row_.resize(std::max(row_.size(), n));
  for (std::size_t i = block.begin; i < block.end; ++i) {
    const double w = sheet_.weight[i], s = slope_[i];
    for (std::size_t j = 0; j < k; ++j)
      row_[j] = values_[j][i] * s * (settings_.positive ? coefficients[j] : 1);
    for (std::size_t j = 0; j < q; ++j) row_[k + j] = slopes_[j][i] * s * coefficients[inner_term_[j]];
    for (std::size_t a = 0; a < n; ++a) {
      const double wa = w * row_[a];
      right_[a] -= wa * error_[i];
      for (std::size_t c = 0; c <= a; ++c) normal_[a * n + c] += wa * row_[c];
    }
  }
}

/// One damped step from `at`, whose errors are in place. False if the equations have no finite solution.
bool Fitter::step(const std::vector<Block>& blocks, const State& at, double damping, State& next) {
  const std::size_t k = terms_, q = inner_.size(), n = k + q;
  shared_.assign(q * q, 0);
  shared_right_.assign(q, 0);
  std::vector<double> eliminated(blocks.size() * k * (q + 1));  // A^-1 [B, b] of each block
  std::vector<double> x;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    accumulate(blocks[b], at.coefficients.data() + b * k);
    double* const kept = eliminated.data() + b * k * (q + 1);
    for (std::size_t column = 0; column <= q; ++column) {
      system_.reset(k);
      for (std::size_t i = 0; i < k; ++i) {
        for (std::size_t j = 0; j <= i; ++j)
          system_.a(i, j) = normal_[i * n + j] * (i == j ? 1 + damping : 1);
        system_.b(i) = column < q ? normal_[(k + column) * n + i] : right_[i];
      }
      system_.solve(x);
      for (std::size_t i = 0; i < k; ++i) kept[column * k + i] = x[i];
    }
    for (std::size_t r = 0; r < q; ++r) {
      for (std::size_t c = 0; c <= r; ++c) {
        double sum = normal_[(k + r) * n + k + c] * (r == c ? 1 + damping : 1);
        for (std::size_t i = 0; i < k; ++i) sum -= normal_[(k + r) * n + i] * kept[c * k + i];
        shared_[r * q + c] += sum;
      }
      double sum = right_[k + r];
      for (std::size_t i = 0; i < k; ++i) sum -= normal_[(k + r) * n + i] * kept[q * k + i];
      shared_right_[r] += sum;
    }
  }
  system_.reset(q);
  for (std::size_t r = 0; r < q; ++r) {
    for (std::size_t c = 0; c <= r; ++c) system_.a(r, c) = shared_[r * q + c];
    system_.b(r) = shared_right_[r];
  }
  system_.solve(x);
  next = at;
  for (std::size_t j = 0; j < q; ++j) next.inner[j] += x[j];
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const double* const kept = eliminated.data() + b * k * (q + 1);
    for (std::size_t i = 0; i < k; ++i) {
      double change = kept[q * k + i];
      for (std::size_t j = 0; j < q; ++j) change -= kept[j * k + i] * x[j];
      double& c = next.coefficients[b * k + i];
      c = settings_.positive ? c * std::exp(std::clamp(change, -5.0, 5.0)) : c + change;
    }
  }
  const auto finite = [](double v) { return std::isfinite(v); };
  return std::all_of(next.inner.begin(), next.inner.end(), finite) &&
         std::all_of(next.coefficients.begin(), next.coefficients.end(), finite);
}

void Fitter::descend(Tree& tree, const std::vector<Block>& blocks, State& best) {
  const bool quadratic = sheet_.loss != Loss::log_error;
  if (!std::isfinite(best.loss) || (quadratic && best.inner.empty())) return;
  double damping = 1e-3;
  State next;
  for (int i = 0; i < settings_.steps && best.loss > kExact; ++i) {
    if (!step(blocks, best, damping, next)) return;
    evaluate_state(tree, blocks, next, quadratic);
    if (next.loss < best.loss) {
      const bool done = best.loss - next.loss < settings_.tolerance * best.loss;
      std::swap(best, next);
      if (done) return;
      damping = std::max(damping * 0.2, 1e-12);
    } else {
      damping *= 10;
      if (damping > 1e6) return;
      evaluate_state(tree, blocks, best, false);  // its columns and errors again
    }
  }
}

/// The best of a few starting points of the inner constants, judged with the coefficients solved for.
Fitter::State Fitter::best_start(Tree& tree, const std::vector<Block>& blocks) {
  State best;
  for (const double* c : inner_) best.inner.push_back(*c);
  const std::vector<double> given = best.inner;
  evaluate_state(tree, blocks, best, true);
  const bool settled = dependent_blocks_ == blocks.size();
  constexpr double kFactors[] = {0.5, 2, -1, 0.1, 5, -0.3};
  for (int s = 1; s < settings_.starts && !given.empty(); ++s) {
    State other;
    other.inner = given;
    // One constant at a time in turn, then all.
    const std::size_t which = static_cast<std::size_t>(s - 1) % given.size();
    other.inner[which] *= kFactors[static_cast<std::size_t>(s - 1) / given.size() % std::size(kFactors)];
    evaluate_state(tree, blocks, other, true);
    if (other.loss < best.loss) best = std::move(other);
  }
  evaluate_state(tree, blocks, best, true);
  any_dependent_ = settled && dependent_blocks_ == blocks.size();
  return best;
}

Fitted Fitter::fit_blocks(Tree& tree, const std::vector<Block>& blocks) {
  State best = best_start(tree, blocks);
  const bool redundant = any_dependent_;
  descend(tree, blocks, best);
  set_inner(best.inner);
  return {best.loss, std::move(best.coefficients), std::move(best.inner), redundant};
}

Fitted Fitter::fit(Tree& tree, const FitSettings& settings) {
  settings_ = settings;
  find_constants(tree);
  std::vector<Block> groups;
  for (std::size_t g = 0; g < sheet_.groups; ++g)
    groups.push_back({sheet_.group_begin[g], sheet_.group_begin[g + 1]});
  const bool own = settings.coefficients == Scope::per_group;
  if (settings.inner == Scope::shared || inner_.empty() || groups.size() == 1) {
    return fit_blocks(tree, own ? groups : std::vector<Block>{{0, sheet_.rows}});
  }
  Fitted all{0, {}, {}, true};
  std::vector<double> start;
  for (const double* c : inner_) start.push_back(*c);
  for (std::size_t g = groups.size(); g-- > 0;) {  // group 0 last: its numbers stay in the tree
    set_inner(start);
    const Fitted one = fit_blocks(tree, {groups[g]});
    all.loss += one.loss;
    all.redundant = all.redundant && one.redundant;
    all.coefficients.insert(all.coefficients.begin(), one.coefficients.begin(), one.coefficients.end());
    all.inner.insert(all.inner.begin(), one.inner.begin(), one.inner.end());
  }
  return all;
}

std::vector<double> Fitter::predict(Tree& tree, const Fitted& fitted, const Sheet& sheet) {
  Scratch scratch;
  Evaluator evaluator(sheet, scratch);
  find_constants(tree);
  std::vector<double> out(sheet.rows, 0.0), points(sheet.points), column(sheet.rows);
  const bool own_inner = !inner_.empty() && fitted.inner.size() > inner_.size();
  const bool own = fitted.coefficients.size() > terms_;
  if (!sheet.given.empty()) out = sheet.given;
  for (std::size_t set = 0; set < (own_inner ? sheet.groups : 1); ++set) {
    for (std::size_t j = 0; j < inner_.size(); ++j) *inner_[j] = fitted.inner[set * inner_.size() + j];
    std::size_t k = 0;
    for (std::size_t p = 0; p < tree.parts.size(); ++p) {
      for (const Term& term : tree.parts[p]) {
        evaluator.term(term, points.data(), nullptr);
        for (std::size_t i = 0; i < sheet.multipliers[p].size(); ++i) points[i] *= sheet.multipliers[p][i];
        sheet.add_up(points.data(), column.data());
        for (std::size_t g = own_inner ? set : 0; g < (own_inner ? set + 1 : sheet.groups); ++g) {
          const double c = fitted.coefficients[(own ? g * terms_ : 0) + k];
          for (std::size_t i = sheet.group_begin[g]; i < sheet.group_begin[g + 1]; ++i)
            out[i] += c * column[i];
        }
        ++k;
      }
    }
  }
  if (own_inner) {
    for (std::size_t j = 0; j < inner_.size(); ++j) *inner_[j] = fitted.inner[j];
  }
  return out;
}

}  // namespace energylens::search
