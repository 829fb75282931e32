// SPDX-License-Identifier: Apache-2.0
// `python -m sglang.bench_serving`: a JSON line per run, appended to the output file. Latencies in ms. `concurrency` is the
// mean number in flight, the sum of the latencies over the duration. Held by results_test.cpp.
#include "importers/formats.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/results/load_rows.hpp"

namespace energylens::importers {
namespace {

constexpr std::array kSglangFields = {
    read_field("backend", "engine"),
    text_field("model", &LoadResult::model),
    text_field("model_id", &LoadResult::model),
    text_field("server_info.model_path", &LoadResult::model),
    text_field("server_info.served_model_name", &LoadResult::model),
    number_field("server_info.tp_size", &LoadResult::tp),
    number_field("server_info.pp_size", &LoadResult::pp),
    number_field("server_info.dp_size", &LoadResult::dp),
    number_field("server_info.ep_size", &LoadResult::ep),
    number_field("server_info.max_running_requests", &LoadResult::max_batch),
    text_field("server_info.quantization", &LoadResult::quant),
    text_field("server_info.kv_cache_dtype", &LoadResult::kv_dtype),
    text_field("server_info.version", &LoadResult::engine_version),
    text_field("dataset_name", &LoadResult::workload),
    text_field("tag", &LoadResult::date, ""),
    number_field("request_rate", &LoadResult::rate_rps),
    number_field("max_concurrency", &LoadResult::concurrency),
    number_field("num_prompts", &LoadResult::prompts),
    number_field("completed", &LoadResult::completed),
    number_field("duration", &LoadResult::duration_s),
    number_field("total_input_tokens", &LoadResult::input_tokens),
    number_field("total_output_tokens", &LoadResult::output_tokens),
    number_field("request_throughput", &LoadResult::completed_rps),
    number_field("output_throughput", &LoadResult::output_tok_s),
    number_field("concurrency", &LoadResult::in_flight, 1,
                 "mean number in flight: sum of latencies over duration"),
    number_field("accept_length", &LoadResult::accepted_per_step),
    number_field("mean_e2e_latency_ms", &LoadResult::e2e_s, 1e-3),
    number_field("median_e2e_latency_ms", &LoadResult::median_e2e_s, 1e-3),
    number_field("mean_ttft_ms", &LoadResult::ttft_s, 1e-3),
    number_field("median_ttft_ms", &LoadResult::median_ttft_s, 1e-3),
    number_field("mean_tpot_ms", &LoadResult::tpot_s, 1e-3),
    number_field("median_tpot_ms", &LoadResult::median_tpot_s, 1e-3),
    number_field("mean_itl_ms", &LoadResult::itl_s, 1e-3, "only where the time per output token is missing"),
    derived_field("isl", "total_input_tokens / completed"),
    derived_field("osl", "total_output_tokens / completed"),
    refused_field("std_*", "spread within a run"),
    refused_field("p90_*", "quantile"),
    refused_field("p95_*", "quantile"),
    refused_field("p99_*", "quantile"),
    refused_field("max_*", "largest"),
    refused_field("median_*", "only where the mean is missing"),
    refused_field("total_*", "other totals, such as tokens counted by the client"),
    refused_field("input_throughput", "follows from the others"),
    refused_field("random_*", "options of the load"),
    refused_field("sharegpt_*", "options of the load"),
    refused_field("input_lens", "per request"),
    refused_field("output_lens", "per request"),
    refused_field("ttfts", "per request"),
    refused_field("itls", "per request"),
    refused_field("generated_texts", "per request"),
    refused_field("errors", "per request"),
    refused_field("output_details", "per request"),
};

void finish_sglang(const io::Json& run, LoadResult& r) {
  r.date.clear();
  const std::string backend = text_at(run, "backend");
  r.engine = backend.starts_with("sglang") ? "SGLang" : backend.starts_with("vllm") ? "vLLM" : backend;
  r.in_flight_source = "batch is the mean concurrency";
}

void add_sglang(const io::Json& document, const std::string& file, LoadRows& rows) {
  LoadResult defaults;
  defaults.tool = "SGLang bench_serving";
  if (document.is_array()) {
    for (const io::Json& run : document.items())
      add_run(run, kSglangFields, file, rows, defaults, finish_sglang);
  } else {
    add_run(document, kSglangFields, file, rows, defaults, finish_sglang);
  }
}

}  // namespace

Imported import_sglang(const Request& request) {
  return import_documents(request, "sglang", add_sglang);
}
std::vector<FieldInfo> sglang_fields() {
  return field_infos(kSglangFields);
}

}  // namespace energylens::importers
