// SPDX-License-Identifier: Apache-2.0
// Held by group_test.cpp.
#include "table/group_findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include "core/rounded_text.hpp"
#include "core/text.hpp"
#include "table/definitions.hpp"
#include "table/findings.hpp"
#include "table/layout_of.hpp"

namespace energylens::table {
namespace {

/// Repeats of one measurement differ by some percent. Repeats that differ by this factor are not of the same thing.
constexpr double kFarApart = 1.5;

/// Columns of the user's own that may differ in repeats.
constexpr std::array<std::string_view, 2> kMayDiffer = {"source_file", "dataset"};
/// Known columns that take no part in a fit.
constexpr std::array<Column, 8> kWithoutPart = {
    Column::concurrency,        Column::request_rate_rps, Column::num_nodes, Column::energy_scope,
    Column::kv_capacity_tokens, Column::params_b,         Column::arch,      Column::active_params_b};

std::string place(const Row& row) {
  return fmt::format("{}:{}", row.file, row.line);
}

/// Blanks are equal, which unknown numbers are not.
std::optional<double> number_or_blank(const Table& table, Column column, std::size_t row) {
  const double number = number_at(table, column, row);
  return known(number) ? std::optional(number) : std::nullopt;
}

template <class Cell>
bool differ(RowSpan rows, const Cell& cell) {
  const auto first = cell(rows.front());
  return std::ranges::any_of(rows, [&](std::size_t row) { return cell(row) != first; });
}

}  // namespace

std::string cell_text(const Table& table, Column column, std::size_t row) {
  if (info(column).type == ColumnType::text) return std::string(table.text(column, row));
  const double number = number_at(table, column, row);
  return known(number) ? number_text(number) : "";
}

void GroupFindings::repeats(const std::vector<Row>& measured, RowSpan rows) {
  if (rows.size() < 2) return;
  differing_columns(rows);
  spread(measured, rows);
}

void GroupFindings::differing_columns(RowSpan rows) {
  for (const TextColumn& column : table_.unknown_columns()) {
    if (std::ranges::find(kMayDiffer, column.name) != kMayDiffer.end()) continue;
    if (differ(rows, [&](std::size_t row) { return column[row]; })) note_differing(column.name);
  }
  for (const Column column : kWithoutPart) {
    if (!table_.has(column)) continue;
    const bool differing =
        info(column).type == ColumnType::text
            ? differ(rows, [&](std::size_t row) { return table_.text(column, row); })
            : differ(rows, [&](std::size_t row) { return number_or_blank(table_, column, row); });
    if (differing) note_differing(info(column).name);
  }
}

void GroupFindings::note_differing(std::string_view column) {
  ++differing_[std::string(column)];
}

/// Repeats whose energies, or times where there are no energies, are far apart.
void GroupFindings::spread(const std::vector<Row>& measured, RowSpan rows) {
  const auto value = [&](std::size_t row) {
    const double energy = measured[row].scenario_energy_j();
    return known(energy) ? energy : measured[row].scenario_time_s();
  };
  std::optional<std::size_t> least, most;
  for (const std::size_t row : rows) {
    if (!known(value(row))) continue;
    if (!least || value(row) < value(*least)) least = row;
    if (!most || value(row) > value(*most)) most = row;
  }
  if (!least || value(*most) < kFarApart * value(*least)) return;
  ++far_apart_;
  const double ratio = value(*most) / value(*least);
  if (ratio <= worst_ratio_) return;
  worst_ratio_ = ratio;
  worst_places_ = place(measured[*least]) + " and " + place(measured[*most]);
}

void GroupFindings::group(const RowIndices& rows) {
  std::set<bool> kinds;
  for (const std::size_t row : rows) kinds.insert(number_at(table_, Column::simulated, row) == 1);
  if (kinds.size() == 2) ++mixed_groups_;
}

std::vector<std::string> GroupFindings::lines() const {
  std::vector<std::string> lines;
  if (std::optional<std::string> twice = identical_rows(table_)) lines.push_back(std::move(*twice));
  std::ranges::move(definition_findings(table_), std::back_inserter(lines));
  const auto rows = [&](std::size_t count, std::string_view what) {
    if (count > 0) lines.push_back(fmt::format("{} {}", plural(count, "row"), what));
  };
  rows(without_batch_, "without a batch excluded");
  rows(without_result_, "with neither an energy nor a time excluded");
  rows(ep_beside_tp_, "with num_gpus = tp*pp*ep read as tp*ep tensor-parallel GPUs");
  const auto sets = [](std::size_t count) { return plural(count, "set") + " of repeats"; };
  for (const auto& [column, count] : differing_)
    lines.push_back(
        fmt::format("repeats with different values in column {} ({}) were averaged", column, sets(count)));
  if (far_apart_ > 0)
    lines.push_back(
        fmt::format("results differ by too much in {}, most in {}, by a factor of {}; averaged nevertheless",
                    sets(far_apart_), worst_places_, rounded_text(worst_ratio_)));
  if (mixed_groups_ > 0)
    lines.push_back(
        fmt::format("{} simulated and measured rows", plural(mixed_groups_, "group mixes", "groups mix")));
  return lines;
}

}  // namespace energylens::table
