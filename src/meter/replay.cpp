// SPDX-License-Identifier: Apache-2.0
// The simplest meter, and the one to copy: it knows its devices and answers `read`. It returns the recording
// scrape by scrape, with the recording's own times. In real time, the recording starts at the first read, and
// a read returns the last values before the present moment, as a real device does between its updates; they
// keep the recording's own time too, so that they are not taken for live ones. A line is repeated for the
// usual time between lines, or for the longest gap allowed. In a longer hole it is returned once, and then
// there is no reading, so that the window is as valid as in the recording itself. Held by replay_test.cpp and
// contract_test.cpp.
#include <algorithm>
#include <utility>

#include "core/file.hpp"
#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"
#include "meter/backends.hpp"
#include "meter/curve.hpp"
#include "meter/played.hpp"
#include "meter/reading_now.hpp"

namespace energylens::meter {
namespace {

constexpr std::string_view kOver = "the recording has ended";
constexpr std::string_view kHole = "no line in the recording";
/// Lines up to this many times the usual distance apart have no hole between them.
constexpr double kUneven = 1.5;

/// The median time between lines; 0 for fewer than two.
double usual_step_s(const std::vector<Reading>& readings) {
  std::vector<Point> moments;
  for (const Reading& reading : readings) moments.push_back({reading.time_s, 0});
  const double step_s = median_step_s(moments);
  return known(step_s) ? step_s : 0;
}

/// A recording whose clock was set back cannot be played at its own pace: it would skip or repeat lines.
void refuse_clocks_set_back(const Trace& trace, const std::string& source) {
  for (const Track& track : trace.tracks) {
    for (std::size_t i = 1; i < track.readings.size(); ++i) {
      const double step_s = track.readings[i].time_s - track.readings[i - 1].time_s;
      if (step_s < 0)
        throw Error::bad_input({source, 0, {}}, "its clock was set back by " + quantity_text(-step_s, "s") +
                                                    ": it cannot be played");
    }
  }
}

class Recording : public Meter {
 public:
  explicit Recording(Trace trace) : trace_(std::move(trace)) {
    for (const Track& track : trace_.tracks) {
      devices_.push_back(track.device);
      scrapes_ = std::max(scrapes_, track.readings.size());
    }
  }
  const std::vector<Device>& devices() const override { return devices_; }

  bool read(std::span<Reading> readings) override {
    if (next_ == scrapes_) return false;
    for (std::size_t i = 0; i < readings.size(); ++i) {
      const std::vector<Reading>& recorded = trace_.tracks[i].readings;
      readings[i] = recorded[std::min(next_, recorded.size() - 1)];
      if (next_ < recorded.size()) continue;
      readings[i].energy_j = readings[i].power_w = kUnknown;
      readings[i].problem = kOver;
    }
    ++next_;
    return true;
  }

 protected:
  Trace trace_;
  std::vector<Device> devices_;

 private:
  std::size_t next_ = 0, scrapes_ = 0;
};

class RealTime : public Recording {
 public:
  RealTime(Trace trace, double max_gap_s, const Clock& clock)
      : Recording(std::move(trace)),
        clock_(clock),
        next_(trace_.tracks.size(), 0),
        given_(trace_.tracks.size(), 0) {
    for (const Track& track : trace_.tracks) {
      longest_step_s_.push_back(std::max(max_gap_s, kUneven * usual_step_s(track.readings)));
      const double first_s = track.readings.front().time_s;
      if (!(begin_s_ <= first_s)) begin_s_ = first_s;
    }
    for (Device& device : devices_) device.recorded = true;
  }

  bool read(std::span<Reading> readings) override {
    for (std::size_t i = 0; i < readings.size(); ++i) {
      const Reading now = reading_now(clock_);
      if (!known(start_s_)) start_s_ = now.steady_s;
      readings[i] = last_known(i, begin_s_ + (now.steady_s - start_s_));
      readings[i].source_time_s = readings[i].time_s;
      readings[i].time_s = now.time_s;
      readings[i].steady_s = now.steady_s;
    }
    return true;
  }

 private:
  Reading last_known(std::size_t track, double moment_s) {
    const std::vector<Reading>& recorded = trace_.tracks[track].readings;
    std::size_t& next = next_[track];
    while (next < recorded.size() && recorded[next].time_s <= moment_s) ++next;
    if (next == recorded.size() && recorded.back().time_s < moment_s) return none_because(kOver);
    const bool was_given = std::exchange(given_[track], next) == next;
    const bool in_hole = next > 0 && next < recorded.size() &&
                         recorded[next].time_s - recorded[next - 1].time_s > longest_step_s_[track];
    if (in_hole && was_given) return none_because(kHole);
    return recorded[next == 0 ? 0 : next - 1];
  }

  static Reading none_because(std::string_view problem) {
    Reading none;
    none.problem = problem;
    return none;
  }

  const Clock& clock_;
  std::vector<std::size_t> next_,
      given_;  // of each track: the line after the last known one; the same when last read
  std::vector<double> longest_step_s_;  // of each track: between two lines without a hole
  double begin_s_ = kUnknown, start_s_ = kUnknown;
};

}  // namespace

std::unique_ptr<Meter> play(Trace trace, const OpenOptions& options) {
  if (options.in_real_time) refuse_clocks_set_back(trace, options.source);
  if (options.in_real_time)
    return std::make_unique<RealTime>(std::move(trace), options.max_gap_s, *options.clock);
  return std::make_unique<Recording>(std::move(trace));
}

Opened open_replay(const OpenOptions& options) {
  if (options.source.empty()) return {nullptr, "no recording given", "--meter replay=FILE"};
  return {play(parse_trace(read_file(options.source), options.source), options), "", ""};
}

}  // namespace energylens::meter
