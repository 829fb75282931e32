// SPDX-License-Identifier: Apache-2.0
// extrapolate.cpp: rows on the near side of a cut train and those beyond it are tested; or each layout is
// left out. Held by extrapolate_test.cpp.
#include <algorithm>
#include <set>

#include "energylens/core/error.hpp"
#include "eval/plan.hpp"

namespace energylens::eval {
namespace {

/// The rows of one group on each side of the cut. Rows without a value on the axis are on neither side.
struct Sides {
  std::size_t group = 0;
  std::vector<bool> near, beyond;
};

class Extrapolation final : public Plan {
 public:
  Extrapolation(std::span<const table::Group> groups, const Setting& setting) : Plan(groups, setting) {
    if (axis() == Axis::layout) {
      leave_layouts_out();
    } else {
      cut_groups();
    }
  }

  void require_questions() const override {
    for (const std::vector<Sides>& fit : fits_) {
      for (const Sides& sides : fit) {
        if (!part_of(sides, 0).test.empty()) return;
      }
    }
    if (axis() == Axis::layout) throw Error::bad_input({}, "no group has a second layout to leave out");
    throw Error::bad_input({}, "no row with an energy lies beyond the cut; set it with --cut");
  }

  std::size_t size() const override { return samples() * fits_.size(); }

  Fold fold(std::size_t index) const override {
    const std::size_t sample = index / fits_.size();
    Fold fold{sample, sample, {}};
    for (const Sides& sides : fits_[index % fits_.size()]) {
      Part part = part_of(sides, fold.seed);
      if (!part.train.empty()) fold.parts.push_back(std::move(part));
    }
    return fold;
  }

  void describe(std::size_t g, GroupReport& report) const override {
    if (axis() != Axis::layout) report.cut = cut_of(g);
  }

 private:
  Axis axis() const { return own<ExtrapolateOptions>().axis; }

  /// The last value to train on: half of the distinct values, rounded up, are not beyond it.
  double cut_of(std::size_t g) const {
    if (known(own<ExtrapolateOptions>().cut)) return own<ExtrapolateOptions>().cut;
    std::set<double> values;
    for (const table::Row& row : group(g).rows) {
      const double value = axis_value(row, axis());
      if (known(value)) values.insert(value);
    }
    if (values.empty()) return kUnknown;
    return *std::next(values.begin(), static_cast<std::ptrdiff_t>((values.size() - 1) / 2));
  }

  void cut_groups() {
    std::vector<Sides> together;
    for (std::size_t g = 0; g < groups(); ++g) {
      const double cut = cut_of(g);
      Sides sides{g, {}, {}};
      for (const table::Row& row : group(g).rows) {
        sides.near.push_back(axis_value(row, axis()) <= cut);
        sides.beyond.push_back(axis_value(row, axis()) > cut);
      }
      if (options().fit.pool) {
        together.push_back(std::move(sides));
      } else if (tests(g)) {
        fits_.push_back({std::move(sides)});
      }
    }
    if (options().fit.pool) fits_.push_back(std::move(together));
  }

  Sides without_layout(std::size_t g, const table::Layout& layout) const {
    Sides sides{g, {}, {}};
    for (const table::Row& row : group(g).rows) {
      sides.near.push_back(row.config.layout != layout);
      sides.beyond.push_back(row.config.layout == layout);
    }
    return sides;
  }

  /// Pooled, a layout is left out of every group at once: it is unseen only if no group trains on it.
  void leave_layouts_out() {
    std::set<table::Layout> all;
    for (const std::size_t g : tested()) {
      std::set<table::Layout> own;
      for (const table::Row& row : group(g).rows) own.insert(row.config.layout);
      all.insert(own.begin(), own.end());
      if (options().fit.pool || own.size() < 2) continue;
      for (const table::Layout& layout : own) fits_.push_back({without_layout(g, layout)});
    }
    for (const table::Layout& layout : all) {
      if (!options().fit.pool) break;
      std::vector<Sides>& together = fits_.emplace_back();
      for (std::size_t g = 0; g < groups(); ++g) together.push_back(without_layout(g, layout));
    }
  }

  Part part_of(const Sides& sides, std::uint64_t seed) const {
    const std::vector<table::Row>& rows = group(sides.group).rows;
    Part part;
    part.group = sides.group;
    part.train = drawn(seed, own<ExtrapolateOptions>().train, sides.near);
    part.scenarios = remaining(group(sides.group), scenarios(sides.group), sides.near);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (sides.near[row]) continue;
      const bool tested = tests(sides.group) && sides.beyond[row] && rows[row].scenario_energy_j() > 0;
      if (tested) {
        part.test.push_back(row);
      } else {
        part.withheld.push_back(row);
      }
    }
    // Where a layout is left out, the other rows of a scenario are trained on.
    if (axis() != Axis::layout) {
      part.questions = layout_questions(
          remaining(group(sides.group), scenarios(sides.group), mask(rows.size(), part.test)));
    }
    return part;
  }

  std::vector<std::vector<Sides>> fits_;  // for each fit of one seed, its groups
};

}  // namespace

std::unique_ptr<Plan> extrapolate_plan(std::span<const table::Group> groups, const Setting& setting) {
  return std::make_unique<Extrapolation>(groups, setting);
}

}  // namespace energylens::eval
