// SPDX-License-Identifier: Apache-2.0
// ROCm's system management library. The energy accumulator counts ticks of a resolution that the library
// states with each reading (15.3 uJ on Instinct GPUs); Radeon GPUs have none, and their power is integrated.
// Power is asked for as current socket power (MI300 and later), then as the mean that older GPUs know. The
// library's numbers are those of rocm-smi, which HIP need not share. The second die of an MI250X is silent, and the
// partitions of an MI300X may all report the figures of their board: a board is metered once, whichever of its dies the
// work uses. Held by rocm_test.cpp and
// contract_test.cpp on a library made for the tests.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include "core/shared_library.hpp"
#include "energylens/core/error.hpp"
#include "meter/backends.hpp"
#include "meter/reading_now.hpp"
#include "meter/visible.hpp"

namespace energylens::meter {
namespace {

constexpr int kSuccess = 0;

/// Functions of the library by its documented binary interface; null where this version has none.
struct RocmApi {
  explicit RocmApi(const std::string& path) : library(path) {
    library.find("rsmi_init", init);
    library.find("rsmi_shut_down", shut_down);
    library.find("rsmi_status_string", status_string);
    library.find("rsmi_num_monitor_devices", count);
    library.find("rsmi_dev_name_get", name);
    library.find("rsmi_dev_unique_id_get", unique_id);
    library.find("rsmi_dev_serial_number_get", serial);
    library.find("rsmi_dev_energy_count_get", energy);
    library.find("rsmi_dev_current_socket_power_get", socket_power);
    library.find("rsmi_dev_power_ave_get", mean_power);
    library.find("rsmi_dev_temp_metric_get", temperature);
  }
  RocmApi(const RocmApi&) = delete;
  RocmApi& operator=(const RocmApi&) = delete;
  ~RocmApi() {
    if (initialised && shut_down) shut_down();
  }
  std::string error_text(int status) const {
    const char* text = nullptr;
    if (status_string && status_string(status, &text) == kSuccess && text) return text;
    return "error " + std::to_string(status);
  }

  SharedLibrary library;
  bool initialised = false;
  int (*init)(std::uint64_t flags) = nullptr;
  int (*shut_down)() = nullptr;
  int (*status_string)(int, const char**) = nullptr;
  int (*count)(std::uint32_t*) = nullptr;
  int (*name)(std::uint32_t, char*, std::size_t) = nullptr;
  int (*unique_id)(std::uint32_t, std::uint64_t*) = nullptr;
  int (*serial)(std::uint32_t, char*, std::uint32_t) = nullptr;
  int (*energy)(std::uint32_t, std::uint64_t* ticks, float* tick_uj, std::uint64_t* time_ns) = nullptr;
  int (*socket_power)(std::uint32_t, std::uint64_t* power_uw) = nullptr;
  int (*mean_power)(std::uint32_t, std::uint32_t sensor, std::uint64_t* power_uw) = nullptr;
  int (*temperature)(std::uint32_t, std::uint32_t sensor, int metric, std::int64_t* millidegrees) = nullptr;
};

struct RocmAnswer {
  int status = -1;
  double value = kUnknown;
};

RocmAnswer energy_j(const RocmApi& api, std::uint32_t index) {
  std::uint64_t ticks = 0, time_ns = 0;
  float tick_uj = 0;
  if (!api.energy) return {};
  const int status = api.energy(index, &ticks, &tick_uj, &time_ns);
  // A resolution of 0 is the answer of GPUs that have no accumulator.
  if (status == kSuccess && !(tick_uj > 0)) return {};
  return {status,
          status == kSuccess ? static_cast<double>(ticks) * static_cast<double>(tick_uj) * 1e-6 : kUnknown};
}

RocmAnswer power_w(const RocmApi& api, std::uint32_t index) {
  std::uint64_t power_uw = 0;
  int status = api.socket_power ? api.socket_power(index, &power_uw) : -1;
  if ((status != kSuccess || power_uw == 0) && api.mean_power) status = api.mean_power(index, 0, &power_uw);
  if (status != kSuccess || power_uw == 0) return {status, kUnknown};
  return {status, static_cast<double>(power_uw) * 1e-6};
}

/// Of the junction, which Instinct GPUs have; else of the edge.
double temperature_c(const RocmApi& api, std::uint32_t index) {
  constexpr std::uint32_t kEdge = 0, kJunction = 1;
  constexpr int kCurrent = 0;
  for (const std::uint32_t sensor : {kJunction, kEdge}) {
    std::int64_t millidegrees = 0;
    if (api.temperature && api.temperature(index, sensor, kCurrent, &millidegrees) == kSuccess)
      return 1e-3 * static_cast<double>(millidegrees);
  }
  return kUnknown;
}

class RocmMeter : public Meter {
 public:
  RocmMeter(std::shared_ptr<RocmApi> api, const Clock& clock) : api_(std::move(api)), clock_(clock) {}

