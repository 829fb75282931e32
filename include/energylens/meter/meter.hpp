// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::meter {

/// What a figure covers. `module` is a board with a CPU and a GPU on it (Grace-Hopper); `package` a processor
/// socket, `dram` the memory beside it. Energies of different scopes are never added: some contain others.
enum class Scope { gpu, module, package, dram };
std::string_view scope_text(Scope scope);
std::optional<Scope> find_scope(std::string_view text);

/// One thing that is metered.
struct Device {
  std::string name;  ///< "NVIDIA H100 80GB HBM3", "package-0"
  std::string uuid;  ///< tells it from all others; may be empty
  int index = 0;     ///< the number its meter gives it
  Scope scope = Scope::gpu;

  bool has_counter = false;            ///< a counter of energy since some past moment
  double counter_wrap_j = kUnknown;    ///< where it begins again at 0, J; unknown = never in practice
  double counter_update_s = kUnknown;  ///< how often it moves, as the vendor states

  bool has_power = false;
  Scope power_scope = Scope::gpu;     ///< differs from `scope` where power is known for the whole module only
  double power_average_s = kUnknown;  ///< power is the mean of the last so many seconds; 0 = instantaneous

  bool recorded = false;  ///< played from a recording: its figures are of another time
  std::string note;       ///< what a reader of its figures must know; may be empty
};

/// One reading of one device.
struct Reading {
  double time_s = kUnknown;    ///< seconds since 1970, UTC
  double steady_s = kUnknown;  ///< a clock that nobody sets, any origin; unknown in recordings of others
  double energy_j = kUnknown;  ///< the counter
  double power_w = kUnknown;
  double temperature_c = kUnknown;  ///< degrees Celsius, of this moment or a fraction of a second before
  /// The moment that the source itself states for the figures, s since 1970; unknown where it states none and
  /// they are of `time_s`.
  double source_time_s = kUnknown;
  std::string problem;  ///< why the device could not be read; empty if it could
};

/// A source of power and energy. Not synchronised: one thread at a time.
class Meter {
 public:
  virtual ~Meter() = default;
  /// Fixed from opening on; at least one.
  virtual const std::vector<Device>& devices() const = 0;
  /// One reading of each device, in their order. A device that cannot be read has a `problem` and unknown
  /// figures; it never throws for that. A live meter reads now. A recording gives its next record, and
  /// returns false, with `readings` as they were, when it is over. Requires: as many readings as devices.
  virtual bool read(std::span<Reading> readings) = 0;
  /// The same, but of devices with a counter all else may be left unknown: for reading fast, where every
  /// question costs the driver time.
  virtual bool read_counters(std::span<Reading> readings) { return read(readings); }
};

/// Settings of a backend; what is empty takes its default.
struct OpenOptions {
  std::string source;  ///< library, folder, URL or file: Backend::source says which
  /// CUDA_VISIBLE_DEVICES or HIP_VISIBLE_DEVICES: indices, UUIDs or their beginnings, MIG-UUIDs, separated by
  /// commas. Nothing = all devices.
  std::optional<std::string> visible;
  double utc_offset_s = 0;    ///< of local time stamps in a log: its clock minus UTC
  bool in_real_time = false;  ///< a recording is played from now on at its own pace, as if it were live
  double max_gap_s = 3;       ///< a recording that is played so is silent in holes longer than this
};

/// A meter, or why there is none: what is missing, and how to get it.
struct Opened {
  std::unique_ptr<Meter> meter;
  std::string missing, remedy;
};

/// One way to measure.
struct Backend {
  std::string_view name;      ///< "nvml"
  std::string_view sentence;  ///< what it measures
  std::string_view source;    ///< what OpenOptions::source is: "library", "folder", "URL or file", "file"
  std::string_view default_source;    ///< empty for a recording: it must be named
  std::string_view variable;          ///< environment variable that replaces default_source; may be empty
  std::string_view visible_variable;  ///< environment variable of OpenOptions::visible; may be empty
  bool by_itself;                     ///< opened where no meter is named: finding out costs nothing
  /// Throws Error (bad input) for a source that is there and is broken, Error (usage) for a device in
  /// `visible` that is not there.
  Opened (*open)(const OpenOptions&);

  bool recorded() const { return default_source.empty(); }
};

/// All backends. Names differ.
std::span<const Backend> backends();
/// Throws Error (usage), naming the near one.
const Backend& find_backend(std::string_view name);

/// Options for `backend` from its default and the environment; `source` if not empty replaces both.
OpenOptions options_for(const Backend& backend, const std::string& source = {});

}  // namespace energylens::meter
