// SPDX-License-Identifier: Apache-2.0
// The trace format: a CSV line per device and scrape (docs/reference/recording.md has its grammar). The first seven
// columns are those that other tools write too; the rest lets a recording of ours be measured exactly as it
// was live. Held by trace_test.cpp and, on broken bytes, by fuzz_replay_test.cpp.
#include "energylens/meter/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <unordered_map>

#include "energylens/core/error.hpp"
#include "io/csv_writer.hpp"
#include "io/sheet.hpp"
#include "meter/bursts.hpp"
#include "meter/log_records.hpp"

namespace energylens::meter {
namespace {

constexpr std::array<std::string_view, 19> kHeader = {
    "schema_version", "timestamp_unix", "scrape_seq",       "hostname",       "gpu_index",
    "gpu_uuid",       "power_w",        "energy_counter_j", "steady_s",       "gpu_name",
    "scope",          "power_scope",    "power_average_s",  "counter_wrap_j", "counter_update_s",
    "meter",          "problem",        "source_time_unix", "temperature_c"};
constexpr std::string_view kSchema = "1";
/// A file that needs more readings than this per row, for devices absent from scrapes, is invalid.
constexpr std::size_t kMostAbsences = 8;

void add_line(io::CsvWriter& csv, const std::string& hostname, const Track& track, std::size_t scrape) {
  const Reading& reading = track.readings[scrape];
  const Device& device = track.device;
  csv.row(kSchema, reading.time_s, scrape, hostname, device.index, device.uuid, reading.power_w,
          reading.energy_j, reading.steady_s, device.name, scope_text(device.scope),
          scope_text(device.power_scope), device.power_average_s, device.counter_wrap_j,
          device.counter_update_s, track.meter, reading.problem, reading.source_time_s,
          reading.temperature_c);
}

/// The lines of one meter, scrape by scrape.
void add_meter(io::CsvWriter& csv, const std::string& hostname, std::span<const Track> tracks) {
  std::size_t most = 0;
  for (const Track& track : tracks) most = std::max(most, track.readings.size());
  for (std::size_t scrape = 0; scrape < most; ++scrape) {
    for (const Track& track : tracks) {
      if (scrape < track.readings.size()) add_line(csv, hostname, track, scrape);
    }
  }
}

/// The end of the year 9999: a time stamp beyond it counts milliseconds, or less.
constexpr double kLatest_s = 253402300799;

using Column = std::optional<std::size_t>;

/// The columns of a recording, each if it is there.
struct TraceColumns {
  Column schema, time, scrape, host, index, uuid, power, energy, steady, name, scope, power_scope, average,
      wrap, update, meter, problem, source_time, temperature;
};

Error both_missing(const std::string& file, std::string_view one, std::string_view other) {
  return Error::bad_input({file, 1, {}}, "the columns \"" + std::string(one) + "\" and \"" +
                                             std::string(other) + "\" are missing; one of them is required");
}

/// Throws Error (bad input) for a recording without times, devices or figures.
TraceColumns find_columns(const io::Sheet& sheet, const std::string& file,
                          std::vector<std::string>& warnings) {
  TraceColumns found;
  const std::array<std::pair<std::string_view, Column*>, 19> columns = {
      {{"schema_version", &found.schema},
       {"timestamp_unix", &found.time},
       {"scrape_seq", &found.scrape},
       {"hostname", &found.host},
       {"gpu_index", &found.index},
       {"gpu_uuid", &found.uuid},
       {"power_w", &found.power},
       {"energy_counter_j", &found.energy},
       {"steady_s", &found.steady},
       {"gpu_name", &found.name},
       {"scope", &found.scope},
       {"power_scope", &found.power_scope},
       {"power_average_s", &found.average},
       {"counter_wrap_j", &found.wrap},
       {"counter_update_s", &found.update},
       {"meter", &found.meter},
       {"problem", &found.problem},
       {"source_time_unix", &found.source_time},
       {"temperature_c", &found.temperature}}};
  for (const auto& [name, column] : columns) *column = sheet.find(name);
  for (const std::string& name : sheet.names()) {
    const bool ours = std::ranges::any_of(columns, [&](const auto& one) { return one.first == name; });
    if (!ours) warnings.push_back(file + ": the column \"" + name + "\" is unknown and ignored");
  }
  if (!found.time) throw Error::bad_input({file, 1, {}}, "the column \"timestamp_unix\" is missing");
  if (!found.index && !found.uuid) throw both_missing(file, "gpu_uuid", "gpu_index");
  if (!found.power && !found.energy) throw both_missing(file, "power_w", "energy_counter_j");
  return found;
}

Reading reading_of_row(const io::Sheet& sheet, const TraceColumns& columns) {
  Reading reading;
  reading.time_s = sheet.number(columns.time, "a time in seconds");
  if (!known(reading.time_s)) throw Error::bad_input(sheet.place(columns.time), "the time is missing");
  if (reading.time_s > kLatest_s)
    throw Error::bad_cell(
        sheet.place(columns.time), io::shown(sheet.cell(columns.time)),
        "a time in seconds since 1970: it would be after the year 9999; are these milliseconds?");
  reading.steady_s = sheet.number(columns.steady, "a time in seconds");
  reading.energy_j = sheet.number(columns.energy, "an energy in joules");
  reading.power_w = sheet.number(columns.power, "a power in watts");
  reading.problem = io::shown(sheet.cell(columns.problem));
  reading.source_time_s = sheet.number(columns.source_time, "a time in seconds");
  reading.temperature_c = sheet.number(columns.temperature, "a temperature in degrees Celsius");
  return reading;
}

Scope scope_of_row(const io::Sheet& sheet, Column column, Scope otherwise) {
  const std::string_view text = sheet.cell(column);
  const std::optional<Scope> scope = find_scope(text);
  if (!scope && !text.empty())
    throw Error::bad_cell(sheet.place(column), io::shown(text), "gpu, module, package, dram, node or wall");
  return scope.value_or(otherwise);
}

Device device_of_row(const io::Sheet& sheet, const TraceColumns& columns) {
  Device device;
  device.name = io::shown(sheet.cell(columns.name));
  device.uuid = io::shown(sheet.cell(columns.uuid));
  const double index = sheet.number(columns.index, "the number of a device");
  if (index >= 0 && index < 1e6) device.index = static_cast<int>(index);
  device.scope = scope_of_row(sheet, columns.scope, Scope::gpu);
  device.power_scope = scope_of_row(sheet, columns.power_scope, device.scope);
  device.power_average_s = sheet.number(columns.average, "a time in seconds");
  device.counter_wrap_j = sheet.number(columns.wrap, "an energy in joules");
  device.counter_update_s = sheet.number(columns.update, "a time in seconds");
  return device;
}

class TraceReader {
 public:
  TraceReader(std::string_view text, const std::string& file)
      : sheet_(without_cut_line(text), file),
        file_(file),
        columns_(find_columns(sheet_, file_, trace_.warnings)),
        is_cut_(without_cut_line(text).size() < text.size()) {}

