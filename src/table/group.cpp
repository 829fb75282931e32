// SPDX-License-Identifier: Apache-2.0
// Rows fall into ordered maps, first by the text of their group's key, then by load and layout: the order of
// the maps is the canonical order, so that neither the order of rows nor that of files changes anything. Held
// by group_test.cpp.
#include "energylens/table/group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <unordered_map>

#include "core/text.hpp"
#include "table/group_findings.hpp"
#include "table/layout_of.hpp"
#include "table/repeats.hpp"
#include "table/row_columns.hpp"

namespace energylens::table {
namespace {

using GroupKey = std::array<std::string, kGroupColumns.size()>;

/// The keys of rows. Each spelling is brought into its normal form once.
class GroupKeys {
 public:
  explicit GroupKeys(const Table& table) : table_(table) {}

  GroupKey of(std::size_t row) {
    GroupKey key;
    for (std::size_t i = 0; i < key.size(); ++i) {
      const Column column = kGroupColumns[i];
      if (!table_.has(column)) continue;
      key[i] = info(column).type == ColumnType::number ? cell_text(table_, column, row)
                                                       : normal(i, table_.text(column, row));
    }
    return key;
  }

 private:
  const std::string& normal(std::size_t i, std::string_view text) {
    const auto [entry, added] = normal_[i].try_emplace(text);
    if (added) entry->second = normal_text(kGroupColumns[i], text);
    return entry->second;
  }

  const Table& table_;
  std::array<std::unordered_map<std::string_view, std::string>, kGroupColumns.size()> normal_;
};

/// The commonest spelling of a key column; of equally common ones the first as text.
std::string commonest(const Table& table, Column column, const RowIndices& rows) {
  if (!table.has(column)) return {};
  if (info(column).type == ColumnType::number) return cell_text(table, column, rows.front());
  std::map<std::string_view, std::size_t> counts;
  for (const std::size_t row : rows) ++counts[table.text(column, row)];
  return std::string(
      std::ranges::max_element(counts, {}, &std::pair<const std::string_view, std::size_t>::second)->first);
}

double first_known(const Table& table, Column column, const RowIndices& rows) {
  for (const std::size_t row : rows) {
    const double value = number_at(table, column, row);
    if (known(value)) return value;
  }
  return kUnknown;
}

GroupIdentity identity_of(const Table& table, const RowIndices& rows) {
  GroupIdentity identity;
  for (const Column column : kGroupColumns) {
    std::string text = commonest(table, column, rows);
    if (!text.empty()) identity.key.emplace_back(info(column).name, std::move(text));
  }
  identity.params_b = first_known(table, Column::params_b, rows);
  identity.active_params_b = first_known(table, Column::active_params_b, rows);
  for (const std::size_t row : rows) {
    if (identity.arch.empty()) identity.arch = table.text(Column::arch, row);
    if (identity.energy_scope.empty()) identity.energy_scope = table.text(Column::energy_scope, row);
    if (number_at(table, Column::simulated, row) == 1) identity.simulated = true;
  }
  return identity;
}

std::vector<std::string> shown_key(const Group& group) {
  std::vector<std::string> key;
  for (const Column column : kGroupColumns) key.push_back(group.identity[info(column).name]);
  return key;
}

}  // namespace

const std::string& GroupIdentity::operator[](std::string_view column) const {
  static const std::string blank;
  if (column == info(Column::arch).name) return arch;
  const auto found =
      std::find_if(key.begin(), key.end(), [&](const auto& entry) { return entry.first == column; });
  return found == key.end() ? blank : found->second;
}

bool covers_more_than_gpus(const GroupIdentity& identity) {
  return !identity.energy_scope.empty() && !lower_case(identity.energy_scope).starts_with("gpu");
}

std::span<const std::string_view> key_columns() {
  static const auto names = [] {
    std::array<std::string_view, kGroupColumns.size()> all;
    std::ranges::transform(kGroupColumns, all.begin(), [](Column column) { return info(column).name; });
    return all;
  }();
  return names;
}

std::string GroupIdentity::text() const {
  std::vector<std::string> texts;
  for (const auto& [column, value] : key) {
    const std::optional<Column> known_column = find_column(column);
    const bool number = known_column && info(*known_column).type == ColumnType::number;
    texts.push_back(number ? fmt::format("{}={}", column, value) : value);
  }
  return texts.empty() ? "all rows" : join(texts);
}

std::vector<Group> groups(const Table& table, std::vector<std::string>* warnings) {
  GroupFindings findings(table);
  std::vector<Row> measured;
  measured.reserve(table.rows());
  std::map<GroupKey, RowIndices> members;
  GroupKeys keys(table);
  for (std::size_t index = 0; index < table.rows(); ++index) {
    bool ep_beside_tp = false;
    measured.push_back(measured_row(table, index, &ep_beside_tp));
    const bool no_batch = !known(measured.back().config.load.batch);
    if (no_batch || !has_result(measured.back().results)) {
      findings.left_out(no_batch);
      continue;
    }
    if (ep_beside_tp) findings.ep_beside_tp();
    members[keys.of(index)].push_back(index);
  }
  std::vector<Group> result;
  for (auto& [key, rows] : members) {
    Group group{identity_of(table, rows), {}};
    findings.group(rows);
    const RowIndices ends = sort_into_repeats(measured, rows);
    group.rows.reserve(ends.size());
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
      const RowSpan repeats = RowSpan(rows).subspan(begin, end - begin);
      group.rows.push_back(averaged(measured, repeats));
      if (warnings) findings.repeats(measured, repeats);
      begin = end;
    }
    result.push_back(std::move(group));
  }
  // By the keys as they are shown, whatever their normal form.
  std::ranges::stable_sort(result, {}, shown_key);
  if (warnings) std::ranges::move(findings.lines(), std::back_inserter(*warnings));
  return result;
}

}  // namespace energylens::table
