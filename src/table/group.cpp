// SPDX-License-Identifier: Apache-2.0
// Rows fall into ordered maps, first by the text of their group's key, then by load and layout: the order of
// the maps is the canonical order, so that neither the order of rows nor that of files changes anything. Held
// by group_test.cpp.
#include "energylens/table/group.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>

#include "energylens/core/rounded_text.hpp"
#include "table/definitions.hpp"
#include "table/derive.hpp"
#include "table/doubts.hpp"
#include "table/layout_of.hpp"
#include "table/row_columns.hpp"

namespace energylens::table {
namespace {

using GroupKey = std::array<std::string, kGroupColumns.size()>;
using RowIndices = std::vector<std::size_t>;

/// What repeats have in common, in the canonical order; unknown is -1, since all quantities are >= 0.
struct RepeatKey {
  RowKind kind;
  std::array<double, kLoadColumns.size()> load;
  Layout layout;
  friend auto operator<=>(const RepeatKey&, const RepeatKey&) = default;
};
using RepeatSets = std::map<RepeatKey, RowIndices>;

std::string text_at(const Table& table, Column column, std::size_t row) {
  if (info(column).type == ColumnType::text) return std::string(table.text(column, row));
  const double number = number_at(table, column, row);
  return known(number) ? number_text(number) : "";
}

GroupKey group_key(const Table& table, std::size_t row) {
  GroupKey key;
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = text_at(table, kGroupColumns[i], row);
  return key;
}

RepeatKey repeat_key(const Row& row) {
  RepeatKey key{row.config.load.kind, {}, row.config.layout};
  for (std::size_t i = 0; i < key.load.size(); ++i) {
    const double value = row.config.load.*kLoadColumns[i].member;
    key.load[i] = known(value) ? value : -1;
  }
  return key;
}

Row measured_row(const Table& table, std::size_t index, bool* ep_beside_tp) {
  Row row;
  row.file = table.file(index);
  row.line = table.line(index);
  row.config.layout = layout_of(table, index, ep_beside_tp);
  Load& load = row.config.load;
  load.kind = table.text(Column::row_kind, index) == "steady" ? RowKind::steady : RowKind::job;
  for (const auto& [column, member] : kLoadColumns) load.*member = number_at(table, column, index);
  for (const auto& [column, member] : kResultColumns) row.results.*member = number_at(table, column, index);
  row.config.kv_capacity_tokens = number_at(table, Column::kv_capacity_tokens, index);
  derive(row.results, load);
  return row;
}

bool measures_something(const Results& r) {
  return known(r.total_energy_j) || known(r.prefill_energy_j) || known(r.decode_energy_j) ||
         known(r.energy_per_out_token_j) || known(r.total_time_s) || known(r.prefill_time_s) ||
         known(r.decode_time_s) || known(r.ttft_s) || known(r.tpot_s);
}

/// In ascending order, so that sums do not depend on the order of rows.
std::vector<double> known_of(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !known(value); });
  std::sort(values.begin(), values.end());
  return values;
}

double mean_of_known(const std::vector<double>& values) {
  const std::vector<double> all = known_of(values);
  if (all.empty()) return kUnknown;
  return std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
}

/// Sample standard deviation of the logarithms of the known values; unknown for fewer than two.
double log_sd(const std::vector<double>& values) {
  std::vector<double> logs = known_of(values);
  if (logs.size() < 2) return kUnknown;
  for (double& value : logs) value = std::log(value);
  const double mean = mean_of_known(logs);
  double squares = 0;
  for (const double log : logs) squares += (log - mean) * (log - mean);
  return std::sqrt(squares / static_cast<double>(logs.size() - 1));
}

Row averaged(const std::vector<Row>& measured, const RowIndices& repeats) {
  Row row = measured[repeats.front()];
  if (repeats.size() == 1) return row;
  const auto values = [&](auto value_of) {
    std::vector<double> result;
    for (const std::size_t index : repeats) result.push_back(value_of(measured[index]));
    return result;
  };
  for (const auto& [column, member] : kResultColumns) {
    row.results.*member =
        mean_of_known(values([member = member](const Row& each) { return each.results.*member; }));
  }
  row.config.kv_capacity_tokens =
      mean_of_known(values([](const Row& each) { return each.config.kv_capacity_tokens; }));
  row.log_sd = log_sd(values([](const Row& each) { return each.scenario_energy_j(); }));
  row.repeats = static_cast<int>(repeats.size());
  return row;
}

double first_known(const Table& table, Column column, const RowIndices& rows) {
  for (const std::size_t row : rows) {
    const double value = number_at(table, column, row);
    if (known(value)) return value;
  }
  return kUnknown;
}

GroupIdentity identity_of(const Table& table, const GroupKey& key, const RowIndices& rows) {
  GroupIdentity identity;
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (!key[i].empty()) identity.key.emplace_back(info(kGroupColumns[i]).name, key[i]);
  }
  identity.params_b = first_known(table, Column::params_b, rows);
  identity.active_params_b = first_known(table, Column::active_params_b, rows);
  for (const std::size_t row : rows) {
    if (identity.arch.empty()) identity.arch = table.text(Column::arch, row);
    if (number_at(table, Column::simulated, row) == 1) identity.simulated = true;
  }
  return identity;
}

/// Repeats of one measurement differ by some percent; by so much they are not of one thing.
constexpr double kFarApart = 1.5;

/// Collects what people should know of a table, one line per finding.
class Findings {
 public:
  Findings(const Table& table, std::vector<std::string>* lines) : table_(table), lines_(lines) {}

  void left_out(bool no_batch) { ++(no_batch ? without_batch_ : without_result_); }
  void ep_beside_tp() { ++ep_beside_tp_; }

