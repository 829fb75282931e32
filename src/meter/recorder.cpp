// SPDX-License-Identifier: Apache-2.0
// A thread that reads, waits until the next multiple of the period, and reads again: a late reading does not
// shift the ones after it. At both ends it reads much faster, until every counter has moved, so that the
// moments of the first and the last edge are known well. Held by recorder_test.cpp.
#include "energylens/meter/recorder.hpp"

#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "energylens/stats/summary.hpp"

namespace energylens::meter {
namespace {

double thread_cpu_s() {
  timespec spent{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) + 1e-9 * static_cast<double>(spent.tv_nsec);
}

}  // namespace

struct Recorder::State {
  State(Meter& m, const RecordOptions& o) : meter(m), options(o), buffer(m.devices().size()) {
    for (const Device& device : meter.devices()) trace.tracks.push_back({device, {}});
  }

  void read() {
    meter.read(buffer);
    for (std::size_t i = 0; i < buffer.size(); ++i) trace.tracks[i].readings.push_back(buffer[i]);
  }

  /// Sleeps until that moment of the steady clock, or until asked to stop.
  void wait_until(double moment_s) {
    std::unique_lock lock(mutex);
    const double left_s = moment_s - steady_now_s();
    if (left_s > 0) wake.wait_for(lock, std::chrono::duration<double>(left_s), [this] { return stopping; });
  }

  /// Reads fast until every counter that can be read has moved, or for the longest wait.
  void read_to_edges() {
    const double end_s = steady_now_s() + options.edge_wait_s;
    std::vector<double> first(buffer.size(), kUnknown);
    std::vector<bool> moved(buffer.size());
    for (std::size_t i = 0; i < buffer.size(); ++i) moved[i] = !trace.tracks[i].device.has_counter;
    for (;;) {
      read();
      for (std::size_t i = 0; i < buffer.size(); ++i) {
        if (!known(first[i])) first[i] = buffer[i].energy_j;
        moved[i] = moved[i] || (known(first[i]) && buffer[i].energy_j != first[i]);
      }
      if (std::ranges::find(moved, false) == moved.end() || steady_now_s() >= end_s) return;
      std::this_thread::sleep_for(std::chrono::duration<double>(options.edge_period_s));
    }
  }

  void run() {
    read_to_edges();
    {
      const std::lock_guard lock(mutex);
      started = true;
    }
    wake.notify_all();
    double next_s = steady_now_s();
    for (;;) {
      const double moment_s = steady_now_s();
      {
        const std::lock_guard lock(mutex);
        if (stopping) break;
      }
      read();
      moments.push_back(moment_s);
      next_s += options.period_s;
      if (next_s < moment_s) next_s = moment_s;  // whole periods were missed: they are not caught up
      wait_until(next_s);
    }
    read_to_edges();
    cpu_s = thread_cpu_s();
  }

  void stop() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    wake.notify_all();
    if (thread.joinable()) thread.join();
  }

  Meter& meter;
  RecordOptions options;
  std::vector<Reading> buffer;
  Trace trace;
  std::vector<double> moments;
  double cpu_s = kUnknown;
  std::mutex mutex;
  std::condition_variable wake;
  bool started = false, stopping = false;
  std::thread thread;
};

Recorder::Recorder(Meter& meter, const RecordOptions& options)
    : state_(std::make_unique<State>(meter, options)) {}

Recorder::~Recorder() {
  state_->stop();
}

void Recorder::start() {
  state_->thread = std::thread([this] { state_->run(); });
  std::unique_lock lock(state_->mutex);
  state_->wake.wait(lock, [this] { return state_->started; });
}

void Recorder::stop() {
  state_->stop();
}

const Trace& Recorder::trace() const {
  return state_->trace;
}

Timing Recorder::timing() const {
  Timing timing;
  std::vector<double> periods;
  const std::vector<double>& moments = state_->moments;
  for (std::size_t i = 1; i < moments.size(); ++i) periods.push_back(moments[i] - moments[i - 1]);
  timing.readings = moments.size();
  timing.mean_period_s = stats::mean(periods);
  timing.period_sd_s = stats::sd(periods);
  if (!periods.empty()) timing.longest_period_s = *std::ranges::max_element(periods);
  timing.cpu_s = state_->cpu_s;
  return timing;
}

}  // namespace energylens::meter
