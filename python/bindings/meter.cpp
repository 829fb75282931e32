// SPDX-License-Identifier: Apache-2.0
// A window of measurement records from its construction until `end`. The report is that of `energylens meter`.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <string>

#include "cli/meter/flags.hpp"
#include "cli/meter/report.hpp"
#include "energylens/core/clock.hpp"
#include "meter/recorders.hpp"
#include "python/bindings/bindings.hpp"

namespace energylens::python {
namespace {

namespace nb = nanobind;

class MeterWindow {
 public:
  MeterWindow(const std::vector<std::string>& meters, double period_s, double max_gap_s) {
    const nb::gil_scoped_release released;
    limits_.max_gap_s = max_gap_s;
    cli::MeterFlags flags;
    flags.names = meters;
    tried_ = flags.open_some(max_gap_s);
    meter::RecordOptions options;
    options.period_s = period_s;
    recorders_ = std::make_unique<meter::Recorders>(cli::open_ones(tried_), options);
    recorders_->align();
    window_.begin_s = real_clock().wall_now_s();
    window_.steady_begin_s = real_clock().steady_now_s();
  }

  /// The report as JSON.
  std::string end() {
    if (!recorders_) throw Error::usage("this window has ended");
    const nb::gil_scoped_release released;
    window_.end_s = real_clock().wall_now_s();
    window_.steady_end_s = real_clock().steady_now_s();
    cli::MeteredCommand command;
    command.begin_s = window_.begin_s;
    command.duration_s = window_.steady_end_s - window_.steady_begin_s;
    const meter::Trace trace = recorders_->stop();
    command.timings = recorders_->timings();
    recorders_.reset();
    for (const meter::Track& track : trace.tracks)
      command.devices.push_back({track.device, track.meter, measure(track, window_, limits_), {}});
    return io::print_json(cli::metered_json(command));
  }

 private:
  meter::Limits limits_;
  std::vector<cli::TriedMeter> tried_;
  std::unique_ptr<meter::Recorders> recorders_;
  meter::Window window_;
};

}  // namespace

void bind_meter(nb::module_& module) {
  nb::class_<MeterWindow>(module, "MeterWindow",
                          "Records power and energy from its construction until `end`.")
      .def(nb::init<const std::vector<std::string>&, double, double>(), nb::arg("meters"),
           nb::arg("period_s") = meter::RecordOptions{}.period_s,
           nb::arg("max_gap_s") = meter::Limits{}.max_gap_s)
      .def("end", &MeterWindow::end, "Stops, and returns the report as JSON.");
}

}  // namespace energylens::python