  Trace read() {
    while (sheet_.next()) read_row();
    end_scrape();
    if (sheet_.cut_off() || is_cut_)
      trace_.warnings.push_back(file_ + ": ignored the last line, which is cut off");
    if (rows_ == 0) throw Error::bad_input({file_, 0, {}}, "the recording contains no reading");
    for (Track& track : trace_.tracks) {
      describe(track);
      refuse_bursts(track);
    }
    return std::move(trace_);
  }

 private:
  void read_row() {
    ++rows_;
    if (columns_.schema && !sheet_.cell(columns_.schema).empty() && sheet_.cell(columns_.schema) != kSchema) {
      throw Error::bad_cell(sheet_.place(columns_.schema), io::shown(sheet_.cell(columns_.schema)),
                            "a schema version that is known: 1");
    }
    if (trace_.hostname.empty()) trace_.hostname = io::shown(sheet_.cell(columns_.host));
    const std::string host = scraper();
    std::string scrape = host + '\n' + std::string(sheet_.cell(columns_.scrape));
    if (columns_.scrape && scrape != current_scrape_) end_scrape();
    current_scrape_ = std::move(scrape);
    scrape_host_ = host;
    Reading reading = reading_of_row(sheet_, columns_);
    scrape_time_s_ = reading.time_s;
    const std::size_t track = track_of_row();
    refuse_second(trace_.tracks[track], in_scrape_[track], reading);
    trace_.tracks[track].readings.push_back(std::move(reading));
    in_scrape_[track] = true;
  }

  /// Two lines of one device in one scrape, or of one time where there are no scrapes, are of two devices if their
  /// figures differ.
  void refuse_second(const Track& track, bool in_scrape, const Reading& reading) const {
    if (track.readings.empty() || !in_scrape) return;
    const Reading& last = track.readings.back();
    if (!columns_.scrape && (last.time_s != reading.time_s || known(reading.steady_s))) return;
    const auto differ = [](double a, double b) { return a != b && known(a) && known(b); };
    if (!differ(last.power_w, reading.power_w) && !differ(last.energy_j, reading.energy_j)) return;
    throw Error::bad_input(
        sheet_.place(columns_.time),
        fmt::format(
            "two lines of GPU {} {} with different figures: these are several GPUs, and no column identifies "
            "them; record gpu_uuid and hostname",
            track.device.uuid.empty() ? std::to_string(track.device.index) : track.device.uuid,
            columns_.scrape ? "in one scrape" : "at one time"));
  }

