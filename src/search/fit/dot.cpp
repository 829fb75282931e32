// SPDX-License-Identifier: Apache-2.0
// dot.cpp: the inner loop of least squares. Tested by tests/search/fit/fit_test.cpp and
// tests/search/generate/seeds_test.cpp.
#include "search/fit/dot.hpp"

namespace energylens::search {
namespace {

// Eight sums next to each other: the compiler may use vectors of any width without changing the order of the
// additions.
[[gnu::always_inline]] inline double sum_of_products(const double* a, const double* b, std::size_t n) {
  constexpr std::size_t kLanes = 8;
  double lanes[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (std::size_t l = 0; l < kLanes; ++l) lanes[l] += a[i + l] * b[i + l];
  }
  for (; i < n; ++i) lanes[i % kLanes] += a[i] * b[i];
  return ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]));
}

double dot_baseline(const double* a, const double* b, std::size_t n) {
  return sum_of_products(a, b, n);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] double dot_avx2(const double* a, const double* b, std::size_t n) {
  return sum_of_products(a, b, n);
}
#endif

}  // namespace

double dot(const double* a, const double* b, std::size_t n) {
#if defined(__x86_64__)
  static const bool wide = __builtin_cpu_supports("avx2");
  if (wide) return dot_avx2(a, b, n);
#endif
  return dot_baseline(a, b, n);
}

}  // namespace energylens::search