  void add(Device device) {
    const auto index = static_cast<std::uint32_t>(device.index);
    device.has_counter = energy_j(*api_, index).value > 0;
    device.has_power = known(power_w(*api_, index).value);
    devices_.push_back(std::move(device));
  }
  const std::vector<Device>& devices() const override { return devices_; }
  bool read(std::span<Reading> readings) override {
    for (std::size_t i = 0; i < devices_.size(); ++i) readings[i] = read_one(devices_[i]);
    return true;
  }

 private:
  Reading read_one(const Device& device) const {
    const auto index = static_cast<std::uint32_t>(device.index);
    Reading reading = reading_now(clock_);
    const RocmAnswer energy = device.has_counter ? energy_j(*api_, index) : RocmAnswer{};
    const RocmAnswer power = device.has_power ? power_w(*api_, index) : RocmAnswer{};
    reading.energy_j = energy.value;
    reading.power_w = power.value;
    reading.temperature_c = temperature_c(*api_, index);
    const RocmAnswer& needed = device.has_counter ? energy : power;
    if (!known(needed.value)) reading.problem = api_->error_text(needed.status);
    return reading;
  }

  std::shared_ptr<RocmApi> api_;
  const Clock& clock_;
  std::vector<Device> devices_;
};

std::string hexadecimal(std::uint64_t value) {
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[(value >> shift) & 15];
  return text;
}

/// One die or partition, as the library numbers them.
struct Die {
  Device device;
  std::uint64_t id = 0;  ///< of its board; 0 if the library states none
  std::string serial;    ///< of its board; may be empty
  double energy_j = kUnknown, power_w = kUnknown;
  std::size_t board = 0;  ///< the die that reports for the board

