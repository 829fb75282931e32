// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <span>

namespace energylens::search {

/// Sum of a[i] * b[i]. The order of the additions does not depend on the processor.
double dot(const double* a, const double* b, std::size_t n);
/// Requires: equal sizes.
inline double dot(std::span<const double> a, std::span<const double> b) {
  return dot(a.data(), b.data(), a.size());
}
/// The same for rows [begin, end).
inline double dot(std::span<const double> a, std::span<const double> b, std::size_t begin, std::size_t end) {
  return dot(a.data() + begin, b.data() + begin, end - begin);
}

}  // namespace energylens::search
