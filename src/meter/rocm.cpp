// SPDX-License-Identifier: Apache-2.0
// ROCm's system management library. The energy accumulator counts ticks of a resolution that the library
// states with each reading (15.3 uJ on Instinct GPUs); Radeon GPUs have none, and their power is integrated.
// Power is asked for as current socket power (MI300 and later), then as the mean that older GPUs know. The
// library's numbers are those of rocm-smi, which HIP need not share. Held by rocm_test.cpp and
// contract_test.cpp on a library made for the tests.
#include <array>
#include <cstdint>
#include <utility>

#include "meter/backends.hpp"
#include "meter/library.hpp"
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

  Library library;
  bool initialised = false;
  int (*init)(std::uint64_t flags) = nullptr;
  int (*shut_down)() = nullptr;
  int (*status_string)(int, const char**) = nullptr;
  int (*count)(std::uint32_t*) = nullptr;
  int (*name)(std::uint32_t, char*, std::size_t) = nullptr;
  int (*unique_id)(std::uint32_t, std::uint64_t*) = nullptr;
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
    device.has_counter = known(energy_j(*api_, index).value);
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

std::vector<Device> devices_of(const RocmApi& api) {
  std::vector<Device> devices;
  std::uint32_t count = 0;
  if (api.count(&count) != kSuccess) return devices;
  for (std::uint32_t i = 0; i < count; ++i) {
    Device device;
    device.index = static_cast<int>(i);
    std::array<char, 128> text{};
    if (api.name && api.name(i, text.data(), text.size() - 1) == kSuccess) device.name = text.data();
    std::uint64_t id = 0;
    if (api.unique_id && api.unique_id(i, &id) == kSuccess) device.uuid = "GPU-" + hexadecimal(id);
    device.note = "numbered as rocm-smi does; HIP may number otherwise";
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
  std::vector<Device> devices = devices_of(*api);
  std::vector<Nameable> names;
  for (const Device& device : devices) names.push_back({device.uuid, {}});
  auto meter = std::make_unique<RocmMeter>(api, *options.clock);
  for (const Selected& one : select_devices(names, options.visible, "HIP_VISIBLE_DEVICES")) {
    meter->add(devices[one.device]);
    const Device& added = meter->devices().back();
    if (!added.has_counter && !added.has_power) {
      return {nullptr, added.name + " reports neither energy nor power",
              "exclude it with HIP_VISIBLE_DEVICES"};
    }
  }
  if (meter->devices().empty()) {
    return {nullptr, devices.empty() ? "ROCm SMI finds no GPU" : "HIP_VISIBLE_DEVICES hides all GPUs",
            "start the container with /dev/kfd and /dev/dri, or unset HIP_VISIBLE_DEVICES"};
  }
  return {std::move(meter), "", ""};
}

}  // namespace energylens::meter
