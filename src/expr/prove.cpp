// SPDX-License-Identifier: Apache-2.0
// prove.cpp: branch and bound over boxes. Of each box, from cheap to dear:
//   1. the natural interval extension;
//   2. where the slope in a name keeps its sign, the least value lies at one end of its range: the range
//   shrinks to
//      that end, and so does every part of the box (a formula is linear in most of its constants, so this
//      alone decides most boxes);
//   3. the mean-value form e(m) + sum G_j (x_j - m_j), G_j the range of the slope (Moore 1966; quadratic in
//   the width);
//   4. a witness: the middle and the corner that the slopes point to, evaluated as boxes of no width.
// What remains is cut in the name of greatest influence |G_j| * width, worst box first. Steps 2 and 3 need
// slopes everywhere, so formulas with min, max or abs have 1 and 4 only. Held by tests/expr/prove_test.cpp.
#include "energylens/expr/prove.hpp"

#include <algorithm>
#include <cmath>
#include <queue>

#include "expr/algebra.hpp"

namespace energylens::expr {
namespace {

bool has_kink(Op op) {
  return op == Op::minimum || op == Op::maximum || op == Op::abs || op == Op::floor || op == Op::ceil ||
         op == Op::step;
}
bool jumps(Op op) {
  return op == Op::floor || op == Op::ceil || op == Op::step;
}

double magnitude(const Interval& x) {
  return std::max(std::fabs(x.lo), std::fabs(x.hi));
}

/// In the middle; of a range over decades, in the middle of its logarithm.
double cut_of(const Interval& x) {
  constexpr double kWide = 4;
  return x.lo > 0 && x.hi > kWide * x.lo && std::isfinite(x.hi) ? std::sqrt(x.lo) * std::sqrt(x.hi)
                                                                : x.middle();
}

class Prover {
 public:
  /// `domain`: what must have a value, too.
  Prover(const Expr& expr, const Expr& domain, std::span<const std::string> names,
         std::span<const Interval> box, Sign sign)
      : value_(expr, names), domain_(domain, names), start_(box.begin(), box.end()), sign_(sign) {
    const bool smooth = std::none_of(expr.nodes().begin(), expr.nodes().end(),
                                     [](const Node& node) { return has_kink(node.op); });
    for (std::size_t j = 0; smooth && j < names.size(); ++j) {
      const Expr slope = simplify(derivative(expr, names[j]));
      slopes_.emplace_back(slope, names);
    }
  }

  Proof run(std::size_t most_boxes) {
    Proof out;
    queue_.push({start_, 0});
    while (!queue_.empty() && out.boxes < most_boxes) {
      Region region = queue_.top();
      queue_.pop();
      ++out.boxes;
      const Verdict verdict = look(region);
      if (verdict == Verdict::proven) continue;
      if (verdict == Verdict::refuted) {
        out.verdict = verdict;
        out.witness = witness_;
        return out;
      }
      if (!cut(region)) return out;
    }
    if (queue_.empty()) out.verdict = Verdict::proven;
    return out;
  }

 private:
  struct Region {
    std::vector<Interval> box;
    double least;                                                              // a bound of the values in it
    bool operator<(const Region& other) const { return least > other.least; }  // the worst first
  };

  Interval enclose(const IntervalProgram& program, const std::vector<Interval>& box) {
    return program.enclose(box, stack_);
  }
  bool right(double bound) const { return sign_ == Sign::positive ? bound > 0 : bound >= 0; }
  bool wrong(double bound) const { return sign_ == Sign::positive ? bound <= 0 : bound < 0; }

  Verdict look(Region& region) {
    Interval e = enclose(value_, region.box);
    const bool defined = e.defined && enclose(domain_, region.box).defined;
    if (defined && right(e.lo)) return Verdict::proven;
    ranges_.clear();
    for (std::size_t j = 0; j < slopes_.size(); ++j) {
      ranges_.push_back(enclose(slopes_[j], region.box));
      const Interval& slope = ranges_.back();
      if (!defined || !slope.defined) continue;
      if (slope.lo >= 0) {
        region.box[j] = Interval::point(region.box[j].lo);
      } else if (slope.hi <= 0) {
        region.box[j] = Interval::point(region.box[j].hi);
      }
    }
    if (!slopes_.empty()) e = enclose(value_, region.box);
    region.least = std::max(e.lo, defined ? mean_value_bound(region.box) : -kNone);
    if (defined && right(region.least)) return Verdict::proven;
    return fails_somewhere(region.box) ? Verdict::refuted : Verdict::open;
  }

