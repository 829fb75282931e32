// SPDX-License-Identifier: Apache-2.0
// One row per log: energy, time and mean power of its GPUs over the window. The log does not know what ran; the user
// gives those columns with --set. Held by nvidia_smi_log_test.cpp.
#include <fmt/format.h>

#include "importers/energy_beside.hpp"
#include "importers/formats.hpp"
#include "importers/rows.hpp"

namespace energylens::importers {

Imported import_nvidia_smi(const Request& request) {
  table::RowWriter rows;
  std::vector<std::string> warnings;
  for (const std::string& file : request.files) {
    const meter::Trace trace = read_trace(file, request);
    const GpuEnergy energy = energy_of(trace, file, request.window, request);
    warnings.insert(warnings.end(), energy.warnings.begin(), energy.warnings.end());
    rows.begin_row();
    rows.set("gpu", energy.gpu_name);
    rows.set("num_gpus", static_cast<double>(energy.gpus));
    rows.set("total_energy_j", energy.energy_j);
    rows.set("total_time_s", energy.duration_s);
    rows.set("avg_power_w", energy.energy_j / energy.duration_s);
    rows.set("energy_scope", "gpu");
    std::string notes = "from " + file;
    if (const std::string& note = trace.tracks.front().device.note; !note.empty()) notes += "; " + note;
    if (!energy.not_of_run.empty()) {
      notes += "; energy not of this run: " + energy.not_of_run;
      rows.set("simulated", 1);
    }
    rows.set("notes", notes);
    if (energy.gpu_name.empty() && !is_set(request, "gpu"))
      warnings.push_back(file + (energy.gpus_differ
                                     ? ": its GPUs have different names; name them with --set gpu=NAME"
                                     : ": the log does not name the GPU; name it with --set gpu=NAME"));
  }
  for (const std::string_view column : {"model", "isl", "osl", "tp"}) {
    if (!is_set(request, column))
      warnings.push_back(fmt::format("{0} is not in the log; add it with --set {0}=VALUE", column));
  }
  table::Table table = finish(rows, request, warnings);
  return {std::move(table), std::move(warnings)};
}

}  // namespace energylens::importers
