// SPDX-License-Identifier: Apache-2.0
// Aggregates of InferenceX: one object per configuration, latencies in s, throughput per GPU. isl and osl are those that
// were asked for. Power is only taken where `power_valid` is 1; else its reason codes are kept in the notes. Held by
// inferencex_test.cpp.
#include <fmt/format.h>

#include "energylens/core/error.hpp"
#include "importers/formats.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/results/load_rows.hpp"

namespace energylens::importers {
namespace {

constexpr double kPowerSchema = 2;

constexpr std::array kInferencexFields = {
    text_field("model", &LoadResult::model),
    text_field("hw", &LoadResult::gpu),
    text_field("framework", &LoadResult::engine),
    text_field("precision", &LoadResult::quant),
    number_field("conc", &LoadResult::concurrency),
    number_field("isl", &LoadResult::isl, 1, "as asked for"),
    number_field("osl", &LoadResult::osl, 1, "as asked for"),
    number_field("tp", &LoadResult::tp, 1,
                 "GPUs; with dp_attention the attention is data parallel over them"),
    number_field("pp", &LoadResult::pp),
    number_field("ep", &LoadResult::ep),
    read_field("dp_attention", "dp", "where true: dp = tp, tp = 1"),
    number_field("power_audit.expected_gpu_count", &LoadResult::num_gpus),
    number_field("benchmark_outcome.requested", &LoadResult::prompts),
    number_field("benchmark_outcome.completed", &LoadResult::completed),
    number_field("benchmark_outcome.failed", &LoadResult::failed),
    read_field("output_tput_per_gpu", "throughput_tok_s", "times the GPUs"),
    number_field("mean_ttft", &LoadResult::ttft_s),
    number_field("median_ttft", &LoadResult::median_ttft_s),
    number_field("mean_tpot", &LoadResult::tpot_s),
    number_field("median_tpot", &LoadResult::median_tpot_s),
    number_field("mean_e2el", &LoadResult::e2e_s),
    number_field("power_audit.window_start_unix", &LoadResult::begin_s),
    number_field("power_audit.window_end_unix", &LoadResult::end_s),
    read_field("power_valid", "energy", "0: no energy, with the reasons in the notes"),
    read_field("power_invalid_reasons", "notes"),
    read_field("power_metric_schema_version", "energy", "2"),
    read_field("avg_total_gpu_power_w", "avg_power_w", "over all GPUs; else avg_power_w times the GPUs"),
    read_field("total_gpu_energy_j", "energy_per_request_j", "over the successful requests"),
    read_field("joules_per_output_token", "energy_per_out_token_j"),
    read_field("joules_per_successful_query", "energy_per_request_j"),
    read_field("spec_decoding", "notes"),
    read_field("disagg", "layout", "true: refused unless a layout is set"),
    refused_field("tput_per_gpu", "input and output tokens together"),
    refused_field("avg_power_w", "of one GPU; used where the total is missing"),
    refused_field("*", "further statistics"),
};

/// Reason codes, as one text.
std::string reasons_of(const io::Json& run) {
  std::string reasons;
  for (const char* path : {"power_invalid_reasons", "power_audit.reasons", "reasons"}) {
    const io::Json* const list = at_path(run, path);
    if (!list || !list->is_array()) continue;
    for (const io::Json& reason : list->items()) {
      if (reason.is_text()) reasons += (reasons.empty() ? "" : ", ") + reason.as_text();
    }
  }
  return reasons.empty() ? "no reason is given" : reasons;
}

void set_inferencex_power(const io::Json& run, double gpus, LoadResult& r) {
  const io::Json* const valid = at_path(run, "power_valid");
  if (!valid) return;
  if (!is_true(valid)) {
    r.notes.push_back("power not valid: " + reasons_of(run));
    r.warnings.push_back("the power is marked as invalid and is not used: " + reasons_of(run));
    return;
  }
  if (const double version = number_at(run, "power_metric_schema_version"); version != kPowerSchema)
    r.warnings.push_back(fmt::format("version of the power schema is {}, not 2", number_text(version)));
  r.avg_power_w = number_at(run, "avg_total_gpu_power_w");
  if (!known(r.avg_power_w)) r.avg_power_w = number_at(run, "avg_power_w") * gpus;
  r.energy_per_out_token_j = number_at(run, "joules_per_output_token");
  r.energy_per_request_j = number_at(run, "joules_per_successful_query");
  r.total_energy_j = number_at(run, "total_gpu_energy_j");
}

/// A throughput that the counts and the window contradict belongs to another run.
void check_inferencex(LoadResult& r) {
  const double by_window = r.completed * r.osl / (r.end_s - r.begin_s);
  if (!(by_window > 1.5 * r.output_tok_s) && !(by_window < r.output_tok_s / 1.5)) return;
  r.warnings.push_back(fmt::format(
      "throughput is stated as {} tokens per second, but {} requests of {} tokens in the window of "
      "the power are {}; neither is used",
      number_text(r.output_tok_s), number_text(r.completed), number_text(r.osl), number_text(by_window)));
  r.output_tok_s = r.completed = r.prompts = r.failed = r.begin_s = r.end_s = kUnknown;
}

void finish_inferencex(const io::Json& run, LoadResult& r) {
  const double gpus = known(r.num_gpus) ? r.num_gpus : r.tp * (known(r.pp) ? r.pp : 1);
  r.num_gpus = gpus;
  r.nominal_lengths = true;
  r.notes.emplace_back("isl and osl are as asked for");
  r.output_tok_s = number_at(run, "output_tput_per_gpu") * gpus;
  if (is_true(at_path(run, "dp_attention"))) {
    r.dp = r.tp;
    r.tp = 1;
  }
  if (r.engine == "vllm") r.engine = "vLLM";
  if (r.engine == "sglang") r.engine = "SGLang";
  if (r.engine == "trt" || r.engine == "trtllm") r.engine = "TensorRT-LLM";
  if (const std::string how = text_at(run, "spec_decoding"); !how.empty() && how != "none") {
    r.notes.push_back("speculative decoding " + how + ", tokens per step not stated");
    r.warnings.emplace_back(
        "speculative decoding without its tokens per step; add them with --set accepted_per_step=N");
    r.workload = "spec-" + how;
  }
  set_inferencex_power(run, gpus, r);
  check_inferencex(r);
}

void add_inferencex(const io::Json& document, const std::string& file, LoadRows& rows) {
  if (document.is_array()) {
    for (const io::Json& run : document.items()) add_inferencex(run, file, rows);
    return;
  }
  const bool no_layout = is_true(at_path(document, "disagg")) || !at_path(document, "tp");
  if (no_layout && !rows.is_set("layout") && !rows.is_set("tp"))
    throw Error::bad_input(
        {file, 0, {}},
        "the deployment has separate prefill and decode GPUs, which no single layout describes; state one with --set "
        "layout=NAME to import it all the same");
  LoadResult defaults;
  defaults.tool = "InferenceX";
  add_run(document, kInferencexFields, file, rows, defaults, finish_inferencex);
}

}  // namespace

Imported import_inferencex(const Request& request) {
  return import_documents(request, "inferencex", add_inferencex);
}
std::vector<FieldInfo> inferencex_fields() {
  return field_infos(kInferencexFields);
}

}  // namespace energylens::importers
