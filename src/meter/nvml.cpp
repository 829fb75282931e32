// SPDX-License-Identifier: Apache-2.0
// Opening a GPU finds what it supports: the energy counter (Volta and later), and the first kind of power that
// answers: instantaneous power of the GPU, its mean over 1 s, the same of the whole module (the only ones on
// Grace-Hopper), and last nvmlDeviceGetPowerUsage, which NVML documents as a mean over 1 s on Ampere and later
// except GA100. NVML numbers GPUs as the PCI bus does. A MIG slice has no meter: its board is read, with a
// note. Held by nvml_test.cpp and contract_test.cpp on a library made for the tests.
#include <array>
#include <utility>

#include "energylens/core/error.hpp"
#include "meter/backends.hpp"
#include "meter/nvml_api.hpp"
#include "meter/reading_now.hpp"
#include "meter/visible.hpp"

namespace energylens::meter {
namespace {

constexpr unsigned kTextSize = 96;
constexpr double kTemperaturePeriod_s = 0.25;

/// One way to ask for power.
struct PowerWay {
  unsigned field;  ///< 0: nvmlDeviceGetPowerUsage
  unsigned scope;
  double average_s;
};
constexpr std::array kPowerWays = {
    PowerWay{kNvmlPowerInstant, kNvmlScopeGpu, 0},
    PowerWay{kNvmlPowerAverage, kNvmlScopeGpu, 1},
    PowerWay{kNvmlPowerInstant, kNvmlScopeModule, 0},
    PowerWay{kNvmlPowerAverage, kNvmlScopeModule, 1},
    PowerWay{0, kNvmlScopeGpu, kUnknown},
};

struct Answer {
  int result = kNvmlNotSupported;
  double value = kUnknown;
};

/// The number in a field of any type.
double whole_number(const NvmlFieldValue& value) {
  switch (value.value_type) {
    case 0:
      return value.value.number;
    case 1:
    case 5:
      return value.value.whole;
    default:
      return static_cast<double>(value.value.long_whole);
  }
}

class NvmlMeter : public Meter {
 public:
  NvmlMeter(std::shared_ptr<NvmlApi> api, const Clock& clock) : api_(std::move(api)), clock_(clock) {}

  void add(NvmlDevice handle, unsigned index, const std::vector<std::string>& slices);
  const std::vector<Device>& devices() const override { return devices_; }
  bool read(std::span<Reading> readings) override;
  bool read_counters(std::span<Reading> readings) override;

 private:
  struct Board {
    NvmlDevice handle = nullptr;
    const PowerWay* power = nullptr;
    double temperature_c = kUnknown, next_temperature_s = 0;  // when to ask again, of the steady clock
  };

  Answer energy_j(NvmlDevice handle) const;
  Answer power_w(NvmlDevice handle, const PowerWay& way) const;
  void find_power(Board& board, Device& device) const;
  double temperature_c(Board& board, double now_s) const;
  Reading read_one(Board& board, const Device& device, bool counter_only) const;

