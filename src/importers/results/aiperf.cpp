// SPDX-License-Identifier: Apache-2.0
// Summaries of AIPerf (profile_export_aiperf.json) and GenAI-Perf (profile_export_genai_perf.json): an object of statistics
// per metric, each with its unit. GPU telemetry gives power in W and energy in MJ per GPU. Held by results_test.cpp.
#include <cmath>
#include <set>

#include "core/text.hpp"
#include "importers/formats.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/readers/times.hpp"
#include "importers/results/load_rows.hpp"

namespace energylens::importers {
namespace {

constexpr std::array kAiperfFields = {
    text_field("input_config.endpoint.model_names[0]", &LoadResult::model),
    text_field("input_config.models.items[0].name", &LoadResult::model),
    text_field("input_config.model_names[0]", &LoadResult::model),
    text_field("input_config.model[0]", &LoadResult::model),
    text_field("input_config.model", &LoadResult::model),
    number_field("input_config.loadgen.concurrency", &LoadResult::concurrency),
    number_field("input_config.concurrency", &LoadResult::concurrency),
    number_field("input_config.perf_analyzer.stimulus.concurrency", &LoadResult::concurrency),
    number_field("input_config.loadgen.request_rate", &LoadResult::rate_rps),
    number_field("input_config.request_rate", &LoadResult::rate_rps),
    number_field("input_config.perf_analyzer.stimulus.request_rate", &LoadResult::rate_rps),
    number_field("request_count.avg", &LoadResult::completed),
    number_field("error_request_count.avg", &LoadResult::failed),
    read_field("benchmark_duration.avg", "duration"),
    number_field("request_throughput.avg", &LoadResult::completed_rps),
    number_field("output_token_throughput.avg", &LoadResult::output_tok_s),
    number_field("input_sequence_length.avg", &LoadResult::isl),
    number_field("output_sequence_length.avg", &LoadResult::osl),
    number_field("total_isl.avg", &LoadResult::input_tokens),
    number_field("total_osl.avg", &LoadResult::output_tokens),
    number_field("effective_concurrency.avg", &LoadResult::in_flight),
    read_field("time_to_first_token.avg", "ttft_s", "in the unit that the file states"),
    read_field("inter_token_latency.avg", "tpot_s", "in the unit that the file states"),
    read_field("request_latency.avg", "batch", "in the unit that the file states"),
    read_field("start_time", "begin"),
    read_field("end_time", "end"),
    read_field("telemetry_data.endpoints.*.gpus.*.metrics.gpu_power_usage.avg", "avg_power_w",
               "sum over GPUs"),
    read_field("gpu_power_usage.avg", "avg_power_w", "GenAI-Perf: of the GPUs together"),
    derived_field("osl", "where it is missing: output_token_throughput / request_throughput"),
    refused_field("was_cancelled", "a run that was cancelled is refused"),
    refused_field("energy_consumption", "the counter may reach beyond the run; power is used"),
    refused_field("*", "further statistics"),
};

/// Seconds of a statistic with its unit.
double seconds_at(const io::Json& run, const std::string& metric, const char* statistic) {
  const std::string unit = lower_case(text_at(run, metric + ".unit"));
  const double value = number_at(run, metric + "." + statistic);
  if (unit == "ms" || unit.empty()) return value * 1e-3;
  if (unit == "us") return value * 1e-6;
  if (unit == "ns") return value * 1e-9;
  return unit == "s" || unit == "sec" || unit == "seconds" ? value : kUnknown;
}

/// The sum over GPUs of their mean power.
void add_telemetry(const io::Json& run, LoadResult& r) {
  const io::Json* const endpoints = at_path(run, "telemetry_data.endpoints");
  if (!endpoints || !endpoints->is_object()) return;
  double power_w = 0, gpus = 0;
  std::set<std::string> seen;  // two exporters may report the same GPU
  for (const io::Json::Member& endpoint : endpoints->members()) {
    const io::Json* const all = at_path(endpoint.value, "gpus");
    if (!all || !all->is_object()) continue;
    for (const io::Json::Member& gpu : all->members()) {
      const double of_one_w = number_at(gpu.value, "metrics.gpu_power_usage.avg");
      const std::string uuid = text_at(gpu.value, "gpu_uuid");
      if (!known(of_one_w) || !seen.insert(uuid.empty() ? endpoint.name + gpu.name : uuid).second) continue;
      power_w += of_one_w;
      ++gpus;
      if (r.gpu.empty()) r.gpu = text_at(gpu.value, "gpu_name");
    }
  }
  if (gpus == 0) return;
  r.avg_power_w = power_w;
  r.notes.push_back("power of " + std::to_string(static_cast<int>(gpus)) + " GPUs of the telemetry");
  r.num_gpus = gpus;
}

void finish_aiperf(const io::Json& run, LoadResult& r) {
  if (is_true(at_path(run, "was_cancelled")))
    throw run.error("the run was cancelled: its figures are of a part of it");
  r.ttft_s = seconds_at(run, "time_to_first_token", "avg");
  r.itl_s = seconds_at(run, "inter_token_latency", "avg");
  r.e2e_s = seconds_at(run, "request_latency", "avg");
  r.median_e2e_s = seconds_at(run, "request_latency", "p50");
  if (at_path(run, "benchmark_duration.unit")) r.duration_s = seconds_at(run, "benchmark_duration", "avg");
  r.begin_s = parse_time(text_at(run, "start_time")).value_or(Time{}).time_s;
  r.end_s = parse_time(text_at(run, "end_time")).value_or(Time{}).time_s;
  r.in_flight_source = "batch is the effective concurrency";
  if (r.in_flight == 0) r.in_flight = kUnknown;
  add_telemetry(run, r);
  if (!known(r.avg_power_w) && text_at(run, "gpu_power_usage.unit") == "W") {
    r.avg_power_w = number_at(run, "gpu_power_usage.avg");
    r.notes.emplace_back("power is the sum over the GPUs of the server");
  }
}

void add_aiperf(const io::Json& document, const std::string& file, LoadRows& rows) {
  LoadResult defaults;
  defaults.tool =
      document.is_object() && document.find("input_config") && at_path(document, "input_config.perf_analyzer")
          ? "GenAI-Perf"
          : "AIPerf";
  add_run(document, kAiperfFields, file, rows, defaults, finish_aiperf);
}

}  // namespace

Imported import_aiperf(const Request& request) {
  return import_documents(request, "aiperf", add_aiperf);
}
std::vector<FieldInfo> aiperf_fields() {
  return field_infos(kAiperfFields);
}

}  // namespace energylens::importers
