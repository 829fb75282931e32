// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/console.hpp"
#include "cli/meter/child.hpp"
#include "cli/meter/flags.hpp"
#include "cli/meter/report.hpp"
#include "cli/output.hpp"
#include "cli/verb.hpp"
#include "core/file.hpp"
#include "meter/recorders.hpp"

namespace energylens::cli {
namespace {

struct MeterOptions {
  MeterFlags meters;
  meter::Limits limits;
  meter::RecordOptions record;
  double idle_s = 0;
  bool strict = false;
  std::string samples, output, format = "table";
  std::vector<std::string> words;
};

void note_table(const MeteredCommand& command) {
  const std::string text = metered_text(command);
  note(text.substr(0, text.size() - 1));
}

void write_report(const MeterOptions& options, const MeteredCommand& command) {
  const std::string text = options.format == "table" ? metered_text(command)
                           : options.format == "csv" ? csv_text(metered_rows(command))
                                                     : io::print_json(metered_json(command)) + '\n';
  if (!options.output.empty()) {
    write_file(options.output, text);
  } else if (options.format == "table") {
    note_table(command);
  } else {
    print(text);
  }
}

/// Before the command: a run of hours shall not be lost to a folder that is not there.
void check_outputs(const MeterOptions& options) {
  for (const std::string& path : {options.samples, options.output}) {
    if (!path.empty()) check_writable(path);
  }
}

/// False, having said why, if writing failed.
template <class Write>
bool written(const Write& write) {
  try {
    write();
    return true;
  } catch (const Error& error) {
    report_error(error);
    return false;
  }
}

/// Writes what was asked for; false if something of it could not be written. The figures are shown all the
/// same: the command does not run again.
bool write_outputs(const MeterOptions& options, const MeteredCommand& command, const meter::Trace& trace) {
  const bool samples =
      options.samples.empty() || written([&] { write_file(options.samples, trace_csv(trace)); });
  const bool report = written([&] { write_report(options, command); });
  if (!report) note_table(command);
  return samples && report;
}

/// Names the tracks by what tells their sources apart. Requires: the recording of those meters.
void label_tracks(meter::Trace& trace, const std::vector<TriedMeter>& tried) {
  const std::vector<meter::NamedMeter> meters = open_ones(tried);
  const std::vector<std::string> labels = labels_of(tried);
  std::size_t track = 0;
  for (std::size_t i = 0; i < meters.size(); ++i) {
    for (std::size_t d = 0; d < meters[i].meter->devices().size(); ++d)
      trace.tracks[track++].meter = labels[i];
  }
}

void begin(meter::Window& window) {
  window.begin_s = real_clock().wall_now_s();
  window.steady_begin_s = real_clock().steady_now_s();
}
void end(meter::Window& window) {
  window.end_s = real_clock().wall_now_s();
  window.steady_end_s = real_clock().steady_now_s();
}

int measure_command(const MeterOptions& options) {
  check_outputs(options);
  const std::vector<TriedMeter> tried = options.meters.open_some(options.limits.max_gap_s);
  MeteredCommand command;
  command.words = options.words;
  meter::Recorders recorders(open_ones(tried), options.record);
  meter::Window idle_window, window;
  begin(idle_window);
  if (options.idle_s > 0) {
    if (!real_clock().sleep(options.idle_s, &interrupted())) throw Error::cancelled();  // idle power is seen
    recorders.align();
  }
  end(idle_window);
  begin(window);
  command.exit_code = run_child(options.words);
  end(window);
  command.begin_s = window.begin_s;
  command.duration_s = window.steady_end_s - window.steady_begin_s;
  meter::Trace trace = recorders.stop();
  label_tracks(trace, tried);
  command.timings = recorders.timings();
  for (const meter::Track& track : trace.tracks) {
    MeteredDevice one{track.device, track.meter, measure(track, window, options.limits), {}};
    if (options.idle_s > 0) one.idle = measure(track, idle_window, options.limits);
    command.devices.push_back(std::move(one));
  }
  if (!write_outputs(options, command, trace)) return kMeterFailure;
  return options.strict && !command.valid() && command.exit_code == 0 ? int{kMeasurementInvalid}
                                                                      : command.exit_code;
}

}  // namespace

Run meter_verb(Arguments& args) {
  const auto options = std::make_shared<MeterOptions>();
  args.command(options->words);
  options->meters.declare(args);
  args.number("--idle-s", options->idle_s, kNotNegative,
              "measure idle power for this long before the command starts (s)");
  args.number("--period-s", options->record.period_s, {.min = 0.001, .max = 60}, "sampling period (s)");
  args.number("--max-gap-s", options->limits.max_gap_s, kPositive,
              "maximum gap between readings; a longer one makes the measurement invalid (s)");
  args.text("--samples", options->samples, "FILE", "write every reading to this file (CSV)");
  args.writes();
  args.flag("--strict", options->strict, "exit with code 3 if the measurement is invalid");
  args.choice("--format", options->format, {"table", "json", "csv"}, "output format of the report");
  args.text("-o,--output", options->output, "FILE",
            "report file [standard error for tables, standard output for JSON and CSV]");
  args.writes();
  args.example("energylens meter --idle-s 5 --samples samples.csv -- python3 generate.py --batch 8");
  return [options] { return measure_command(*options); };
}

}  // namespace energylens::cli