  std::shared_ptr<NvmlApi> api_;
  const Clock& clock_;
  std::vector<Board> boards_;
  std::vector<Device> devices_;
};

std::string text_of(int (*ask)(NvmlDevice, char*, unsigned), NvmlDevice handle) {
  std::array<char, kTextSize> text{};
  return ask(handle, text.data(), kTextSize - 1) == kNvmlSuccess ? std::string(text.data()) : std::string();
}

Answer NvmlMeter::energy_j(NvmlDevice handle) const {
  unsigned long long energy_mj = 0;
  if (!api_->energy_mj) return {};
  const int result = api_->energy_mj(handle, &energy_mj);
  return {result, result == kNvmlSuccess ? static_cast<double>(energy_mj) * 1e-3 : kUnknown};
}

Answer NvmlMeter::power_w(NvmlDevice handle, const PowerWay& way) const {
  if (way.field == 0) {
    unsigned power_mw = 0;
    if (!api_->power_mw) return {};
    const int result = api_->power_mw(handle, &power_mw);
    return {result, result == kNvmlSuccess ? power_mw * 1e-3 : kUnknown};
  }
  NvmlFieldValue value;
  value.field = way.field;
  value.scope = way.scope;
  if (!api_->field_values) return {};
  const int result = api_->field_values(handle, 1, &value);
  if (result != kNvmlSuccess) return {result, kUnknown};
  if (value.result != kNvmlSuccess) return {value.result, kUnknown};
  return {kNvmlSuccess, whole_number(value) * 1e-3};
}

/// Whether the energy counter is that of the module, CPU and GPU together (ml-energy/zeus#172).
bool counts_module(const std::string& name) {
  return name.find("GH200") != std::string::npos || name.find("Grace Hopper") != std::string::npos;
}

/// Power of the scope of the counter is preferred, since the two are compared.
void NvmlMeter::find_power(Board& board, Device& device) const {
  const auto scope_of = [](const PowerWay& way) {
    return way.scope == kNvmlScopeModule ? Scope::module : Scope::gpu;
  };
  for (const bool same_scope : {true, false}) {
    for (const PowerWay& way : kPowerWays) {
      if ((scope_of(way) == device.scope) != same_scope) continue;
      const Answer answer = power_w(board.handle, way);
      if (answer.result != kNvmlSuccess || !(answer.value > 0)) continue;
      board.power = &way;
      device.has_power = true;
      device.power_average_s = way.average_s;
      device.power_scope = scope_of(way);
      return;
    }
  }
}

/// Read a few times per second: it changes slowly, and every call costs the driver time.
double NvmlMeter::temperature_c(Board& board, double now_s) const {
  if (!api_->temperature_c || now_s < board.next_temperature_s) return board.temperature_c;
  board.next_temperature_s = now_s + kTemperaturePeriod_s;
  unsigned celsius = 0;
  const bool succeeded = api_->temperature_c(board.handle, kNvmlSensorOfGpu, &celsius) == kNvmlSuccess;
  return board.temperature_c = succeeded ? celsius : kUnknown;
}

void NvmlMeter::add(NvmlDevice handle, unsigned index, const std::vector<std::string>& slices) {
  Board board;
  Device device;
  board.handle = handle;
  device.index = static_cast<int>(index);
  device.name = text_of(api_->name, handle);
  device.uuid = text_of(api_->uuid, handle);
  device.has_counter = energy_j(handle).result == kNvmlSuccess;
  if (device.has_counter && counts_module(device.name)) {
    device.scope = Scope::module;
    device.note = "the energy counter is that of the module, CPU and GPU together";
  }
  find_power(board, device);
  if (!device.has_counter && device.has_power) device.scope = device.power_scope;
  if (!device.has_counter)
    device.note = "no energy counter (before Volta, or not permitted): power is integrated";
  for (const std::string& slice : slices) {
    device.note += (device.note.empty() ? "" : "; ") + slice +
                   " is a part of this board: its energy is the whole board's";
  }
  boards_.push_back(board);
  devices_.push_back(std::move(device));
}

Reading NvmlMeter::read_one(Board& board, const Device& device, bool counter_only) const {
  Reading reading = reading_now(clock_);
  int result = kNvmlNotSupported;
  if (device.has_counter || !board.power) {
    const Answer energy = energy_j(board.handle);
    reading.energy_j = energy.value;
    result = energy.result;
  }
  if (!counter_only && board.power && (result == kNvmlSuccess || !device.has_counter)) {
    const Answer power = power_w(board.handle, *board.power);
    reading.power_w = power.value > 0 ? power.value : kUnknown;
    if (!device.has_counter) result = power.result;
  }
  if (result != kNvmlSuccess) reading.problem = api_->error_text(result);
  if (!counter_only) reading.temperature_c = temperature_c(board, reading.steady_s);
  return reading;
}

bool NvmlMeter::read(std::span<Reading> readings) {
  for (std::size_t i = 0; i < boards_.size(); ++i) readings[i] = read_one(boards_[i], devices_[i], false);
  return true;
}

bool NvmlMeter::read_counters(std::span<Reading> readings) {
  for (std::size_t i = 0; i < boards_.size(); ++i)
    readings[i] = read_one(boards_[i], devices_[i], devices_[i].has_counter);
  return true;
}

struct Found {
  std::vector<NvmlDevice> handles;
  std::vector<Nameable> names;
  std::vector<std::string> products;  // as the vendor calls them
};

std::vector<std::string> slices_of(const NvmlApi& api, NvmlDevice board) {
  std::vector<std::string> slices;
  unsigned most = 0;
  if (!api.slice_count || !api.slice || api.slice_count(board, &most) != kNvmlSuccess) return slices;
  for (unsigned i = 0; i < most; ++i) {
    NvmlDevice slice = nullptr;
    if (api.slice(board, i, &slice) == kNvmlSuccess) slices.push_back(text_of(api.uuid, slice));
  }
  return slices;
}

Found boards_of(const NvmlApi& api) {
  Found found;
  unsigned count = 0;
  if (api.count(&count) != kNvmlSuccess) return found;
  for (unsigned i = 0; i < count; ++i) {
    NvmlDevice handle = nullptr;
    if (api.handle_by_index(i, &handle) != kNvmlSuccess) handle = nullptr;  // keeps its number
    found.handles.push_back(handle);
    if (handle) found.products.push_back(text_of(api.name, handle));
    found.names.push_back({handle ? text_of(api.uuid, handle) : "",
                           handle ? slices_of(api, handle) : std::vector<std::string>()});
  }
  return found;
}

}  // namespace

Opened open_nvml(const OpenOptions& options) {
  const auto api = std::make_shared<NvmlApi>(options.source);
  if (!api->usable()) return {nullptr, api->missing(), api->remedy()};
  const Found found = boards_of(*api);
  auto meter = std::make_unique<NvmlMeter>(api, *options.clock);
  check_order(found.products, options.visible, options.device_order);
  for (const Selected& one : select_devices(found.names, options.visible, "CUDA_VISIBLE_DEVICES")) {
    if (!found.handles[one.device]) {
      return {nullptr, "GPU " + std::to_string(one.device) + " does not respond",
              "see nvidia-smi; a lost GPU requires a restart"};
    }
    meter->add(found.handles[one.device], static_cast<unsigned>(one.device), one.slices);
  }
  if (meter->devices().empty()) {
    return {nullptr, found.handles.empty() ? "NVML finds no GPU" : "CUDA_VISIBLE_DEVICES hides all GPUs",
            "start the container with the GPUs, or unset CUDA_VISIBLE_DEVICES"};
  }
  std::vector<Reading> readings(meter->devices().size());
  meter->read(readings);
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const Device& device = meter->devices()[i];
    if (device.has_counter || device.has_power) continue;
    return {nullptr, device.name + " reports neither energy nor power: " + readings[i].problem,
            "see nvidia-smi; a lost GPU requires a restart; or exclude it with CUDA_VISIBLE_DEVICES"};
  }
  return {std::move(meter), "", ""};
}

}  // namespace energylens::meter
