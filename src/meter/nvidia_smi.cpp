// SPDX-License-Identifier: Apache-2.0
// `nvidia-smi --query-gpu=timestamp,index,uuid,power.draw --format=csv -lms 100`: names with their unit in
// brackets, a blank after each comma, values with or without unit ("24.51 W"), local time without a zone.
// What it cannot read stands in brackets ("[N/A]", "[GPU is lost]"). power.draw is what the driver takes for
// it: a mean over 1 s on Ampere and later except GA100. Held by nvidia_smi_test.cpp and fuzz_replay_test.cpp.
#include <algorithm>
#include <array>
#include <chrono>
#include <unordered_map>

#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "energylens/meter/trace.hpp"
#include "io/sheet.hpp"
#include "meter/backends.hpp"
#include "meter/played.hpp"

namespace energylens::meter {
namespace {

struct PowerColumn {
  std::string_view name;
  double average_s;
};
// The first that is there is used; one that is not read throughout, as [N/A], gives way to the next.
constexpr std::array kPowerColumns = {PowerColumn{"power.draw.instant", 0},
                                      PowerColumn{"power.draw", kUnknown},
                                      PowerColumn{"power.draw.average", 1}};

std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + (c - '0');
  }
  return text.empty() ? std::nullopt : std::optional<int>(value);
}

/// Seconds since 1970 of "2024/03/31 16:48:55.963", taken as UTC.
std::optional<double> local_time_s(std::string_view text) {
  if (text.size() < 19 || text.size() > 29 || text[4] != '/' || text[7] != '/' || text[10] != ' ' ||
      text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const auto year = digits(text.substr(0, 4)), month = digits(text.substr(5, 2)),
             day = digits(text.substr(8, 2));
  const auto hour = digits(text.substr(11, 2)), minute = digits(text.substr(14, 2));
  const std::optional<double> second = parse_number(text.substr(17));
  if (!year || !month || !day || !hour || !minute || !second || *second < 0 || *second >= 61)
    return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok() || *hour > 23 || *minute > 59) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return 86400.0 * days + 3600.0 * *hour + 60.0 * *minute + *second;
}

/// "power.draw [W]" without its unit.
std::string_view without_unit(std::string_view name) {
  return name.substr(0, name.find(" ["));
}

class LogReader {
 public:
  /// `passed_over` of the columns of power that are there are not read.
  LogReader(std::string_view text, const std::string& file, double utc_offset_s, std::size_t passed_over)
      : sheet_(text, file), file_(file), utc_offset_s_(utc_offset_s) {
    time_ = column("timestamp");
    index_ = column("index");
    name_ = column("name") ? column("name") : column("gpu_name");
    uuid_ = column("uuid") ? column("uuid") : column("gpu_uuid");
    bus_ = column("pci.bus_id") ? column("pci.bus_id") : column("gpu_bus_id");
    find_power(passed_over);
    temperature_ = column("temperature.gpu");
    if (!time_) throw missing("timestamp");
    if (!power_) throw missing("power.draw");
  }

  std::size_t power_columns() const { return power_columns_; }

  Trace read() {
    while (sheet_.next()) {
      if (sheet_.cell(time_) == "timestamp") continue;  // the header of a log that was appended
      Track& track = track_of_row();
      const Reading reading = read_reading();
      if (!tells_gpus_apart() && !track.readings.empty() && track.readings.back().time_s == reading.time_s)
        throw Error::bad_input(sheet_.place(time_),
                               "two readings of one time, and no column that identifies the GPU; "
                               "record with nvidia-smi --query-gpu=timestamp,uuid,power.draw");
      track.readings.push_back(reading);
    }
    if (sheet_.cut_off()) trace_.warnings.push_back(file_ + ": ignored the last line, which is cut off");
    if (trace_.tracks.empty()) throw Error::bad_input({file_, 0, {}}, "the log contains no reading");
    return std::move(trace_);
  }

 private:
  using Column = std::optional<std::size_t>;

  Column column(std::string_view name) const {
    const auto& names = sheet_.names();
    const auto found =
        std::ranges::find_if(names, [&](const std::string& one) { return without_unit(one) == name; });
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
  }

