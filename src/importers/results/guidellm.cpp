// SPDX-License-Identifier: Apache-2.0
// Reports of guidellm (JSON or YAML), versions 1 and 2: one entry of `benchmarks` per rate. Statistics are of successful
// requests. Its time per output token counts the first token too, so that the inter-token latency is used. Held by
// results_test.cpp.
#include <cmath>

#include "energylens/core/error.hpp"
#include "importers/formats.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/results/load_rows.hpp"

namespace energylens::importers {
namespace {

constexpr std::array kGuidellmFields = {
    text_field("config.backend.model", &LoadResult::model),
    text_field("worker.backend_model", &LoadResult::model),
    text_field("benchmarker.backend.model", &LoadResult::model),
    number_field("config.strategy.rate", &LoadResult::rate_rps, 1, "of a constant or Poisson load"),
    number_field("args.strategy.rate", &LoadResult::rate_rps),
    number_field("scheduler.strategy.rate", &LoadResult::rate_rps),
    number_field("config.strategy.streams", &LoadResult::concurrency, 1, "of a concurrent load"),
    number_field("args.strategy.streams", &LoadResult::concurrency),
    number_field("scheduler.strategy.streams", &LoadResult::concurrency),
    number_field("metrics.request_totals.successful", &LoadResult::completed),
    number_field("scheduler_metrics.requests_made.successful", &LoadResult::completed),
    number_field("run_stats.requests_made.successful", &LoadResult::completed),
    number_field("metrics.request_totals.errored", &LoadResult::failed),
    number_field("scheduler_metrics.requests_made.errored", &LoadResult::failed),
    number_field("run_stats.requests_made.errored", &LoadResult::failed),
    number_field("duration", &LoadResult::duration_s),
    number_field("start_time", &LoadResult::begin_s),
    number_field("end_time", &LoadResult::end_s),
    number_field("metrics.requests_per_second.successful.mean", &LoadResult::completed_rps),
    number_field("metrics.request_concurrency.successful.mean", &LoadResult::in_flight),
    number_field("metrics.request_latency.successful.mean", &LoadResult::e2e_s),
    number_field("metrics.prompt_token_count.successful.mean", &LoadResult::isl),
    number_field("metrics.output_token_count.successful.mean", &LoadResult::osl),
    number_field("metrics.time_to_first_token_ms.successful.mean", &LoadResult::ttft_s, 1e-3),
    number_field("metrics.inter_token_latency_ms.successful.mean", &LoadResult::itl_s, 1e-3),
    derived_field("throughput_tok_s", "output tokens of successful requests over the duration"),
    refused_field("metrics.time_per_output_token_ms", "counts the first token too"),
    refused_field("metrics.output_tokens_per_second", "a mean over tokens, not over time"),
    refused_field("metrics.*.incomplete", "requests cut off at the end; their number is in the notes"),
    refused_field("requests", "per request"),
    refused_field("*", "settings of the load"),
};

void finish_guidellm(const io::Json& run, LoadResult& r) {
  r.in_flight_source = "batch is the mean concurrency";
  const std::string kind = text_at(run, "config.strategy.type_") + text_at(run, "args.strategy.type_") +
                           text_at(run, "scheduler.strategy.type_");
  if (!kind.empty()) r.notes.push_back(kind + " load");
  if (kind != "constant" && kind != "poisson" && kind != "async") r.rate_rps = kUnknown;
  const double incomplete = number_at(run, "metrics.request_totals.incomplete");
  if (incomplete > 0)
    r.notes.push_back(std::to_string(static_cast<long>(incomplete)) + " requests were cut off at the end");
}

void add_guidellm(const io::Json& document, const std::string& file, LoadRows& rows) {
  LoadResult defaults;
  defaults.tool = "guidellm " + text_at(document, "metadata.guidellm_version");
  if (defaults.tool.ends_with(' ')) defaults.tool.pop_back();
  if (document.is_object() && !document.find("benchmarks")) {  // one benchmark alone
    return add_run(document, kGuidellmFields, file, rows, defaults, finish_guidellm);
  }
  for (const io::Json& run : document.array_at("benchmarks")) {
    if (number_at(run, "metrics.request_totals.successful") == 0 ||
        number_at(run, "run_stats.requests_made.successful") == 0)
      continue;
    LoadResult of_run = defaults;
    of_run.model = text_at(document, "args.model");
    if (of_run.model.empty()) of_run.model = text_at(document, "config.spec.backend.model");
    add_run(run, kGuidellmFields, file, rows, of_run, finish_guidellm);
  }
}

}  // namespace

Imported import_guidellm(const Request& request) {
  return import_documents(request, "guidellm", add_guidellm);
}
std::vector<FieldInfo> guidellm_fields() {
  return field_infos(kGuidellmFields);
}

}  // namespace energylens::importers