  /// The lower end of e(m) + sum G_j (x_j - m_j), with the slopes over the box from before it shrank.
  double mean_value_bound(const std::vector<Interval>& box) {
    if (slopes_.empty()) return -kNone;
    std::vector<Interval> middle(box);
    for (Interval& x : middle) x = Interval::point(x.middle());
    const Interval centre = enclose(value_, middle);
    if (!centre.defined) return -kNone;
    double bound = centre.lo;
    for (std::size_t j = 0; j < box.size(); ++j) {
      if (box[j].width() == 0) continue;
      if (!ranges_[j].defined) return -kNone;
      const double m = middle[j].lo;
      const double reach =
          std::max(std::nextafter(box[j].hi - m, kNone), std::nextafter(m - box[j].lo, kNone));
      bound = std::nextafter(bound - std::nextafter(magnitude(ranges_[j]) * reach, kNone), -kNone);
    }
    return std::isnan(bound) ? -kNone : bound;
  }

  bool fails_at(const std::vector<Interval>& point) {
    const Interval e = enclose(value_, point);
    if (!e.defined || !wrong(e.hi) || !enclose(domain_, point).defined) return false;
    witness_.clear();
    for (const Interval& x : point) witness_.push_back(x.lo);
    return true;
  }
  bool fails_somewhere(const std::vector<Interval>& box) {
    std::vector<Interval> point(box);
    for (Interval& x : point) x = Interval::point(x.middle());
    if (fails_at(point)) return true;
    for (std::size_t j = 0; j < slopes_.size(); ++j) {
      const double end = ranges_[j].lo + ranges_[j].hi > 0 ? box[j].lo : box[j].hi;
      if (std::isfinite(end)) point[j] = Interval::point(end);
    }
    return !slopes_.empty() && fails_at(point);
  }

  /// Two halves into the queue; false if the box is too small to be cut.
  bool cut(const Region& region) {
    std::size_t best = region.box.size();
    double most = 0;
    for (std::size_t j = 0; j < region.box.size(); ++j) {
      const double width = region.box[j].width();
      if (width == 0) continue;
      // A slope that is not known decides nothing; the share of the range that is left takes its place.
      const bool known = j < ranges_.size() && ranges_[j].defined && std::isfinite(magnitude(ranges_[j]));
      const double share = std::isfinite(width) ? width / start_[j].width() : 1;
      const double influence = known ? magnitude(ranges_[j]) * width : 1e300 * share;
      if (!(influence > most)) continue;
      most = influence;
      best = j;
    }
    if (best == region.box.size()) return false;
    const double at = cut_of(region.box[best]);
    if (!(at > region.box[best].lo && at < region.box[best].hi)) return false;
    Region lower = region, upper = region;
    lower.box[best].hi = at;
    upper.box[best].lo = at;
    queue_.push(std::move(lower));
    queue_.push(std::move(upper));
    return true;
  }

  static constexpr double kNone = std::numeric_limits<double>::infinity();

  IntervalProgram value_, domain_;
  std::vector<IntervalProgram> slopes_;  // by name; empty: there are kinks
  std::vector<Interval> start_, ranges_, stack_;
  std::vector<double> witness_;
  std::priority_queue<Region> queue_;
  Sign sign_;
};

/// Whether an operator of a kind, such as those that jump, has `name` below it.
bool has_above(const Expr& expr, std::string_view name, bool (*kind)(Op)) {
  for (std::size_t i = 0; i < expr.size(); ++i) {
    if (!kind(expr.nodes()[i].op)) continue;
    const std::vector<std::string> below = expr.subtree(i).variables();
    if (std::find(below.begin(), below.end(), name) != below.end()) return true;
  }
  return false;
}

}  // namespace

std::string_view verdict_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::proven:
      return "proven";
    case Verdict::refuted:
      return "refuted";
    case Verdict::open:
      return "open";
  }
  return "";
}

Proof prove_sign(const Expr& expr, std::span<const std::string> names, std::span<const Interval> box,
                 Sign sign, std::size_t most_boxes) {
  return Prover(expr, expr, names, box, sign).run(most_boxes);
}

Proof prove_rising(const Expr& expr, std::string_view name, std::span<const std::string> names,
                   std::span<const Interval> box, std::size_t most_boxes) {
  if (has_above(expr, name, jumps)) return {};
  const Expr slope = simplify(derivative(expr, name));
  return Prover(slope, expr, names, box, Sign::not_negative).run(most_boxes);
}

Proof prove_concave(const Expr& expr, std::string_view name, std::span<const std::string> names,
                    std::span<const Interval> box, std::size_t most_boxes) {
  if (has_above(expr, name, has_kink)) return {};
  const Expr slope = simplify(derivative(expr, name));
  const Expr bend = simplify(Expr::apply(Op::negate, derivative(slope, name)));
  return Prover(bend, expr, names, box, Sign::not_negative).run(most_boxes);
}

}  // namespace energylens::expr
