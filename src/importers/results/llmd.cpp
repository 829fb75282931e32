// SPDX-License-Identifier: Apache-2.0
// Benchmark reports of llm-d (YAML or JSON), versions 0.1 and 0.2. Every statistic states its unit. Power is that of one
// accelerator of a kind. Deployments with separate prefill and decode have no one layout: it must be set. Held by
// llmd_test.cpp.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "importers/formats.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/readers/times.hpp"
#include "importers/results/load_rows.hpp"

namespace energylens::importers {
namespace {

constexpr std::array kLlmdFields = {
    text_field("scenario.model.name", &LoadResult::model, "version 0.1"),
    text_field("scenario.model.quantization", &LoadResult::quant, "version 0.1"),
    read_field("scenario.host.accelerator[].model", "gpu", "version 0.1"),
    read_field("scenario.host.accelerator[].count", "num_gpus", "version 0.1; sum over the list"),
    read_field("scenario.host.accelerator[].parallelism", "tp, pp, dp, ep",
               "version 0.1; where all entries agree"),
    read_field("scenario.platform.engine[].name", "engine", "version 0.1"),
    read_field("scenario.platform.engine[].version", "engine_version", "version 0.1"),
    number_field("metrics.time.duration", &LoadResult::duration_s),
    number_field("metrics.time.start", &LoadResult::begin_s),
    number_field("metrics.time.stop", &LoadResult::end_s),
    read_field("scenario.stack[].standardized", "model, gpu, tp, pp, dp, ep, engine", "version 0.2"),
    number_field("scenario.load.standardized.concurrency", &LoadResult::concurrency, 1, "version 0.2"),
    number_field("scenario.load.standardized.rate_qps", &LoadResult::rate_rps, 1, "version 0.2"),
    read_field("run.time.duration", "duration", "version 0.2, ISO 8601 or s"),
    read_field("*.requests.total", "requests sent"),
    read_field("*.requests.failures", "requests failed"),
    read_field("*.requests.input_length.mean", "isl"),
    read_field("*.requests.output_length.mean", "osl"),
    read_field("*.latency.request_latency.mean", "batch"),
    read_field("*.latency.time_to_first_token.mean", "ttft_s"),
    read_field("*.latency.time_per_output_token.mean", "tpot_s"),
    read_field("*.latency.inter_token_latency.mean", "tpot_s",
               "only where the time per output token is missing"),
    read_field("*.throughput.output_tokens_per_sec", "throughput_tok_s", "output_token_rate in version 0.2"),
    read_field("*.throughput.requests_per_sec", "requests per second", "request_rate in version 0.2"),
    read_field("metrics.resources.accelerator[].power.mean", "avg_power_w",
               "times the count of accelerators"),
    refused_field("metrics.service.batch_size", "of the engine alone, without requests that wait"),
    refused_field("*", "further figures"),
};

/// Seconds of a mean with its units; "ms/token" is ms.
double llmd_seconds(const io::Json& at, const std::string& metric) {
  const std::string units = text_at(at, metric + ".units");
  const double mean = number_at(at, metric + ".mean");
  if (units.starts_with("ms")) return mean * 1e-3;
  if (units.starts_with("us")) return mean * 1e-6;
  return mean;
}

/// A duration as ISO 8601 writes it, "PT1H2M3.5S", or a number of seconds.
double duration_of(const std::string& text) {
  if (const auto number = parse_number(text)) return *number;
  const std::size_t t = text.find('T');
  if (!text.starts_with('P') || t == std::string::npos) return kUnknown;
  double seconds = 0;
  std::string digits;
  for (const char c : text.substr(t + 1)) {
    if ((c >= '0' && c <= '9') || c == '.') {
      digits += c;
      continue;
    }
    const double unit = c == 'H' ? 3600 : c == 'M' ? 60 : c == 'S' ? 1 : kUnknown;
    seconds += unit * parse_number(digits).value_or(kUnknown);
    digits.clear();
  }
  return seconds;
}

struct LlmdPart {
  const io::Json* accelerator;
  double power_w;
};

/// Layout, GPUs and power of the parts of a deployment.
void set_parts(const std::vector<LlmdPart>& parts, LoadResult& r) {
  if (parts.empty()) return;
  const auto same = [&](const char* path) {
    const double first = number_at(*parts.front().accelerator, path);
    return std::ranges::all_of(
               parts, [&](const LlmdPart& part) { return number_at(*part.accelerator, path) == first; })
               ? first
               : kUnknown;
  };
  r.gpu = text_at(*parts.front().accelerator, "model");
  r.num_gpus = r.avg_power_w = 0;
  for (const LlmdPart& part : parts) {
    const double count = number_at(*part.accelerator, "count");
    r.num_gpus += count;
    r.avg_power_w += part.power_w * count;
  }
  r.tp = same("parallelism.tp");
  r.pp = same("parallelism.pp");
  r.ep = same("parallelism.ep");
  r.dp = same("parallelism.dp");
  if (parts.size() > 1 && known(r.tp)) r.dp = r.num_gpus / (r.tp * (known(r.pp) ? r.pp : 1));
  if (!known(r.avg_power_w)) r.avg_power_w = kUnknown;
}

void read_metrics(const io::Json& at, LoadResult& r) {
  r.prompts = number_at(at, "requests.total");
  r.failed = number_at(at, "requests.failures");
  const double incomplete = number_at(at, "requests.incomplete");
  r.completed = r.prompts - r.failed - (incomplete > 0 ? incomplete : 0);
  r.isl = number_at(at, "requests.input_length.mean");
  r.osl = number_at(at, "requests.output_length.mean");
  r.e2e_s = llmd_seconds(at, "latency.request_latency");
  r.ttft_s = llmd_seconds(at, "latency.time_to_first_token");
  r.tpot_s = llmd_seconds(at, "latency.time_per_output_token");
  r.itl_s = llmd_seconds(at, "latency.inter_token_latency");
  r.output_tok_s = number_at(at, "throughput.output_tokens_per_sec");
  if (!known(r.output_tok_s)) r.output_tok_s = number_at(at, "throughput.output_token_rate.mean");
  r.completed_rps = number_at(at, "throughput.requests_per_sec");
  if (!known(r.completed_rps)) r.completed_rps = number_at(at, "throughput.request_rate.mean");
}

/// Statistics in ms whose figures only agree with the throughput as seconds are in seconds.
void check_units(LoadResult& r) {
  const double by_law = r.completed_rps * r.e2e_s;
  if (!(by_law < 0.01) || !(r.completed_rps * r.e2e_s * 1e3 >= 0.5)) return;
  for (double* latency : {&r.e2e_s, &r.ttft_s, &r.tpot_s, &r.itl_s}) *latency *= 1e3;
  r.warnings.emplace_back(
      "latencies are stated in ms, but only agree with the throughput in s, which is what they are read as");
}

void finish_v01(const io::Json& report, LoadResult& r) {
  if (const io::Json* const metrics = at_path(report, "metrics")) read_metrics(*metrics, r);
  std::vector<LlmdPart> parts;
  if (const io::Json* const list = at_path(report, "scenario.host.accelerator"); list && list->is_array()) {
    for (std::size_t i = 0; i < list->items().size(); ++i)
      parts.push_back({&list->items()[i],
                       number_at(report, fmt::format("metrics.resources.accelerator[{}].power.mean", i))});
  }
  set_parts(parts, r);
  r.engine = text_at(report, "scenario.platform.engine[0].name");
  r.engine_version = text_at(report, "scenario.platform.engine[0].version");
  r.workload = text_at(report, "scenario.load.type");
}

void finish_v02(const io::Json& report, LoadResult& r) {
  if (const io::Json* const all = at_path(report, "results.request_performance.aggregate"))
    read_metrics(*all, r);
  std::vector<LlmdPart> parts;
  const io::Json* const stack = at_path(report, "scenario.stack");
  for (std::size_t i = 0; stack && stack->is_array() && i < stack->items().size(); ++i) {
    const io::Json* const part = at_path(stack->items()[i], "standardized");
    if (!part || text_at(*part, "kind") != "inference_engine") continue;
    const io::Json* const accelerator = at_path(*part, "accelerator");
    const double replicas = number_at(*part, "replicas");
    for (int k = 0; accelerator && k < (replicas >= 1 ? static_cast<int>(std::min(replicas, 1e4)) : 1); ++k)
      parts.push_back({accelerator, kUnknown});
    if (r.model.empty()) r.model = text_at(*part, "model.name");
    if (r.quant.empty()) r.quant = text_at(*part, "model.quantization");
    if (r.engine.empty()) r.engine = text_at(*part, "tool");
    if (r.engine_version.empty()) r.engine_version = text_at(*part, "tool_version");
  }
  set_parts(parts, r);
  r.duration_s = duration_of(text_at(report, "run.time.duration"));
  r.begin_s = parse_time(text_at(report, "run.time.start")).value_or(Time{}).time_s;
  r.end_s = parse_time(text_at(report, "run.time.end")).value_or(Time{}).time_s;
}

void finish_llmd(const io::Json& report, LoadResult& r) {
  if (text_at(report, "version").starts_with("0.1")) {
    finish_v01(report, r);
  } else {
    finish_v02(report, r);
  }
  check_units(r);
}

/// The roles of the parts, if there are several; empty for a deployment whose parts are alike.
std::string different_roles(const io::Json& report) {
  std::string roles;
  const io::Json* list = at_path(report, "scenario.host.type");
  if (list && list->is_array()) {
    for (const io::Json& role : list->items())
      roles += (roles.empty() ? "" : ", ") + (role.is_text() ? role.as_text() : "");
  }
  list = at_path(report, "scenario.stack");
  for (std::size_t i = 0; list && list->is_array() && i < list->items().size(); ++i) {
    const std::string role = text_at(list->items()[i], "standardized.role");
    if (role == "prefill" || role == "decode") roles += (roles.empty() ? "" : ", ") + role;
  }
  return roles.find("prefill") != std::string::npos ? roles : std::string();
}

void add_llmd(const io::Json& document, const std::string& file, LoadRows& rows) {
  if (const std::string roles = different_roles(document);
      !roles.empty() && !rows.is_set("layout") && !rows.is_set("tp"))
    throw Error::bad_input(
        {file, 0, {}},
        fmt::format(
            "the deployment is disaggregated ({}): it has no one layout, and its energy is of prefill and "
            "decode GPUs together; state a layout with --set layout=NAME to import it all the same",
            roles));
  LoadResult defaults;
  defaults.tool = "llm-d benchmark report " + text_at(document, "version");
  add_run(document, kLlmdFields, file, rows, defaults, finish_llmd);
}

}  // namespace

Imported import_llmd(const Request& request) {
  return import_documents(request, "llm-d", add_llmd);
}
std::vector<FieldInfo> llmd_fields() {
  return field_infos(kLlmdFields);
}

}  // namespace energylens::importers
