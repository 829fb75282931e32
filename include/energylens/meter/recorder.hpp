// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "energylens/core/clock.hpp"
#include "energylens/meter/trace.hpp"

namespace energylens::meter {

struct RecordOptions {
  double period_s = 0.1;         ///< between readings; below 0.05 some drivers answer 0 W
  double edge_period_s = 0.002;  ///< between readings while waiting for a counter to change
  double edge_wait_s = 0.3;      ///< the longest wait for that
};

/// How regular the readings were.
struct Timing {
  std::size_t readings = 0;  ///< regular ones, without those that wait for a counter
  double mean_period_s = kUnknown, period_sd_s = kUnknown, longest_period_s = kUnknown;
  double cpu_s = kUnknown;  ///< processor time of the recording thread
};

/// Reads a live meter from a thread of its own. The meter and the clock must outlive it; nobody else may use
/// the meter meanwhile.
class Recorder {
 public:
  explicit Recorder(Meter& meter, const RecordOptions& options = {}, Clock& clock = real_clock());
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  ~Recorder();  ///< stops

  /// Starts reading, and aligns.
  void start();
  /// Returns as soon as every counter has been seen to change twice, or after `edge_wait_s`: work that starts
  /// now starts at an update of the counter. Requires: started.
  void align();
  /// Reads until every counter has changed twice more, or for `edge_wait_s`, then stops. Requires: started.
  void stop();
  /// What was read. Requires: stopped.
  const Trace& trace() const;
  Timing timing() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace energylens::meter
