// SPDX-License-Identifier: Apache-2.0
// The lists of names are in the order in which they are preferred. A cell that is not a number is a reading that failed.
// Held by power_tools_test.cpp.
#include "importers/power/power_csv.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "importers/readers/dialect.hpp"
#include "importers/readers/times.hpp"

namespace energylens::importers {
namespace {

using CsvColumn = std::optional<std::size_t>;

struct PowerColumns {
  CsvColumn date, time, host, uuid, index, name, power, energy;
  double power_factor = 1, energy_factor = 1;
  std::vector<std::size_t> wide;  ///< one column of power per GPU
};

/// "gpu0", "GPU 1 power [W]", "gpu2_power_w", "3": the number of the GPU; -1 for another name.
int gpu_of_column(std::string_view name) {
  const std::string plain = plain_column(name);
  std::string_view rest = plain;
  const bool named = rest.starts_with("gpu");
  if (named) rest.remove_prefix(3);
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '_' || rest.front() == '-'))
    rest.remove_prefix(1);
  std::size_t digits = 0;
  while (digits < rest.size() && std::isdigit(static_cast<unsigned char>(rest[digits]))) ++digits;
  if (digits == 0 || digits > 4) return -1;
  const std::string_view after = rest.substr(digits);
  const bool is_power =
      after.empty() || after.find("power") != after.npos || after.find("watt") != after.npos || after == "_w";
  if (!is_power || (!named && !after.empty())) return -1;
  return static_cast<int>(*parse_number(rest.substr(0, digits)));
}

PowerColumns find_power_columns(const DialectSheet& sheet, const std::string& file) {
  PowerColumns c;
  c.time = sheet.find({"timestamp_unix", "timestamp", "time", "datetime", "date/time", "date_time",
                       "unix_time", "start_time"});
  c.date = sheet.find({"date", "#date", "yyyymmdd"});
  if (!c.time) std::swap(c.time, c.date);
  c.host = sheet.find({"hostname", "host", "node", "nodename", "node_name"});
  c.uuid = sheet.find(
      {"uuid", "gpu_uuid", "serial", "gpu_serial", "pci.bus_id", "gpu_bus_id", "pci.bus", "bus_id", "bdf"});
  c.index = sheet.find(
      {"index", "gpu_index", "gpu", "gpu_id", "deviceid", "device_id", "device", "card", "index (aip id)"});
  c.name = sheet.find({"name", "gpu_name", "product", "card series"});
  c.power = sheet.find({"power.draw.instant", "power.draw", "power.draw.average", "power_w", "power_watts",
                        "gpu_power_w", "current_socket_power", "socket_power", "average_socket_power",
                        "power_usage", "gpu power", "power draw", "power", "pwr", "watts",
                        "current socket graphics package power", "average graphics package power",
                        "current socket graphics package power (w)", "average graphics package power (w)"});
  c.energy = sheet.find({"energy_counter_j", "total_energy_consumption", "gpu energy consumed", "energy_j",
                         "energy (j)", "totec"});
  if (c.power) c.power_factor = unit_factor(sheet.names()[*c.power]);
  if (c.energy) c.energy_factor = unit_factor(sheet.names()[*c.energy]);
  if (!c.power && !c.energy) {
    for (std::size_t i = 0; i < sheet.names().size(); ++i) {
      if (i != c.time && i != c.date && gpu_of_column(sheet.names()[i]) >= 0) c.wide.push_back(i);
    }
  }
  if (c.power || c.energy || !c.wide.empty()) return c;
  throw Error::bad_input(
      {file, 1, {}},
      fmt::format("no column of power among: {}; name the columns of a log without header with --columns",
                  join(sheet.names())));
}

/// The number of a cell, with or without unit, with a point or a comma; unknown for a cell such as "[N/A]".
double number_of_cell(std::string_view cell, double factor) {
  const std::size_t blank = cell.find(' ');
  const auto number = parse_number_with_comma(cell.substr(0, blank));
  if (!number) return kUnknown;
  return *number * (blank == cell.npos ? factor : unit_factor(cell));
}

class PowerCsv {
 public:
  PowerCsv(const std::string& text, const std::string& file, const Request& request)
      : sheet_(text, file, request.log_columns),
        columns_(find_power_columns(sheet_, file)),
        trace_(file, request) {}

