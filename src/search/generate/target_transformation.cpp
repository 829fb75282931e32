// SPDX-License-Identifier: Apache-2.0
// Tested by tests/search/generate/target_transformation_test.cpp.
#include "search/generate/target_transformation.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::search {

using expr::Op;

double TargetTransformation::value(double y) const {
  switch (outer) {
    case Op::asin:
      return std::sin(y) - shift;
    case Op::acos:
      return std::cos(y) - shift;
    case Op::log:
      return std::exp(y) - shift;
    default:
      return std::pow(y, exponent) - shift;
  }
}

double TargetTransformation::slope(double y) const {
  switch (outer) {
    case Op::asin:
      return std::cos(y);
    case Op::acos:
      return -std::sin(y);
    case Op::log:
      return std::exp(y);
    default:
      return exponent * std::pow(y, exponent - 1);
  }
}

Tree TargetTransformation::tree(Term term) const {
  if (plain()) return Tree{{{std::move(term)}}};
  Sum sum;
  if (shift != 0) sum.push_back({shift, false, {}});
  sum.push_back(std::move(term));
  if (outer == Op::constant && exponent == 1) {
    for (Term& t : sum) t.free = true;
    return Tree{{std::move(sum)}};
  }
  Factor f;
  f.kind = outer == Op::constant ? Factor::Kind::bracket : Factor::Kind::function;
  f.function = outer;
  f.exponent = outer == Op::constant ? 1 / exponent : 1;
  f.argument = std::move(sum);
  return Tree{{{Term{1, true, {std::move(f)}}}}};
}

std::vector<TargetTransformation> target_transformations(const SearchContext& context) {
  const PrimitiveSet& primitives = context.primitives;
  const std::vector<double>& y = context.dataset.target;
  std::vector<TargetTransformation> out;
  if (!primitives.parts[0].dims.none() || primitives.constants.size() > 1 || !primitives.differences)
    return out;
  const bool positive = std::all_of(y.begin(), y.end(), [](double x) { return x > 0; });
  for (const double shift : {1.0, -1.0}) {
    out.push_back({1, Op::constant, shift});
    if (positive && primitives.quotients) out.push_back({-1, Op::constant, shift});
    if (positive && primitives.roots) out.push_back({2, Op::constant, shift});
    if (positive && primitives.roots && primitives.quotients) out.push_back({-2, Op::constant, shift});
  }
  const auto within = [&](double low, double high) {
    return std::all_of(y.begin(), y.end(), [=](double x) { return x >= low && x <= high; });
  };
  const double half_pi = std::acos(0.0);
  for (const Op op : primitives.functions) {
    if (op == Op::asin && within(-half_pi, half_pi)) out.push_back({1, op, 0});
    if (op == Op::acos && within(0, 2 * half_pi)) out.push_back({1, op, 0});
    if (op == Op::log && within(-20, 20)) {
      for (const double shift : {0.0, 1.0, -1.0}) out.push_back({1, op, shift});
    }
  }
  return out;
}

}  // namespace energylens::search
