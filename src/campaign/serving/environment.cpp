// SPDX-License-Identifier: Apache-2.0
// Uses nvidia-smi instead of the driver's library: it is installed wherever the driver is, and names its
// figures. Held by parts_test.cpp with a program of ours in its place.
#include "campaign/serving/environment.hpp"

#include <sys/utsname.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "core/file.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::campaign {
namespace {

using io::Json;

constexpr std::array<std::string_view, 10> kAsked = {"index",
                                                     "uuid",
                                                     "name",
                                                     "driver_version",
                                                     "power.limit",
                                                     "clocks.max.sm",
                                                     "clocks.current.sm",
                                                     "temperature.gpu",
                                                     "persistence_mode",
                                                     "memory.total"};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

Json value_of(std::string_view text) {
  if (text.empty() || text.starts_with('[') || text == "N/A") return {};
  const auto number = parse_number(text);
  return number ? Json(*number) : Json(text);
}

Json smi_json() {
  std::string names;
  for (const std::string_view name : kAsked) names += (names.empty() ? "" : ",") + std::string(name);
  const std::string text =
      output_of({"nvidia-smi", "--query-gpu=" + names, "--format=csv,noheader,nounits"}).text;
  return text.empty() ? Json() : parse_smi(text, kAsked);
}

Json meters_json(const Context& context) {
  Json meters = Json::array();
  for (const meter::NamedMeter& one : context.meters) {
    Json devices = Json::array();
    for (const meter::Device& device : one.meter->devices()) {
      devices.push_back(Json::object({{"index", device.index},
                                      {"name", device.name},
                                      {"uuid", device.uuid},
                                      {"scope", meter::scope_text(device.scope)},
                                      {"has_counter", device.has_counter},
                                      {"has_power", device.has_power},
                                      {"note", device.note}}));
    }
    meters.push_back(
        Json::object({{"meter", one.name}, {"source", one.source}, {"devices", std::move(devices)}}));
  }
  return meters;
}

Json processor_json() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return trimmed(std::string_view(line).substr(line.find(':') + 1));
  }
  return {};
}

Json variable_json(const char* name) {
  const char* const value = std::getenv(name);
  return value ? Json(value) : Json();
}

}  // namespace

Json parse_smi(std::string_view text, std::span<const std::string_view> names) {
  Json gpus = Json::array();
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (trimmed(line).empty()) continue;
    Json gpu = Json::object();
    for (const std::string_view name : names) {
      const std::size_t comma = line.find(',');
      gpu[name] = value_of(trimmed(line.substr(0, comma)));
      line = comma == line.npos ? std::string_view() : line.substr(comma + 1);
    }
    gpus.push_back(std::move(gpu));
  }
  return gpus;
}

Json environment_json(const Context& context) {
  utsname system{};
  ::uname(&system);
  Json json = context.options.about.is_object() ? context.options.about : Json::object();
  json["time_unix"] = context.clock().wall_now_s();
  json["prompt_seed"] = context.prompt_seed;
  json["hostname"] = meter::host_name();
  json["kernel"] = std::string(system.sysname) + ' ' + system.release + ' ' + system.machine;
  json["processor"] = processor_json();
  json["processors"] = std::thread::hardware_concurrency();
  json["cuda_visible_devices"] = variable_json("CUDA_VISIBLE_DEVICES");
  json["hip_visible_devices"] = variable_json("HIP_VISIBLE_DEVICES");
  json["slurm_job_id"] = variable_json("SLURM_JOB_ID");
  json["meters"] = meters_json(context);
  json["gpus"] = smi_json();
  return json;
}

}  // namespace energylens::campaign