  meter::Trace read() {
    while (sheet_.next()) {
      if (columns_.wide.empty()) {
        add_line();
      } else {
        add_wide();
      }
    }
    if (sheet_.cut_off()) trace_.warn("ignored the last line, which is cut off");
    return trace_.finish();
  }

 private:
  double time_of_line() {
    if (!columns_.time) return kUnknown;
    std::string text(sheet_.cell(columns_.time));
    if (columns_.date) text = std::string(sheet_.cell(columns_.date)) + ' ' + text;
    return trace_.time_of(text, sheet_.place(columns_.time));
  }

  void add_line() {
    PowerSample sample;
    if (!sheet_.cell(columns_.power).empty() && is_unit_line()) return;
    sample.time_s = time_of_line();
    sample.host = sheet_.cell(columns_.host);
    sample.uuid = sheet_.cell(columns_.uuid);
    sample.name = sheet_.cell(columns_.name);
    const std::string_view index = sheet_.cell(columns_.index);
    if (const auto number = parse_number(index); number && *number >= 0 && *number < 1e6) {
      sample.index = static_cast<int>(*number);
    } else if (!index.empty() && sample.uuid.empty()) {
      sample.uuid = index;
    } else if (index.empty() && sample.uuid.empty() && !sample.name.empty()) {
      sample.uuid = sample.name;
    }
    if (columns_.power) sample.power_w = number_of_cell(sheet_.cell(columns_.power), columns_.power_factor);
    if (columns_.energy)
      sample.energy_j = number_of_cell(sheet_.cell(columns_.energy), columns_.energy_factor);
    const CsvColumn main = columns_.power ? columns_.power : columns_.energy;
    if (!known(sample.power_w) && !known(sample.energy_j)) {
      refuse_text(main);
      sample.problem = "power is " + (sheet_.cell(main).empty() ? "blank" : shown(sheet_.cell(main)));
    }
    trace_.add(std::move(sample), sheet_.place(main));
  }

  /// A second header line with units, as nvidia-smi dmon and dcgmi write.
  bool is_unit_line() const {
    const std::string_view cell = sheet_.cell(columns_.power);
    return cell == "W" || cell == "mW" || cell == "w";
  }

  /// Words for "not readable" are not errors; other text is.
  void refuse_text(CsvColumn column) const {
    const std::string cell = lower_case(sheet_.cell(column));
    if (cell.empty() || cell.starts_with('[') || cell == "n/a" || cell == "-" || cell == "nan" ||
        cell.find("support") != cell.npos)
      return;
    throw Error::bad_cell(sheet_.place(column), shown(sheet_.cell(column)), "a power in watts");
  }

  void add_wide() {
    const double time_s = time_of_line();
    for (const std::size_t column : columns_.wide) {
      PowerSample sample;
      sample.time_s = time_s;
      sample.host = sheet_.cell(columns_.host);
      sample.index = gpu_of_column(sheet_.names()[column]);
      sample.power_w = number_of_cell(sheet_.cell(column), unit_factor(sheet_.names()[column]));
      if (!known(sample.power_w)) {
        refuse_text(column);
        sample.problem = "power is blank";
      }
      trace_.add(std::move(sample), sheet_.place(column));
    }
  }

  DialectSheet sheet_;
  PowerColumns columns_;
  TraceBuilder trace_;
};

}  // namespace

meter::Trace read_power_csv(const std::string& text, const std::string& file, const Request& request) {
  return PowerCsv(text, file, request).read();
}

std::vector<FieldInfo> power_csv_fields() {
  return {
      {"timestamp", "time", FieldUse::read, "local or with zone, ISO 8601, or s, ms, us or ns since 1970"},
      {"date, time", "time", FieldUse::read, "in two columns"},
      {"hostname", "device", FieldUse::read, ""},
      {"uuid, serial, bus id", "device", FieldUse::read, ""},
      {"index, gpu, DeviceId", "device", FieldUse::read, ""},
      {"power", "total_energy_j", FieldUse::read,
       "W, mW or kW as the header or cell states; integrated over time"},
      {"energy counter", "total_energy_j", FieldUse::read, "J, mJ, uJ, Wh or kWh; preferred to power"},
      {"gpu0, gpu1, ...", "total_energy_j", FieldUse::read,
       "power of one GPU each, where there is no column of power"},
      {"", "avg_power_w", FieldUse::derived, "energy over the window"},
      {"utilisation, clocks, memory", "", FieldUse::refused, ""}};
}

}  // namespace energylens::importers
