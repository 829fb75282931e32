// SPDX-License-Identifier: Apache-2.0
// The fingerprint of groups: one canonical text of each, hashed by FNV-1a (Fowler, Noll, Vo). Held by
// data_hash_test.cpp.
#include <array>

#include "core/fnv1a.hpp"
#include "energylens/table/group.hpp"
#include "table/row_columns.hpp"

namespace energylens::table {
namespace {

/// The cells of one row: a text and a number for each column, of which the column's type decides which counts.
struct Cells {
  std::array<std::string, kColumns> texts;
  std::array<double, kColumns> numbers;
  Cells() { numbers.fill(kUnknown); }

  std::string& text(Column column) { return texts[static_cast<std::size_t>(column)]; }
  double& number(Column column) { return numbers[static_cast<std::size_t>(column)]; }
};

Cells cells_of(const GroupIdentity& identity, const Row& row) {
  Cells cells;
  for (const Column column : kGroupColumns) {
    const std::string& text = identity[info(column).name];
    if (info(column).type == ColumnType::text) {
      cells.text(column) = text;
    } else {
      cells.number(column) = parse_number(text).value_or(kUnknown);
    }
  }
  cells.text(Column::arch) = identity.arch;
  cells.number(Column::params_b) = identity.params_b;
  cells.number(Column::active_params_b) = identity.active_params_b;
  cells.number(Column::simulated) = identity.simulated ? 1 : 0;
  const Layout& layout = row.config.layout;
  cells.number(Column::num_gpus) = layout.gpus();
  cells.number(Column::tp) = layout.tp;
  cells.number(Column::pp) = layout.pp;
  cells.number(Column::dp) = layout.dp;
  cells.number(Column::ep) = layout.ep;
  cells.text(Column::row_kind) = row.config.load.kind == RowKind::job ? "job" : "steady";
  for (const auto& [column, member] : kLoadColumns) cells.number(column) = row.config.load.*member;
  for (const auto& [column, member] : kResultColumns) cells.number(column) = row.results.*member;
  cells.number(Column::kv_capacity_tokens) = row.config.kv_capacity_tokens;
  return cells;
}

void add(Fnv1a& hash, std::string_view text) {
  hash.add(text);
  hash.add(std::string_view("\0", 1));  // so that "a", "bc" and "ab", "c" differ
}
void add(Fnv1a& hash, double number) {
  add(hash, std::string_view(number_text(number)));
}

/// Columns that came after files with hashes: rows that leave them blank keep their hash. Numbers only.
constexpr bool is_newer(Column column) {
  return column == Column::drafted_per_step;
}

}  // namespace

std::string data_hash(std::span<const Group> groups) {
  Fnv1a hash;
  for (const Group& group : groups) {
    for (const Row& row : group.rows) {
      const Cells cells = cells_of(group.identity, row);
      for (std::size_t column = 0; column < cells.texts.size(); ++column) {
        if (!is_newer(static_cast<Column>(column))) add(hash, cells.texts[column]);
      }
      for (std::size_t column = 0; column < cells.numbers.size(); ++column) {
        if (!is_newer(static_cast<Column>(column)) || known(cells.numbers[column]))
          add(hash, cells.numbers[column]);
      }
      add(hash, row.repeats);
      add(hash, row.log_sd);
    }
  }
  return hash.hex();
}

}  // namespace energylens::table
