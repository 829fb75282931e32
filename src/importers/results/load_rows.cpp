// SPDX-License-Identifier: Apache-2.0
// Tools report overlapping figures: totals, means, rates. `complete` computes the missing ones, `check_tpot` replaces a
// time per token that contradicts the others, and `add` writes the row. Held by results_test.cpp.
#include "importers/results/load_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/rounded_text.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "importers/content.hpp"
#include "importers/energy_of_run.hpp"
#include "importers/foreign.hpp"
#include "importers/in_flight.hpp"
#include "importers/readers/json_texts.hpp"
#include "importers/readers/yaml.hpp"
#include "importers/rows.hpp"

namespace energylens::importers {
namespace {

/// Means of ratios differ from ratios of means by less, where outputs differ in length.
constexpr double kFarTpot = 0.3;

void fill(double& value, double otherwise) {
  if (!known(value) && std::isfinite(otherwise)) value = otherwise;
}

/// A time per token beyond the first that is far from (latency - ttft) / (osl - 1), as where a client counts events
/// instead of tokens.
void check_tpot(LoadResult& r) {
  if (r.nominal_lengths || !(r.osl > 2)) return;
  const double by_latency_s = (r.e2e_s - r.ttft_s) / (r.osl - 1);
  if (!(by_latency_s > 0) || !known(r.tpot_s) || std::abs(r.tpot_s / by_latency_s - 1) <= kFarTpot) return;
  r.warnings.push_back(fmt::format(
      "the time per output token is stated as {}, but the latencies and {} output tokens give {}, "
      "which is used",
      quantity_text(r.tpot_s, "s"), rounded_text(r.osl), quantity_text(by_latency_s, "s")));
  r.tpot_s = by_latency_s;
}

void use_median(double& mean, double median, const char* name, LoadResult& r) {
  if (known(mean) || !known(median)) return;
  mean = median;
  r.notes.push_back(fmt::format("{} is the median", name));
}

void refuse_impossible(const LoadResult& r, const std::string& file) {
  const auto refuse = [&](const std::string& why) { throw Error::bad_input({file, 0, {}}, why); };
  if (r.completed <= 0) refuse("no request was answered");
  if (r.duration_s <= 0) refuse("the duration of the run is not above 0");
  for (const double latency_s : {r.ttft_s, r.tpot_s, r.e2e_s}) {
    if (latency_s < 0) refuse("contradictory figures: a latency is negative");
  }
  if (r.e2e_s > 1.01 * r.duration_s && r.row_kind == "steady")
    refuse(fmt::format("contradictory figures: the mean latency is {}, longer than the run of {}",
                       quantity_text(r.e2e_s, "s"), quantity_text(r.duration_s, "s")));
  if (r.completed + (known(r.failed) ? r.failed : 0) > r.prompts * 1.0001)
    refuse(fmt::format("contradictory figures: {} requests completed or failed, but {} were sent",
                       number_text(r.completed + (known(r.failed) ? r.failed : 0)), number_text(r.prompts)));
}

}  // namespace

void complete(LoadResult& r) {
  if (r.end_s < r.begin_s) {
    r.warnings.emplace_back("the run ends before it begins; its times are not used");
    r.begin_s = r.end_s = kUnknown;
  }
  fill(r.duration_s, r.end_s - r.begin_s);
  fill(r.duration_s, r.completed / r.completed_rps);
  fill(r.completed, r.prompts - r.failed);
  fill(r.failed, r.prompts - r.completed);
  fill(r.completed_rps, r.completed / r.duration_s);
  fill(r.completed, std::round(r.completed_rps * r.duration_s));
  fill(r.osl, r.output_tokens / r.completed);
  fill(r.osl, r.output_tok_s / r.completed_rps);
  fill(r.isl, r.input_tokens / r.completed);
  fill(r.output_tokens, r.osl * r.completed);
  fill(r.output_tok_s, r.output_tokens / r.duration_s);
  fill(r.output_tok_s, r.osl * r.completed_rps);
  use_median(r.ttft_s, r.median_ttft_s, "ttft_s", r);
  if (!known(r.tpot_s) && known(r.itl_s)) {
    r.tpot_s = r.itl_s;
    r.notes.emplace_back("tpot_s is the inter-token latency");
  }
  use_median(r.tpot_s, r.median_tpot_s, "tpot_s", r);
  if (!known(r.tpot_s) && known(r.median_itl_s)) {
    r.tpot_s = r.median_itl_s;
    r.notes.emplace_back("tpot_s is the median inter-token latency");
  }
  check_tpot(r);
  fill(r.tpot_s, r.osl > 1 ? (r.e2e_s - r.ttft_s) / (r.osl - 1) : kUnknown);
  fill(r.total_energy_j, r.energy_per_request_j * r.completed);
}

bool LoadRows::is_set(std::string_view column) const {
  return importers::is_set(request_, column);
}

void LoadRows::set(std::string_view column, double value) {
  if (std::isfinite(value)) rows_.set(column, value);
}

void LoadRows::set(std::string_view column, const std::string& text) {
  if (!text.empty()) rows_.set(column, std::string_view(text));
}

void LoadRows::set_load(LoadResult& r) {
  Sending sending{r.completed, r.duration_s, r.prompts, r.concurrency, r.rate_rps, r.e2e_s, "mean_e2el"};
  if (!known(r.e2e_s)) {
    sending.mean_latency_s = known(r.ttft_s) ? r.ttft_s + r.tpot_s * (r.osl - 1) : r.median_e2e_s;
    sending.latency_name = known(r.ttft_s) ? "ttft_s and tpot_s" : "the median latency";
  } else {
    sending.latency_name = "mean_e2el";
  }
  if (!known(r.completed) || !known(r.duration_s)) {  // the rate alone
    sending.completed = r.completed_rps;
    sending.duration_s = 1;
  }
  if (!known(r.rate_rps)) sending.rate_rps = known(r.concurrency) ? HUGE_VAL : kUnknown;
  InFlight found{r.in_flight, r.in_flight_source};
  if (!known(found.requests)) found = in_flight(sending);
  if (!known(found.requests)) found = {r.concurrency, "batch is the concurrency"};
  if (known(found.requests) && !found.source.empty()) r.notes.push_back(found.source);
  set("row_kind", r.row_kind);
  set("batch", found.requests > 0 ? found.requests : kUnknown);
  set("concurrency", r.concurrency > 0 ? r.concurrency : kUnknown);
  set("request_rate_rps", r.rate_rps > 0 ? r.rate_rps : kUnknown);
  set("max_batch", r.max_batch > 0 ? r.max_batch : kUnknown);
  set("isl", r.isl >= 1 ? r.isl : kUnknown);
  set("osl", r.osl >= 1 ? r.osl : kUnknown);
  set("cached_tokens", r.cached_tokens);
  set("accepted_per_step", r.accepted_per_step >= 1 ? r.accepted_per_step : kUnknown);
  set("ttft_s", r.ttft_s > 0 ? r.ttft_s : kUnknown);
  set("tpot_s", r.tpot_s > 0 ? r.tpot_s : kUnknown);
  if (r.row_kind == "job") {
    set("prefill_time_s", r.prefill_time_s);
    set("decode_time_s", r.decode_time_s);
    set("total_time_s", r.duration_s);
  }
  set("throughput_tok_s", r.output_tok_s > 0 ? r.output_tok_s : kUnknown);
}

void LoadRows::take_energy_file(LoadResult& r, const std::string& file) {
  if (request_.energy_file.empty()) return;
  if (!known(r.duration_s))
    throw Error::bad_input({file, 0, {}},
                           "the duration of the run is unknown, so that no energy can be assigned to it");
  RunTime time{r.duration_s, r.date, r.begin_s, r.end_s};
  const GpuEnergy energy = energy_of_run(time, request_, file, warnings_);
  if (energy.gpus == 0) return;
  if (known(r.total_energy_j) || known(r.avg_power_w))
    r.warnings.push_back("the energy of the result itself gives way to that of " + request_.energy_file);
  if (energy.scope == "gpu") {
    if (known(r.num_gpus) && r.num_gpus != static_cast<double>(energy.gpus))
      throw Error::bad_input(
          {file, 0, {}}, fmt::format("the run used {} GPUs, but the energy is of {}; select them with --gpus",
                                     number_text(r.num_gpus), energy.gpus));
    r.num_gpus = static_cast<double>(energy.gpus);
    if (r.gpu.empty()) r.gpu = energy.gpu_name;
  }
  if (!energy.not_of_run.empty()) {
    r.notes.push_back("energy not of this run: " + energy.not_of_run);
    r.simulated = true;
  }
  r.energy_scope = energy.scope;
  r.avg_power_w = energy.energy_j / energy.duration_s;
  r.total_energy_j = r.avg_power_w * r.duration_s;
  r.energy_per_out_token_j = r.energy_per_request_j = r.prefill_energy_j = r.decode_energy_j = kUnknown;
}

void LoadRows::set_energy(LoadResult& r, const std::string& file) {
  take_energy_file(r, file);
  fill(r.avg_power_w, r.total_energy_j / r.duration_s);
  fill(r.total_energy_j, r.avg_power_w * r.duration_s);
  fill(r.energy_per_out_token_j, r.total_energy_j / r.output_tokens);
  fill(r.energy_per_out_token_j, r.avg_power_w / r.output_tok_s);
  fill(r.energy_per_request_j, r.total_energy_j / r.completed);
  if (!known(r.avg_power_w) && !known(r.energy_per_out_token_j) && !known(r.total_energy_j)) return;
  const double failed = known(r.failed) ? r.failed : 0, share = failed / (failed + r.completed);
  if (share > kMostFailed) {
    r.energy_per_out_token_j = r.energy_per_request_j = kUnknown;
    r.warnings.push_back(
        fmt::format("{} of {} requests failed: the energy includes theirs, so that it is not divided by the "
                    "tokens of the others",
                    number_text(failed), number_text(failed + r.completed)));
  }
  if (failed > 0) r.notes.push_back(fmt::format("energy includes {} failed requests", number_text(failed)));
  set("avg_power_w", r.avg_power_w);
  if (r.row_kind == "job") {
    set("prefill_energy_j", r.prefill_energy_j);
    set("decode_energy_j", r.decode_energy_j);
    set("total_energy_j", r.total_energy_j);
  } else {
    set("energy_per_out_token_j", r.energy_per_out_token_j);
    set("energy_per_request_j", r.energy_per_request_j);
  }
  set("host_energy_j", r.host_energy_j);
  set("energy_scope", r.energy_scope.empty() ? std::string("gpu") : r.energy_scope);
}

void LoadRows::add(LoadResult r, const std::string& file) {
  complete(r);
  refuse_impossible(r, file);
  rows_.begin_row();
  for (const auto& [column, text] : {std::pair<std::string_view, const std::string*>{"engine", &r.engine},
                                     {"engine_version", &r.engine_version},
                                     {"quant", &r.quant},
                                     {"kv_dtype", &r.kv_dtype},
                                     {"workload", &r.workload},
                                     {"arch", &r.arch},
                                     {"model", &r.model}})
    set(column, *text);
  set_load(r);
  set_energy(r, file);
  set("gpu", r.gpu);
  for (const auto& [column, value] : {std::pair<std::string_view, double>{"params_b", r.params_b},
                                      {"active_params_b", r.active_params_b},
                                      {"num_gpus", r.num_gpus},
                                      {"tp", r.tp},
                                      {"pp", r.pp},
                                      {"dp", r.dp},
                                      {"ep", r.ep},
                                      {"num_nodes", r.num_nodes},
                                      {"power_limit_w", r.power_limit_w}})
    set(column, value > 0 ? value : kUnknown);
  if (r.simulated) rows_.set("simulated", 1.0);
  if (r.failed > 0 && !known(r.avg_power_w)) r.warnings.push_back(number_text(r.failed) + " requests failed");
  std::string notes = r.tool;
  for (const std::string& note : r.notes) notes += (notes.empty() ? "" : "; ") + note;
  set("notes", notes);
  for (const std::string& warning : r.warnings) warnings_.push_back(file + ": " + warning);
  note_missing(file);
}

void LoadRows::note_missing(const std::string& file) {
  const table::RowCells& row = rows_.rows().back();
  std::string names, flags;
  for (const std::string_view column : {"model", "gpu", "tp", "quant", "isl", "osl"}) {
    const bool other = column == "tp" && (is_set("layout") || row.find(table::Column::num_gpus));
    if (!row.text(column).empty() || is_set(column) || other) continue;
    names += (names.empty() ? "" : ", ") + std::string(column);
    flags += fmt::format(" --set {}={}", column,
                         column == "model" || column == "gpu" || column == "quant" ? "NAME" : "N");
  }
  if (!names.empty()) lacking_.push_back(fmt::format("{}: contains no {}; add with{}", file, names, flags));
  const bool energy = known(row.number(table::Column::avg_power_w)) ||
                      row.find(table::Column::energy_per_out_token_j) ||
                      row.find(table::Column::total_energy_j);
  if (!energy && request_.energy_file.empty())
    lacking_.push_back(file + ": contains no energy; add a log or report with --energy");
}

Imported LoadRows::finish() {
  lacking_.erase(std::unique(lacking_.begin(), lacking_.end()), lacking_.end());
  warnings_.insert(warnings_.end(), lacking_.begin(), lacking_.end());
  if (rows_.rows().empty()) throw Error::bad_input({request_.files.front(), 0, {}}, "no result in this file");
  table::Table table = importers::finish(rows_, request_, warnings_);
  return {std::move(table), std::move(warnings_)};
}

void add_run(const io::Json& run, std::span<const LoadField> fields, const std::string& file, LoadRows& rows,
             const LoadResult& defaults, void (*finish)(const io::Json& run, LoadResult& result)) {
  if (!run.is_object()) throw run.error("expected an object with results");
  LoadResult result = defaults;
  read_fields(run, fields, result);
  if (finish) finish(run, result);
  const std::vector<std::string> unknown = unknown_members(run, fields);
  for (std::size_t i = 0; i < std::min<std::size_t>(unknown.size(), 8); ++i)
    result.warnings.push_back("ignored unknown key " + quote(unknown[i]));
  if (unknown.size() > 8)
    result.warnings.push_back(fmt::format("ignored {} more unknown keys", unknown.size() - 8));
  rows.add(std::move(result), file);
}

Imported import_documents(const Request& request, std::string_view format,
                          void (*each)(const io::Json& document, const std::string& file, LoadRows& rows)) {
  std::vector<std::string> warnings;
  LoadRows rows(request, warnings);
  for (const std::string& file : request.files) {
    const std::string text = text_of(file, request);
    explained(text, file, format, [&] {
      const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
      if (first != std::string::npos && text[first] == '{') {
        for (const io::Json& document : runs_in(text, file, warnings)) each(document, file, rows);
      } else {
        each(parse_json_or_yaml(text, file, warnings), file, rows);
      }
    });
  }
  return rows.finish();
}

}  // namespace energylens::importers
