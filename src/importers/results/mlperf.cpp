// SPDX-License-Identifier: Apache-2.0
// `mlperf_log_summary.txt` of MLPerf loadgen: "name : value" lines. It states rates and latencies, no times, so that the
// energy beside (spl.txt of PTDaemon) counts by its mean power over the log or a window. Held by results_test.cpp.
#include <fmt/format.h>

#include <map>

#include "energylens/core/error.hpp"
#include "importers/content.hpp"
#include "importers/energy_beside.hpp"
#include "importers/foreign.hpp"
#include "importers/formats.hpp"
#include "importers/results/load_rows.hpp"
#include "importers/rows.hpp"

namespace energylens::importers {
namespace {

constexpr std::array kMlperfFields = {
    read_field("SUT name", "notes"),
    read_field("Scenario", "workload"),
    read_field("Completed samples per second", "requests per second", "Samples per second in Offline"),
    read_field("Completed tokens per second", "throughput_tok_s",
               "Tokens per second in Offline, inferred or not"),
    read_field("Mean First Token latency (ns)", "ttft_s"),
    read_field("Mean Time to Output Token (ns)", "tpot_s"),
    read_field("Mean latency (ns)", "batch", "by Little's law, in Server"),
    read_field("target_qps", "request_rate_rps", "in Server"),
    derived_field("osl", "tokens per second over samples per second"),
    derived_field("energy_per_out_token_j", "mean power of the log over tokens per second"),
    refused_field("Result is", "a run that is INVALID is named in a warning"),
    refused_field("latency percentiles", "quantiles"),
};

using Figures = std::map<std::string, std::string, std::less<>>;

Figures figures_in(const std::string& text) {
  Figures figures;
  std::size_t at = 0;
  const auto trimmed = [](std::string_view part) {
    while (!part.empty() && (part.front() == ' ' || part.front() == '\t')) part.remove_prefix(1);
    while (!part.empty() && (part.back() == ' ' || part.back() == '\r' || part.back() == '\t'))
      part.remove_suffix(1);
    return part;
  };
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = std::string_view(text).substr(at, end - at);
    at = end + 1;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    figures.emplace(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  }
  return figures;
}

double figure(const Figures& figures, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const auto found = figures.find(name); found != figures.end())
      return parse_number(found->second).value_or(kUnknown);
  }
  return kUnknown;
}

std::string word(const Figures& figures, std::string_view name) {
  const auto found = figures.find(name);
  return found == figures.end() ? std::string() : found->second;
}

LoadResult mlperf_result(const Figures& figures, const std::string& file) {
  LoadResult r;
  r.tool = "MLPerf " + word(figures, "SUT name");
  r.workload = word(figures, "Scenario");
  r.completed_rps = figure(figures, {"Completed samples per second", "Samples per second"});
  r.output_tok_s =
      figure(figures, {"Completed tokens per second", "Tokens per second", "Tokens per second (inferred)"});
  if (!known(r.completed_rps))
    throw Error::bad_input({file, 0, {}},
                           "no samples per second: only scenarios Offline and Server are read");
  r.ttft_s = figure(figures, {"Mean First Token latency (ns)"}) * 1e-9;
  r.tpot_s = figure(figures, {"Mean Time to Output Token (ns)", "Mean Time Per Output Token (ns)"}) * 1e-9;
  r.nominal_lengths = true;
  if (r.workload == "Server") {
    r.e2e_s = figure(figures, {"Mean latency (ns)"}) * 1e-9;
    r.rate_rps = figure(figures, {"Scheduled samples per second", "target_qps"});
  }
  if (const std::string verdict = word(figures, "Result is"); !verdict.empty() && verdict != "VALID")
    r.warnings.push_back("the run is marked as " + verdict);
  if (word(figures, "Mode") != "PerformanceOnly")
    r.warnings.push_back("the mode is " + word(figures, "Mode"));
  return r;
}

/// The mean power of the log beside.
void add_mlperf_power(LoadResult& r, const Request& request, std::vector<std::string>& warnings) {
  if (request.energy_file.empty()) return;
  const GpuEnergy energy =
      energy_of(read_trace(request.energy_file, request), request.energy_file, request.window, request);
  warnings.insert(warnings.end(), energy.warnings.begin(), energy.warnings.end());
  r.avg_power_w = energy.energy_j / energy.duration_s;
  r.energy_scope = energy.scope;
  if (energy.scope == "gpu") r.num_gpus = static_cast<double>(energy.gpus);
  if (!known(request.window.begin_s) && !known(request.window.end_s))
    warnings.push_back(request.energy_file +
                       ": the power is the mean over the whole log; select the run with --begin and --end");
}

}  // namespace

Imported import_mlperf(const Request& request) {
  std::vector<std::string> warnings;
  Request without_energy = request;
  without_energy.energy_file.clear();
  LoadRows rows(without_energy, warnings);
  for (const std::string& file : request.files) {
    const std::string text = text_of(file, request);
    explained(text, file, "mlperf", [&] {
      LoadResult result = mlperf_result(figures_in(text), file);
      add_mlperf_power(result, request, warnings);
      rows.add(std::move(result), file);
    });
  }
  return rows.finish();
}
std::vector<FieldInfo> mlperf_fields() {
  return field_infos(kMlperfFields);
}

}  // namespace energylens::importers
