// SPDX-License-Identifier: Apache-2.0
// fit.cpp: the constants of one formula. Coefficients of terms are linear: given the inner constants, each
// group solves its own normal equations (variable projection), in the weights of the loss. Inner constants
// move by Levenberg and Marquardt with exact slopes (fit_step.cpp) from a few starting points
// (fit_starts.cpp). For losses that are quadratic in the coefficients these are solved again after each step;
// for log_error they move along. Positive coefficients start from non-negative least squares and move by
// their logarithms. Held by tests/search/fit/fit_test.cpp: known constants, many starts, numerics::minimise.
#include "search/fit/fit.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "search/fit/dot.hpp"

namespace energylens::search {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kExact = 1e-28;  // a loss that rounding alone leaves

}  // namespace

Fitter::Fitter(const Sheet& sheet) : sheet_(sheet), evaluator_(sheet, scratch_) {
  for (const double w : sheet.weight) root_weight_.push_back(std::sqrt(w));
  constexpr std::size_t kEnoughRows = 64;  // to tell good starts from bad ones
  if (sheet.rows < 2 * kEnoughRows) return;
  thin_ = std::make_unique<Sheet>(thinned(sheet, kEnoughRows));
  if (2 * thin_->rows > sheet.rows) return;
  scout_ = std::make_unique<Fitter>(*thin_);
}

void Fitter::find_constants(Tree& tree) {
  inner_ = inner_constants(tree);
  inner_term_.clear();
  terms_ = 0;
  for (const Sum& part : tree.parts) {
    for (const Term& term : part) inner_term_.insert(inner_term_.end(), count_inner(term), terms_++);
  }
}

void Fitter::set_inner(const std::vector<double>& inner) {
  for (std::size_t j = 0; j < inner.size(); ++j) *inner_[j].value = inner[j];
}

std::vector<double> Fitter::inner_of_tree() const {
  std::vector<double> out;
  for (const InnerConstant& c : inner_) out.push_back(*c.value);
  return out;
}

void Fitter::keep_within_bounds(std::vector<double>& inner) const {
  const double most = settings_.greatest_exponent;
  for (std::size_t j = 0; j < inner.size(); ++j) {
    if (inner_[j].exponent) {
      inner[j] = std::clamp(inner[j], -most, most);
    } else if (settings_.positive_inner) {
      inner[j] = std::fabs(inner[j]);
    }
  }
}

/// Columns of all terms, and of their slopes, at rows.
void Fitter::evaluate(const Tree& tree, State& at, bool with_slopes) {
  at_points_.resize(sheet_.points);
  if (at.values.size() < terms_) at.values.resize(terms_);
  if (at.slopes.size() < inner_.size()) at.slopes.resize(inner_.size());
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
      to_rows(at_points_.data(), at.values[k++]);
      for (double* slope : slopes) to_rows(slope, at.slopes[j++]);
      evaluator_.give_back(slopes);
    }
  }
}

/// Least squares of (f - wanted) * scale in the coefficients of each block.
void Fitter::solve_coefficients(const double* wanted, const double* scale, State& at) {
  at.coefficients.assign(blocks_.size() * terms_, 0);
  dependent_blocks_ = 0;
  jacobian_.resize(std::max(jacobian_.size(), terms_ * sheet_.rows));
  residual_.resize(sheet_.rows);
  row_.resize(sheet_.rows);
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const std::size_t begin = blocks_[b].begin, n = blocks_[b].end - begin;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t row = begin + i;
      row_[i] = root_weight_[row] * scale[row];
      residual_[i] = row_[i] * (wanted[row] - (sheet_.given.empty() ? 0 : sheet_.given[row]));
    }
    system_.reset(terms_);
    for (std::size_t k = 0; k < terms_; ++k) {
      double* const x = jacobian_.data() + k * n;
      const double* const value = at.values[k].data() + begin;
      for (std::size_t i = 0; i < n; ++i) x[i] = value[i] * row_[i];
      system_.b(k) = dot(x, residual_.data(), n);
      for (std::size_t l = 0; l <= k; ++l) system_.a(k, l) = dot(x, jacobian_.data() + l * n, n);
    }
    settings_.positive ? system_.solve_nonnegative(solution_) : system_.solve(solution_);
    if (system_.dependent() > 0) ++dependent_blocks_;
    std::copy(solution_.begin(), solution_.end(),
              at.coefficients.begin() + static_cast<std::ptrdiff_t>(b * terms_));
  }
}

/// For the error of ln f: least squares of its linear part around the model, as long as that helps. So
/// coefficients that were 0 come back.
void Fitter::refine_coefficients(int rounds, State& at) {
  for (int round = 0; round < rounds && std::isfinite(at.loss); ++round) {
    wanted_.resize(sheet_.rows);
    for (std::size_t i = 0; i < sheet_.rows; ++i) wanted_[i] = at.model[i] * (1 - at.error[i]);
    kept_ = at.coefficients;
    const double before = at.loss;
    solve_coefficients(wanted_.data(), at.slope.data(), at);
    find_loss(at);
    if (at.loss < before * (1 - 1e-3)) continue;
    if (!(at.loss < before)) {
      at.coefficients = kept_;
      find_loss(at);
    }
    return;
  }
}

