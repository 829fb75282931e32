// SPDX-License-Identifier: Apache-2.0
// GPU_ENERGY_SUMMARY.json of AI Energy Score: energy of the GPU in Wh over all samples, by phase. How many samples there
// were, and their tokens, are not in the file. Held by results_test.cpp.
#include "energylens/core/error.hpp"
#include "importers/formats.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/results/load_rows.hpp"

namespace energylens::importers {
namespace {

constexpr double kJoulesPerWh = 3600;

constexpr std::array kEnergyScoreFields = {
    number_field("total", &LoadResult::total_energy_j, kJoulesPerWh),
    number_field("prefill_wh", &LoadResult::prefill_energy_j, kJoulesPerWh),
    number_field("decode_wh", &LoadResult::decode_energy_j, kJoulesPerWh),
    read_field("units", "energy", "Wh"),
    refused_field("preprocess_wh", "outside of prefill and decode: taken off the total"),
    refused_field("format", "form of the report it was made from"),
};

void finish_energy_score(const io::Json& run, LoadResult& r) {
  if (text_at(run, "units") != "Wh") throw run.error("\"units\" is not Wh");
  r.row_kind = "job";
  if (r.prefill_energy_j == 0) r.prefill_energy_j = kUnknown;
  if (r.decode_energy_j == 0) r.decode_energy_j = kUnknown;
  const double preprocess_j = number_at(run, "preprocess_wh") * kJoulesPerWh;
  if (preprocess_j > 0) r.total_energy_j -= preprocess_j;
  r.notes.emplace_back("energy of all samples");
  r.warnings.emplace_back(
      "the number of samples is not in the file; add it with --set batch=N, and their mean tokens with --set osl=N");
}

void add_energy_score(const io::Json& document, const std::string& file, LoadRows& rows) {
  LoadResult defaults;
  defaults.tool = "AI Energy Score";
  add_run(document, kEnergyScoreFields, file, rows, defaults, finish_energy_score);
}

}  // namespace

Imported import_ai_energy_score(const Request& request) {
  return import_documents(request, "ai-energy-score", add_energy_score);
}
std::vector<FieldInfo> ai_energy_score_fields() {
  return field_infos(kEnergyScoreFields);
}

}  // namespace energylens::importers
