// SPDX-License-Identifier: Apache-2.0
// `nvidia-smi --query-gpu=timestamp,index,uuid,power.draw --format=csv -lms 100`: names with their unit in
// brackets, a blank after each comma, values with or without unit ("24.51 W"), local time without a zone.
// What it cannot read stands in brackets ("[N/A]", "[GPU is lost]"). power.draw is what the driver takes for
// it: a mean over 1 s on Ampere and later except GA100. A GPU is known by its uuid, serial number, PCI bus, index or
// name, and the host if there is a column for it; what these do not tell apart is refused. Held by nvidia_smi_test.cpp and fuzz_replay_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <unordered_map>

#include "core/file.hpp"
#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/meter/trace.hpp"
#include "io/sheet.hpp"
#include "meter/backends.hpp"
#include "meter/bursts.hpp"
#include "meter/log_records.hpp"
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
  return name.substr(0, std::min(name.find(" ["), name.find(" (")));
}

/// The unit of "power.draw [W]"; empty without one.
std::string_view unit_of(std::string_view name) {
  const std::size_t open = name.find_last_of("[(");
  if (open == std::string_view::npos || name.size() < open + 2) return {};
  return name.substr(open + 1, name.size() - open - 2);
}

/// Watts of a unit of power; nothing for another text. None stated means watts.
std::optional<double> watts_of(std::string_view unit) {
  if (unit.empty() || unit == "W") return 1;
  if (unit == "mW") return 1e-3;
  if (unit == "kW") return 1e3;
  return std::nullopt;
}

constexpr std::string_view kRemedy =
    "record with nvidia-smi --query-gpu=timestamp,uuid,power.draw --format=csv";

using LogColumn = std::optional<std::size_t>;

/// The columns of a log that are read, each if it is there.
struct LogColumns {
  LogColumn time, host, uuid, serial, bus, index, name, power, temperature;
  double power_average_s = kUnknown;
  double watts = 1;             ///< of the unit of power in the header
  std::size_t power_kinds = 0;  ///< kinds of power that the log has
  std::string note;             ///< which of them is read
};

/// Finds the columns of a log by its header.
class ColumnFinder {
 public:
  /// `passed_over` of the columns of power that are there are not read.
  ColumnFinder(const LogRecords& records, std::size_t passed_over)
      : records_(records), passed_over_(passed_over) {}

  /// Throws Error (bad input) for a log without times or power.
  LogColumns find() {
    columns_.time = any({"timestamp"});
    if (!columns_.time) throw no_time();
    columns_.host = any({"hostname", "host", "node", "nodename", "node_name"});
    columns_.uuid = any({"uuid", "gpu_uuid"});
    columns_.serial = any({"serial", "gpu_serial"});
    columns_.bus = any({"pci.bus_id", "gpu_bus_id", "pci.bus"});
    columns_.index = any({"index", "gpu_index", "gpu"});
    columns_.name = any({"name", "gpu_name"});
    columns_.temperature = any({"temperature.gpu"});
    find_power();
    return std::move(columns_);
  }

 private:
  LogColumn any(std::initializer_list<std::string_view> names) const {
    const auto& all = records_.names();
    for (const std::string_view name : names) {
      const auto is_it = [&](const std::string& one) { return without_unit(one) == name; };
      const auto found = std::ranges::find_if(all, is_it);
      if (found != all.end()) return static_cast<std::size_t>(found - all.begin());
    }
    return std::nullopt;
  }

  Error missing(std::string_view name) const {
    return Error::bad_input(records_.header(),
                            fmt::format("the column \"{}\" is missing; {}", name, kRemedy));
  }

  /// A log that was written without its header is called that.
  Error no_time() const {
    const auto& names = records_.names();
    if (std::ranges::none_of(names, [](const std::string& name) { return local_time_s(name).has_value(); }))
      return missing("timestamp");
    return Error::bad_input(
        records_.header(),
        "the log has no header, as nvidia-smi --format=csv,noheader writes it; add a first line "
        "that names its columns in their order, such as: timestamp, index, power.draw [W]");
  }

