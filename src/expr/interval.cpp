// SPDX-License-Identifier: Apache-2.0
// Held by tests/expr/interval_test.cpp: at random points of random boxes, anything that Program computes lies
// within.
#include "energylens/expr/interval.hpp"

#include <algorithm>
#include <cmath>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "expr/operators.hpp"

namespace energylens::expr {

double Interval::middle() const noexcept {
  constexpr double kMost = std::numeric_limits<double>::max();
  const double a = std::max(lo, -kMost), b = std::min(hi, kMost);
  return std::clamp(a / 2 + b / 2, a, b);
}

IntervalProgram::IntervalProgram(const Expr& expr, std::span<const std::string> names) {
  for (const Node& node : expr.nodes()) {
    Step step{node.op, 0};
    if (node.op == Op::constant) {
      step.index = static_cast<std::uint32_t>(numbers_.size());
      numbers_.push_back(std::isfinite(node.value()) ? Interval::point(node.value()) : Interval::unknown());
    } else if (arity(node.op) == 0) {
      const auto found = std::find(names.begin(), names.end(), expr.name(node));
      if (found == names.end())
        throw Error::bad_input({"formula", 0, {}}, "missing range of " + quote(expr.name(node)));
      step.index = static_cast<std::uint32_t>(found - names.begin());
    }
    steps_.push_back(step);
  }
}

Interval IntervalProgram::enclose(std::span<const Interval> box, std::vector<Interval>& stack) const {
  stack.clear();
  for (const Step& step : steps_) {
    if (step.op == Op::constant) {
      stack.push_back(numbers_[step.index]);
    } else if (arity(step.op) == 0) {
      stack.push_back(box[step.index]);
    } else {
      Interval right;
      if (arity(step.op) == 2) {
        right = stack.back();
        stack.pop_back();
      }
      stack.back() = operator_row(step.op).interval(stack.back(), right);
    }
  }
  return stack.back();
}

}  // namespace energylens::expr
