// SPDX-License-Identifier: Apache-2.0
// `vllm bench serve --save-result`: totals of a run and statistics of its latencies in milliseconds (names
// end in _ms); files of others that came from it have the same names in seconds, without the ending. A run
// has no energy: it comes from a file beside, over the run's time. `date` is the local time at which the
// result was written, right after the run, to the second. Requests in flight are by Little's law (rate times
// mean latency), else the concurrency. Held by vllm_test.cpp.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "energylens/core/error.hpp"
#include "energylens/core/file.hpp"
#include "energylens/core/rounded_text.hpp"
#include "foreign/energy_beside.hpp"
#include "foreign/fields.hpp"
#include "foreign/formats.hpp"
#include "foreign/rows.hpp"

namespace energylens::foreign {
namespace {

constexpr std::array<std::string_view, 31> kPassedOver = {"date",
                                                          "backend",
                                                          "endpoint_type",
                                                          "label",
                                                          "tokenizer_id",
                                                          "num_prompts",
                                                          "burstiness",
                                                          "request_goodput",
                                                          "request_goodput:",
                                                          "good_completed",
                                                          "total_token_throughput",
                                                          "input_throughput",
                                                          "request_throughput",
                                                          "max_output_tokens_per_s",
                                                          "max_concurrent_requests",
                                                          "rtfx",
                                                          "input_lens",
                                                          "output_lens",
                                                          "ttfts",
                                                          "itls",
                                                          "generated_texts",
                                                          "errors",
                                                          "start_times",
                                                          "failed",
                                                          "completed",
                                                          "duration",
                                                          "total_input_tokens",
                                                          "total_output_tokens",
                                                          "model_id",
                                                          "goodput",
                                                          "ramp_up_strategy"};

bool passed_over(std::string_view name) {
  constexpr std::array<std::string_view, 4> kLatencies = {"ttft", "tpot", "itl", "e2el"};
  for (const std::string_view latency : kLatencies) {
    for (const std::string& ending : {std::string(latency), std::string(latency) + "_ms"}) {
      if (name.ends_with("_" + ending)) return true;
    }
  }
  return std::ranges::find(kPassedOver, name) != kPassedOver.end();
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

/// Seconds since 1970 of "20260214-153825", taken as UTC; unknown if it is none.
double date_s(const std::string& text) {
  if (text.size() != 15 || text[8] != '-') return kUnknown;
  std::array<int, 6> parts{};
  const std::array<std::pair<std::size_t, std::size_t>, 6> places = {
      {{0, 4}, {4, 2}, {6, 2}, {9, 2}, {11, 2}, {13, 2}}};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (const char c : text.substr(places[i].first, places[i].second)) {
      if (c < '0' || c > '9') return kUnknown;
      parts[i] = 10 * parts[i] + (c - '0');
    }
  }
  const std::chrono::year_month_day date{std::chrono::year(parts[0]),
                                         std::chrono::month(static_cast<unsigned>(parts[1])),
                                         std::chrono::day(static_cast<unsigned>(parts[2]))};
  if (!date.ok()) return kUnknown;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return 86400.0 * days + 3600.0 * parts[3] + 60.0 * parts[4] + parts[5];
}

/// When the run was: as the request says, else from its date.
meter::Window window_of(const wire::Json& run, const Request& request, std::vector<std::string>& warnings) {
  meter::Window window = request.window;
  if (known(window.begin_s) && known(window.end_s)) return window;
  const double end_s = date_s(run.text_or("date", "")) - request.utc_offset_s;
  if (!known(end_s)) throw run.error("\"date\" does not say when the run ended: name its window");
  if (!known(window.end_s)) window.end_s = end_s;
  if (!known(window.begin_s)) window.begin_s = window.end_s - run.number("duration");
  warnings.push_back("\"date\" is known to the second: the window of energy may be a second off");
  return window;
}

GpuEnergy energy_beside(const wire::Json& run, const Request& request, std::vector<std::string>& warnings) {
  if (request.energy_file.empty()) return {};
  GpuEnergy energy;
  const std::string text = read_file(request.energy_file);
  if (text.starts_with('{')) {
    energy = energy_of_report(text, request.energy_file);
    // A report covers its command, of which the run is a part.
    if (energy.duration_s < 0.99 * run.number("duration"))
      throw Error::bad_input({request.energy_file, 0, {}},
                             "it covers " + quantity_text(energy.duration_s, "s") + ", the run took " +
                                 quantity_text(run.number("duration"), "s") + ": it is of something else");
    warnings.push_back(request.energy_file + ": covers all of its command, start and end included");
  } else {
    const meter::Trace trace = read_trace(request.energy_file, request.utc_offset_s);
    energy = energy_of(trace, request.energy_file, window_of(run, request, warnings), request);
  }
  warnings.insert(warnings.end(), energy.warnings.begin(), energy.warnings.end());
  return energy;
}

/// Mean number of requests in flight.
double in_flight(Fields& fields, double completed, double duration_s, double concurrency,
                 std::string& notes) {
  const double by_law = completed / duration_s * latency_s(fields, "mean_e2el");
  if (known(by_law)) return by_law;
  if (known(concurrency)) notes += "; batch is the concurrency";
  return concurrency;
}

void set_load(RowMaker& rows, Fields& fields, std::string& notes) {
  const double completed = fields.required_number("completed"),
               duration_s = fields.required_number("duration");
  const double concurrency = fields.number_if_any("max_concurrency");
  rows.set("row_kind", "steady");
  rows.set("batch", in_flight(fields, completed, duration_s, concurrency, notes));
  rows.set("concurrency", concurrency);
  fields.pass_over("request_rate");  // a number, or "inf" for as fast as the concurrency lets
  rows.set("isl", fields.number("total_input_tokens") / completed);
  rows.set("osl", fields.number("total_output_tokens") / completed);
  rows.set("ttft_s", typical_s(fields, "ttft", notes));
  rows.set("tpot_s", typical_s(fields, "tpot", notes));
  rows.set("throughput_tok_s", fields.number("output_throughput"));
}

void set_energy(RowMaker& rows, const wire::Json& run, const GpuEnergy& energy, std::string& notes) {
  if (energy.gpus == 0) return;
  if (!energy.not_of_run.empty()) {
    notes += "; energy not of this run: " + energy.not_of_run;
    rows.set("simulated", 1);
  }
  rows.set("gpu", energy.gpu_name);
  rows.set("num_gpus", static_cast<double>(energy.gpus));
  rows.set("avg_power_w", energy.energy_j / energy.duration_s);
  rows.set("energy_per_out_token_j", energy.energy_j / run.number("total_output_tokens"));
  rows.set("energy_per_request_j", energy.energy_j / run.number("completed"));
  rows.set("energy_scope", "gpu");
}

void add_run(RowMaker& rows, Fields& fields, const wire::Json& run, const Request& request,
             std::vector<std::string>& warnings) {
  fields.begin(run);
  std::string notes = "vllm bench serve";
  rows.begin_row();
  rows.set("model", fields.required_text("model_id"));
  rows.set("engine", "vLLM");
  set_load(rows, fields, notes);
  set_energy(rows, run, energy_beside(run, request, warnings), notes);
  const double prompts = fields.number_if_any("num_prompts"), completed = fields.required_number("completed");
  if (completed < prompts) {
    warnings.push_back(number_text(prompts - completed) + " of its requests failed");
  }
  rows.set("notes", notes);
  fields.end(passed_over);
}

/// The runs in a file: one object, an array of them, or a line for each.
std::vector<wire::Json> runs_of(const std::string& text, const std::string& file) {
  const std::size_t end = text.find('\n');
  const bool lines = text.starts_with('{') && end != std::string::npos && end > 0 && text[end - 1] == '}' &&
                     text.find_first_not_of(" \r\n", end) != std::string::npos;
  std::vector<wire::Json> runs;
  if (!lines) {
    const wire::Json json = wire::parse_json(text, file);
    if (json.is_array()) return json.items();
    return {json};
  }
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t stop = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, stop - begin);
    begin = stop + 1;
    if (line.find_first_not_of(" \r") != std::string::npos) runs.push_back(wire::parse_json(line, file));
  }
  return runs;
}

}  // namespace

Imported import_vllm(const Request& request) {
  RowMaker rows;
  std::vector<std::string> warnings;
  for (const std::string& file : request.files) {
    Fields fields(file);
    const std::vector<wire::Json> runs = runs_of(read_file(file), file);
    if (runs.empty()) throw Error::bad_input({file, 0, {}}, "it holds no result");
    std::vector<std::string> said;
    for (const wire::Json& run : runs) add_run(rows, fields, run, request, said);
    for (const std::string& one : said) warnings.push_back(file + ": " + one);
    if (request.energy_file.empty())
      warnings.push_back(file + ": no energy in it: name a log or report by --energy");
    const std::vector<std::string> found = fields.warnings();
    warnings.insert(warnings.end(), found.begin(), found.end());
  }
  return {rows.finish(request), std::move(warnings)};
}

}  // namespace energylens::foreign