  /// The first of the columns that is there and not passed over; the note names the others.
  void find_power() {
    std::string_view name;
    std::string others;
    for (const PowerColumn& one : kPowerColumns) {
      const LogColumn found = any({one.name});
      if (!found) continue;
      ++columns_.power_kinds;
      if (columns_.power || columns_.power_kinds <= passed_over_) {
        others += (others.empty() ? "" : " and ") + std::string(one.name);
        continue;
      }
      columns_.power = found;
      name = one.name;
      columns_.power_average_s = one.average_s;
    }
    if (!columns_.power) throw no_power();
    if (!others.empty()) columns_.note = "power is " + std::string(name) + ", not " + others;
    const std::string_view unit = unit_of(records_.names()[*columns_.power]);
    const std::optional<double> watts = watts_of(unit);
    if (!watts)
      throw Error::bad_input(records_.header(),
                             fmt::format("{} is not a unit of power: W, mW or kW", quote(unit)));
    columns_.watts = *watts;
  }

  Error no_power() const {
    if (any({"module.power.draw.instant", "module.power.draw.average", "module.power.draw"}))
      return Error::bad_input(
          records_.header(),
          "the log has the power of the whole module (CPU and GPU), but not that of the GPU; "
          "record power.draw.instant as well");
    return missing("power.draw");
  }

  const LogRecords& records_;
  std::size_t passed_over_;
  LogColumns columns_;
};

/// Which GPU a line is of.
struct LogIdentity {
  std::string host, gpu;
  bool is_unique = false;  ///< no other GPU anywhere has it
};

class LogReader {
 public:
  LogReader(std::string_view text, const std::string& file, double utc_offset_s, std::size_t passed_over)
      : records_(text, file), file_(file), utc_offset_s_(utc_offset_s), passed_over_(passed_over) {
    take_columns();
  }

  std::size_t power_kinds() const { return power_kinds_; }

  Trace read() {
    while (records_.next()) {
      if (records_.headers() != header_) take_columns();
      const LogIdentity identity = identity_of_row();
      Reading reading = read_reading();
      add(track_of(identity), std::move(reading));
    }
    if (records_.cut_off()) trace_.warnings.push_back(file_ + ": ignored the last line, which is cut off");
    if (trace_.tracks.empty()) throw Error::bad_input({file_, 0, {}}, "the log contains no reading");
    for (std::size_t i = 0; i < trace_.tracks.size(); ++i) finish(trace_.tracks[i], identities_[i]);
    return std::move(trace_);
  }

 private:
  void take_columns() {
    columns_ = ColumnFinder(records_, passed_over_).find();
    power_kinds_ = std::max(power_kinds_, columns_.power_kinds);
    header_ = records_.headers();
  }

  /// By the first column that this row fills of those that identify a GPU.
  LogIdentity identity_of_row() const {
    LogIdentity identity;
    identity.host = records_.cell(columns_.host);
    for (const LogColumn column :
         {columns_.uuid, columns_.serial, columns_.bus, columns_.index, columns_.name}) {
      const std::string_view cell = records_.cell(column);
      if (cell.empty() || cell.starts_with('[') || cell == "N/A") continue;
      identity.gpu = cell;
      identity.is_unique = column == columns_.uuid || column == columns_.serial;
      break;
    }
    return identity;
  }

  Device device_of(const LogIdentity& identity) const {
    Device device;
    device.name = io::shown(records_.cell(columns_.name));
    device.uuid = io::shown(records_.cell(columns_.uuid ? columns_.uuid : columns_.bus));
    const std::optional<double> index = parse_number(records_.cell(columns_.index));
    device.index = index && *index >= 0 && *index < 1e6 ? static_cast<int>(*index)
                                                        : static_cast<int>(trace_.tracks.size());
    if (device.uuid.empty() && !identity.host.empty())
      device.uuid = io::shown(identity.host + '/' + std::to_string(device.index));
    device.has_power = true;
    device.power_average_s = columns_.power_average_s;
    device.note = columns_.note;
    return device;
  }

  std::size_t track_of(const LogIdentity& identity) {
    const auto [found, is_new] = tracks_.emplace(identity.host + '\n' + identity.gpu, trace_.tracks.size());
    if (is_new) {
      trace_.tracks.push_back({device_of(identity), {}, {}});
      identities_.push_back(identity);
    }
    Device& device = trace_.tracks[found->second].device;
    // A header that came again may name another kind of power.
    if (!(device.power_average_s == columns_.power_average_s)) device.power_average_s = kUnknown;
    return found->second;
  }