/// The loss; leaves the errors (r) and their derivatives (dr / df) of the rows of all blocks.
void Fitter::find_loss(State& at) {
  const std::size_t begin = blocks_.front().begin, end = blocks_.back().end;
  for (std::vector<double>* column : {&at.model, &at.error, &at.slope}) column->resize(sheet_.rows);
  at.loss = kInfinity;
  for (std::size_t i = begin; i < end; ++i) at.model[i] = sheet_.given.empty() ? 0 : sheet_.given[i];
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    for (std::size_t k = 0; k < terms_; ++k) {
      const double c = at.coefficients[b * terms_ + k];
      const double* const x = at.values[k].data();
      for (std::size_t i = blocks_[b].begin; i < blocks_[b].end; ++i) at.model[i] += c * x[i];
    }
  }
  if (sheet_.loss == Loss::log_error) {
    double least = at.model[begin];
    for (std::size_t i = begin; i < end; ++i) {
      least = std::min(least, at.model[i]);
      at.error[i] = at.model[i] * sheet_.scale[i];
      at.slope[i] = 1 / at.model[i];
    }
    if (!(least > 0)) return;
    double* const ratio = at.error.data() + begin;
    expr::kernels().both[static_cast<std::size_t>(expr::Op::log)](ratio, ratio, ratio, end - begin);
  } else {
    for (std::size_t i = begin; i < end; ++i) {
      at.error[i] = (at.model[i] - sheet_.target[i]) * sheet_.scale[i];
      at.slope[i] = sheet_.scale[i];
    }
  }
  residual_.resize(std::max(residual_.size(), end - begin));
  for (std::size_t i = begin; i < end; ++i) residual_[i - begin] = root_weight_[i] * at.error[i];
  const double total = dot(residual_.data(), residual_.data(), end - begin);
  if (std::isfinite(total)) at.loss = total;
}

/// From best_, whose columns, slopes and errors are in place.
void Fitter::descend(Tree& tree, int steps) {
  const bool quadratic = sheet_.loss != Loss::log_error;
  if (!std::isfinite(best_.loss) || (quadratic && best_.inner.empty())) return;
  double damping = 1e-3;
  for (int i = 0; i < steps && best_.loss > kExact; ++i) {
    if (!step(best_, damping, next_)) return;
    set_inner(next_.inner);
    evaluate(tree, next_, !next_.inner.empty());
    if (quadratic) solve_coefficients(sheet_.target.data(), sheet_.scale.data(), next_);
    find_loss(next_);
    if (!quadratic) refine_coefficients(1, next_);
    if (next_.loss < best_.loss) {
      const bool done = best_.loss - next_.loss < settings_.tolerance * best_.loss;
      std::swap(best_, next_);
      if (done) return;
      damping = std::max(damping * 0.2, 1e-12);
    } else {
      damping *= 10;
      if (damping > 1e6) return;
    }
  }
}

void Fitter::set_blocks(std::size_t first_group, std::size_t last_group, bool own) {
  blocks_.clear();
  for (std::size_t g = first_group; own && g < last_group; ++g)
    blocks_.push_back({sheet_.group_begin[g], sheet_.group_begin[g + 1]});
  if (!own) blocks_.push_back({sheet_.group_begin[first_group], sheet_.group_begin[last_group]});
}

/// The constants of these groups: coefficients of their own or in common, inner ones in common.
Fitted Fitter::fit_groups(Tree& tree, std::size_t first_group, std::size_t last_group, bool own) {
  set_blocks(first_group, last_group, own);
  const bool scouting = scout_ && settings_.starts > 1 && !inner_.empty();
  std::vector<double> scouted;
  if (scouting) {
    scout_->settings_ = settings_;
    scout_->find_constants(tree);
    const std::vector<double> given = inner_of_tree();
    scout_->fit_groups(tree, first_group, last_group, own);
    scouted = inner_of_tree();
    set_inner(given);
  }
  find_start(tree, scouting ? &scouted : nullptr);
  descend(tree, settings_.steps);
  set_inner(best_.inner);
  redundant_ = redundant_ && dependent_blocks_ == blocks_.size();
  return {best_.loss, best_.coefficients, best_.inner, redundant_};
}

Fitted Fitter::fit(Tree& tree, const FitSettings& settings) {
  settings_ = settings;
  find_constants(tree);
  const bool own = settings.coefficients == Scope::per_group;
  if (settings.inner == Scope::shared || inner_.empty() || sheet_.groups == 1)
    return fit_groups(tree, 0, sheet_.groups, own);
  Fitted all{0, {}, {}, true};
  const std::vector<double> start = inner_of_tree();
  for (std::size_t g = sheet_.groups; g-- > 0;) {  // group 0 last: its numbers stay in the tree
    set_inner(start);
    const Fitted one = fit_groups(tree, g, g + 1, true);
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
    for (std::size_t j = 0; j < inner_.size(); ++j) *inner_[j].value = fitted.inner[set * inner_.size() + j];
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
    for (std::size_t j = 0; j < inner_.size(); ++j) *inner_[j].value = fitted.inner[j];
  }
  return out;
}

}  // namespace energylens::search
