// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "energylens/meter/recorder.hpp"

namespace energylens::meter {

/// A meter that is open, the name of its backend, and what it reads (a library, a folder, a file, a URL).
struct NamedMeter {
  std::string name;
  Meter* meter = nullptr;
  std::string source{};
};

/// Records several meters at once, from construction on.
class Recorders {
 public:
  /// The meters and the clock must outlive this.
  Recorders(std::span<const NamedMeter> meters, const RecordOptions& options, Clock& clock = real_clock());

  /// Waits for updates of all counters.
  void align();
  /// Stops, and returns the tracks of all meters with the name of this host.
  Trace stop();
  std::vector<Timing> timings() const;

 private:
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<Recorder>> all_;
};

/// The name of this machine.
std::string host_name();

}  // namespace energylens::meter
