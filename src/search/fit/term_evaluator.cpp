// SPDX-License-Identifier: Apache-2.0
// term_evaluator.cpp: recursion over the tree, a whole column at a time, with the kernels of expr. The
// derivatives of a product are updated factor by factor (product rule), so nothing is divided by a value
// that may be 0. Tested by tests/search/fit/term_evaluator_test.cpp against expr::Program and central
// differences.
#include "search/fit/term_evaluator.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::search {
namespace {

using expr::Op;
using Kind = Factor::Kind;

constexpr std::size_t index(Op op) {
  return static_cast<std::size_t>(op);
}

bool small_whole(double e) {
  return std::nearbyint(e) == e && std::fabs(e) <= 4;
}

void multiply_by(double* a, const double* b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) a[i] *= b[i];
}
void scale_by(double* a, double factor, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) a[i] *= factor;
}
void add_scaled(double* out, const double* a, double factor, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] += factor * a[i];
}

}  // namespace

void Scratch::set_length(std::size_t length) {
  if (length == length_) return;
  arrays_.clear();
  free_.clear();
  length_ = length;
}

double* Scratch::lend() {
  if (free_.empty()) {
    arrays_.push_back(std::make_unique<double[]>(length_));
    return arrays_.back().get();
  }
  double* const array = free_.back();
  free_.pop_back();
  return array;
}

TermEvaluator::TermEvaluator(const Dataset& dataset, Scratch& scratch)
    : dataset_(dataset), scratch_(scratch), kernels_(expr::kernels()), n_(dataset.points) {
  scratch_.set_length(n_);
}

void TermEvaluator::give_back(Slopes& slopes) {
  for (double* slope : slopes) scratch_.give_back(slope);
  slopes.clear();
}

void TermEvaluator::whole_power(const double* base, int exponent, double* out) {
  const int size = std::abs(exponent);
  const auto multiply = kernels_.both[index(Op::multiply)];
  if (size == 1) {
    if (out != base) std::copy_n(base, n_, out);
  } else if (size == 3) {
    double* const square = scratch_.lend();
    multiply(base, base, square, n_);
    multiply(square, base, out, n_);
    scratch_.give_back(square);
  } else {
    multiply(base, base, out, n_);
    if (size == 4) multiply(out, out, out, n_);
  }
  const double one = 1;
  if (exponent < 0) kernels_.left_scalar[index(Op::divide)](&one, out, out, n_);
}

/// The inputs of a term: small whole powers by multiplication, all others together by one exponential.
void TermEvaluator::inputs(const Term& term, double* out, Slopes* slopes) {
  const std::size_t first = slopes ? slopes->size() : 0;
  double* logs = nullptr;
  bool begun = false;
  const auto times = [&](const double* values) {
    if (begun) {
      kernels_.both[index(Op::multiply)](out, values, out, n_);
    } else {
      std::copy_n(values, n_, out);
    }
    begun = true;
  };
  double* const part = scratch_.lend();
  for (const Factor& f : term.factors) {
    if (f.kind != Kind::input) continue;
    const std::vector<double>& column = dataset_.columns[f.input];
    const std::vector<double>& log = dataset_.logs[f.input];
    if (!f.free && f.exponent == 1) {
      times(column.data());
    } else if (!f.free && small_whole(f.exponent)) {
      whole_power(column.data(), static_cast<int>(f.exponent), part);
      times(part);
    } else if (log.empty()) {
      kernels_.right_scalar[index(Op::power)](column.data(), &f.exponent, part, n_);
      times(part);
      if (f.free && slopes) {  // NaN where the value is not positive
        slopes->push_back(scratch_.lend());
        kernels_.both[index(Op::log)](column.data(), column.data(), slopes->back(), n_);
      }
    } else {
      if (!logs) {
        logs = scratch_.lend();
        std::fill_n(logs, n_, 0.0);
      }
      add_scaled(logs, log.data(), f.exponent, n_);
      if (f.free && slopes) {
        slopes->push_back(scratch_.lend());
        std::copy_n(log.data(), n_, slopes->back());
      }
    }
  }
  if (logs) {
    kernels_.both[index(Op::exp)](logs, logs, logs, n_);
    times(logs);
    scratch_.give_back(logs);
  }
  scratch_.give_back(part);
  if (!begun) std::fill_n(out, n_, 1.0);
  if (slopes) {
    for (std::size_t j = first; j < slopes->size(); ++j) multiply_by((*slopes)[j], out, n_);
  }
}

void TermEvaluator::term(const Term& term, double* out, Slopes* slopes) {
  const std::size_t first = slopes ? slopes->size() : 0;
  inputs(term, out, slopes);
  for (const Factor& f : term.factors) {
    if (f.kind == Kind::input) continue;
    double* const value = scratch_.lend();
    const std::size_t before = slopes ? slopes->size() : 0;
    factor(f, value, slopes);
    if (slopes) {
      for (std::size_t j = first; j < before; ++j) multiply_by((*slopes)[j], value, n_);
      for (std::size_t j = before; j < slopes->size(); ++j) multiply_by((*slopes)[j], out, n_);
    }
    kernels_.both[index(Op::multiply)](out, value, out, n_);
    scratch_.give_back(value);
  }
}

void TermEvaluator::sum(const Sum& sum, double* out, Slopes* slopes) {
  std::fill_n(out, n_, 0.0);
  double* const value = scratch_.lend();
  for (const Term& t : sum) {
    const std::size_t place = slopes ? slopes->size() : 0;
    if (t.free && slopes) slopes->push_back(scratch_.lend());
    term(t, value, slopes);
    add_scaled(out, value, t.coefficient, n_);
    if (!slopes) continue;
    if (t.free) std::copy_n(value, n_, (*slopes)[place]);
    for (std::size_t j = place + (t.free ? 1 : 0); j < slopes->size(); ++j)
      scale_by((*slopes)[j], t.coefficient, n_);
  }
  scratch_.give_back(value);
}

