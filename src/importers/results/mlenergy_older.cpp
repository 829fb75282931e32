// SPDX-License-Identifier: Apache-2.0
// Versions 1 and 2 of the ML.ENERGY leaderboard. Version 2 has a JSON object per configuration, or a list of them, measured
// in the steady state of a server. Version 1 has a CSV line per model, one request at a time. Energy is per request, of
// the GPUs. Held by mlenergy_test.cpp.
#include "energylens/core/error.hpp"
#include "importers/content.hpp"
#include "importers/foreign.hpp"
#include "importers/formats.hpp"
#include "importers/readers/csv_rows.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/readers/json_texts.hpp"
#include "importers/results/load_rows.hpp"

namespace energylens::importers {
namespace {

constexpr std::array kMlenergy2Fields = {
    text_field("Model", &LoadResult::model),
    text_field("GPU", &LoadResult::gpu),
    number_field("TP", &LoadResult::tp),
    number_field("PP", &LoadResult::pp),
    number_field("Energy/req (J)", &LoadResult::energy_per_request_j),
    number_field("Avg TPOT (s)", &LoadResult::tpot_s),
    number_field("Token tput (tok/s)", &LoadResult::output_tok_s),
    number_field("Avg Output Tokens", &LoadResult::osl),
    number_field("Avg BS (reqs)", &LoadResult::in_flight),
    number_field("Max BS (reqs)", &LoadResult::max_batch),
    derived_field("energy_per_out_token_j", "Energy/req / Avg Output Tokens"),
    refused_field("*", "further figures"),
};
constexpr std::array kMlenergy1Fields = {
    text_field("model", &LoadResult::model),
    text_field("gpu", &LoadResult::gpu),
    text_field("task", &LoadResult::workload),
    number_field("energy", &LoadResult::total_energy_j, 1, "J per response"),
    number_field("energy (J)", &LoadResult::total_energy_j, 1, "J per response"),
    number_field("throughput", &LoadResult::output_tok_s),
    number_field("throughput (token/s)", &LoadResult::output_tok_s),
    number_field("response_length", &LoadResult::osl),
    number_field("response_length (token)", &LoadResult::osl),
    number_field("latency", &LoadResult::duration_s),
    number_field("latency (s)", &LoadResult::duration_s),
    number_field("batch_size", &LoadResult::in_flight),
    number_field("parameters", &LoadResult::params_b),
    number_field("parameters (Billions)", &LoadResult::params_b),
    refused_field("*", "scores of the model"),
};

void finish_mlenergy2(const io::Json&, LoadResult& r) {
  r.energy_per_out_token_j = r.energy_per_request_j / r.osl;
  r.avg_power_w = r.energy_per_out_token_j * r.output_tok_s;
  r.in_flight_source = "batch is the mean batch size";
  r.energy_scope = "gpu";
}

void finish_mlenergy1(const io::Json& run, LoadResult& r) {
  if (!known(r.total_energy_j)) throw run.error("\"energy\" is missing");
  r.row_kind = "job";
  if (!known(r.in_flight)) r.in_flight = 1;
  r.completed = r.in_flight;
  r.total_energy_j *= r.in_flight;
  r.in_flight_source = "one request at a time";
  r.energy_scope = "gpu";
  if (r.osl > 0 && r.osl < 1) r.osl = kUnknown;
}

void add_older(const std::string& text, const std::string& file, LoadRows& rows,
               std::vector<std::string>& warnings) {
  const bool is_json = beginning_of_text(text).starts_with('{') || beginning_of_text(text).starts_with('[');
  LoadResult defaults;
  defaults.tool = is_json ? "ML.ENERGY v2" : "ML.ENERGY v1";
  if (is_json) {
    defaults.engine = "vLLM";
    for (const io::Json& run : runs_in(text, file, warnings))
      add_run(run, kMlenergy2Fields, file, rows, defaults, finish_mlenergy2);
  } else {
    for (const io::Json& run : csv_rows(text, file))
      add_run(run, kMlenergy1Fields, file, rows, defaults, finish_mlenergy1);
  }
}

}  // namespace

Imported import_mlenergy_older(const Request& request) {
  std::vector<std::string> warnings;
  LoadRows rows(request, warnings);
  for (const std::string& file : request.files) {
    const std::string text = text_of(file, request);
    explained(text, file, "mlenergy-v2", [&] { add_older(text, file, rows, warnings); });
  }
  return rows.finish();
}
std::vector<FieldInfo> mlenergy_older_fields() {
  std::vector<FieldInfo> fields = field_infos(kMlenergy2Fields);
  for (FieldInfo& field : field_infos(kMlenergy1Fields)) {
    field.meaning = field.meaning.empty() ? "version 1" : "version 1; " + field.meaning;
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace energylens::importers
