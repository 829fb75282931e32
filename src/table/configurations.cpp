// SPDX-License-Identifier: Apache-2.0
// Held by configurations_test.cpp.
#include "energylens/table/configurations.hpp"

#include <map>

#include "table/layout_of.hpp"

namespace energylens::table {
namespace {

double value_at(std::span<const double> column, std::size_t row) {
  return column.empty() ? kUnknown : column[row];
}

}  // namespace

Configuration Configurations::operator[](std::size_t row) const {
  Configuration config;
  config.layout = layouts[layout[row]];
  config.kv_capacity_tokens = value_at(kv_capacity_tokens, row);
  Load& load = config.load;
  load.kind = is_steady(row) ? RowKind::steady : RowKind::job;
  load.batch = value_at(batch, row);
  load.max_batch = value_at(max_batch, row);
  load.isl = value_at(isl, row);
  load.osl = value_at(osl, row);
  load.image_tokens = value_at(image_tokens, row);
  load.cached_tokens = value_at(cached_tokens, row);
  load.accepted_per_step = value_at(accepted_per_step, row);
  return config;
}

Configurations configurations(const Table& table) {
  Configurations out;
  out.batch = table.numbers(Column::batch);
  out.max_batch = table.numbers(Column::max_batch);
  out.isl = table.numbers(Column::isl);
  out.osl = table.numbers(Column::osl);
  out.image_tokens = table.numbers(Column::image_tokens);
  out.cached_tokens = table.numbers(Column::cached_tokens);
  out.accepted_per_step = table.numbers(Column::accepted_per_step);
  out.kv_capacity_tokens = table.numbers(Column::kv_capacity_tokens);
  std::map<Layout, std::uint32_t> places;
  out.layout.reserve(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const Layout layout = layout_of(table, row);
    const auto [place, added] = places.emplace(layout, static_cast<std::uint32_t>(out.layouts.size()));
    if (added) out.layouts.push_back(layout);
    out.layout.push_back(place->second);
  }
  if (table.has(Column::row_kind)) {
    for (std::size_t row = 0; row < table.rows(); ++row)
      out.steady.push_back(table.text(Column::row_kind, row) == "steady");
  }
  return out;
}

}  // namespace energylens::table
