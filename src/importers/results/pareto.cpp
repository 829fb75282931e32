// SPDX-License-Identifier: Apache-2.0
// pareto.csv and best_config_topn.csv of AIConfigurator: predicted, not measured, so that the rows are simulated. Latencies
// in ms; power of one GPU. Disaggregated lines have no one layout and are left out. Held by aiconfigurator_test.cpp.
#include <fmt/format.h>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "importers/content.hpp"
#include "importers/foreign.hpp"
#include "importers/formats.hpp"
#include "importers/readers/csv_rows.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/results/load_rows.hpp"

namespace energylens::importers {
namespace {

constexpr std::array kParetoFields = {
    text_field("model", &LoadResult::model),
    text_field("system", &LoadResult::gpu),
    text_field("backend", &LoadResult::engine),
    text_field("version", &LoadResult::engine_version),
    text_field("gemm", &LoadResult::quant),
    text_field("kvcache", &LoadResult::kv_dtype),
    number_field("isl", &LoadResult::isl),
    number_field("osl", &LoadResult::osl),
    number_field("prefix", &LoadResult::cached_tokens),
    number_field("concurrency", &LoadResult::in_flight),
    number_field("request_rate", &LoadResult::completed_rps),
    number_field("seq/s", &LoadResult::completed_rps),
    number_field("ttft", &LoadResult::ttft_s, 1e-3),
    number_field("tpot", &LoadResult::tpot_s, 1e-3),
    number_field("request_latency", &LoadResult::e2e_s, 1e-3),
    number_field("tokens/s", &LoadResult::output_tok_s),
    number_field("num_total_gpus", &LoadResult::num_gpus),
    number_field("tp", &LoadResult::tp),
    number_field("pp", &LoadResult::pp),
    number_field("dp", &LoadResult::dp),
    number_field("moe_ep", &LoadResult::ep),
    read_field("power_w", "avg_power_w", "of one GPU; times the GPUs"),
    read_field("(p)tp", "layout", "disaggregated: left out"),
    refused_field("*", "further settings"),
};

void finish_pareto(const io::Json& run, LoadResult& r) {
  r.simulated = r.nominal_lengths = true;
  r.in_flight_source = "batch is the concurrency";
  if (r.cached_tokens == 0) r.cached_tokens = kUnknown;
  const double power_w = number_at(run, "power_w");
  if (power_w > 0) {
    r.avg_power_w = power_w * r.num_gpus;
    r.notes.emplace_back("predicted power of one GPU times the GPUs");
  }
}

}  // namespace

Imported import_pareto(const Request& request) {
  std::vector<std::string> warnings;
  LoadRows rows(request, warnings);
  LoadResult defaults;
  defaults.tool = "AIConfigurator";
  for (const std::string& file : request.files) {
    const std::string text = text_of(file, request);
    std::size_t disaggregated = 0;
    explained(text, file, "aiconfigurator-pareto", [&] {
      for (const io::Json& run : csv_rows(text, file)) {
        if (at_path(run, "(p)tp")) {
          ++disaggregated;
        } else {
          add_run(run, kParetoFields, file, rows, defaults, finish_pareto);
        }
      }
    });
    if (disaggregated > 0)
      warnings.push_back(
          fmt::format("{}: left out {} of separate prefill and decode, which have no one layout", file,
                      plural(disaggregated, "line")));
  }
  return rows.finish();
}
std::vector<FieldInfo> pareto_fields() {
  return field_infos(kParetoFields);
}

}  // namespace energylens::importers
