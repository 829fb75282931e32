// SPDX-License-Identifier: Apache-2.0
// held_out.cpp: which scenarios a seed holds out, one by one or as a range of batch or osl. With a range, its
// neighbours in the same series of measurements are hidden too, so that no held-out energy lies between two
// training rows or next to one. Held by held_out_test.cpp.
#include "eval/held_out.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "energylens/core/rng.hpp"

namespace energylens::eval {
namespace {

struct Range {
  double min, max;
  bool holds(double value) const { return min <= value && value <= max; }
};

/// The value that all rows of a scenario share; unknown if there is none.
double shared_value(const table::Group& group, const table::Scenario& scenario, Axis axis) {
  const double value = axis_value(group.rows[scenario.rows.front()], axis);
  const auto same = [&](std::size_t row) { return axis_value(group.rows[row], axis) == value; };
  return std::ranges::all_of(scenario.rows, same) ? value : kUnknown;
}

/// For each value, the least range from there upwards that holds `wanted` scenarios, if there is one.
std::vector<Range> ranges(const std::map<double, std::size_t>& scenarios_at, std::size_t wanted) {
  std::vector<Range> all;
  for (auto first = scenarios_at.begin(); first != scenarios_at.end(); ++first) {
    std::size_t held = 0;
    for (auto last = first; last != scenarios_at.end(); ++last) {
      held += last->second;
      if (held < wanted) continue;
      all.push_back({first->first, last->first});
      break;
    }
  }
  return all;
}

/// What rows of one series have in common: they differ only in layout and on the axis. Unknown is -1, since
/// all quantities are >= 0. The lengths of steady rows are means of the served requests and do not define a
/// series.
using Series = std::array<double, 8>;
Series series(const table::Row& row, Axis axis) {
  const table::Load& load = row.config.load;
  const auto number = [](double value) { return known(value) ? value : -1; };
  const double batch = axis == Axis::batch ? -1 : number(axis_value(row, Axis::batch));
  if (load.kind == table::RowKind::steady) return {1, batch};
  return {0,
          batch,
          number(load.isl),
          axis == Axis::osl ? -1 : number(load.osl),
          number(load.image_tokens),
          number(load.cached_tokens),
          number(load.accepted_per_step),
          number(load.drafted_per_step)};
}

/// The last value below a range and the first above it among the rows of a series.
Range neighbours(const table::Group& group, const std::vector<std::size_t>& rows, Axis axis,
                 const Range& range) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  Range next{-kFar, kFar};
  for (const std::size_t row : rows) {
    const double value = axis_value(group.rows[row], axis);
    if (value < range.min) next.min = std::max(next.min, value);
    if (value > range.max) next.max = std::min(next.max, value);
  }
  return next;
}

/// All rows in the range or next to it in their series, and those without a value.
std::vector<std::size_t> rows_near(const table::Group& group, Axis axis, const Range& range) {
  std::map<Series, std::vector<std::size_t>> by_series;
  for (std::size_t row = 0; row < group.rows.size(); ++row) {
    by_series[series(group.rows[row], axis)].push_back(row);
  }
  std::vector<std::size_t> near;
  for (const auto& [key, rows] : by_series) {
    const auto inside = [&](std::size_t row) { return range.holds(axis_value(group.rows[row], axis)); };
    const bool touched = std::ranges::any_of(rows, inside);
    const Range hidden = touched ? neighbours(group, rows, axis, range) : range;
    for (const std::size_t row : rows) {
      const double value = axis_value(group.rows[row], axis);
      if (!known(value) || hidden.holds(value)) near.push_back(row);
    }
  }
  return near;
}

}  // namespace

std::size_t held_out_count(std::size_t n) {
  return (3 * n + 9) / 10;
}

HeldOut held_out_scenarios(std::uint64_t seed, std::size_t n) {
  HeldOut held_out{shuffled_order(seed, n), {}};
  held_out.scenarios.resize(held_out_count(n));
  return held_out;
}

HeldOut held_out_block(std::uint64_t seed, const table::Group& group,
                       std::span<const table::Scenario> scenarios, Axis axis) {
  std::map<double, std::size_t> scenarios_at;
  std::size_t placed = 0;
  for (const table::Scenario& scenario : scenarios) {
    const double value = shared_value(group, scenario, axis);
    if (!known(value)) continue;
    ++scenarios_at[value];
    ++placed;
  }
  const std::vector<Range> blocks = ranges(scenarios_at, held_out_count(placed));
  if (blocks.empty()) return {};
  const Range block = blocks[shuffled_order(0, blocks.size())[seed % blocks.size()]];
  HeldOut held_out;
  std::vector<bool> tested(group.rows.size());
  for (std::size_t s = 0; s < scenarios.size(); ++s) {
    if (!block.holds(shared_value(group, scenarios[s], axis))) continue;
    held_out.scenarios.push_back(s);
    for (const std::size_t row : scenarios[s].rows) tested[row] = true;
  }
  held_out.withheld = rows_near(group, axis, block);
  std::erase_if(held_out.withheld, [&](std::size_t row) { return tested[row]; });
  return held_out;
}

}  // namespace energylens::eval