  /// An index that occurs on several hosts, none of which is named.
  void refuse_bursts(const Track& track) const {
    if (!track.device.uuid.empty() || columns_.scrape || columns_.steady || !bursts_of(track.readings))
      return;
    throw Error::bad_input(
        {file_, 0, {}}, fmt::format("lines of GPU {} come in groups: these are several GPUs, and no column "
                                    "identifies them; record gpu_uuid and hostname",
                                    track.device.index));
  }

  /// Who took the scrape: a host, by one of its meters.
  std::string scraper() const {
    return std::string(sheet_.cell(columns_.host)) + '\n' + std::string(sheet_.cell(columns_.meter));
  }

  std::size_t track_of_row() {
    const std::string host = scraper();
    std::string key = host;
    const std::string_view uuid = sheet_.cell(columns_.uuid);
    for (const std::string_view part :
         {uuid, uuid.empty() ? sheet_.cell(columns_.index) : uuid, sheet_.cell(columns_.scope)}) {
      key += '\n' + std::string(part);
    }
    const auto [found, is_new] = tracks_.emplace(std::move(key), trace_.tracks.size());
    if (is_new) {
      const std::vector<Reading>& before = absences_[host];
      count_absences(before.size());
      trace_.tracks.push_back(
          {device_of_row(sheet_, columns_), before, io::shown(sheet_.cell(columns_.meter))});
      hosts_.push_back(host);
      in_scrape_.push_back(false);
    }
    return found->second;
  }

  /// Devices of the host without a row in the scrape that ends could not be read in it.
  void end_scrape() {
    if (!columns_.scrape || !known(scrape_time_s_)) return;
    Reading absent;
    absent.time_s = scrape_time_s_;
    absent.problem = "no line in the recording";
    for (std::size_t i = 0; i < trace_.tracks.size(); ++i) {
      if (in_scrape_[i] || hosts_[i] != scrape_host_) continue;
      trace_.tracks[i].readings.push_back(absent);
      count_absences(1);
    }
    in_scrape_.assign(trace_.tracks.size(), false);
    absences_[scrape_host_].push_back(std::move(absent));
    scrape_time_s_ = kUnknown;
  }

  void count_absences(std::size_t count) {
    added_ += count;
    if (added_ <= kMostAbsences * rows_ + 1000) return;
    throw Error::bad_input({file_, sheet_.line(), {}},
                           "nearly all devices are absent from nearly all scrapes");
  }

  static void describe(Track& track) {
    const std::string_view name = std::string_view(track.meter).substr(0, track.meter.find('='));
    const auto backend = std::ranges::find(backends(), name, &Backend::name);
    const bool played = backend != backends().end() && backend->recorded();
    for (const Reading& reading : track.readings) {
      track.device.has_counter = track.device.has_counter || known(reading.energy_j);
      track.device.has_power = track.device.has_power || known(reading.power_w);
      track.device.recorded = track.device.recorded || (played && known(reading.source_time_s));
    }
  }

  io::Sheet sheet_;
  std::string file_;
  Trace trace_;
  TraceColumns columns_;
  bool is_cut_;
  std::unordered_map<std::string, std::size_t> tracks_;
  std::vector<bool> in_scrape_;
  std::vector<std::string> hosts_;  // of each track
  std::unordered_map<std::string, std::vector<Reading>>
      absences_;  // by host: of a device that had no row yet
  std::string current_scrape_, scrape_host_;
  double scrape_time_s_ = kUnknown;
  std::size_t rows_ = 0, added_ = 0;
};

}  // namespace

Trace collect(Meter& recording) {
  Trace trace;
  for (const Device& device : recording.devices()) trace.tracks.push_back({device, {}, {}});
  std::vector<Reading> readings(trace.tracks.size());
  while (recording.read(readings)) {
    for (std::size_t i = 0; i < readings.size(); ++i) trace.tracks[i].readings.push_back(readings[i]);
  }
  return trace;
}

std::string trace_csv(const Trace& trace) {
  io::CsvWriter csv;
  for (const std::string_view name : kHeader) csv.cell(name);
  csv.end_row();
  const auto& tracks = trace.tracks;
  for (auto begin = tracks.begin(); begin != tracks.end();) {
    const auto end =
        std::find_if(begin, tracks.end(), [&](const Track& track) { return track.meter != begin->meter; });
    add_meter(csv, trace.hostname, {begin, end});
    begin = end;
  }
  return std::move(csv).text();
}

Trace parse_trace(std::string_view text, const std::string& file) {
  return TraceReader(text, file).read();
}

}  // namespace energylens::meter