  /// Notes the columns without part in a fit that differ within one set of repeats.
  void repeats(const RowIndices& rows) {
    if (!lines_ || rows.size() < 2) return;
    for (const TextColumn& column : table_.unknown_columns()) {
      constexpr std::array<std::string_view, 2> kMayDiffer = {"source_file", "dataset"};
      if (std::find(kMayDiffer.begin(), kMayDiffer.end(), column.name) != kMayDiffer.end()) continue;
      note_if_differing(column.name, rows, [&](std::size_t row) { return column[row]; });
    }
    constexpr std::array<Column, 8> kKnownWithoutPart = {
        Column::concurrency,        Column::request_rate_rps, Column::num_nodes, Column::energy_scope,
        Column::kv_capacity_tokens, Column::params_b,         Column::arch,      Column::active_params_b};
    for (const Column column : kKnownWithoutPart) {
      if (!table_.has(column)) continue;
      note_if_differing(info(column).name, rows,
                        [&](std::size_t row) { return text_at(table_, column, row); });
    }
  }

  /// Notes repeats whose energies, or times where there are none, lie far apart.
  void spread(const std::vector<Row>& measured, const RowIndices& rows) {
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
    worst_ = measured[*least].file + ':' + std::to_string(measured[*least].line) + " and " +
             measured[*most].file + ':' + std::to_string(measured[*most].line);
  }

  void group(const RowIndices& rows) {
    std::set<bool> kinds;
    for (const std::size_t row : rows) kinds.insert(number_at(table_, Column::simulated, row) == 1);
    if (kinds.size() == 2) ++mixed_groups_;
  }

  void report() const {
    if (!lines_) return;
    if (const std::optional<std::string> twice = identical_rows(table_)) lines_->push_back(*twice);
    std::ranges::move(definition_doubts(table_), std::back_inserter(*lines_));
    const auto say = [&](std::size_t count, const std::string& what) {
      if (count > 0) lines_->push_back(std::to_string(count) + (count == 1 ? " row " : " rows ") + what);
    };
    say(without_batch_, "without batch left out");
    say(without_result_, "with neither an energy nor a time left out");
    say(ep_beside_tp_, "with num_gpus = tp*pp*ep read as tp*ep tensor-parallel GPUs");
    for (const auto& [column, count] : differing_) {
      lines_->push_back("repeats differ in column " + column + " (" + std::to_string(count) +
                        (count == 1 ? " set" : " sets") + " of repeats); averaged all the same");
    }
    if (far_apart_ > 0) {
      lines_->push_back(std::to_string(far_apart_) + (far_apart_ == 1 ? " set" : " sets") +
                        " of repeats contradict each other, most " + worst_ + ", by a factor of " +
                        rounded_text(worst_ratio_, 3) + "; averaged all the same");
    }
    if (mixed_groups_ > 0) {
      lines_->push_back(std::to_string(mixed_groups_) +
                        (mixed_groups_ == 1 ? " group mixes" : " groups mix") +
                        " simulated and measured rows");
    }
  }

 private:
  void note_if_differing(std::string_view column, const RowIndices& rows,
                         const std::function<std::string(std::size_t)>& cell) {
    const std::string first = cell(rows.front());
    const bool differs =
        std::any_of(rows.begin(), rows.end(), [&](std::size_t row) { return cell(row) != first; });
    if (differs) ++differing_[std::string(column)];
  }

  const Table& table_;
  std::vector<std::string>* lines_;
  std::size_t without_batch_ = 0, without_result_ = 0, ep_beside_tp_ = 0, mixed_groups_ = 0;
  std::size_t far_apart_ = 0;
  double worst_ratio_ = 0;
  std::string worst_;  ///< where the repeats stand that lie farthest apart
  std::map<std::string, std::size_t> differing_;
};

}  // namespace

const std::string& GroupIdentity::operator[](std::string_view column) const {
  static const std::string blank;
  if (column == info(Column::arch).name) return arch;
  const auto found =
      std::find_if(key.begin(), key.end(), [&](const auto& entry) { return entry.first == column; });
  return found == key.end() ? blank : found->second;
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
  std::string text;
  for (const auto& [column, value] : key) {
    if (!text.empty()) text += ", ";
    const std::optional<Column> known_column = find_column(column);
    const bool number = known_column && info(*known_column).type == ColumnType::number;
    text += number ? column + '=' + value : value;
  }
  return text.empty() ? "all rows" : text;
}

std::vector<Group> groups(const Table& table, std::vector<std::string>* warnings) {
  Findings findings(table, warnings);
  std::vector<Row> measured;
  std::map<GroupKey, RowIndices> members;
  for (std::size_t index = 0; index < table.rows(); ++index) {
    bool ep_beside_tp = false;
    measured.push_back(measured_row(table, index, &ep_beside_tp));
    const bool no_batch = !known(measured.back().config.load.batch);
    if (no_batch || !measures_something(measured.back().results)) {
      findings.left_out(no_batch);
      continue;
    }
    if (ep_beside_tp) findings.ep_beside_tp();
    members[group_key(table, index)].push_back(index);
  }
  std::vector<Group> result;
  for (const auto& [key, rows] : members) {
    RepeatSets sets;
    for (const std::size_t index : rows) sets[repeat_key(measured[index])].push_back(index);
    Group group{identity_of(table, key, rows), {}};
    for (const auto& [repeats, indices] : sets) {
      group.rows.push_back(averaged(measured, indices));
      findings.repeats(indices);
      findings.spread(measured, indices);
    }
    findings.group(rows);
    result.push_back(std::move(group));
  }
  findings.report();
  return result;
}

}  // namespace energylens::table