void TermEvaluator::factor(const Factor& f, double* out, Slopes* slopes) {
  const std::size_t first = slopes ? slopes->size() : 0;
  // The exponent comes first in the order of inner constants.
  if (f.free && slopes) slopes->push_back(scratch_.lend());
  if (f.kind == Kind::bracket) {
    sum(f.argument, out, slopes);
  } else {
    function(f, out, slopes);
  }
  if (f.free || f.exponent != 1) power(f, out, slopes, first);
}

void TermEvaluator::function(const Factor& f, double* value, Slopes* slopes) {
  if (expr::arity(f.function) == 2) return extremum(f, value, slopes);
  const std::size_t first = slopes ? slopes->size() : 0;
  sum(f.argument, value, slopes);
  double* const argument = scratch_.lend();
  std::copy_n(value, n_, argument);
  kernels_.both[index(f.function)](argument, argument, value, n_);
  if (slopes && slopes->size() > first) {
    double* const factor = scratch_.lend();
    function_slope(f.function, argument, value, factor);
    for (std::size_t j = first; j < slopes->size(); ++j) multiply_by((*slopes)[j], factor, n_);
    scratch_.give_back(factor);
  }
  scratch_.give_back(argument);
}

/// The derivative of the value by the argument.
void TermEvaluator::function_slope(Op op, const double* argument, const double* value, double* out) const {
  const auto each = [&](auto slope) {
    for (std::size_t i = 0; i < n_; ++i) out[i] = slope(argument[i], value[i]);
  };
  switch (op) {
    case Op::exp:
      return each([](double, double y) { return y; });
    case Op::log:
      return each([](double x, double) { return 1 / x; });
    case Op::abs:
      return each([](double x, double) { return std::copysign(1.0, x); });
    case Op::sin:
      return kernels_.both[index(Op::cos)](argument, argument, out, n_);
    case Op::cos:
      kernels_.both[index(Op::sin)](argument, argument, out, n_);
      return scale_by(out, -1, n_);
    case Op::tanh:
      return each([](double, double y) { return 1 - y * y; });
    case Op::asin:
      return each([](double x, double) { return 1 / std::sqrt(1 - x * x); });
    case Op::acos:
      return each([](double x, double) { return -1 / std::sqrt(1 - x * x); });
    default:
      return each([](double, double) { return 0; });  // floor, ceil, step are flat
  }
}

void TermEvaluator::extremum(const Factor& f, double* value, Slopes* slopes) {
  const std::size_t first = slopes ? slopes->size() : 0;
  sum(f.argument, value, slopes);
  const std::size_t middle = slopes ? slopes->size() : 0;
  double* const other = scratch_.lend();
  sum(f.second, other, slopes);
  const bool least = f.function == Op::minimum;
  for (std::size_t j = first; slopes && j < slopes->size(); ++j) {
    for (std::size_t i = 0; i < n_; ++i) {
      const bool first_leads = (value[i] < other[i]) == least;
      if (first_leads != (j < middle)) (*slopes)[j][i] = 0;
    }
  }
  kernels_.both[index(f.function)](value, other, value, n_);
  scratch_.give_back(other);
}

/// The power of a base > 0 with a fitted exponent: exp(e ln base). Its derivative by e is ln base times the
/// value.
void TermEvaluator::fitted_power(const Factor& f, double* base, Slopes* slopes, std::size_t first) {
  double* const log = slopes ? (*slopes)[first] : base;
  kernels_.both[index(Op::log)](base, base, log, n_);
  if (slopes) {  // d (b^e) / b^e = e db / b; times the value once it is known
    for (std::size_t j = first + 1; j < slopes->size(); ++j) {
      double* const slope = (*slopes)[j];
      for (std::size_t i = 0; i < n_; ++i) slope[i] *= f.exponent / base[i];
    }
  }
  for (std::size_t i = 0; i < n_; ++i) base[i] = f.exponent * log[i];
  kernels_.both[index(Op::exp)](base, base, base, n_);
  for (std::size_t j = first; slopes && j < slopes->size(); ++j) multiply_by((*slopes)[j], base, n_);
}

/// Replaces `base` by its power, and its derivatives, those from `first` on, by those of the power.
void TermEvaluator::power(const Factor& f, double* base, Slopes* slopes, std::size_t first) {
  if (f.free && *std::min_element(base, base + n_) > 0) return fitted_power(f, base, slopes, first);
  const bool in_place = !slopes || slopes->size() == first + (f.free ? 1 : 0);
  double* const value = in_place ? base : scratch_.lend();
  if (small_whole(f.exponent)) {
    whole_power(base, static_cast<int>(f.exponent), value);
  } else if (std::fabs(f.exponent) == 0.5) {
    kernels_.both[index(Op::sqrt)](base, base, value, n_);
    if (f.exponent < 0) whole_power(value, -1, value);
  } else {
    kernels_.right_scalar[index(Op::power)](base, &f.exponent, value, n_);
  }
  if (f.free && slopes)
    std::fill_n((*slopes)[first], n_, std::nan(""));  // there is no derivative by the exponent
  if (in_place) return;
  for (std::size_t j = first + (f.free ? 1 : 0); j < slopes->size(); ++j) {
    double* const slope = (*slopes)[j];
    for (std::size_t i = 0; i < n_; ++i) slope[i] *= f.exponent * value[i] / base[i];
  }
  std::copy_n(value, n_, base);
  scratch_.give_back(value);
}

}  // namespace energylens::search
