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
    text(Column::model, "model", identity, "Name of the language model."),
    above_zero(Column::params_b, "params_b", "1e9 parameters", identity, "Total number of parameters."),
    above_zero(Column::active_params_b, "active_params_b", "1e9 parameters", identity,
               "Number of parameters used per token (mixture of experts)."),
    text(Column::arch, "arch", identity,
         "Architecture: dense, moe, ssm, hybrid, vlm, vlm-moe, or another word."),
    text(Column::gpu, "gpu", identity, "GPU model, such as H100-80GB-SXM."),
    text(Column::engine, "engine", identity, "Serving engine, such as vLLM."),
    text(Column::engine_version, "engine_version", identity, "Version of the serving engine."),
    text(Column::quant, "quant", identity, "Number format of the weights, such as fp16 or fp8."),
    text(Column::kv_dtype, "kv_dtype", identity, "Number format of the KV cache."),
    text(Column::workload, "workload", identity, "Name of the workload (mix of requests)."),
    text(Column::role, "role", identity,
         "Part of a disaggregated deployment: aggregated, prefill or decode."),
    whole(0, Column::simulated, "simulated", identity, "1 if the row was simulated, 0 if it was measured."),

    text(
        Column::layout, "layout", layout,
        "Parallel layout, such as tp4pp2; an alternative to tp, pp, dp and ep, which must agree if given too."),
    whole(1, Column::num_gpus, "num_gpus", layout, "Number of GPUs in the deployment; blank = tp*pp*dp."),
    whole(1, Column::tp, "tp", layout,
          "Tensor-parallel degree; blank = 1, or num_gpus if pp and dp are blank too."),
    whole(1, Column::pp, "pp", layout, "Number of pipeline stages; blank = 1."),
    whole(1, Column::dp, "dp", layout, "Number of data-parallel replicas; blank = 1."),
    whole(
        1, Column::ep, "ep", layout,
        "Expert-parallel degree within the tp*pp*dp GPUs; blank = 1. If num_gpus = tp*pp*ep and dp = 1, the "
        "layout is read as tp*ep tensor-parallel GPUs."),
    whole(1, Column::num_nodes, "num_nodes", layout, "Number of hosts that hold the GPUs."),
    text(Column::interconnect, "interconnect", layout, "Link between the GPUs, such as NVLink or PCIe."),

    above_zero(Column::power_limit_w, "power_limit_w", "W", operating_point, "Power limit set on each GPU."),
    above_zero(Column::gpu_clock_mhz, "gpu_clock_mhz", "MHz", operating_point,
               "Clock frequency set on each GPU."),

    text(Column::row_kind, "row_kind", load,
         "job: all requests start together and run to the end; steady: continuous batching. Blank = job."),
    above_zero(Column::batch, "batch", "", load,
               "Number of requests (job) or mean number of requests in flight (steady), over all replicas."),
    above_zero(Column::concurrency, "concurrency", "", load,
               "Number of clients that each keep one request in flight."),
    above_zero(Column::request_rate_rps, "request_rate_rps", "rps", load,
               "Number of requests that arrive per second."),
    above_zero(Column::max_batch, "max_batch", "", load,
               "Server limit on concurrent requests, over all replicas."),
    at_least(1, Column::isl, "isl", "tokens", load, "Input tokens per request (input sequence length)."),
    at_least(1, Column::osl, "osl", "tokens", load, "Output tokens per request (output sequence length)."),
    at_least(0, Column::image_tokens, "image_tokens", "tokens", load,
             "Input tokens per request that come from images or video; included in isl."),
    at_least(0, Column::cached_tokens, "cached_tokens", "tokens", load,
             "Input tokens per request found in the prefix cache; included in isl."),
    at_least(1, Column::accepted_per_step, "accepted_per_step", "tokens", load,
             "Output tokens per decode step with speculative decoding; blank = 1."),
    at_least(0, Column::drafted_per_step, "drafted_per_step", "tokens", load,
             "Tokens drafted per decode step with speculative decoding; blank = 3 where it is used."),

    above_zero(Column::prefill_energy_j, "prefill_energy_j", "J", results,
               "Energy of the prefill phase, over all GPUs."),
    above_zero(Column::decode_energy_j, "decode_energy_j", "J", results,
               "Energy of the decode phase, over all GPUs."),
    above_zero(Column::total_energy_j, "total_energy_j", "J", results,
               "Energy of all requests of the batch, over all GPUs."),
    above_zero(Column::prefill_time_s, "prefill_time_s", "s", results, "Duration of the prefill phase."),
    above_zero(Column::decode_time_s, "decode_time_s", "s", results, "Duration of the decode phase."),
    above_zero(Column::total_time_s, "total_time_s", "s", results,
               "Time from the start of the batch to its last token."),
    above_zero(Column::avg_power_w, "avg_power_w", "W", results, "Mean power, over all GPUs."),
    above_zero(Column::idle_power_w, "idle_power_w", "W", results,
               "Power with the weights loaded and no requests, over all GPUs."),
    above_zero(Column::ttft_s, "ttft_s", "s", results, "Mean time to first token (TTFT)."),
    above_zero(
        Column::tpot_s, "tpot_s", "s", results,
        "Mean time per output token after the first one (TPOT): (end-to-end latency - ttft_s) / (osl - 1)."),
    above_zero(Column::energy_per_out_token_j, "energy_per_out_token_j", "J", results,
               "Energy per output token, over all GPUs."),
    above_zero(Column::energy_per_request_j, "energy_per_request_j", "J", results,
               "Energy per request, over all GPUs."),
    above_zero(Column::throughput_tok_s, "throughput_tok_s", "tok/s", results,
               "Output tokens per second, over all replicas."),
    above_zero(Column::encoder_energy_j, "encoder_energy_j", "J", results,
               "Energy of a separate image or video encoder."),
    above_zero(Column::host_energy_j, "host_energy_j", "J", results,
               "Energy of the CPUs and memory of the hosts."),

    above_zero(Column::kv_capacity_tokens, "kv_capacity_tokens", "tokens", facts,
               "Number of tokens that fit into the KV cache of one replica."),
    text(Column::energy_scope, "energy_scope", facts,
         "Parts of the system that the energy covers, such as gpu or node."),
    whole(0, Column::repeat, "repeat", facts, "Index of the repeat."),
    text(Column::notes, "notes", facts, "Any remarks."),
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
