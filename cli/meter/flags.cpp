// SPDX-License-Identifier: Apache-2.0
#include "cli/meter/flags.hpp"

#include <algorithm>

#include "energylens/core/error.hpp"

namespace energylens::cli {
namespace {

/// The backend of NAME[=SOURCE], and its source. Throws Error (usage).
std::pair<const meter::Backend*, std::string> backend_of(const std::string& text) {
  const std::size_t equals = text.find('=');
  return {&meter::find_backend(text.substr(0, equals)), equals == text.npos ? "" : text.substr(equals + 1)};
}

TriedMeter open_one(const meter::Backend& backend, const std::string& source, double max_gap_s) {
  TriedMeter tried;
  tried.backend = &backend;
  meter::OpenOptions options = meter::options_for(backend, source);
  options.in_real_time = true;
  options.max_gap_s = max_gap_s;
  tried.source = options.source;
  tried.opened = backend.open(options);
  return tried;
}

}  // namespace

void MeterFlags::declare(Arguments& args) {
  args.repeated(
      "--meter", names, "NAME[=SOURCE]",
      "energy meter to use: nvml, rocm, intel, rapl, dcgm, nvidia-smi or replay; may be repeated [nvml, rocm, intel and rapl, if available]");
  args.uses_files(FileRole::read, [this](FileUses& uses) {
    for (const std::string& name : names) {
      const auto [backend, source] = backend_of(name);
      uses.reads(meter::options_for(*backend, source).source);
    }
  });
}

std::vector<TriedMeter> MeterFlags::open(double max_gap_s) const {
  std::vector<TriedMeter> tried;
  for (const std::string& name : names) {
    const auto [backend, source] = backend_of(name);
    tried.push_back(open_one(*backend, source, max_gap_s));
  }
  if (!names.empty()) return tried;
  for (const meter::Backend& backend : meter::backends()) {
    if (backend.automatic) tried.push_back(open_one(backend, "", max_gap_s));
  }
  return tried;
}

std::vector<TriedMeter> MeterFlags::open_some(double max_gap_s) const {
  std::vector<TriedMeter> tried = open(max_gap_s);
  std::string missing;
  bool any = false;
  for (const TriedMeter& one : tried) {
    any = any || one.opened.meter;
    if (one.opened.meter) continue;
    if (!names.empty()) throw Error(ErrorCode::io, {}, missing_text(one));
    missing += "\n  " + missing_text(one);
  }
  if (!any) throw Error(ErrorCode::io, {}, "no meter is available:" + missing);
  return tried;
}

std::vector<meter::NamedMeter> open_ones(const std::vector<TriedMeter>& tried) {
  std::vector<meter::NamedMeter> meters;
  for (const TriedMeter& one : tried) {
    if (one.opened.meter)
      meters.push_back({std::string(one.backend->name), one.opened.meter.get(), one.source});
  }
  return meters;
}

std::string label_of(const TriedMeter& one, const std::vector<TriedMeter>& tried) {
  const auto same = std::ranges::count(tried, one.backend, &TriedMeter::backend);
  return std::string(one.backend->name) + (same > 1 ? '=' + one.source : "");
}

std::vector<std::string> labels_of(const std::vector<TriedMeter>& tried) {
  std::vector<std::string> labels;
  for (const TriedMeter& one : tried) {
    if (one.opened.meter) labels.push_back(label_of(one, tried));
  }
  return labels;
}

std::string missing_text(const TriedMeter& tried) {
  return std::string(tried.backend->name) + ": " + tried.opened.missing + "; " + tried.opened.remedy;
}

}  // namespace energylens::cli
