// SPDX-License-Identifier: Apache-2.0
#include "cli/table/warnings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/console.hpp"
#include "core/text.hpp"

namespace energylens::cli {
namespace {

void warn_of_missing_osl(const std::vector<table::Group>& groups) {
  std::size_t without = 0;
  for (const table::Group& group : groups) {
    without += static_cast<std::size_t>(
        std::ranges::count_if(group.rows, [](const table::Row& row) { return !known(row.config.load.osl); }));
  }
  if (without > 0)
    warn(fmt::format("{} without output tokens (osl); fits exclude them", plural(without, "row")));
}

/// Without energies there is nothing to rank by.
void warn_of_missing_energy(const std::vector<table::Group>& groups) {
  const auto has_energy = [](const table::Row& row) {
    return known(row.scenario_energy_j()) || known(row.results.prefill_energy_j) ||
           known(row.results.decode_energy_j);
  };
  std::vector<std::string> without;
  for (const table::Group& group : groups) {
    if (std::ranges::none_of(group.rows, has_energy)) without.push_back(group.identity.text());
  }
  if (without.empty()) return;
  const std::string which = without.size() == groups.size()
                                ? "no row has an energy"
                                : fmt::format("{} of {} have no energy (first {})", without.size(),
                                              plural(groups.size(), "group"), without.front());
  warn(
      which +
      ": fits give times only, and nothing can be ranked by energy; add a column such as total_energy_j (J)");
}

}  // namespace

void warn_of_gaps(const std::vector<table::Group>& groups) {
  warn_of_missing_osl(groups);
  warn_of_missing_energy(groups);
  for (const table::Group& group : groups) {
    if (const auto slip = table::energy_of_one_gpu(group)) warn(group.identity.text() + ": " + *slip);
  }
}

}  // namespace energylens::cli
