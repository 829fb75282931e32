// SPDX-License-Identifier: Apache-2.0
// Power of whole machines, which is more than that of their GPUs: ipmitool dcmi and Redfish (the node), PTDaemon (the
// wall), powermetrics (a Mac), Scaphandre's JSON (the node). Their energy keeps that scope. Held by power_tools_test.cpp.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "importers/formats.hpp"
#include "importers/power/trace_builder.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/readers/json_texts.hpp"

namespace energylens::importers {
namespace {

template <class Take>
void each_text_line(std::string_view text, const Take& take) {
  for (long number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
    if (!line.empty()) take(line, number);
  }
}

/// The number behind a colon: "GPU Power: 22000 mW".
double number_behind_colon(std::string_view line) {
  line.remove_prefix(std::min(line.find(':') + 1, line.size()));
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return parse_number(line.substr(0, line.find(' '))).value_or(kUnknown);
}

}  // namespace

meter::Trace read_ipmi(const std::string& text, const std::string& file, const Request& request) {
  TraceBuilder trace(file, request);
  PowerSample sample;
  sample.scope = meter::Scope::node;
  each_text_line(text, [&](std::string_view line, long number) {
    const Place place{file, number, {}};
    if (line.starts_with("Instantaneous power reading")) {
      sample.power_w = number_behind_colon(line);
      if (!known(sample.power_w)) sample.problem = "power is not a number";
    } else if (line.starts_with("IPMI timestamp")) {
      std::string_view time = line.substr(line.find(':') + 1);
      time.remove_prefix(std::min(time.find_first_not_of(' '), time.size()));
      sample.time_s = trace.time_of(time, place);
      if (known(sample.power_w)) trace.add(sample, place);
      sample.power_w = kUnknown;
    }
  });
  return trace.finish();
}

meter::Trace read_redfish(const std::string& text, const std::string& file, const Request& request) {
  TraceBuilder trace(file, request);
  std::vector<std::string> warnings;
  for (const io::Json& document : runs_in(text, file, warnings)) {
    for (const char* member : {"timestamp", "Timestamp", "time", "DateTime"}) {
      PowerSample sample;
      const std::string time = text_at(document, member);
      if (time.empty() && std::string_view(member) != "DateTime") continue;
      sample.scope = meter::Scope::node;
      if (!time.empty()) sample.time_s = trace.time_of(time, document.place());
      for (const char* path :
           {"PowerControl[0].PowerConsumedWatts", "PowerWatts.Reading", "PowerConsumedWatts"}) {
        if (!known(sample.power_w)) sample.power_w = number_at(document, path);
      }
      if (!known(sample.power_w)) sample.problem = "power is not stated";
      trace.add(std::move(sample), document.place());
      break;
    }
  }
  return trace.finish();
}

meter::Trace read_ptdaemon(const std::string& text, const std::string& file, const Request& request) {
  TraceBuilder trace(file, request);
  each_text_line(text, [&](std::string_view line, long number) {
    const Place place{file, number, "Watts"};
    const auto behind = [&](std::string_view name) -> std::string_view {
      const std::size_t at = line.find(name);
      if (at == line.npos) return {};
      const std::string_view rest = line.substr(at + name.size());
      return rest.substr(0, rest.find(','));
    };
    const std::string_view time = behind("Time,"), watts = behind("Watts,");
    if (time.empty() || watts.empty())
      throw Error::bad_input({file, number, {}}, "not a line of PTDaemon: Time,...,Watts,...");
    PowerSample sample;
    sample.scope = meter::Scope::wall;
    sample.time_s = trace.time_of(time, place);
    sample.power_w = parse_number(watts).value_or(kUnknown);
    if (!known(sample.power_w)) throw Error::bad_cell(place, shown(watts), "a power in watts");
    if (sample.power_w < 0) {
      sample.power_w = kUnknown;
      sample.problem = "the analyser gave no reading";
    }
    trace.add(std::move(sample), place);
  });
  return trace.finish();
}

meter::Trace read_powermetrics(const std::string& text, const std::string& file, const Request& request) {
  TraceBuilder trace(file, request);
  double time_s = kUnknown;
  each_text_line(text, [&](std::string_view line, long number) {
    const Place place{file, number, {}};
    if (line.starts_with("*** Sampled system activity (")) {
      std::string_view time = line.substr(line.find('(') + 1);
      time_s = trace.time_of(time.substr(0, time.find(')')), place);
      return;
    }
    const bool gpu = line.starts_with("GPU Power:"), all = line.starts_with("Combined Power");
    if (!gpu && !all) return;
    PowerSample sample;
    sample.scope = gpu ? meter::Scope::gpu : meter::Scope::package;
    sample.time_s = time_s;
    sample.power_w = number_behind_colon(line) * (line.ends_with("mW") ? 1e-3 : 1);
    if (!known(sample.power_w)) sample.problem = "power is not a number";
    trace.add(std::move(sample), place);
  });
  return trace.finish();
}

meter::Trace read_scaphandre(const std::string& text, const std::string& file, const Request& request) {
  TraceBuilder trace(file, request);
  std::vector<std::string> warnings;
  for (const io::Json& document : runs_in(text, file, warnings)) {
    PowerSample sample;
    sample.scope = meter::Scope::node;
    const std::string time = text_at(document, "host.timestamp");
    if (!time.empty()) sample.time_s = trace.time_of(time, document.place());
    sample.power_w = number_at(document, "host.consumption") * 1e-6;
    if (!known(sample.power_w)) sample.problem = "power is not stated";
    trace.add(std::move(sample), document.place());
  }
  return trace.finish();
}

Imported import_ipmi(const Request& request) {
  return import_log(request, "ipmitool");
}
Imported import_redfish(const Request& request) {
  return import_log(request, "redfish");
}
Imported import_ptdaemon(const Request& request) {
  return import_log(request, "ptdaemon");
}
Imported import_powermetrics(const Request& request) {
  return import_log(request, "powermetrics");
}
Imported import_scaphandre(const Request& request) {
  return import_log(request, "scaphandre");
}

std::vector<FieldInfo> ipmi_fields() {
  return {{"Instantaneous power reading", "total_energy_j", FieldUse::read, "W of the node"},
          {"IPMI timestamp", "time", FieldUse::read, "local time, whole seconds"},
          {"", "energy_scope", FieldUse::derived, "node"},
          {"Minimum, Average, Maximum", "", FieldUse::refused, "over a period that the board chose"}};
}
std::vector<FieldInfo> redfish_fields() {
  return {{"PowerControl[0].PowerConsumedWatts", "total_energy_j", FieldUse::read, "W of the node"},
          {"PowerWatts.Reading", "total_energy_j", FieldUse::read, "W of the node"},
          {"timestamp", "time", FieldUse::read, "as the recording script adds it; else --log-period-s"},
          {"", "energy_scope", FieldUse::derived, "node"}};
}
std::vector<FieldInfo> ptdaemon_fields() {
  return {{"Time", "time", FieldUse::read, "local time of the director, month first"},
          {"Watts", "total_energy_j", FieldUse::read, "W at the wall"},
          {"", "energy_scope", FieldUse::derived, "wall"},
          {"Volts, Amps, PF, Mark", "", FieldUse::refused, ""}};
}
std::vector<FieldInfo> powermetrics_fields() {
  return {{"*** Sampled system activity (...)", "time", FieldUse::read, "with its zone"},
          {"GPU Power", "total_energy_j", FieldUse::read, "mW of the GPU"},
          {"Combined Power", "", FieldUse::read, "of CPU, GPU and ANE; used where there is no GPU Power"},
          {"CPU Power, ANE Power", "", FieldUse::refused, ""}};
}
std::vector<FieldInfo> scaphandre_fields() {
  return {{"host.timestamp", "time", FieldUse::read, ""},
          {"host.consumption", "total_energy_j", FieldUse::read, "uW of the node"},
          {"", "energy_scope", FieldUse::derived, "node"},
          {"consumers, sockets", "", FieldUse::refused, "parts of the host"}};
}

}  // namespace energylens::importers