  /// The first of the columns that is there and not passed over; the note names the others.
  void find_power(std::size_t passed_over) {
    std::string_view name;
    std::string others;
    for (const PowerColumn& one : kPowerColumns) {
      if (!column(one.name)) continue;
      ++power_columns_;
      if (power_ || power_columns_ <= passed_over) {
        others += (others.empty() ? "" : " and ") + std::string(one.name);
        continue;
      }
      power_ = column(one.name);
      name = one.name;
      average_s_ = one.average_s;
    }
    if (!others.empty()) note_ = "power is " + std::string(name) + ", not " + others;
  }

  bool tells_gpus_apart() const { return uuid_ || bus_ || index_; }

  Error missing(std::string_view name) const {
    return Error::bad_input(
        {file_, 1, {}}, "the column \"" + std::string(name) +
                            "\" is missing; record with nvidia-smi --query-gpu=timestamp,uuid,power.draw");
  }

  Track& track_of_row() {
    std::string key(sheet_.cell(uuid_ ? uuid_ : bus_ ? bus_ : index_));
    const auto [found, is_new] = tracks_.emplace(std::move(key), trace_.tracks.size());
    if (is_new) {
      Device device;
      device.name = io::shown(sheet_.cell(name_));
      device.uuid = io::shown(sheet_.cell(uuid_ ? uuid_ : bus_));
      const std::optional<double> index = parse_number(sheet_.cell(index_));
      device.index =
          index && *index >= 0 && *index < 1e6 ? static_cast<int>(*index) : static_cast<int>(found->second);
      device.has_power = true;
      device.power_average_s = average_s_;
      device.note = note_;
      trace_.tracks.push_back({std::move(device), {}, {}});
    }
    return trace_.tracks[found->second];
  }

  Reading read_reading() const {
    Reading reading;
    const std::optional<double> time_s = local_time_s(sheet_.cell(time_));
    if (!time_s)
      throw Error::bad_cell(sheet_.place(time_), io::shown(sheet_.cell(time_)),
                            "a time such as 2024/03/31 16:48:55.963");
    reading.time_s = *time_s - utc_offset_s_;
    reading.temperature_c = parse_number(sheet_.cell(temperature_)).value_or(kUnknown);
    std::string_view power = sheet_.cell(power_);
    if (power.empty() || power.front() == '[' || power == "N/A") {
      reading.problem = "power is " + (power.empty() ? "blank" : io::shown(power));
      return reading;
    }
    if (power.ends_with(" W")) power.remove_suffix(2);
    const std::optional<double> power_w = parse_number(power);
    if (!power_w) throw Error::bad_cell(sheet_.place(power_), io::shown(power), "a power in watts");
    reading.power_w = *power_w;
    return reading;
  }

  io::Sheet sheet_;
  std::string file_;
  double utc_offset_s_;
  Column time_, index_, name_, uuid_, bus_, power_, temperature_;
  std::size_t power_columns_ = 0;
  double average_s_ = kUnknown;
  std::string note_;
  Trace trace_;
  std::unordered_map<std::string, std::size_t> tracks_;
};

bool has_power(const Track& track) {
  return std::ranges::any_of(track.readings, [](const Reading& reading) { return reading.power_w > 0; });
}

}  // namespace

Trace parse_nvidia_smi(std::string_view text, const std::string& file, double utc_offset_s) {
  LogReader first(text, file, utc_offset_s, 0);
  Trace trace = first.read();
  for (std::size_t passed_over = 1; passed_over < first.power_columns(); ++passed_over) {
    if (std::ranges::all_of(trace.tracks, has_power)) break;
    Trace next = LogReader(text, file, utc_offset_s, passed_over).read();
    for (std::size_t i = 0; i < trace.tracks.size(); ++i) {
      if (!has_power(trace.tracks[i]) && has_power(next.tracks[i]))
        trace.tracks[i] = std::move(next.tracks[i]);
    }
  }
  return trace;
}

Opened open_nvidia_smi(const OpenOptions& options) {
  if (options.source.empty()) return {nullptr, "no log file given", "--meter nvidia-smi=FILE"};
  return {play(parse_nvidia_smi(read_file(options.source), options.source, options.utc_offset_s), options),
          "", ""};
}

}  // namespace energylens::meter
