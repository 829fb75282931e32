// SPDX-License-Identifier: Apache-2.0
// Tools that print tables for people: nvidia-smi dmon and dcgmi dmon, one line per device and moment. Held by
// power_tools_test.cpp.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "importers/formats.hpp"
#include "importers/power/trace_builder.hpp"
#include "importers/readers/dialect.hpp"

namespace energylens::importers {
namespace {

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r#"), line.size()));
    if (line.empty()) return words;
    const std::size_t end = std::min(line.find_first_of(" \t\r"), line.size());
    words.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

/// Calls `take` with each line that is not blank, and its number.
template <class Take>
void each_line(std::string_view text, const Take& take) {
  for (long number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") != line.npos) take(line, number);
  }
}

std::optional<std::size_t> position(const std::vector<std::string>& names,
                                    std::initializer_list<std::string_view> wanted) {
  for (const std::string_view name : wanted) {
    const auto found =
        std::ranges::find_if(names, [&](const std::string& one) { return lower_case(one) == name; });
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  }
  return std::nullopt;
}

}  // namespace

meter::Trace read_dmon(const std::string& text, const std::string& file, const Request& request) {
  TraceBuilder trace(file, request);
  std::vector<std::string> names;
  each_line(text, [&](std::string_view line, long number) {
    const std::vector<std::string> words = words_of(line);
    if (line.find_first_not_of(" \t") != line.npos && line[line.find_first_not_of(" \t")] == '#') {
      if (position(words, {"pwr"})) names = words;
      return;
    }
    const auto gpu = position(names, {"gpu"}), power = position(names, {"pwr"});
    const auto date = position(names, {"date"}), time = position(names, {"time"});
    if (!gpu || !power)
      throw Error::bad_input({file, number, {}},
                             "no header with the columns gpu and pwr before this line; record with "
                             "nvidia-smi dmon -s p -o DT");
    if (words.size() < names.size())
      throw Error::bad_input({file, number, {}}, "the line is shorter than its header");
    PowerSample sample;
    const Place place{file, number, "pwr"};
    if (time) sample.time_s = trace.time_of(date ? words[*date] + ' ' + words[*time] : words[*time], place);
    sample.index = static_cast<int>(parse_number(words[*gpu]).value_or(0));
    sample.power_w = parse_number(words[*power]).value_or(kUnknown);
    if (!known(sample.power_w)) sample.problem = "power is " + shown(words[*power]);
    trace.add(std::move(sample), place);
  });
  return trace.finish();
}

meter::Trace read_dcgmi(const std::string& text, const std::string& file, const Request& request) {
  TraceBuilder trace(file, request);
  std::vector<std::string> names, units;
  each_line(text, [&](std::string_view line, long number) {
    std::vector<std::string> words = words_of(line);
    if (words.front() == "Entity") {
      names = words;
      return;
    }
    if (words.front() == "ID") {
      units = words;
      return;
    }
    if (words.size() < 2 || names.empty())
      throw Error::bad_input({file, number, {}}, "not a line of dcgmi dmon");
    PowerSample sample;
    sample.index = static_cast<int>(parse_number(words[1]).value_or(0));
    if (words.front() != "GPU") sample.uuid = words.front() + ' ' + words[1];
    words.erase(words.begin());
    const auto value = [&](std::optional<std::size_t> at) {
      return at && *at < words.size() ? parse_number(words[*at]).value_or(kUnknown) : kUnknown;
    };
    const auto power = position(names, {"power", "pwr", "powrinst", "pwrinst"}),
               energy = position(names, {"totec", "totalenergy"});
    if (!power && !energy)
      throw Error::bad_input({file, 1, {}},
                             "neither POWER nor TOTEC; record with dcgmi dmon -e 155,156 -d 100");
    sample.power_w = value(power);
    sample.energy_j = value(energy) * 1e-3;
    if (!known(sample.power_w) && !known(sample.energy_j)) sample.problem = "power is N/A";
    trace.add(std::move(sample), {file, number, "POWER"});
  });
  return trace.finish();
}

Imported import_dmon(const Request& request) {
  return import_log(request, "dmon");
}
Imported import_dcgmi(const Request& request) {
  return import_log(request, "dcgmi");
}

std::vector<FieldInfo> dmon_fields() {
  return {{"Date, Time", "time", FieldUse::read, "with -o DT; else --log-period-s"},
          {"gpu", "device", FieldUse::read, ""},
          {"pwr", "total_energy_j", FieldUse::read, "W, whole numbers"},
          {"", "avg_power_w", FieldUse::derived, "energy over the window"},
          {"gtemp, sm, mem, pclk", "", FieldUse::refused, ""}};
}
std::vector<FieldInfo> dcgmi_fields() {
  return {{"GPU N", "device", FieldUse::read, ""},
          {"POWER", "total_energy_j", FieldUse::read, "W"},
          {"TOTEC", "total_energy_j", FieldUse::read, "mJ; preferred to POWER"},
          {"", "avg_power_w", FieldUse::derived, "energy over the window"},
          {"times", "time", FieldUse::refused, "it writes none: --log-period-s"}};
}

}  // namespace energylens::importers
