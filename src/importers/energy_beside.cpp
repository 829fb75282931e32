// SPDX-License-Identifier: Apache-2.0
// Energy from a separate file. All devices must be valid over the same window: a sum with a gap in it would be too
// small without anyone noticing. Held by nvidia_smi_log_test.cpp and vllm_test.cpp.
#include "importers/energy_beside.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/calendar_text.hpp"
#include "core/rounded_text.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/io/json.hpp"
#include "importers/content.hpp"
#include "importers/foreign.hpp"

namespace energylens::importers {
namespace {

constexpr double kLatest_s = 1e11;  // in the year 5138; of milliseconds it is 1973

bool named_by(const meter::Device& device, const std::string& name) {
  if (name == std::to_string(device.index)) return true;
  return !device.uuid.empty() && name.size() >= 4 && device.uuid.starts_with(name);
}

/// What the energy is of: GPUs if there are any, else the one thing that contains them. Energies of different scopes are
/// never added. Throws Error for none of these.
meter::Scope scope_of(const meter::Trace& trace, const std::string& file) {
  using enum meter::Scope;
  for (const meter::Scope scope : {gpu, module, node, wall, package, dram}) {
    if (std::ranges::any_of(trace.tracks,
                            [&](const meter::Track& track) { return track.device.scope == scope; }))
      return scope;
  }
  throw Error::bad_input({file, 0, {}}, "no GPU in this file");
}

/// The tracks that count.
std::vector<const meter::Track*> chosen(const meter::Trace& trace, const std::string& file,
                                        const std::vector<std::string>& gpus) {
  const meter::Scope scope = scope_of(trace, file);
  std::vector<const meter::Track*> tracks;
  for (const meter::Track& track : trace.tracks) {
    const bool counts = gpus.empty() || std::ranges::any_of(gpus, [&](const std::string& name) {
                          return named_by(track.device, name);
                        });
    if (counts && track.device.scope == scope) tracks.push_back(&track);
  }
  for (const std::string& name : gpus) {
    const auto has = [&](const meter::Track* track) { return named_by(track->device, name); };
    if (std::ranges::none_of(tracks, has))
      throw Error::bad_input({file, 0, {}}, "no GPU " + quote(name) + " in this file");
  }
  return tracks;
}

std::string device_text(const meter::Device& device) {
  if (device.scope != meter::Scope::gpu)
    return "the " + std::string(meter::scope_text(device.scope)) +
           (device.uuid.empty() ? "" : " " + device.uuid);
  return "GPU " + (device.uuid.empty() ? std::to_string(device.index) : device.uuid);
}

/// "; its readings are from ... to ... UTC" if the window is outside all of them.
std::string reach_text(const meter::Track& track, const meter::Window& window) {
  if (track.readings.empty()) return {};
  const double first_s = track.readings.front().time_s, last_s = track.readings.back().time_s;
  if (!(window.end_s < first_s) && !(window.begin_s > last_s)) return {};
  return fmt::format(
      "; its readings are from {} to {} UTC, outside of the window (set the zone of local time with --utc-offset-h)",
      calendar_text(first_s), calendar_text(last_s));
}

meter::Measurement valid_measurement(const meter::Track& track, const std::string& file,
                                     const meter::Window& window, const meter::Limits& limits) {
  meter::Measurement m = meter::measure(track, window, limits);
  if (m.valid()) return m;
  // Servers of metrics sample more rarely than meters.
  const bool is_gap = m.reasons.front().starts_with("no reading for") && reach_text(track, window).empty();
  const char* const hint = is_gap ? "; --max-gap-s allows longer gaps between readings" : "";
  throw Error::bad_input({file, 0, {}},
                         fmt::format("invalid measurement of {}: {}{}{}", device_text(track.device),
                                     m.reasons.front(), reach_text(track, window), hint));
}

/// Refuses a window that is impossible in any log.
void check_window(const meter::Window& window, const std::string& file) {
  for (const double time_s : {window.begin_s, window.end_s}) {
    if (time_s > kLatest_s)
      throw Error::bad_input(
          {file, 0, {}}, fmt::format("the window is at {} s since 1970; is it in milliseconds by mistake?",
                                     number_text(time_s)));
  }
  if (window.begin_s >= window.end_s)
    throw Error::bad_input({file, 0, {}},
                           fmt::format("the window ends before it begins: it is from {} to {} UTC",
                                       calendar_text(window.begin_s), calendar_text(window.end_s)));
}

/// Refuses energy from counters that moved too rarely in the window.
void refuse_uncertain(const GpuEnergy& energy, const std::string& file) {
  const double uncertainty = energy.uncertainty_j / energy.energy_j;
  if (!(uncertainty > meter::kMostUncertain)) return;
  throw Error::bad_input(
      {file, 0, {}}, fmt::format("counter resolution leaves {} uncertainty over {} ({} of {}), more than {}; "
                                 "measure for longer, or with a meter that is updated more often",
                                 percent_text(uncertainty), quantity_text(energy.duration_s, "s"),
                                 quantity_text(energy.uncertainty_j, "J"),
                                 quantity_text(energy.energy_j, "J"), percent_text(meter::kMostUncertain)));
}

/// Refuses a device whose readings begin after those of the others, or end before: what it drew then is not known.
void refuse_partial(const std::vector<const meter::Track*>& tracks, const std::string& file,
                    const meter::Window& all, const meter::Limits& limits) {
  for (const meter::Track* track : tracks) {
    const double late_s = track->readings.front().time_s - all.begin_s;
    const double early_s = all.end_s - track->readings.back().time_s;
    if (!(std::max(late_s, early_s) > limits.max_gap_s)) continue;
    throw Error::bad_input(
        {file, 0, {}},
        fmt::format("the readings of {} {} those of the others; select a window with --begin and --end",
                    device_text(track->device),
                    late_s > early_s ? "begin " + quantity_text(late_s, "s") + " after"
                                     : "end " + quantity_text(early_s, "s") + " before"));
  }
}

/// A window with unknown ends is the time that all devices cover, each of which must be valid over all its
/// readings.
meter::Window common_window(const std::vector<const meter::Track*>& tracks, const std::string& file,
                            const meter::Window& window, const meter::Limits& limits) {
  meter::Window common = window, all;
  for (const meter::Track* track : tracks) {
    const meter::Window whole = valid_measurement(*track, file, window, limits).window;
    if (!known(window.begin_s) && !(common.begin_s >= whole.begin_s)) common.begin_s = whole.begin_s;
    if (!known(window.end_s) && !(common.end_s <= whole.end_s)) common.end_s = whole.end_s;
    if (!(all.begin_s <= whole.begin_s)) all.begin_s = whole.begin_s;
    if (!(all.end_s >= whole.end_s)) all.end_s = whole.end_s;
  }
  refuse_partial(tracks, file, all, limits);
  return common;
}

}  // namespace

bool is_local_time(const std::string& text) {
  return text.substr(0, text.find_first_of("\r\n")).find("timestamp_unix") == std::string::npos;
}

meter::Trace read_trace(const std::string& file, const Request& request, std::string_view format) {
  const std::string text = text_of(file, request);
  const Format* const found = format.empty() ? recognise(beginning_of_text(text)) : nullptr;
  const Format& log = found && found->read_log ? *found : find_format(format.empty() ? "nvidia-smi" : format);
  return explained(text, file, log.name, [&] { return log.read_log(text, file, request); });
}

GpuEnergy energy_of(const meter::Trace& trace, const std::string& file, const meter::Window& window,
                    const Request& request) {
  const std::vector<const meter::Track*> tracks = chosen(trace, file, request.gpus);
  check_window(window, file);
  const meter::Window common = common_window(tracks, file, window, request.limits);
  GpuEnergy total;
  total.energy_j = 0;
  total.scope = meter::scope_text(tracks.front()->device.scope);
  total.gpu_name = total.scope == "gpu" ? tracks.front()->device.name : std::string();
  total.warnings = trace.warnings;
  for (const meter::Track* track : tracks) {
    const meter::Measurement m = valid_measurement(*track, file, common, request.limits);
    for (const std::string& warning : m.warnings)
      total.warnings.push_back(fmt::format("{}: {}: {}", file, device_text(track->device), warning));
    if (total.not_of_run.empty()) total.not_of_run = m.provenance;
    total.energy_j += m.energy_j;
    total.duration_s = m.duration_s;
    total.begin_s = m.window.begin_s;
    if (known(m.uncertainty_j)) total.uncertainty_j += m.uncertainty_j;
    ++total.gpus;
    total.gpus_differ = total.gpus_differ || track->device.name != tracks.front()->device.name;
  }
  if (total.gpus_differ) total.gpu_name.clear();
  refuse_uncertain(total, file);
  return total;
}

GpuEnergy energy_of_report(const std::string& text, const std::string& file) {
  const io::Json report = io::parse_json(text, file);
  if (const std::string other = foreign_text(text, "meter");
      !other.empty() && (!report.is_object() || !report.find("power_valid")))
    throw Error::bad_input({file, 0, {}}, other);
  if (!report.boolean("power_valid")) throw report.error("the measurement is invalid: see its \"reasons\"");
  GpuEnergy total;
  const bool of_modules = !known(report.number_or_unknown("total_gpu_energy_j")) &&
                          known(report.number_or_unknown("total_module_energy_j"));
  if (of_modules) total.scope = "module";
  total.energy_j = report.number(of_modules ? "total_module_energy_j" : "total_gpu_energy_j");
  total.duration_s = report.number("duration_s");
  total.begin_s = report.number_or_unknown("begin_unix_s");
  if (const double code = report.number_or_unknown("exit_code"); known(code) && code != 0)
    total.warnings.push_back(
        fmt::format("{}: the measured command ended with code {}", file, number_text(code)));
  for (const io::Json& device : report.array_at("devices")) {
    if (device.text("scope") != total.scope) continue;
    if (total.not_of_run.empty()) total.not_of_run = device.text_or("not_of_run", "");
    const std::string& name = device.text("name");
    total.gpu_name = total.gpus == 0 || name == total.gpu_name ? name : "";
    if (const double uncertainty_j = device.number_or_unknown("energy_uncertainty_j"); known(uncertainty_j))
      total.uncertainty_j += uncertainty_j;
    ++total.gpus;
  }
  refuse_uncertain(total, file);
  return total;
}

}  // namespace energylens::importers
