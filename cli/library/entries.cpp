// SPDX-License-Identifier: Apache-2.0
#include "cli/library/entries.hpp"

#include "core/rounded_text.hpp"

namespace energylens::cli {

io::Json entry_json(const library::Library& from, const library::Entry& entry) {
  const library::DataSet& data = from.data()[entry.data_set];
  const parametric::GroupLaw& law = entry.law;
  return io::Json::object({{"address", entry.system.address()},
                           {"engine", entry.system.engine},
                           {"workload", law.identity["workload"]},
                           {"reading", library::reading_text(library::reading_of(law))},
                           {"assumed_isl", entry.assumed_isl},
                           {"measured_rows", law.measured_rows ? io::Json(*law.measured_rows) : io::Json()},
                           {"energy_error", law.energy ? io::Json(law.energy->mape) : io::Json()},
                           {"time_error", law.time ? io::Json(law.time->mape) : io::Json()},
                           {"held_out_model_error", entry.held_out.model},
                           {"held_out_gpu_error", entry.held_out.gpu},
                           {"held_out_vendor_error", entry.held_out.vendor},
                           {"data", data.name},
                           {"tier", data.tier},
                           {"licence", data.licence},
                           {"origin", data.origin},
                           {"data_hash", data.data_hash}});
}

/// "12 %", or "-" for unknown.
std::string error_text(double error) {
  return known(error) ? percent_text(error, 2) : "-";
}

TextTable entry_table() {
  return {"lllrrrrrl",
          {"address", "engine", "read as", "rows", "error", "held out: model", "GPU", "vendor", "data"}};
}

std::vector<std::string> entry_cells(const library::Library& from, const library::Entry& entry) {
  const parametric::GroupLaw& law = entry.law;
  const std::string reading(library::reading_text(library::reading_of(law)));
  return {entry.system.address(),
          entry.system.engine,
          known(entry.assumed_isl) ? reading + ", isl assumed" : reading,
          std::to_string(law.measured_rows.value_or(0)),
          law.energy ? error_text(law.energy->mape) : "-",
          error_text(entry.held_out.model),
          error_text(entry.held_out.gpu),
          error_text(entry.held_out.vendor),
          from.data()[entry.data_set].name};
}

std::string parameters_text(const parametric::LawModel& model, predictor::Metric metric) {
  if (!model.fit(0, metric)) return {};
  TextTable text("lrrl",
                 {metric == predictor::Metric::energy ? "energy" : "time", "value", "90 %", "meaning"});
  for (const parametric::FittedParameter& p : model.parameters(0, metric)) {
    text.add({p.name, rounded_text(p.value) + (p.unit == "1" ? "" : ' ' + p.unit),
              rounded_text(p.lo) + " to " + rounded_text(p.hi), p.meaning});
  }
  return '\n' + text.text();
}

}  // namespace energylens::cli
