// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace energylens::table {

/// The columns of the measurement table, in the order in which we write them.
enum class Column {
  // identity
  model,
  params_b,
  active_params_b,
  arch,
  gpu,
  engine,
  engine_version,
  quant,
  kv_dtype,
  workload,
  role,
  simulated,
  // layout
  layout,
  num_gpus,
  tp,
  pp,
  dp,
  ep,
  num_nodes,
  interconnect,
  // operating point
  power_limit_w,
  gpu_clock_mhz,
  // load
  row_kind,
  batch,
  concurrency,
  request_rate_rps,
  max_batch,
  isl,
  osl,
  image_tokens,
  cached_tokens,
  accepted_per_step,
  drafted_per_step,
  // results
  prefill_energy_j,
  decode_energy_j,
  total_energy_j,
  prefill_time_s,
  decode_time_s,
  total_time_s,
  avg_power_w,
  idle_power_w,
  ttft_s,
  tpot_s,
  energy_per_out_token_j,
  energy_per_request_j,
  throughput_tok_s,
  encoder_energy_j,
  host_energy_j,
  // facts
  kv_capacity_tokens,
  energy_scope,
  repeat,
  notes,
};

enum class ColumnType { text, number };
enum class ColumnFamily { identity, layout, operating_point, load, results, facts };

/// Description of one column: the source of CSV, JSON, `table template` and the documentation.
struct ColumnInfo {
  Column column;
  std::string_view name;
  std::string_view
      unit;  ///< "J", "W", "s", "tokens", "" for a pure number or a text; ends the names of most columns
  ColumnType type;
  ColumnFamily family;
  double min;                ///< least value accepted (numbers only)
  bool min_allowed;          ///< `min` itself is accepted
  bool whole;                ///< whole numbers only
  std::string_view meaning;  ///< one sentence
};

inline constexpr std::size_t kColumns = static_cast<std::size_t>(Column::notes) + 1;

/// All columns, indexed by static_cast<size_t>(Column).
std::span<const ColumnInfo> columns();
const ColumnInfo& info(Column column);
std::optional<Column> find_column(std::string_view name);

/// The words allowed in `role` and `row_kind`; empty for other columns, which allow any text.
std::span<const std::string_view> allowed_words(Column column);

}  // namespace energylens::table
