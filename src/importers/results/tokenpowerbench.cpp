// SPDX-License-Identifier: Apache-2.0
// Results of TokenPowerBench: an object with a list of runs per model. All prompts of a run are submitted together. Energy
// of the GPUs is over all that were sampled, also those that the model did not run on. Held by results_test.cpp.
#include <fmt/format.h>

#include <cmath>

#include "importers/formats.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/results/load_rows.hpp"

namespace energylens::importers {
namespace {

constexpr std::array kTokenPowerFields = {
    text_field("model", &LoadResult::model),
    text_field("engine", &LoadResult::engine),
    number_field("duration", &LoadResult::duration_s),
    number_field("total_output_tokens", &LoadResult::output_tokens),
    number_field("responses", &LoadResult::completed),
    read_field("batch_size", "batch", "the smaller of it and the responses"),
    number_field("gpu_energy", &LoadResult::total_energy_j),
    number_field("gpu_avg_power", &LoadResult::avg_power_w),
    read_field("cpu_energy", "host_energy_j", "with dram_energy, where above 0"),
    read_field("gpu*_power_watts", "num_gpus", "GPUs that were sampled"),
    derived_field("osl", "total_output_tokens / responses"),
    refused_field("gpu_energy_per_response", "checked against gpu_energy / responses"),
    refused_field("*", "further units and texts of the same figures"),
};

void finish_token_power(const io::Json& run, LoadResult& r) {
  r.row_kind = "job";
  const double batch = number_at(run, "batch_size");
  r.in_flight = std::fmin(batch, r.completed);
  r.in_flight_source = r.completed < batch ? "batch is the number of responses" : "batch is that of the run";
  int gpus = 0, busy = 0;
  double most_w = 0;
  while (known(number_at(run, fmt::format("gpu{}_power_watts", gpus))))
    most_w = std::fmax(most_w, number_at(run, fmt::format("gpu{}_power_watts", gpus++)));
  for (int i = 0; i < gpus; ++i) busy += number_at(run, fmt::format("gpu{}_power_watts", i)) > 0.5 * most_w;
  if (gpus > 0) {
    r.num_gpus = gpus;
    if (busy < gpus)
      r.warnings.push_back(fmt::format(
          "the energy is of {} GPUs, of which {} drew most of it; if the model ran on fewer, the energy "
          "includes idle GPUs",
          gpus, busy));
  }
  const double host_j = number_at(run, "cpu_energy") + number_at(run, "dram_energy");
  if (host_j > 0) r.host_energy_j = host_j;
  const double responses = r.total_energy_j / number_at(run, "gpu_energy_per_response");
  if (std::abs(responses / r.completed - 1) > 0.05)
    r.warnings.push_back(
        fmt::format("\"responses\" is {}, but the energy per response is that of {}; osl may be wrong",
                    number_text(r.completed), number_text(std::round(responses))));
}

void add_token_power(const io::Json& document, const std::string& file, LoadRows& rows) {
  LoadResult defaults;
  defaults.tool = "TokenPowerBench";
  if (document.is_object() && document.find("gpu_energy"))
    return add_run(document, kTokenPowerFields, file, rows, defaults, finish_token_power);
  for (const io::Json::Member& model : document.members()) {
    if (!model.value.is_array()) continue;
    for (const io::Json& run : model.value.items()) {
      LoadResult of_run = defaults;
      of_run.model = text_at(run, "model").empty() ? model.name : std::string();
      add_run(run, kTokenPowerFields, file, rows, of_run, finish_token_power);
    }
  }
}

}  // namespace

Imported import_token_power(const Request& request) {
  return import_documents(request, "tokenpowerbench", add_token_power);
}
std::vector<FieldInfo> token_power_fields() {
  return field_infos(kTokenPowerFields);
}

}  // namespace energylens::importers
