// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <compare>
#include <cstddef>
#include <string>
#include <string_view>

#include "energylens/core/number_text.hpp"

namespace energylens::table {

/// `job`: `batch` requests start together and run to the end, in several waves if they do not all fit.
/// `steady`: continuous batching, `batch` is the mean number of requests in flight.
enum class RowKind { job, steady };

/// How one deployment is spread over GPUs.
struct Layout {
  int tp = 1;  ///< tensor-parallel degree
  int pp = 1;  ///< pipeline stages
  int dp = 1;  ///< data-parallel replicas (with ep > 1: attention data parallel)
  int ep = 1;  ///< expert-parallel degree (within the tp*pp*dp GPUs)

  int gpus() const { return tp * pp * dp; }
  /// Attention data parallelism with expert parallelism: a kind of layout that can only be measured, not derived from
  /// others.
  bool attention_data_parallel() const { return dp > 1 && ep > 1; }
  friend auto operator<=>(const Layout&, const Layout&) = default;
};

/// `tpN[ppN][dpN][epN]`, factors of 1 left out except tp: "tp4pp2".
std::string layout_text(const Layout& layout);
/// Inverse of layout_text; also accepts other orders, factors of 1, upper case and separators ("TP8/EP8", "tp=4,pp=2").
/// Throws Error (bad input) for other text: `"tp0" is not a layout such as tp4pp2`.
Layout parse_layout(std::string_view text);

/// The load of one deployment. kUnknown where the table is blank.
struct Load {
  RowKind kind = RowKind::job;
  double batch = kUnknown;              ///< requests; over all replicas
  double max_batch = kUnknown;          ///< limit of the server, over all replicas
  double isl = kUnknown;                ///< input tokens per request
  double osl = kUnknown;                ///< output tokens per request
  double image_tokens = kUnknown;       ///< input tokens from images or video, part of isl
  double cached_tokens = kUnknown;      ///< input tokens in the prefix cache, part of isl
  double accepted_per_step = kUnknown;  ///< tokens per decode step with speculative decoding; unknown = 1
  double drafted_per_step = kUnknown;   ///< tokens that speculative decoding drafts per decode step
  double concurrency = kUnknown;  ///< clients with one request in flight each; tells scenarios apart, no more

  /// What sets how many requests are in flight on a server: its limit, else the number of clients.
  double server_limit() const { return known(max_batch) ? max_batch : concurrency; }
  /// Input tokens, or `fallback` where the table states none.
  double isl_or(double fallback) const { return known(isl) ? isl : fallback; }
  /// Mean tokens in the cache of one request while it decodes; an unknown isl counts as 0.
  double context() const { return isl_or(0) + osl / 2; }
  /// Decode steps of one request: (osl - 1) / accepted_per_step, since prefill makes the first token.
  double decode_steps() const;
  /// Input tokens that prefill processes: isl - cached_tokens.
  double computed_isl() const;
};

/// A layout under a load: what is predicted, ranked and chosen.
struct Configuration {
  Layout layout;
  Load load;
  double kv_capacity_tokens = kUnknown;  ///< KV cache of one replica, tokens; unknown = from the catalogue
  double kv_block_tokens = 64;           ///< of the KV cache: a request takes whole blocks
};

/// Measured values over all GPUs of the deployment; kUnknown where not measured.
struct Results {
  double prefill_energy_j = kUnknown, decode_energy_j = kUnknown, total_energy_j = kUnknown;
  double prefill_time_s = kUnknown, decode_time_s = kUnknown, total_time_s = kUnknown;
  double avg_power_w = kUnknown, idle_power_w = kUnknown;
  double ttft_s = kUnknown, tpot_s = kUnknown;
  double energy_per_out_token_j = kUnknown, energy_per_request_j = kUnknown;
  double throughput_tok_s = kUnknown;
};

/// One measurement, or the mean of its repeats.
struct Row {
  Configuration config;
  Results results;
  int repeats = 1;
  double log_sd = kUnknown;  ///< standard deviation of ln(energy) over the repeats; unknown for one
  std::string file;          ///< place of the (first) row
  long line = 0;

  /// The energy that scenarios compare: J of the job for `job` rows, J per output token for `steady` rows.
  double scenario_energy_j() const;
  double scenario_time_s() const;  ///< s of the job, or TPOT in s for `steady` rows
};

}  // namespace energylens::table
