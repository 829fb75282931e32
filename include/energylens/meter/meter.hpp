// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/clock.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::meter {

/// What a figure covers. `module` is a board with a CPU and a GPU (Grace-Hopper), `package` a processor socket,
/// `dram` its memory, `node` a host as its board reports it, `wall` what a power analyser measures in front of it.
/// Energies of different scopes are never added: some contain others.
enum class Scope { gpu, module, package, dram, node, wall };
std::string_view scope_text(Scope scope);
std::optional<Scope> find_scope(std::string_view text);

/// One thing that is metered.
struct Device {
  std::string name;  ///< "NVIDIA H100 80GB HBM3", "package-0"
  std::string uuid;  ///< unique; may be empty
  int index = 0;     ///< its number in its meter
  Scope scope = Scope::gpu;

  bool has_counter = false;            ///< a counter of energy since some past moment
  double counter_wrap_j = kUnknown;    ///< where it restarts at 0, J; unknown = never in practice
  double counter_update_s = kUnknown;  ///< its update period, as the vendor states

  bool has_power = false;
  Scope power_scope = Scope::gpu;     ///< differs from `scope` where power is known for the whole module only
  double power_average_s = kUnknown;  ///< power is the mean over this time, s; 0 = instantaneous

  bool recorded = false;  ///< played from a recording: its figures are of another time
  std::string note;       ///< a remark for readers of its figures; may be empty
};

/// One reading of one device.
struct Reading {
  double time_s = kUnknown;    ///< seconds since 1970, UTC
  double steady_s = kUnknown;  ///< a monotonic clock, any origin; unknown in recordings of other programs
  double energy_j = kUnknown;  ///< the counter
  double power_w = kUnknown;
  double temperature_c = kUnknown;  ///< degrees Celsius, at most a fraction of a second old
  /// The time that the source itself states for the figures, s since 1970; unknown if it states none, and then
  /// they are of `time_s`.
  double source_time_s = kUnknown;
  std::string problem;  ///< why the device could not be read; empty if it could
};

/// A source of power and energy. Not synchronised: one thread at a time.
class Meter {
 public:
  virtual ~Meter() = default;
  /// At least one; they never change.
  virtual const std::vector<Device>& devices() const = 0;
  /// One reading of each device, in their order. A device that cannot be read has a `problem` and unknown
  /// figures; it never throws for that. A live meter reads now. A recording gives its next record, and
  /// returns false, with `readings` as they were, when it is over. Requires: as many readings as devices.
  virtual bool read(std::span<Reading> readings) = 0;
  /// The same, but for devices with a counter all other figures may stay unknown: for fast reading, since every
  /// call costs the driver time.
  virtual bool read_counters(std::span<Reading> readings) { return read(readings); }
};

/// Settings of a backend; empty ones take their defaults.
struct OpenOptions {
  std::string source;  ///< library, folder, URL or file: Backend::source says which
  /// CUDA_VISIBLE_DEVICES or HIP_VISIBLE_DEVICES: indices, UUIDs or their beginnings, MIG-UUIDs, separated by
  /// commas. Nothing = all devices.
  std::optional<std::string> visible;
  /// ROCR_VISIBLE_DEVICES, in the same form: only the devices that it names exist for the list above, whose indices
  /// count them.
  std::optional<std::string> visible_first;
  std::string visible_name;  ///< the variable that `visible` is of; empty = the backend's
  /// CUDA_DEVICE_ORDER. Unless it is PCI_BUS_ID, the indices of unlike GPUs are not those of the driver.
  std::string device_order;
  double utc_offset_s = 0;    ///< of local time stamps in a log: its clock minus UTC
  bool in_real_time = false;  ///< a recording is played from now on at its own pace, as if it were live
  double max_gap_s = 3;       ///< a recording played in real time gives no reading in holes longer than this
  const Clock* clock = &real_clock();  ///< of the readings; outlives the meter
};

/// A meter; or what is missing, and the remedy.
struct Opened {
  std::unique_ptr<Meter> meter;
  std::string missing, remedy;
};

/// One way to measure.
struct Backend {
  std::string_view name;      ///< "nvml"
  std::string_view sentence;  ///< what it measures
  std::string_view source;    ///< what OpenOptions::source is: "library", "folder", "URL or file", "file"
  std::string_view default_source;  ///< empty for a recording: it must be named
  std::string_view variable;        ///< environment variable that replaces default_source; may be empty
  /// Environment variables of OpenOptions::visible, the first that is set; may be empty.
  std::string_view visible_variable, visible_else;
  std::string_view visible_first_variable;  ///< of OpenOptions::visible_first; may be empty
  std::string_view order_variable;          ///< of OpenOptions::device_order; may be empty
  bool automatic;                           ///< tried when no meter is named, since that costs nothing
  /// Throws Error (bad input) for an invalid source, Error (usage) for an unknown device in `visible`.
  Opened (*open)(const OpenOptions&);

  bool recorded() const { return default_source.empty(); }
};

/// All backends, with unique names.
std::span<const Backend> backends();
/// Throws Error (usage) that suggests a similar name.
const Backend& find_backend(std::string_view name);

/// Options for `backend` from its defaults and the environment; `source`, if not empty, replaces both.
OpenOptions options_for(const Backend& backend, const std::string& source = {});

}  // namespace energylens::meter
