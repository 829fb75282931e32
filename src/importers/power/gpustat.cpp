// SPDX-License-Identifier: Apache-2.0
// `gpustat --json`, one answer after the other. Its times are local. Held by power_tools_test.cpp.
#include "importers/formats.hpp"
#include "importers/power/trace_builder.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/readers/json_texts.hpp"

namespace energylens::importers {

meter::Trace read_gpustat(const std::string& text, const std::string& file, const Request& request) {
  TraceBuilder trace(file, request);
  std::vector<std::string> warnings;
  for (const io::Json& answer : runs_in(text, file, warnings)) {
    const std::string time = text_at(answer, "query_time");
    const double time_s = time.empty() ? kUnknown : trace.time_of(time, answer.place());
    for (const io::Json& gpu : answer.array_at("gpus")) {
      PowerSample sample;
      sample.time_s = time_s;
      sample.host = text_at(answer, "hostname");
      sample.uuid = gpu.text_or("uuid", "");
      sample.name = gpu.text_or("name", "");
      const double index = gpu.number_or_unknown("index");
      if (index >= 0 && index < 1e6) sample.index = static_cast<int>(index);
      sample.power_w = gpu.number_or_unknown("power.draw");
      if (!known(sample.power_w)) sample.problem = "power.draw is not stated";
      trace.add(std::move(sample), gpu.place());
    }
  }
  return trace.finish();
}

Imported import_gpustat(const Request& request) {
  return import_log(request, "gpustat");
}

std::vector<FieldInfo> gpustat_fields() {
  return {{"query_time", "time", FieldUse::read, "local time"},
          {"hostname", "device", FieldUse::read, ""},
          {"gpus[].uuid, index, name", "device, gpu", FieldUse::read, ""},
          {"gpus[].power.draw", "total_energy_j", FieldUse::read, "W"},
          {"", "avg_power_w", FieldUse::derived, "energy over the window"},
          {"gpus[].utilization.gpu, temperature.gpu, processes", "", FieldUse::refused, ""}};
}

}  // namespace energylens::importers
