// SPDX-License-Identifier: Apache-2.0
// Held by vllm_test.cpp and results_test.cpp.
#include "importers/energy_of_run.hpp"

#include "core/file.hpp"
#include "importers/content.hpp"

namespace energylens::importers {
namespace {

GpuEnergy energy_in_log(const RunTime& time, const Request& request, const std::string& file,
                        const std::string& text, std::vector<std::string>& warnings) {
  const bool local = is_local_time(text);
  const meter::Trace trace = read_trace(request.energy_file, request);
  const meter::Window window = window_of(time, request, file, warnings);
  if (local && is_by_date(time, request)) refuse_two_clocks(trace, window, request);
  GpuEnergy energy = energy_of(trace, request.energy_file, window, request);
  const bool told = known(request.date_utc_offset_s) || known(request.log_utc_offset_s) ||
                    request.utc_offset_s != 0 || known(request.window.begin_s) || known(request.window.end_s);
  if (local && !told) {
    if (std::string other = other_zone_text(trace, window); !other.empty())
      warnings.push_back(std::move(other));
  }
  return energy;
}

}  // namespace

GpuEnergy energy_of_run(const RunTime& time, const Request& request, const std::string& file,
                        std::vector<std::string>& warnings) {
  if (request.energy_file.empty()) return {};
  GpuEnergy energy;
  const std::string text = beginning_of(request.energy_file);
  if (is_meter_report(text)) {
    const std::string report = read_file(request.energy_file);
    energy = energy_of_report(report, request.energy_file);
    check_report(energy, time, request, warnings);
    warnings.push_back(request.energy_file + ": covers the whole command, including its start and end");
  } else {
    energy = energy_in_log(time, request, file, text, warnings);
  }
  warnings.insert(warnings.end(), energy.warnings.begin(), energy.warnings.end());
  return energy;
}

}  // namespace energylens::importers
