// SPDX-License-Identifier: Apache-2.0
// Rows are gathered by load, in the order of the group. Loads with a single layout are dropped. Held by scenarios_test.cpp.
#include <array>
#include <map>
#include <set>

#include "energylens/table/group.hpp"

namespace energylens::table {
namespace {

/// The load that rows of a scenario share; unknown is -1, since all quantities are >= 0.
using SharedLoad = std::array<double, 9>;

SharedLoad shared_load(const Row& row, bool same_gpus) {
  const Load& load = row.config.load;
  const auto number = [](double value) { return known(value) ? value : -1; };
  const double gpus = same_gpus ? row.config.layout.gpus() : 0;
  if (load.kind == RowKind::steady) {
    return {1, number(load.server_limit()), known(load.isl) ? 1.0 : 0.0, 0, 0, 0, 0, 0, gpus};
  }
  return {0,
          number(load.batch),
          number(load.isl),
          number(load.osl),
          number(load.image_tokens),
          number(load.cached_tokens),
          number(load.accepted_per_step),
          number(load.drafted_per_step),
          gpus};
}

bool may_take_part(const Row& row) {
  const Load& load = row.config.load;
  return known(row.scenario_energy_j()) && (load.kind == RowKind::job || known(load.server_limit()));
}

/// Mean lengths of real requests scatter by some percent between runs of one workload.
constexpr double kSameLength = 1.25;

bool alike(double a, double b) {
  return !known(a) || !known(b) || (a <= kSameLength * b && b <= kSameLength * a);
}

/// Of the scenarios that share a limit, the number of the one whose first row has like lengths; where a row states no
/// isl, lengths are not looked at.
std::size_t place_of(const Row& row, const std::vector<std::size_t>& numbers,
                     const std::vector<Scenario>& all, const std::vector<Row>& rows) {
  const Load& load = row.config.load;
  for (const std::size_t number : numbers) {
    const Load& first = rows[all[number].rows.front()].config.load;
    if (load.kind == RowKind::job || !known(load.isl)) return number;
    if (alike(load.isl, first.isl) && alike(load.osl, first.osl)) return number;
  }
  return all.size();
}

}  // namespace

std::vector<Scenario> scenarios(const Group& group, bool same_gpus) {
  std::vector<Scenario> all;
  std::map<SharedLoad, std::vector<std::size_t>> numbers_of;
  std::vector<std::set<Layout>> layouts;
  for (std::size_t i = 0; i < group.rows.size(); ++i) {
    const Row& row = group.rows[i];
    if (!may_take_part(row)) continue;
    std::vector<std::size_t>& numbers = numbers_of[shared_load(row, same_gpus)];
    const std::size_t place = place_of(row, numbers, all, group.rows);
    if (place == all.size()) {
      numbers.push_back(place);
      all.emplace_back();
      layouts.emplace_back();
    }
    all[place].rows.push_back(i);
    layouts[place].insert(row.config.layout);
  }
  std::vector<Scenario> result;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (layouts[i].size() >= 2) result.push_back(std::move(all[i]));
  }
  return result;
}

}  // namespace energylens::table
