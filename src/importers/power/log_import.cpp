// SPDX-License-Identifier: Apache-2.0
// One row per log: energy, time and mean power of its devices over the window. The log does not know what ran; the user
// gives those columns with --set. Held by nvidia_smi_log_test.cpp and power_tools_test.cpp.
#include <fmt/format.h>

#include "importers/energy_beside.hpp"
#include "importers/power/large_log.hpp"
#include "importers/power/trace_builder.hpp"
#include "importers/rows.hpp"

namespace energylens::importers {
namespace {

void add_log_row(table::RowWriter& rows, const GpuEnergy& energy, const std::string& file,
                 const std::string& note) {
  rows.begin_row();
  const bool of_gpus = energy.scope == "gpu";
  if (of_gpus) {
    rows.set("gpu", energy.gpu_name);
    rows.set("num_gpus", static_cast<double>(energy.gpus));
  }
  rows.set("total_energy_j", energy.energy_j);
  rows.set("total_time_s", energy.duration_s);
  rows.set("avg_power_w", energy.energy_j / energy.duration_s);
  rows.set("energy_scope", std::string_view(energy.scope));
  std::string notes = "from " + file;
  if (!note.empty()) notes += "; " + note;
  if (!energy.not_of_run.empty()) {
    notes += "; energy not of this run: " + energy.not_of_run;
    rows.set("simulated", 1);
  }
  rows.set("notes", notes);
}

}  // namespace

Imported import_log(const Request& request, std::string_view format) {
  table::RowWriter rows;
  std::vector<std::string> warnings;
  for (const std::string& file : request.files) {
    GpuEnergy energy;
    std::string note;
    if (format == "nvidia-smi" && is_large_log(file)) {
      energy = energy_of_large_log(file, request);
    } else {
      const meter::Trace trace = read_trace(file, request, format);
      energy = energy_of(trace, file, request.window, request);
      note = trace.tracks.front().device.note;
    }
    warnings.insert(warnings.end(), energy.warnings.begin(), energy.warnings.end());
    add_log_row(rows, energy, file, note);
    if (energy.gpu_name.empty() && !is_set(request, "gpu"))
      warnings.push_back(file + (energy.gpus_differ
                                     ? ": its GPUs have different names; name them with --set gpu=NAME"
                                     : ": the log does not name the GPU; name it with --set gpu=NAME"));
    if (energy.scope != "gpu")
      warnings.push_back(
          fmt::format("{}: the energy is that of the {}, more than that of the GPUs", file, energy.scope));
  }
  for (const std::string_view column : {"model", "isl", "osl", "tp"}) {
    if (!is_set(request, column))
      warnings.push_back(fmt::format("{0} is not in the log; add it with --set {0}=VALUE", column));
  }
  table::Table table = finish(rows, request, warnings);
  return {std::move(table), std::move(warnings)};
}

}  // namespace energylens::importers
