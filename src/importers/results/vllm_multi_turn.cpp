// SPDX-License-Identifier: Apache-2.0
// Results of multi-turn benchmarks of vLLM: statistics per turn. A turn is a request, whose input is the conversation so
// far. Latencies in ms. Held by results_test.cpp.
#include "importers/formats.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/results/load_rows.hpp"

namespace energylens::importers {
namespace {

constexpr std::array kMultiTurnFields = {
    text_field("model", &LoadResult::model),
    number_field("concurrency", &LoadResult::concurrency),
    number_field("runtime_s", &LoadResult::duration_s),
    number_field("completed_turns", &LoadResult::completed, 1, "a turn is a request"),
    number_field("failed_turns", &LoadResult::failed),
    number_field("request_throughput_per_s", &LoadResult::completed_rps),
    number_field("output_throughput_tok_per_s", &LoadResult::output_tok_s),
    number_field("ttft_ms.mean", &LoadResult::ttft_s, 1e-3),
    number_field("tpot_ms.mean", &LoadResult::tpot_s, 1e-3),
    number_field("itl_ms.mean", &LoadResult::itl_s, 1e-3, "only where the time per output token is missing"),
    number_field("e2e_ms.mean", &LoadResult::e2e_s, 1e-3),
    number_field("isl.mean", &LoadResult::isl),
    number_field("osl.mean", &LoadResult::osl),
    read_field("cached_tokens_total", "cached_tokens", "per turn; 0 unless the server counts them"),
    number_field("input_tokens_total", &LoadResult::input_tokens),
    number_field("output_tokens_total", &LoadResult::output_tokens),
    refused_field("total_token_throughput_tok_per_s", "input and output tokens together"),
    refused_field("cache_hit_rate", "follows from cached_tokens_total"),
    refused_field("errors_sample", "text of errors"),
};

void finish_multi_turn(const io::Json& run, LoadResult& r) {
  const double cached = number_at(run, "cached_tokens_total");
  if (cached > 0) r.cached_tokens = cached / r.completed;
  r.workload = "multi-turn";
}

void add_multi_turn(const io::Json& document, const std::string& file, LoadRows& rows) {
  LoadResult defaults;
  defaults.tool = "vLLM multi-turn benchmark";
  defaults.engine = "vLLM";
  const auto one = [&](const io::Json& run) {
    add_run(run, kMultiTurnFields, file, rows, defaults, finish_multi_turn);
  };
  if (!document.is_array()) return one(document);
  for (const io::Json& run : document.items()) one(run);
}

}  // namespace

Imported import_vllm_multi_turn(const Request& request) {
  return import_documents(request, "vllm-multi-turn", add_multi_turn);
}
std::vector<FieldInfo> vllm_multi_turn_fields() {
  return field_infos(kMultiTurnFields);
}

}  // namespace energylens::importers
