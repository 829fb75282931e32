// SPDX-License-Identifier: Apache-2.0
// Idle energy is reported next to the total and is not subtracted from it: what a device draws without work is for the
// reader to judge. Totals are per scope, and there is none where one of its devices has no valid figure.
#include "cli/meter/report.hpp"

#include <algorithm>
#include <array>

#include "cli/output.hpp"
#include "core/rounded_text.hpp"
#include "core/secret.hpp"

namespace energylens::cli {
namespace {

using meter::Scope;
constexpr std::array kScopes = {Scope::gpu, Scope::module, Scope::package, Scope::dram};

bool has_idle(const MeteredDevice& one) {
  return one.idle.source != meter::EnergySource::none;
}

double idle_energy_j(const MeteredDevice& one) {
  return one.idle.mean_power_w * one.work.duration_s;
}

io::Json device_json(const MeteredDevice& one) {
  const meter::Measurement& work = one.work;
  io::Json json = io::Json::object({{"meter", one.meter},
                                    {"index", one.device.index},
                                    {"uuid", one.device.uuid},
                                    {"name", one.device.name},
                                    {"scope", meter::scope_text(one.device.scope)},
                                    {"energy_j", work.energy_j},
                                    {"energy_uncertainty_j", work.uncertainty_j},
                                    {"energy_source", meter::energy_source_text(work.source)},
                                    {"counter_energy_j", work.counter_j},
                                    {"integral_energy_j", work.integral_j},
                                    {"disagreement", work.disagreement},
                                    {"mean_power_w", work.mean_power_w},
                                    {"peak_power_w", work.peak_power_w},
                                    {"idle_power_w", one.idle.mean_power_w},
                                    {"idle_energy_j", idle_energy_j(one)},
                                    {"above_idle_energy_j", work.energy_j - idle_energy_j(one)},
                                    {"readings", work.readings},
                                    {"largest_gap_s", work.largest_gap_s},
                                    {"counter_update_s", work.counter_update_s},
                                    {"power_valid", work.valid()},
                                    {"of_this_run", work.provenance.empty()},
                                    {"source_begin_unix_s", work.source_window.begin_s},
                                    {"source_end_unix_s", work.source_window.end_s}});
  json["not_of_run"] = work.provenance.empty() ? io::Json() : io::Json(work.provenance);
  json["reasons"] = io::Json::array_of(work.reasons);
  json["warnings"] = io::Json::array_of(work.warnings);
  json["idle_reasons"] = io::Json::array_of(one.idle.reasons);
  json["note"] = one.device.note;
  return json;
}

/// Energy of all devices of a scope; unknown if there is none or one of them is invalid.
double total_j(const MeteredCommand& command, Scope scope) {
  double total = kUnknown;
  for (const MeteredDevice& one : command.devices) {
    if (one.device.scope != scope) continue;
    if (!one.work.valid()) return kUnknown;
    total = (known(total) ? total : 0) + one.work.energy_j;
  }
  return total;
}

io::Json timing_json(const meter::Timing& timing) {
  return io::Json::object({{"readings", timing.readings},
                           {"mean_period_s", timing.mean_period_s},
                           {"period_sd_s", timing.period_sd_s},
                           {"longest_period_s", timing.longest_period_s},
                           {"cpu_s", timing.cpu_s}});
}

std::string power_text(double power_w) {
  return rounded_text(power_w, 4);
}

std::string device_text(const MeteredDevice& one) {
  std::string text = one.meter + ' ' + std::to_string(one.device.index);
  if (one.device.scope != Scope::gpu) text += ' ' + std::string(meter::scope_text(one.device.scope));
  return one.device.name.empty() ? text : text + ' ' + one.device.name;
}

void add_remarks(std::string& text, const MeteredDevice& one) {
  const std::string device = device_text(one);
  if (!one.work.provenance.empty()) text += "not of this run: " + device + ": " + one.work.provenance + '\n';
  for (const std::string& reason : one.work.reasons) text += "invalid: " + device + ": " + reason + '\n';
  for (const std::string& reason : one.idle.reasons)
    text += "invalid idle power: " + device + ": " + reason + '\n';
  for (const std::string& warning : one.work.warnings) text += "warning: " + device + ": " + warning + '\n';
  if (!one.device.note.empty()) text += "note: " + device + ": " + one.device.note + '\n';
}

}  // namespace

bool MeteredCommand::valid() const {
  return std::ranges::all_of(devices, [](const MeteredDevice& one) { return one.work.valid(); });
}

bool MeteredCommand::of_this_run() const {
  return std::ranges::all_of(devices, [](const MeteredDevice& one) { return one.work.provenance.empty(); });
}

io::Json metered_json(const MeteredCommand& command) {
  io::Json json = io::Json::object({{"schema_version", 1},
                                    {"command", io::Json::array_of(without_keys(command.words))},
                                    {"exit_code", command.exit_code},
                                    {"begin_unix_s", command.begin_s},
                                    {"duration_s", command.duration_s},
                                    {"power_valid", command.valid()},
                                    {"of_this_run", command.of_this_run()}});
  for (const Scope scope : kScopes) {
    const std::string name(meter::scope_text(scope));
    json["total_" + name + "_energy_j"] = total_j(command, scope);
    json["avg_total_" + name + "_power_w"] = total_j(command, scope) / command.duration_s;
  }
  json["devices"] = io::Json::array();
  for (const MeteredDevice& one : command.devices) json["devices"].push_back(device_json(one));
  json["timing"] = io::Json::array();
  for (const meter::Timing& timing : command.timings) json["timing"].push_back(timing_json(timing));
  return json;
}

io::Json metered_rows(const MeteredCommand& command) {
  io::Json rows = io::Json::array();
  for (const MeteredDevice& one : command.devices) {
    io::Json row = device_json(one);
    for (const char* name : {"reasons", "warnings", "idle_reasons"}) {
      std::string joined;
      for (const io::Json& text : row.array_at(name)) joined += (joined.empty() ? "" : "; ") + text.as_text();
      row[name] = joined;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string metered_text(const MeteredCommand& command) {
  TextTable table("lrrrrrrl",
                  {"device", "energy", "+- %", "mean W", "peak W", "idle W", "idle energy", "source"});
  std::string remarks;
  for (const MeteredDevice& one : command.devices) {
    const meter::Measurement& work = one.work;
    table.add({device_text(one), work.valid() ? quantity_text(work.energy_j, "J", 4) : "invalid",
               rounded_text(100 * work.uncertainty_j / work.energy_j, 2), power_text(work.mean_power_w),
               power_text(work.peak_power_w), power_text(one.idle.mean_power_w),
               has_idle(one) ? quantity_text(idle_energy_j(one), "J", 4) : "-",
               std::string(meter::energy_source_text(work.source))});
    add_remarks(remarks, one);
  }
  std::string text = table.text() + remarks + "duration " + quantity_text(command.duration_s, "s", 4);
  const double gpus_j = total_j(command, Scope::gpu);
  if (known(gpus_j)) text += ", all GPUs " + quantity_text(gpus_j, "J", 4);
  return text + ", exit code " + std::to_string(command.exit_code) + '\n';
}

}  // namespace energylens::cli
