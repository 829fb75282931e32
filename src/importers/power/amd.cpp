// SPDX-License-Identifier: Apache-2.0
// amd-smi and rocm-smi. Their JSON is one object per reading and has a time only if the recording script added one. Held by
// power_tools_test.cpp.
#include <fmt/format.h>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "importers/content.hpp"
#include "importers/formats.hpp"
#include "importers/power/power_csv.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/readers/json_texts.hpp"

namespace energylens::importers {
namespace {

bool is_json_text(std::string_view text) {
  text = beginning_of_text(text);
  return text.starts_with('{') || text.starts_with('[');
}

/// The power of an entry of amd-smi: a number, or an object with value and unit.
double amd_power_w(const io::Json& gpu) {
  for (const char* path : {"power.current_socket_power", "power.socket_power", "power.average_socket_power",
                           "socket_power", "power_usage", "power"}) {
    const double value = number_at(gpu, std::string(path) + ".value");
    if (known(value)) return value;
    if (const double plain = number_at(gpu, path); known(plain)) return plain;
  }
  return kUnknown;
}

void add_amd_entry(const io::Json& gpu, double time_s, TraceBuilder& trace) {
  PowerSample sample;
  sample.time_s = time_s;
  if (const std::string time = text_at(gpu, "timestamp"); !time.empty())
    sample.time_s = trace.time_of(time, gpu.place());
  const double index = number_at(gpu, "gpu");
  if (index >= 0 && index < 1e6) sample.index = static_cast<int>(index);
  sample.uuid = text_at(gpu, "uuid");
  sample.power_w = amd_power_w(gpu);
  const double energy = number_at(gpu, "energy.total_energy_consumption.value");
  if (known(energy)) sample.energy_j = energy;
  if (!known(sample.power_w) && !known(sample.energy_j)) sample.problem = "power is not stated";
  trace.add(std::move(sample), gpu.place());
}

/// "Average Graphics Package Power (W)" and its kin.
double rocm_power_w(const io::Json& card) {
  double power_w = kUnknown;
  for (const io::Json::Member& member : card.members()) {
    if (member.name.find("Package Power (W)") == std::string::npos || member.name.find("Max") == 0) continue;
    const double value = member.value.is_number() ? member.value.as_number()
                         : member.value.is_text() ? parse_number(member.value.as_text()).value_or(kUnknown)
                                                  : kUnknown;
    if (!known(power_w) || member.name.starts_with("Current")) power_w = value;
  }
  return power_w;
}

}  // namespace

meter::Trace read_amd_smi(const std::string& text, const std::string& file, const Request& request) {
  if (!is_json_text(text)) return read_power_csv(text, file, request);
  TraceBuilder trace(file, request);
  std::vector<std::string> warnings;
  for (const io::Json& document : runs_in(text, file, warnings)) {
    const double time_s = at_path(document, "timestamp")
                              ? trace.time_of(text_at(document, "timestamp"), document.place())
                              : kUnknown;
    const io::Json* const list = at_path(document, "gpu_data");
    if (list && list->is_array()) {
      for (const io::Json& gpu : list->items()) add_amd_entry(gpu, time_s, trace);
    } else if (document.is_array()) {
      for (const io::Json& gpu : document.items()) add_amd_entry(gpu, time_s, trace);
    } else {
      add_amd_entry(document, time_s, trace);
    }
  }
  return trace.finish();
}

meter::Trace read_rocm_smi(const std::string& text, const std::string& file, const Request& request) {
  if (!is_json_text(text)) return read_power_csv(text, file, request);
  TraceBuilder trace(file, request);
  std::vector<std::string> warnings;
  for (const io::Json& document : runs_in(text, file, warnings)) {
    const double time_s = at_path(document, "timestamp")
                              ? trace.time_of(text_at(document, "timestamp"), document.place())
                              : kUnknown;
    for (const io::Json::Member& card : document.members()) {
      if (!card.name.starts_with("card") || !card.value.is_object()) continue;
      PowerSample sample;
      sample.time_s = time_s;
      sample.index = static_cast<int>(parse_number(std::string_view(card.name).substr(4)).value_or(0));
      sample.name = text_at(card.value, "Card Series");
      sample.power_w = rocm_power_w(card.value);
      if (!known(sample.power_w)) sample.problem = "power is not stated";
      trace.add(std::move(sample), card.value.place());
    }
  }
  return trace.finish();
}

Imported import_rocm_smi(const Request& request) {
  return import_log(request, "rocm-smi");
}

std::vector<FieldInfo> amd_smi_fields() {
  return {
      {"timestamp", "time", FieldUse::read, "of CSV, or of a line of JSON; else --log-period-s"},
      {"gpu", "device", FieldUse::read, ""},
      {"socket_power", "total_energy_j", FieldUse::read, "current_socket_power and average_socket_power too"},
      {"energy.total_energy_consumption", "total_energy_j", FieldUse::read, "J"},
      {"", "avg_power_w", FieldUse::derived, "energy over the window"},
      {"usage, clock, temperature", "", FieldUse::refused, ""}};
}
std::vector<FieldInfo> rocm_smi_fields() {
  return {{"card0, card1, ...", "device", FieldUse::read, ""},
          {"Current Socket Graphics Package Power (W)", "total_energy_j", FieldUse::read, ""},
          {"Average Graphics Package Power (W)", "total_energy_j", FieldUse::read,
           "where the current power is missing"},
          {"", "avg_power_w", FieldUse::derived, "energy over the window"},
          {"times", "time", FieldUse::refused, "it writes none: --log-period-s"}};
}

}  // namespace energylens::importers
