// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "energylens/meter/recorder.hpp"
#include "meter_flags.hpp"

namespace energylens::cli {

/// Records several meters at once, from construction on.
class Recorders {
 public:
  /// Those of `tried` that could be opened; they must outlive this.
  Recorders(const std::vector<TriedMeter>& tried, const meter::RecordOptions& options);

  /// Waits for edges of all counters.
  void align();
  /// Stops, and gives the tracks of all.
  meter::Trace stop();
  std::vector<meter::Timing> timings() const;

 private:
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<meter::Recorder>> all_;
};

}  // namespace energylens::cli
