// SPDX-License-Identifier: Apache-2.0
// `vllm bench serve --save-result`: totals of a run and statistics of its latencies in milliseconds (names end in
// _ms). Some files derived from it have the same names without the ending, in seconds. A run has no energy: it comes
// from a separate file, over the time of the run (run_window.cpp). Requests in flight: in_flight.cpp. Held by vllm_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/rounded_text.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "importers/content.hpp"
#include "importers/contradictions.hpp"
#include "importers/energy_of_run.hpp"
#include "importers/fields.hpp"
#include "importers/foreign.hpp"
#include "importers/formats.hpp"
#include "importers/in_flight.hpp"
#include "importers/readers/csv_rows.hpp"
#include "importers/readers/json_texts.hpp"
#include "importers/results/load_rows.hpp"
#include "importers/rows.hpp"
#include "importers/run_window.hpp"
#include "importers/stated.hpp"

namespace energylens::importers {
namespace {

constexpr std::array kVllmFields = {
    read_field("model_id", "model"),
    read_field("backend", "engine", "endpoint_type in older versions"),
    read_field("endpoint_type", "engine"),
    read_field("num_prompts", "requests sent"),
    read_field("completed", "isl, osl, batch", "requests completed"),
    read_field("failed", "warning", "failed requests; more than 5 % leave no energy per token"),
    read_field("duration", "batch", "duration of the run"),
    read_field("date", "end", "local time of the result, whole seconds"),
    read_field("benchmark_start_time_unix", "begin", "start_time_unix too"),
    read_field("benchmark_end_time_unix", "end", "end_time_unix too"),
    read_field("max_concurrency", "concurrency"),
    read_field("request_rate", "request_rate_rps", "\"inf\": as fast as the concurrency allows"),
    read_field("total_input_tokens", "isl"),
    read_field("total_output_tokens", "osl"),
    read_field("output_throughput", "throughput_tok_s"),
    read_field("mean_ttft_ms", "ttft_s", "else the median; in s without the ending"),
    read_field("mean_tpot_ms", "tpot_s", "else the median; in s without the ending"),
    read_field("mean_e2el_ms", "batch", "by Little's law"),
    read_field("label", "notes"),
    read_field(
        "tensor_parallel_size, max_num_seqs, quantization, ...", "tp, max_batch, quant, ...",
        "options of the server, with --metadata or in sweeps, under their names or those of the table"),
    derived_field("isl", "total_input_tokens / completed"),
    derived_field("osl", "total_output_tokens / completed"),
    derived_field("energy_per_out_token_j",
                  "energy of --energy over the time of the run / total_output_tokens"),
    refused_field("tokenizer_id", ""),
    refused_field("burstiness", ""),
    refused_field("request_goodput", ""),
    refused_field("request_goodput:", ""),
    refused_field("good_completed", ""),
    refused_field("goodput", ""),
    refused_field("ramp_up_strategy", ""),
    refused_field("total_token_throughput", "input and output tokens together"),
    refused_field("input_throughput", "follows from the others"),
    refused_field("request_throughput", "follows from the others"),
    refused_field("max_output_tokens_per_s", "the largest of the run"),
    refused_field("max_concurrent_requests", "the largest of the run"),
    refused_field("rtfx", "of audio"),
    refused_field("input_lens", "per request"),
    refused_field("output_lens", "per request"),
    refused_field("ttfts", "per request"),
    refused_field("itls", "per request"),
    refused_field("generated_texts", "per request"),
    refused_field("errors", "per request"),
    refused_field("start_times", "per request"),
    refused_field("std_*, p50_*, p90_*, p99_*", "spread and quantiles"),
};

bool ignored_by_vllm(std::string_view name) {
  constexpr std::array<std::string_view, 4> kLatencies = {"ttft", "tpot", "itl", "e2el"};
  for (const std::string_view latency : kLatencies) {
    for (const std::string& ending : {std::string(latency), std::string(latency) + "_ms"}) {
      if (name.ends_with("_" + ending)) return true;
    }
  }
  return std::ranges::find(kVllmFields, name, &LoadField::path) != kVllmFields.end();
}

/// A latency in seconds, by its name without unit.
double latency_s(Fields& fields, const std::string& name) {
  const double ms = fields.number_if_any(name + "_ms");
  return known(ms) ? ms * 1e-3 : fields.number_if_any(name);
}

/// The mean, else the median, which is then noted.
double typical_s(Fields& fields, const std::string& latency, std::string& notes) {
  const double mean_s = latency_s(fields, "mean_" + latency);
  if (known(mean_s)) return mean_s;
  const double median_s = latency_s(fields, "median_" + latency);
  if (known(median_s)) notes += "; " + latency + " is the median";
  return median_s;
}

/// A number that must be above 0.
double positive(const io::Json& run, std::string_view name, std::string_view what) {
  const double value = run.number(name);
  if (value > 0) return value;
  throw run.error(fmt::format("{} is {}: {}", quote(name), number_text(value), what));
}

/// Times that the result states in seconds since 1970; unknown if it states none.
double stated_time_s(Fields& fields, std::initializer_list<const char*> names) {
  constexpr double kEarliest_s = 1e9;  // in 2001: a smaller one is of another clock
  for (const char* name : names) {
    const double time_s = fields.number_if_any(name);
    if (time_s > kEarliest_s) return time_s;
  }
  return kUnknown;
}

RunTime time_of(Fields& fields, const io::Json& run, std::vector<std::string>& warnings) {
  RunTime time{run.number("duration"), run.text_or("date", "")};
  time.begin_s = stated_time_s(fields, {"benchmark_start_time_unix", "start_time_unix", "start_unix"});
  time.end_s = stated_time_s(fields, {"benchmark_end_time_unix", "end_time_unix", "end_unix"});
  if (std::abs((time.end_s - time.begin_s) / time.duration_s - 1) > 0.05)
    warnings.push_back(
        fmt::format("\"duration\" is {}, but {} s passed between the times of its begin and its end",
                    number_text(time.duration_s), rounded_text(time.end_s - time.begin_s)));
  return time;
}

GpuEnergy energy_beside(Fields& fields, const io::Json& run, const Request& request, const std::string& file,
                        std::vector<std::string>& warnings) {
  return energy_of_run(time_of(fields, run, warnings), request, file, warnings);
}

/// Requests per second; infinite for "inf", as fast as the concurrency allows; unknown for anything else.
double rate_rps(Fields& fields, const io::Json& run) {
  fields.pass_over("request_rate");
  const io::Json* const rate = run.find("request_rate");
  if (!rate) return kUnknown;
  if (rate->is_number()) return rate->as_number();
  return rate->is_text() ? parse_number(rate->as_text()).value_or(std::numeric_limits<double>::infinity())
                         : kUnknown;
}

Sending sending_of(Fields& fields, const io::Json& run, double osl) {
  Sending sending{run.number("completed"),
                  run.number("duration"),
                  fields.number_if_any("num_prompts"),
                  fields.number_if_any("max_concurrency"),
                  rate_rps(fields, run),
                  latency_s(fields, "mean_e2el"),
                  "mean_e2el"};
  if (known(sending.mean_latency_s)) return sending;
  // After the first token, the mean output takes tpot per token.
  sending.mean_latency_s = latency_s(fields, "mean_ttft") + latency_s(fields, "mean_tpot") * (osl - 1);
  sending.latency_name = "mean_ttft and mean_tpot";
  return sending;
}

void set_load(table::RowWriter& rows, Fields& fields, const io::Json& run, const Request& request,
              std::string& notes) {
  const double completed = positive(run, "completed", "no request was answered");
  positive(run, "duration", "it must be a time above 0, in s");
  const double tokens = fields.number("total_output_tokens"), osl = tokens / completed;
  const Sending sending = sending_of(fields, run, osl);
  const InFlight found = in_flight(sending);
  const bool at_a_rate = std::isfinite(sending.rate_rps);
  if (!known(found.requests) && at_a_rate && !is_set(request, "batch"))
    throw run.error(
        fmt::format("requests arrived at {} per second and the mean latency is missing, so that the number "
                    "in flight is unknown; add it with --set batch=N",
                    number_text(sending.rate_rps)));
  if (!found.source.empty()) notes += "; " + found.source;
  rows.set("row_kind", "steady");
  rows.set("batch", found.requests);
  rows.set("concurrency", sending.concurrency);
  if (at_a_rate) rows.set("request_rate_rps", sending.rate_rps);
  rows.set("isl", fields.number("total_input_tokens") / completed);
  rows.set("osl", osl);
  rows.set("ttft_s", typical_s(fields, "ttft", notes));
  rows.set("tpot_s", typical_s(fields, "tpot", notes));
  rows.set("throughput_tok_s", fields.number("output_throughput"));
}

/// Warns of a rate that is not tokens over time: the file was edited, or its figures are from different runs.
void warn_of_rate(const io::Json& run, std::vector<std::string>& warnings) {
  const double stated = run.number_or_unknown("output_throughput");
  const double tokens = run.number_or_unknown("total_output_tokens"), duration_s = run.number("duration");
  if (!(std::abs(stated * duration_s / tokens - 1) > 0.05)) return;
  warnings.push_back(fmt::format("\"output_throughput\" is {}, but {} tokens in {} s are {} per second",
                                 number_text(stated), number_text(tokens), number_text(duration_s),
                                 rounded_text(tokens / duration_s)));
}

/// Requests that failed, as far as the result states them.
double failed_requests(const io::Json& run) {
  const double failed = run.number_or_unknown("failed"), prompts = run.number_or_unknown("num_prompts");
  if (known(failed) && failed > 0) return failed;
  const double missing = prompts - run.number("completed");
  return missing > 0 ? missing : 0;
}

void set_energy(table::RowWriter& rows, const io::Json& run, const GpuEnergy& energy, std::string& notes) {
  if (energy.gpus == 0) return;
  if (!energy.not_of_run.empty()) {
    notes += "; energy not of this run: " + energy.not_of_run;
    rows.set("simulated", 1);
  }
  const double tokens = positive(run, "total_output_tokens", "no token was produced");
  const double gpus = energy.scope == "gpu" ? static_cast<double>(energy.gpus) : kUnknown;
  const double stated = parse_number(rows.rows().back().text("num_gpus")).value_or(kUnknown);
  if (known(stated) && known(gpus) && stated != gpus)
    throw run.error(fmt::format("the run used {} GPUs, but the energy is of {}; select them with --gpus",
                                number_text(stated), number_text(gpus)));
  if (rows.rows().back().text("gpu").empty()) rows.set("gpu", energy.gpu_name);
  if (known(gpus)) rows.set("num_gpus", gpus);
  rows.set("avg_power_w", energy.energy_j / energy.duration_s);
  const double failed = failed_requests(run);
  if (failed > 0) notes += "; energy includes " + number_text(failed) + " failed requests";
  if (failed <= kMostFailed * (failed + run.number("completed"))) {
    rows.set("energy_per_out_token_j", energy.energy_j / tokens);
    rows.set("energy_per_request_j", energy.energy_j / run.number("completed"));
  }
  rows.set("energy_scope", std::string_view(energy.scope));
}

/// The engine by the client's name for it. Results without such a name are of vLLM's own client.
void set_engine(table::RowWriter& rows, const io::Json& run, const Request& request,
                std::vector<std::string>& warnings) {
  std::string backend;
  for (const char* name : {"backend", "endpoint_type"}) {
    const io::Json* const value = run.find(name);
    if (!value || !value->is_text()) continue;
    const bool better = engine_of_backend(backend).empty() && !engine_of_backend(value->as_text()).empty();
    if (backend.empty() || better) backend = value->as_text();
  }
  const std::string engine = backend.empty() ? "vLLM" : engine_of_backend(backend);
  rows.set("engine", std::string_view(engine));
  if (engine.empty() && !run.find("engine") && !is_set(request, "engine"))
    warnings.push_back(
        fmt::format("\"backend\" is {}, a protocol of many engines; name the engine with --set engine=NAME",
                    quote(backend)));
}

void add_run(table::RowWriter& rows, Fields& fields, const io::Json& run, const Request& request,
             const std::string& file, std::vector<std::string>& warnings) {
  fields.begin(run);
  check_contradictions(run, warnings);
  std::string notes = "vllm bench serve";
  rows.begin_row();
  rows.set("model", fields.required_text("model_id"));
  set_engine(rows, run, request, warnings);
  set_load(rows, fields, run, request, notes);
  if (const io::Json* const label = run.find("label"); label && label->is_text() && !label->as_text().empty())
    notes += "; label " + shown(label->as_text());
  set_stated(rows, fields, run, warnings);
  warn_of_rate(run, warnings);
  set_energy(rows, run, energy_beside(fields, run, request, file, warnings), notes);
  const double prompts = fields.number_if_any("num_prompts"), completed = fields.required_number("completed");
  if (completed < prompts) {
    warnings.push_back(fmt::format("{} requests failed", number_text(prompts - completed)));
    if (!request.energy_file.empty() && prompts - completed > kMostFailed * prompts)
      warnings.emplace_back(
          "the energy includes that of failed requests, so that it is not divided by the tokens of the others");
  }
  rows.set("notes", notes);
  fields.end(ignored_by_vllm);
}

}  // namespace

Imported import_vllm(const Request& request) {
  table::RowWriter rows;
  std::vector<std::string> warnings;
  for (const std::string& file : request.files) {
    Fields fields(file);
    const std::string text = text_of(file, request);
    std::vector<std::string> of_runs;
    explained(text, file, "vllm", [&] {
      const bool is_csv = beginning_of_text(text).find_first_of("[{") != 0;
      const std::vector<io::Json> runs = is_csv ? csv_rows(text, file) : runs_in(text, file, warnings);
      if (runs.empty()) throw Error::bad_input({file, 0, {}}, "no result in this file");
      for (const io::Json& run : runs) add_run(rows, fields, run, request, file, of_runs);
    });
    for (const std::string& warning : of_runs) warnings.push_back(fmt::format("{}: {}", file, warning));
    if (request.energy_file.empty())
      warnings.push_back(file + ": contains no energy; add a log or report with --energy");
    const std::vector<std::string> found = fields.warnings();
    warnings.insert(warnings.end(), found.begin(), found.end());
  }
  table::Table table = finish(rows, request, warnings);
  return {std::move(table), std::move(warnings)};
}

std::vector<FieldInfo> vllm_fields() {
  return field_infos(kVllmFields);
}

}  // namespace energylens::importers