  /// Two readings of one time are of two GPUs.
  void add(std::size_t track, Reading reading) {
    std::vector<Reading>& readings = trace_.tracks[track].readings;
    const LogIdentity& identity = identities_[track];
    const bool is_second = !readings.empty() && readings.back().time_s == reading.time_s;
    if (is_second && !identity.is_unique)
      throw several(records_.place(columns_.time),
                    "two readings of one time" +
                        (identity.gpu.empty() ? "" : " and of one GPU, " + io::shown(identity.gpu)));
    readings.push_back(std::move(reading));
  }

  void finish(const Track& track, const LogIdentity& identity) const {
    if (identity.is_unique) return;
    const std::optional<Bursts> bursts = bursts_of(track.readings);
    if (!bursts) return;
    const std::string what =
        bursts->size == 0
            ? fmt::format("lines are {} apart", quantity_text(bursts->span_s, "s"))
            : fmt::format("lines come in groups of {} within {}, every {}", bursts->size,
                          quantity_text(bursts->span_s, "s"), quantity_text(bursts->period_s, "s"));
    throw several({file_, 0, {}},
                  (identity.gpu.empty() ? "" : "of GPU " + io::shown(identity.gpu) + ", ") + what);
  }

  Error several(Place place, const std::string& what) const {
    const bool by_index = columns_.index || columns_.bus;
    return Error::bad_input(std::move(place),
                            fmt::format("{}: these are several GPUs, and no column {}; {}", what,
                                        by_index ? "names their hosts" : "identifies them",
                                        by_index ? "record the uuid, or add a column hostname: nvidia-smi "
                                                   "--query-gpu=timestamp,uuid,power.draw --format=csv"
                                                 : std::string(kRemedy)));
  }

  Reading read_reading() const {
    Reading reading;
    const std::string_view time = records_.cell(columns_.time);
    const std::optional<double> time_s = local_time_s(time);
    if (!time_s)
      throw Error::bad_cell(records_.place(columns_.time), io::shown(time),
                            "a time such as 2024/03/31 16:48:55.963");
    reading.time_s = *time_s - utc_offset_s_;
    reading.temperature_c = parse_number(records_.cell(columns_.temperature)).value_or(kUnknown);
    const std::string_view power = records_.cell(columns_.power);
    if (power.empty() || power.front() == '[' || power == "N/A") {
      reading.problem = "power is " + (power.empty() ? "blank" : io::shown(power));
      return reading;
    }
    reading.power_w = power_w(power);
    return reading;
  }

  /// Of a cell with or without unit; the unit of the header holds for a cell without one.
  double power_w(std::string_view cell) const {
    const std::size_t blank = cell.find_last_of(' ');
    const bool has_unit = blank != std::string_view::npos;
    const std::optional<double> number = parse_number(has_unit ? cell.substr(0, blank) : cell);
    const std::optional<double> watts =
        has_unit ? watts_of(cell.substr(blank + 1)) : std::optional<double>(columns_.watts);
    if (!number || !watts)
      throw Error::bad_cell(records_.place(columns_.power), io::shown(cell), "a power in watts");
    if (has_unit && columns_.watts != 1 && *watts != columns_.watts)
      throw Error::bad_cell(records_.place(columns_.power), io::shown(cell), "in the unit of the header");
    return *number * *watts;
  }

  LogRecords records_;
  std::string file_;
  double utc_offset_s_;
  std::size_t passed_over_;
  LogColumns columns_;
  int header_ = 0;
  std::size_t power_kinds_ = 0;
  Trace trace_;
  std::vector<LogIdentity> identities_;  // of the tracks
  std::unordered_map<std::string, std::size_t> tracks_;
};

bool has_power(const Track& track) {
  return std::ranges::any_of(track.readings, [](const Reading& reading) { return reading.power_w > 0; });
}

}  // namespace

Trace parse_nvidia_smi(std::string_view text, const std::string& file, double utc_offset_s) {
  LogReader first(text, file, utc_offset_s, 0);
  Trace trace = first.read();
  for (std::size_t passed_over = 1; passed_over < first.power_kinds(); ++passed_over) {
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
