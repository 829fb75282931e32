// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "energylens/meter/trace.hpp"

namespace energylens::meter {

struct RecordOptions {
  double period_s = 0.1;         ///< between readings; below 0.05 some drivers answer 0 W
  double edge_period_s = 0.002;  ///< between readings while waiting for a counter to move
  double edge_wait_s = 0.3;      ///< the longest wait for that
};

/// How well a recorder kept its time.
struct Timing {
  std::size_t readings = 0;  ///< at the regular period
  double mean_period_s = kUnknown, period_sd_s = kUnknown, longest_period_s = kUnknown;
  double cpu_s = kUnknown;  ///< processor time of the recording thread
};

/// Reads a live meter from a thread of its own. The meter must outlive it and is used by it alone meanwhile.
class Recorder {
 public:
  explicit Recorder(Meter& meter, const RecordOptions& options = {});
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  ~Recorder();  ///< stops

  /// Begins, and aligns.
  void start();
  /// Returns as soon as every counter has been seen to move twice, or after the wait: work begun now begins at an
  /// edge of the counter. Requires: started.
  void align();
  /// Goes on until every counter has moved twice more, or for the wait, then ends. Requires: started.
  void stop();
  /// What was read. Requires: stopped.
  const Trace& trace() const;
  Timing timing() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Seconds since 1970, and of the clock that nobody sets.
double unix_now_s();
double steady_now_s();

}  // namespace energylens::meter
