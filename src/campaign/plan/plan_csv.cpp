// SPDX-License-Identifier: Apache-2.0
// A table to fill in is a plan: `design` writes one. Columns that all rows have alike become the identity of
// the plan; model and quantisation may differ. Held by plan_test.cpp.
#include "campaign/plan/plan_csv.hpp"

#include <algorithm>
#include <cmath>

#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/table/table.hpp"

namespace energylens::campaign {
namespace {

using table::Column;

double number_at(const table::Table& table, Column column, std::size_t row) {
  const auto values = table.numbers(column);
  return values.empty() ? kUnknown : values[row];
}

Place place_of(const table::Table& table, std::size_t row, Column column) {
  return {table.file(row), table.line(row), std::string(table::info(column).name)};
}

/// A whole number from 1 to `most`.
double required(const table::Table& table, Column column, std::size_t row, double most) {
  const double value = number_at(table, column, row);
  if (!known(value))
    throw Error::bad_input(place_of(table, row, column), "is empty; every configuration requires a value");
  if (value != std::floor(value) || value < 1 || value > most) {
    throw Error::bad_input(place_of(table, row, column),
                           number_text(value) + " is not a whole number from 1 to " + number_text(most));
  }
  return value;
}

table::Layout layout_of(const table::Table& table, std::size_t row) {
  std::string text(table.text(Column::layout, row));
  const auto factor = [&](std::string_view name, Column column) {
    const double value = number_at(table, column, row);
    if (known(value)) text += std::string(name) + number_text(value);
  };
  if (text.empty()) {
    const bool gpus_only = !known(number_at(table, Column::tp, row)) &&
                           !known(number_at(table, Column::pp, row)) &&
                           !known(number_at(table, Column::dp, row));
    factor("tp", gpus_only ? Column::num_gpus : Column::tp);
    factor("pp", Column::pp);
    factor("dp", Column::dp);
    factor("ep", Column::ep);
  }
  try {
    return table::parse_layout(text.empty() ? "tp1" : text);
  } catch (const Error& error) {
    throw Error::bad_input(place_of(table, row, Column::layout), error.message());
  }
}

/// "takes about 29.0 s", as `design` notes it.
double expected_s(const table::Table& table, std::size_t row) {
  const double measured_s = number_at(table, Column::total_time_s, row);
  if (known(measured_s)) return measured_s;
  constexpr std::string_view kBefore = "takes about ";
  const std::string_view notes = table.text(Column::notes, row);
  const std::size_t begin = notes.find(kBefore);
  if (begin == notes.npos) return kUnknown;
  const std::string_view rest = notes.substr(begin + kBefore.size());
  const double seconds = parse_number(rest.substr(0, rest.find(' '))).value_or(kUnknown);
  return seconds > 0 ? seconds : kUnknown;
}

Target target_of(const table::Table& table, std::size_t row) {
  Target target;
  target.deployment = {std::string(table.text(Column::model, row)),
                       std::string(table.text(Column::quant, row)), layout_of(table, row)};
  for (const Column column : {Column::model, Column::quant}) {
    if (!is_one_line(table.text(column, row)))
      throw Error::bad_input(place_of(table, row, column), "must be a single line of text");
  }
  const bool steady = table.text(Column::row_kind, row) == "steady";
  target.load.kind = steady ? table::RowKind::steady : table::RowKind::job;
  const bool limit = steady && known(number_at(table, Column::max_batch, row));
  target.load.batch = required(table, limit ? Column::max_batch : Column::batch, row, kMostRequests);
  target.load.isl = required(table, Column::isl, row, kMostTokens);
  target.load.osl = required(table, Column::osl, row, kMostTokens);
  if (number_at(table, Column::image_tokens, row) > 0)
    target.load.image_tokens = required(table, Column::image_tokens, row, kMostTokens);
  if (steady && target.load.osl < 2)
    throw Error::bad_input(place_of(table, row, Column::osl),
                           "a steady load requires at least 2 output tokens");
  target.expected_s = expected_s(table, row);
  return target;
}

bool alike(const table::Table& table, Column column) {
  for (std::size_t row = 1; row < table.rows(); ++row) {
    if (table.text(column, row) != table.text(column, 0)) return false;
  }
  return true;
}

void take_identity(const table::Table& table, Plan& plan) {
  using enum Column;
  for (const Column column : {arch, gpu, engine, engine_version, kv_dtype, workload, role, interconnect}) {
    if (!table.has(column)) continue;
    if (!alike(table, column))
      throw Error::bad_input(place_of(table, 0, column),
                             "differs between the rows; a plan measures one system");
    if (!is_one_line(table.text(column, 0)))
      throw Error::bad_input(place_of(table, 0, column), "must be a single line of text");
    if (!table.text(column, 0).empty())
      plan.identity.emplace_back(table::info(column).name, table.text(column, 0));
  }
  for (const Column column : {params_b, active_params_b, power_limit_w, gpu_clock_mhz}) {
    const double first = number_at(table, column, 0);
    for (std::size_t row = 1; row < table.rows() && known(first); ++row) {
      if (number_at(table, column, row) != first)
        throw Error::bad_input(place_of(table, row, column),
                               "differs between the rows; a plan measures one system");
    }
    if (known(first)) plan.identity.emplace_back(table::info(column).name, number_text(first));
  }
}

}  // namespace

bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; });
}

Plan parse_csv_plan(std::string_view text, const std::string& file) {
  const table::Table table = table::parse_csv(text, file, table::ResultColumns::optional);
  if (table.rows() == 0) throw Error::bad_input({file, 0, ""}, "the plan contains no configuration");
  if (table.rows() > kMostTargets)
    throw Error::bad_input({file, 0, ""}, "more than " + std::to_string(kMostTargets) + " configurations");
  Plan plan;
  take_identity(table, plan);
  for (std::size_t row = 0; row < table.rows(); ++row) plan.targets.push_back(target_of(table, row));
  return plan;
}

}  // namespace energylens::campaign
