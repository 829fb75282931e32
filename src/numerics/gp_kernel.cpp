// SPDX-License-Identifier: Apache-2.0
// All factors are exponentials, so a term costs one: their exponents add. Held by gp_kernel_test.cpp (by hand,
// central differences, positive definite).
#include "numerics/gp_kernel.hpp"

#include <cmath>

namespace energylens::numerics {
namespace {

double distance(const Factor& factor, const Point& a, const Point& b, double inverse_length) {
  return std::abs(a.features[factor.feature] - b.features[factor.feature]) * inverse_length;
}

double exponent(Shape shape, double u) {
  return shape == Shape::exponential ? -u : -u * u / 2;
}

/// d exponent / d ln(length).
double slope(Shape shape, double u) {
  return shape == Shape::exponential ? u : u * u;
}

}  // namespace

Kernel::Kernel(std::span<const Term> terms, std::span<const double> values) : terms_(terms), values_(values) {
  for (const Term& term : terms) {
    variance_.push_back(values[term.amplitude] * values[term.amplitude]);
    std::vector<double>& inverse = inverse_length_.emplace_back();
    for (const Factor& factor : term.factors) inverse.push_back(1 / values[factor.length]);
  }
}

double Kernel::term(std::size_t t, const Point& a, const Point& b) const {
  const Term& term = terms_[t];
  if (term.same_label && a.label != b.label) return 0;
  double sum = 0;
  for (std::size_t f = 0; f < term.factors.size(); ++f) {
    sum += exponent(term.factors[f].shape, distance(term.factors[f], a, b, inverse_length_[t][f]));
  }
  return variance_[t] * std::exp(sum);
}

double Kernel::covariance(const Combination& a, const Combination& b) const {
  double sum = 0;
  for (const Point& p : a) {
    for (const Point& q : b) {
      for (std::size_t t = 0; t < terms_.size(); ++t) sum += p.weight * q.weight * term(t, p, q);
    }
  }
  return sum;
}

void Kernel::add_gradient(const Combination& a, const Combination& b, double weight,
                          std::span<double> gradient) const {
  for (const Point& p : a) {
    for (const Point& q : b) {
      for (std::size_t t = 0; t < terms_.size(); ++t) {
        const double part = weight * p.weight * q.weight * term(t, p, q);
        if (part == 0) continue;
        gradient[terms_[t].amplitude] += 2 * part;
        for (std::size_t f = 0; f < terms_[t].factors.size(); ++f) {
          const Factor& factor = terms_[t].factors[f];
          gradient[factor.length] +=
              part * slope(factor.shape, distance(factor, p, q, inverse_length_[t][f]));
        }
      }
    }
  }
}

}  // namespace energylens::numerics
