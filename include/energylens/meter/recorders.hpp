// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "energylens/meter/recorder.hpp"
#include "energylens/meter/window.hpp"

namespace energylens::meter {

/// A meter that is open, and the name of its backend.
struct NamedMeter {
  std::string name;
  Meter* meter = nullptr;
};

/// Records several meters at once, from construction on.
class Recorders {
 public:
  /// The meters must outlive this.
  Recorders(std::span<const NamedMeter> meters, const RecordOptions& options);

  /// Waits for edges of all counters.
  void align();
  /// Stops, and gives the tracks of all, under the name of this host.
  Trace stop();
  std::vector<Timing> timings() const;

 private:
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<Recorder>> all_;
};

/// The name of this machine.
std::string host_name();

}  // namespace energylens::meter
