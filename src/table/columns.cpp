// SPDX-License-Identifier: Apache-2.0
// The descriptor table of the measurement table's columns, in the order of `Column`. Its order, and that
// every column has a sentence, is held by columns_test.cpp.
#include "energylens/table/columns.hpp"

#include <array>
#include <unordered_map>

namespace energylens::table {
namespace {

using enum ColumnFamily;

constexpr ColumnInfo text(Column column, std::string_view name, ColumnFamily family,
                          std::string_view meaning) {
  return {column, name, "", ColumnType::text, family, 0, true, false, meaning};
}

/// Any number above 0.
constexpr ColumnInfo above_zero(Column column, std::string_view name, std::string_view unit,
                                ColumnFamily family, std::string_view meaning) {
  return {column, name, unit, ColumnType::number, family, 0, false, false, meaning};
}

/// Any number not below `min`.
constexpr ColumnInfo at_least(double min, Column column, std::string_view name, std::string_view unit,
                              ColumnFamily family, std::string_view meaning) {
  return {column, name, unit, ColumnType::number, family, min, true, false, meaning};
}

/// A whole number not below `min`.
constexpr ColumnInfo whole(double min, Column column, std::string_view name, ColumnFamily family,
                           std::string_view meaning) {
  return {column, name, "", ColumnType::number, family, min, true, true, meaning};
}

// clang-format off: one line per column
constexpr std::array<ColumnInfo, kColumns> kTable = {{
    text(Column::model, "model", identity, "Name of the model."),
    above_zero(Column::params_b, "params_b", "1e9 parameters", identity, "Parameters of the model."),
    above_zero(Column::active_params_b, "active_params_b", "1e9 parameters", identity,
               "Parameters used per token."),
    text(Column::arch, "arch", identity,
         "Architecture: dense, moe, ssm, hybrid, vlm, vlm-moe, or another word."),
    text(Column::gpu, "gpu", identity, "Name of the GPU."),
    text(Column::engine, "engine", identity, "Serving engine."),
    text(Column::engine_version, "engine_version", identity, "Version of the engine."),
    text(Column::quant, "quant", identity, "Number format of the weights."),
    text(Column::kv_dtype, "kv_dtype", identity, "Number format of the KV cache."),
    text(Column::workload, "workload", identity, "Name of the request mix."),
    text(Column::role, "role", identity,
         "Part of a disaggregated deployment: aggregated, prefill or decode."),
    whole(0, Column::simulated, "simulated", identity,
          "1 for a row that was simulated, 0 for a measured one."),

    text(Column::layout, "layout", layout,
         "The layout as text, such as tp4pp2, instead of or beside tp, pp, dp, ep."),
    whole(1, Column::num_gpus, "num_gpus", layout, "GPUs of the deployment; blank = tp*pp*dp."),
    whole(1, Column::tp, "tp", layout,
          "Tensor-parallel degree; blank = 1, or num_gpus where pp and dp are blank too."),
    whole(1, Column::pp, "pp", layout, "Pipeline stages; blank = 1."),
    whole(1, Column::dp, "dp", layout, "Data-parallel replicas; blank = 1."),
    whole(1, Column::ep, "ep", layout,
          "Expert-parallel degree within the tp*pp*dp GPUs; blank = 1. Where num_gpus = tp*pp*ep "
          "and dp = 1, tp is taken as the share of the experts alone and the layout has tp*ep."),
    whole(1, Column::num_nodes, "num_nodes", layout, "Hosts that the GPUs stand in."),
    text(Column::interconnect, "interconnect", layout, "Link between the GPUs."),

    above_zero(Column::power_limit_w, "power_limit_w", "W", operating_point, "Power limit set on each GPU."),
    above_zero(Column::gpu_clock_mhz, "gpu_clock_mhz", "MHz", operating_point, "Clock set on each GPU."),

    text(Column::row_kind, "row_kind", load,
         "job (all requests start together; blank = job) or steady (continuous batching)."),
    above_zero(Column::batch, "batch", "", load,
               "Requests of the job, or mean number in flight, over all replicas."),
    above_zero(Column::concurrency, "concurrency", "", load, "Clients of a closed loop."),
    above_zero(Column::request_rate_rps, "request_rate_rps", "rps", load, "Requests that arrive per second."),
    above_zero(Column::max_batch, "max_batch", "", load,
               "The server's limit of requests in flight, over all replicas."),
    at_least(1, Column::isl, "isl", "tokens", load, "Input tokens per request."),
    at_least(1, Column::osl, "osl", "tokens", load, "Output tokens per request."),
    at_least(0, Column::image_tokens, "image_tokens", "tokens", load,
             "How many of the isl tokens come from images or video."),
    at_least(0, Column::cached_tokens, "cached_tokens", "tokens", load,
             "How many of the isl tokens are found in the prefix cache."),
    at_least(1, Column::accepted_per_step, "accepted_per_step", "tokens", load,
             "Tokens per decode step under speculation; blank = 1."),

    above_zero(Column::prefill_energy_j, "prefill_energy_j", "J", results, "Energy of prefill, all GPUs."),
    above_zero(Column::decode_energy_j, "decode_energy_j", "J", results, "Energy of decode, all GPUs."),
    above_zero(Column::total_energy_j, "total_energy_j", "J", results,
               "Energy of the whole batch, all GPUs."),
    above_zero(Column::prefill_time_s, "prefill_time_s", "s", results, "Time of prefill."),
    above_zero(Column::decode_time_s, "decode_time_s", "s", results, "Time of decode."),
    above_zero(Column::total_time_s, "total_time_s", "s", results, "Time of the whole batch."),
    above_zero(Column::avg_power_w, "avg_power_w", "W", results, "Mean power, all GPUs together."),
    above_zero(Column::idle_power_w, "idle_power_w", "W", results,
               "Power with the weights loaded and no request, all GPUs together."),
    above_zero(Column::ttft_s, "ttft_s", "s", results, "Mean time to the first token."),
    above_zero(Column::tpot_s, "tpot_s", "s", results,
               "Mean time per output token after the first: (end-to-end latency - ttft_s) / (osl - 1)."),
    above_zero(Column::energy_per_out_token_j, "energy_per_out_token_j", "J", results,
               "Energy per output token, all GPUs."),
    above_zero(Column::energy_per_request_j, "energy_per_request_j", "J", results,
               "Energy per request, all GPUs."),
    above_zero(Column::throughput_tok_s, "throughput_tok_s", "tok/s", results,
               "Output tokens per second of the deployment."),
    above_zero(Column::encoder_energy_j, "encoder_energy_j", "J", results,
               "Energy of a separate image or video encoder."),
    above_zero(Column::host_energy_j, "host_energy_j", "J", results,
               "Energy of CPUs and memory of the hosts."),

    above_zero(Column::kv_capacity_tokens, "kv_capacity_tokens", "tokens", facts,
               "Tokens that the KV cache of one replica holds."),
    text(Column::energy_scope, "energy_scope", facts, "What the energy covers, such as gpu or node."),
    whole(0, Column::repeat, "repeat", facts, "Number of the repeat."),
    text(Column::notes, "notes", facts, "Anything else."),
}};
// clang-format on

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].column) != i) return false;
  }
  return true;
}
static_assert(in_order(), "kTable is indexed by Column");

constexpr std::array<std::string_view, 3> kRoles = {"aggregated", "prefill", "decode"};
constexpr std::array<std::string_view, 2> kRowKinds = {"job", "steady"};

}  // namespace

std::span<const ColumnInfo> columns() {
  return kTable;
}

const ColumnInfo& info(Column column) {
  return kTable[static_cast<std::size_t>(column)];
}

std::optional<Column> find_column(std::string_view name) {
  static const auto by_name = [] {
    std::unordered_map<std::string_view, Column> names;
    for (const ColumnInfo& column : kTable) names.emplace(column.name, column.column);
    return names;
  }();
  const auto found = by_name.find(name);
  if (found == by_name.end()) return std::nullopt;
  return found->second;
}

std::span<const std::string_view> allowed_words(Column column) {
  switch (column) {
    case Column::role:
      return kRoles;
    case Column::row_kind:
      return kRowKinds;
    default:
      return {};
  }
}

}  // namespace energylens::table
