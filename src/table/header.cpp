// SPDX-License-Identifier: Apache-2.0
// An unknown name is either a column of the user's own, which is kept, or a mistake, which is refused. It is taken
// for a mistake only if the known column that it resembles is absent: a known quantity in another unit or without
// its unit, another tool's name for it, or a few wrong letters. Held by header_test.cpp.
#include "table/header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/nearest_name.hpp"
#include "core/text.hpp"
#include "table/column_names.hpp"
#include "table/mistakes.hpp"

namespace energylens::table {
namespace {

constexpr std::array<Column, 11> kMeasured = {Column::total_energy_j,
                                              Column::prefill_energy_j,
                                              Column::decode_energy_j,
                                              Column::energy_per_out_token_j,
                                              Column::energy_per_request_j,
                                              Column::total_time_s,
                                              Column::prefill_time_s,
                                              Column::decode_time_s,
                                              Column::ttft_s,
                                              Column::tpot_s,
                                              Column::throughput_tok_s};

class MistakeFinder {
 public:
  MistakeFinder(const std::set<Column>& present, const Place& place) : place_(place) {
    for (const ColumnInfo& column : columns()) {
      if (!present.contains(column.column)) absent_.push_back(column.column);
    }
  }

  /// The absent column that an unknown name stands for; nothing for a column of the user's own.
  std::optional<NameMeant> meant(std::string_view name) const {
    const std::optional<NameMeant> other = column_meant(name);
    if (other && lacks(other->column)) return other;
    // Short names resemble each other, so that only another spelling of the same letters counts for them.
    std::vector<std::string_view> names;
    for (const Column column : absent_) names.push_back(info(column).name);
    const std::optional<std::string> near = nearest_name(name, names, name.size() < 5 ? 0 : 2);
    if (!near) return std::nullopt;
    return NameMeant{*find_column(*near), false};
  }

  Error mistake(std::string_view name, const NameMeant& meant) const {
    const ColumnInfo& column = info(meant.column);
    return Error::bad_input(
        {place_.file, place_.line, shown(name)},
        meant.other_unit
            ? fmt::format("unknown unit in {}; convert to {} in {}", quote(name), column.name, column.unit)
            : fmt::format("unknown column; did you mean \"{}\"?", column.name));
  }

 private:
  bool lacks(Column column) const { return std::ranges::find(absent_, column) != absent_.end(); }

  std::vector<Column> absent_;
  Place place_;
};

/// A header of one cell that contains the separator of another dialect.
void refuse_other_separator(std::span<const std::string_view> names, const Place& place) {
  if (names.size() != 1) return;
  for (const auto& [separator, name] : {std::pair{';', "semicolons"}, std::pair{'\t', "tabs"}}) {
    if (names.front().find(separator) != std::string_view::npos)
      throw Error::bad_input(place, fmt::format("cells are separated by {}; use commas", name));
  }
}

void find_blanks_and_doubles(std::span<const std::string_view> names, const Place& place,
                             Mistakes& mistakes) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) {
      mistakes.add(Error::bad_input(place, fmt::format("column {} of the header has no name", i + 1)));
    } else if (!seen.insert(names[i]).second) {
      mistakes.add(Error::bad_input({place.file, place.line, shown(names[i])}, "duplicate column"));
    }
  }
}

/// `; is it the column "btch"?` if an unknown column is near enough, else nothing.
std::string near_unknown(std::string_view wanted, std::span<const std::string_view> names) {
  std::vector<std::string_view> unknown;
  std::copy_if(names.begin(), names.end(), std::back_inserter(unknown),
               [](std::string_view name) { return !find_column(name); });
  const std::optional<std::string> near = nearest_name(wanted, unknown);
  return near ? fmt::format("; is it the column {}?", quote(*near)) : "";
}

/// `meant`: columns that stand in the header under other names, which have been refused already.
void require_columns(const std::set<Column>& present, const std::set<Column>& meant,
                     std::span<const std::string_view> names, const Place& place, ResultColumns results,
                     Mistakes& mistakes) {
  const auto has = [&](Column column) { return present.contains(column) || meant.contains(column); };
  if (!has(Column::batch)) {
    mistakes.add(
        Error::bad_input({place.file, place.line, "batch"}, "missing column" + near_unknown("batch", names)));
  }
  if (std::ranges::any_of(kMeasured, has) || results == ResultColumns::optional) return;
  mistakes.add(Error::bad_input(place, "no result column; add one such as total_energy_j or total_time_s" +
                                           near_unknown("total_energy_j", names)));
}

/// Wide sheets of other programs are not tables of measurements, and a table costs memory per column and row.
void refuse_too_many(std::span<const std::string_view> names, const Place& place) {
  constexpr std::size_t kMostColumns = 4096;
  if (names.size() <= kMostColumns) return;
  throw Error::bad_input(
      place, fmt::format("the header has {} columns; a table has at most {}", names.size(), kMostColumns));
}

}  // namespace

Header read_header(std::span<const std::string_view> names, const Place& place, ResultColumns results) {
  refuse_too_many(names, place);
  refuse_other_separator(names, place);
  Mistakes mistakes;
  find_blanks_and_doubles(names, place, mistakes);
  Header header;
  std::set<Column> present, meant;
  for (const std::string_view name : names) {
    header.push_back(find_column(name));
    if (header.back()) present.insert(*header.back());
  }
  const MistakeFinder finder(present, place);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (header[i] || names[i].empty()) continue;
    const std::optional<NameMeant> other = finder.meant(names[i]);
    if (!other) continue;
    meant.insert(other->column);
    mistakes.add(finder.mistake(names[i], *other));
  }
  require_columns(present, meant, names, place, results, mistakes);
  mistakes.throw_if_any();
  return header;
}

}  // namespace energylens::table
