// SPDX-License-Identifier: Apache-2.0
// Quantiles by Boost.Math; the binomial band by its cumulative distribution, so that it stays exact for small
// n. Held by distributions_test.cpp.
#include "numerics/distributions.hpp"

#include <array>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>
#include <functional>

#include "energylens/core/number_text.hpp"

namespace energylens::numerics {

double normal_cdf(double x) {
  return known(x) ? boost::math::cdf(boost::math::normal(), x) : kUnknown;
}

double normal_quantile(double p) {
  assert(p > 0 && p < 1);
  return boost::math::quantile(boost::math::normal(), p);
}

double student_t_quantile(double p, double dof) {
  assert(p > 0 && p < 1 && dof > 0);
  // Every prediction of a group needs the same one, which takes longer than the rest of the prediction: 8 us.
  struct Computed {
    double p = 0, dof = 0, value = 0;
  };
  thread_local std::array<Computed, 16> kept;
  Computed& one = kept[std::hash<double>{}(dof) % kept.size()];
  if (one.p != p || one.dof != dof) one = {p, dof, boost::math::quantile(boost::math::students_t(dof), p)};
  return one.value;
}

CountBand binomial_band(std::size_t n, double p, double confidence) {
  using namespace boost::math::policies;
  assert(p >= 0 && p <= 1 && confidence > 0 && confidence < 1);
  if (p == 1) return {n, n};  // the library's quantile gives 0 here
  // Integer quantiles rounded up: the least count whose cumulative probability reaches the tail.
  using Binomial = boost::math::binomial_distribution<double, policy<discrete_quantile<integer_round_up>>>;
  const Binomial distribution(static_cast<double>(n), p);
  const double tail = (1 - confidence) / 2;
  return {static_cast<std::size_t>(quantile(distribution, tail)),
          static_cast<std::size_t>(quantile(distribution, 1 - tail))};
}

double interval_score(double lo, double hi, double value, double alpha) {
  assert(alpha > 0 && alpha < 1);
  if (!known(lo) || !known(hi) || !known(value)) return kUnknown;
  const double missed = std::fmax(lo - value, 0) + std::fmax(value - hi, 0);
  return (hi - lo) + 2 / alpha * missed;
}

}  // namespace energylens::numerics
