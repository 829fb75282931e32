// SPDX-License-Identifier: Apache-2.0
// A thread that reads, waits until the next multiple of the period, and reads again: a late reading does not
// delay the ones after it. At both ends it reads much faster, until every counter has changed, so that the
// times of the first and the last update are known well. Held by recorder_test.cpp.
#include "energylens/meter/recorder.hpp"

#include <time.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "numerics/summary.hpp"

namespace energylens::meter {
namespace {

double thread_cpu_s() {
  timespec spent{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) + 1e-9 * static_cast<double>(spent.tv_nsec);
}

}  // namespace

struct Recorder::State {
  State(Meter& m, const RecordOptions& o, Clock& c)
      : meter(m), options(o), clock(c), buffer(m.devices().size()) {
    for (const Device& device : meter.devices()) trace.tracks.push_back({device, {}, {}});
  }

  void read() {
    meter.read(buffer);
    keep();
  }

  void keep() {
    for (std::size_t i = 0; i < buffer.size(); ++i) trace.tracks[i].readings.push_back(buffer[i]);
  }

  /// Waits until that moment of the steady clock, or until `align` or `stop` is called.
  void wait_until(double moment_s) {
    std::unique_lock lock(mutex);
    clock.wait_until(moment_s, lock, wake, [this] { return stopping || aligning; });
  }

  /// Reads fast until every counter that can be read has changed `edges` times, or for `edge_wait_s`. Between
  /// the first reading and the last, counters only: reading more takes longer, and blurs the edges.
  void read_to_edges(int edges) {
    const double end_s = clock.steady_now_s() + options.edge_wait_s;
    read();
    std::vector<double> last(buffer.size());
    std::vector<int> left(buffer.size());
    for (std::size_t i = 0; i < buffer.size(); ++i) {
      last[i] = buffer[i].energy_j;
      left[i] = trace.tracks[i].device.has_counter ? edges : 0;
    }
    const auto moved = [&] { return std::ranges::all_of(left, [](int count) { return count <= 0; }); };
    if (moved()) return;
    while (!moved() && clock.steady_now_s() < end_s) {
      clock.sleep(options.edge_period_s);
      meter.read_counters(buffer);
      keep();
      for (std::size_t i = 0; i < buffer.size(); ++i) {
        if (known(last[i]) && known(buffer[i].energy_j) && buffer[i].energy_j != last[i]) --left[i];
        if (known(buffer[i].energy_j)) last[i] = buffer[i].energy_j;
      }
    }
    read();
  }

  void run() {
    double next_s = clock.steady_now_s();
    for (;;) {
      {
        const std::lock_guard lock(mutex);
        if (stopping) break;
      }
      if (align_if_asked()) {
        next_s = clock.steady_now_s() + options.period_s;
        moments.push_back(kUnknown);  // no period reaches across
      } else {
        const double moment_s = clock.steady_now_s();
        read();
        moments.push_back(moment_s);
        next_s += options.period_s;
        if (next_s < moment_s) next_s = moment_s;  // whole periods were missed: they are not caught up
      }
      wait_until(next_s);
    }
    read_to_edges(2);  // the second gives the power after the work
    cpu_s = thread_cpu_s();
  }

  bool align_if_asked() {
    {
      const std::lock_guard lock(mutex);
      if (!aligning) return false;
    }
    read_to_edges(2);
    const std::lock_guard lock(mutex);
    aligning = false;
    clock.notify(wake);
    return true;
  }

  void wait_for_alignment() {
    std::unique_lock lock(mutex);
    clock.wait(lock, wake, [this] { return !aligning; });
  }

  void stop() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    clock.notify(wake);
    if (thread.joinable()) clock.join(thread);
  }

  Meter& meter;
  RecordOptions options;
  Clock& clock;
  std::vector<Reading> buffer;
  Trace trace;
  std::vector<double> moments;
  double cpu_s = kUnknown;
  std::mutex mutex;
  std::condition_variable wake;
  bool aligning = true, stopping = false;
  std::thread thread;
};

Recorder::Recorder(Meter& meter, const RecordOptions& options, Clock& clock)
    : state_(std::make_unique<State>(meter, options, clock)) {}

Recorder::~Recorder() {
  state_->stop();
}

void Recorder::start() {
  state_->thread = state_->clock.start([this] { state_->run(); });
  state_->wait_for_alignment();
}

void Recorder::align() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->aligning = true;
  }
  state_->clock.notify(state_->wake);
  state_->wait_for_alignment();
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
  for (std::size_t i = 1; i < moments.size(); ++i) {
    const double period_s = moments[i] - moments[i - 1];
    if (known(period_s)) periods.push_back(period_s);
  }
  timing.readings = static_cast<std::size_t>(std::ranges::count_if(moments, known));
  timing.mean_period_s = numerics::mean(periods);
  timing.period_sd_s = numerics::sd(periods);
  if (!periods.empty()) timing.longest_period_s = *std::ranges::max_element(periods);
  timing.cpu_s = state_->cpu_s;
  return timing;
}

}  // namespace energylens::meter
