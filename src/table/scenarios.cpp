// SPDX-License-Identifier: Apache-2.0
// Rows are gathered by load, in the order of the group. Loads with a single layout are dropped. Held by scenarios_test.cpp.
#include <array>
#include <map>
#include <set>

#include "energylens/table/group.hpp"

namespace energylens::table {
namespace {

/// The load that rows of a scenario share; unknown is -1, since all quantities are >= 0.
using SharedLoad = std::array<double, 8>;

SharedLoad shared_load(const Row& row, bool same_gpus) {
  const Load& load = row.config.load;
  const auto number = [](double value) { return known(value) ? value : -1; };
  const double gpus = same_gpus ? row.config.layout.gpus() : 0;
  if (load.kind == RowKind::steady) return {1, number(load.max_batch), 0, 0, 0, 0, 0, gpus};
  return {0,
          number(load.batch),
          number(load.isl),
          number(load.osl),
          number(load.image_tokens),
          number(load.cached_tokens),
          number(load.accepted_per_step),
          gpus};
}

bool may_take_part(const Row& row) {
  const Load& load = row.config.load;
  return known(row.scenario_energy_j()) && (load.kind == RowKind::job || known(load.max_batch));
}

}  // namespace

std::vector<Scenario> scenarios(const Group& group, bool same_gpus) {
  std::vector<Scenario> all;
  std::map<SharedLoad, std::size_t> number_of;
  std::vector<std::set<Layout>> layouts;
  for (std::size_t i = 0; i < group.rows.size(); ++i) {
    const Row& row = group.rows[i];
    if (!may_take_part(row)) continue;
    const auto [entry, added] = number_of.try_emplace(shared_load(row, same_gpus), all.size());
    if (added) {
      all.emplace_back();
      layouts.emplace_back();
    }
    all[entry->second].rows.push_back(i);
    layouts[entry->second].insert(row.config.layout);
  }
  std::vector<Scenario> result;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (layouts[i].size() >= 2) result.push_back(std::move(all[i]));
  }
  return result;
}

}  // namespace energylens::table
