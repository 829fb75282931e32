// SPDX-License-Identifier: Apache-2.0
// Stage and summary reports of inference-perf (JSON or YAML). Latencies in s. Its client counts events of the response,
// some of which carry no token, so that its time per token may contradict the latencies; load_rows.cpp then computes it
// from them. Held by results_test.cpp.
#include "importers/formats.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/results/load_rows.hpp"

namespace energylens::importers {
namespace {

constexpr std::array kInferencePerfFields = {
    number_field("load_summary.count", &LoadResult::prompts),
    number_field("load_summary.requested_rate", &LoadResult::rate_rps),
    number_field("load_summary.concurrency", &LoadResult::concurrency),
    number_field("successes.count", &LoadResult::completed),
    number_field("failures.count", &LoadResult::failed),
    number_field("successes.latency.request_latency.mean", &LoadResult::e2e_s),
    number_field("successes.latency.time_to_first_token.mean", &LoadResult::ttft_s),
    number_field("successes.latency.time_per_output_token.mean", &LoadResult::tpot_s),
    number_field("successes.latency.inter_token_latency.mean", &LoadResult::itl_s),
    number_field("successes.throughput.requests_per_sec", &LoadResult::completed_rps),
    number_field("successes.throughput.output_tokens_per_sec", &LoadResult::output_tok_s),
    number_field("successes.prompt_len.mean", &LoadResult::isl),
    number_field("successes.output_len.mean", &LoadResult::osl),
    derived_field("duration", "successes.count / requests_per_sec"),
    refused_field("load_summary.send_duration", "ends with the last request sent, not with the last answer"),
    refused_field("successes.latency.normalized_time_per_output_token", "counts the time to the first token"),
    refused_field("*", "further statistics"),
};

void add_inference_perf(const io::Json& document, const std::string& file, LoadRows& rows) {
  LoadResult defaults;
  defaults.tool = "inference-perf";
  add_run(document, kInferencePerfFields, file, rows, defaults);
}

}  // namespace

Imported import_inference_perf(const Request& request) {
  return import_documents(request, "inference-perf", add_inference_perf);
}
std::vector<FieldInfo> inference_perf_fields() {
  return field_infos(kInferencePerfFields);
}

}  // namespace energylens::importers
