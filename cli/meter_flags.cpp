// SPDX-License-Identifier: Apache-2.0
#include "meter_flags.hpp"

namespace energylens::cli {
namespace {

TriedMeter open_one(const meter::Backend& backend, const std::string& source) {
  TriedMeter tried;
  tried.backend = &backend;
  meter::OpenOptions options = meter::options_for(backend, source);
  options.in_real_time = true;
  tried.source = options.source;
  tried.opened = backend.open(options);
  return tried;
}

}  // namespace

void MeterFlags::declare(Arguments& args) {
  args.repeated(
      "--meter", names, "NAME[=SOURCE]",
      "what to measure with: nvml, rocm, intel, rapl, dcgm, nvidia-smi, replay; all that are found if not "
      "given");
}

std::vector<TriedMeter> MeterFlags::open() const {
  std::vector<TriedMeter> tried;
  for (const std::string& name : names) {
    const std::size_t equals = name.find('=');
    const meter::Backend& backend = meter::find_backend(name.substr(0, equals));
    tried.push_back(open_one(backend, equals == std::string::npos ? "" : name.substr(equals + 1)));
  }
  if (!names.empty()) return tried;
  for (const meter::Backend& backend : meter::backends()) {
    if (backend.by_itself) tried.push_back(open_one(backend, ""));
  }
  return tried;
}

std::string missing_text(const TriedMeter& tried) {
  return std::string(tried.backend->name) + ": " + tried.opened.missing + "; " + tried.opened.remedy;
}

}  // namespace energylens::cli