  bool is_silent() const { return !known(power_w) && !(energy_j > 0); }
};

/// Whether both report the figures of the same board, and not each its own.
bool report_the_same(const Die& a, const Die& b) {
  constexpr double kShare = 1e-4, kBetweenReadings_j = 2;
  if (known(a.energy_j) && known(b.energy_j))
    return std::abs(a.energy_j - b.energy_j) <=
           kShare * std::max(a.energy_j, b.energy_j) + kBetweenReadings_j;
  return !known(a.energy_j) && !known(b.energy_j) && a.power_w == b.power_w;
}

/// Whether the second is a part of the board that the first reports for: by their numbers, or, on boards that are known
/// to have two dies of which the second is silent, by their places.
bool is_part_of(const Die& reporting, const Die& other) {
  if (reporting.is_silent() || reporting.device.name != other.device.name) return false;
  const bool same_board = (other.id != 0 && reporting.id == other.id) ||
                          (!other.serial.empty() && reporting.serial == other.serial);
  if (!other.is_silent()) return same_board && report_the_same(reporting, other);
  const bool is_pair = other.device.name.find("MI250") != std::string::npos &&
                       other.device.index == reporting.device.index + 1;
  return same_board || is_pair;
}

void find_boards(std::vector<Die>& dies) {
  for (std::size_t i = 0; i < dies.size(); ++i) dies[i].board = i;
  for (std::size_t i = 0; i < dies.size(); ++i) {
    for (std::size_t j = 0; j < dies.size() && dies[i].board == i; ++j) {
      const bool may_report = j < i || dies[i].is_silent();
      if (j != i && may_report && dies[j].board == j && is_part_of(dies[j], dies[i])) dies[i].board = j;
    }
  }
}

std::vector<Die> dies_of(const RocmApi& api) {
  std::vector<Die> dies;
  std::uint32_t count = 0;
  if (api.count(&count) != kSuccess) return dies;
  for (std::uint32_t i = 0; i < count; ++i) {
    Die die;
    Device& device = die.device;
    device.index = static_cast<int>(i);
    std::array<char, 128> text{};
    if (api.name && api.name(i, text.data(), text.size() - 1) == kSuccess) device.name = text.data();
    text = {};
    if (api.serial && api.serial(i, text.data(), static_cast<std::uint32_t>(text.size() - 1)) == kSuccess)
      die.serial = text.data();
    if (api.unique_id && api.unique_id(i, &die.id) == kSuccess && die.id != 0)
      device.uuid = "GPU-" + hexadecimal(die.id);
    device.note = "numbered as rocm-smi does; HIP may number otherwise";
    die.energy_j = energy_j(api, i).value;
    die.power_w = power_w(api, i).value;
    dies.push_back(std::move(die));
  }
  find_boards(dies);
  return dies;
}

/// The devices that the work can use: of those that ROCm shows, those that HIP shows. Throws Error (usage).
std::vector<std::size_t> visible_dies(const std::vector<Die>& dies, const OpenOptions& options) {
  std::vector<Nameable> names;
  for (const Die& die : dies) names.push_back({die.device.uuid, {}});
  std::vector<std::size_t> shown;
  std::vector<Nameable> shown_names;
  for (const Selected& one : select_devices(names, options.visible_first, "ROCR_VISIBLE_DEVICES")) {
    shown.push_back(one.device);
    shown_names.push_back(names[one.device]);
  }
  const std::string variable = options.visible_name.empty() ? "HIP_VISIBLE_DEVICES" : options.visible_name;
  std::vector<std::size_t> visible;
  for (const Selected& one : select_devices(shown_names, options.visible, variable))
    visible.push_back(shown[one.device]);
  return visible;
}

/// The device that reports for each visible die, each once, with a note of its parts.
std::vector<Device> boards_of(const std::vector<Die>& dies, const std::vector<std::size_t>& visible) {
  std::vector<Device> devices;
  std::vector<bool> has(dies.size(), false);
  std::vector<std::string> uuids;
  for (const std::size_t i : visible) {
    const std::size_t board = dies[i].board;
    if (has[board]) continue;
    has[board] = true;
    Device device = dies[board].device;
    if (std::ranges::find(uuids, device.uuid) != uuids.end())
      device.uuid += "/" + std::to_string(device.index);
    uuids.push_back(device.uuid);
    std::string parts;
    for (const Die& die : dies) {
      if (die.board == board && die.device.index != device.index)
        parts += (parts.empty() ? "" : ", ") + std::to_string(die.device.index);
    }
    if (!parts.empty())
      device.note = "its energy is the whole board's, with device " + parts + " on it; " + device.note;
    devices.push_back(std::move(device));
  }
  return devices;
}

Opened start(RocmApi& api, const std::string& path) {
  if (!api.library) {
    return {nullptr, api.library.problem(), "install ROCm's system management library (rocm-smi-lib)"};
  }
  if (!api.init || !api.count || !(api.energy || api.socket_power || api.mean_power)) {
    return {nullptr, path + " lacks functions of ROCm SMI", "update ROCm (6.0 or later)"};
  }
  const int status = api.init(0);
  api.initialised = status == kSuccess;
  if (api.initialised) return {};
  return {nullptr, "ROCm SMI failed to start: " + api.error_text(status),
          "load the amdgpu module; join the groups video and render"};
}

}  // namespace

Opened open_rocm(const OpenOptions& options) {
  const auto api = std::make_shared<RocmApi>(options.source);
  if (Opened failed = start(*api, options.source); !failed.missing.empty()) return failed;
  const std::vector<Die> dies = dies_of(*api);
  if (dies.empty())
    return {nullptr, "ROCm SMI finds no GPU", "start the container with /dev/kfd and /dev/dri"};
  std::vector<std::size_t> visible;
  try {
    visible = visible_dies(dies, options);
  } catch (const Error& error) {
    // On a machine with GPUs of both vendors this variable may be about the others.
    if (options.visible_name != "CUDA_VISIBLE_DEVICES") throw;
    return {nullptr, error.message(), "set HIP_VISIBLE_DEVICES for AMD GPUs"};
  }
  auto meter = std::make_unique<RocmMeter>(api, *options.clock);
  for (const Device& device : boards_of(dies, visible)) {
    meter->add(device);
    const Device& added = meter->devices().back();
    if (!added.has_counter && !added.has_power) {
      return {nullptr,
              fmt::format("{} (device {}) reports neither energy nor power", added.name, added.index),
              "exclude it with HIP_VISIBLE_DEVICES"};
    }
  }
  if (meter->devices().empty())
    return {nullptr, "HIP_VISIBLE_DEVICES or ROCR_VISIBLE_DEVICES hides all GPUs", "unset it"};
  return {std::move(meter), "", ""};
}

}  // namespace energylens::meter
