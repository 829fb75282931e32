// SPDX-License-Identifier: Apache-2.0
// dcgm-exporter's page: DCGM_FI_DEV_POWER_USAGE in watts and DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION in
// millijoules, with the labels gpu, UUID and modelName. A board with MIG slices has a line per slice, each
// with the board's figures: one is taken. Held by dcgm_test.cpp, also on a loopback server, and by
// contract_test.cpp.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "http/client.hpp"
#include "meter/backends.hpp"
#include "meter/prometheus.hpp"
#include "meter/reading_now.hpp"

namespace energylens::meter {
namespace {

constexpr std::string_view kPower = "DCGM_FI_DEV_POWER_USAGE";
constexpr std::string_view kTemperature = "DCGM_FI_DEV_GPU_TEMP";
constexpr std::string_view kEnergy = "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION";

bool is_url(const std::string& source) {
  return source.find("://") != std::string::npos;
}

/// The figures of one GPU on a page.
struct Figures {
  Device device;
  std::string host;      ///< as the page calls it; may be empty
  std::string conflict;  ///< why they may be of several GPUs; empty if they are of one
  double energy_j = kUnknown, power_w = kUnknown, temperature_c = kUnknown;
  double time_s = kUnknown;  ///< of the page's own, or when its file was written
};

Device device_of(const Metric& metric) {
  Device device;
  device.name = metric.label("modelName");
  device.uuid = metric.label("UUID");
  const std::optional<double> index = parse_number(metric.label("gpu"));
  if (index && *index >= 0 && *index < 1e6) device.index = static_cast<int>(*index);
  device.note =
      "dcgm-exporter renews its figures every 30 s unless started with a shorter --collect-interval";
  return device;
}

std::string host_of(const Metric& metric) {
  return std::string(metric.label(metric.label("Hostname").empty() ? "instance" : "Hostname"));
}

/// A page may be of several hosts, as that of a Prometheus server is: each has a GPU 0.
bool same_device(const Figures& a, const Figures& b) {
  if (!a.device.uuid.empty() || !b.device.uuid.empty()) return a.device.uuid == b.device.uuid;
  return a.device.index == b.device.index && a.host == b.host;
}

/// Keeps a figure. A second one with another value is of a GPU that the page does not tell apart, unless they are of
/// slices, each of which has the figures of its board.
void keep(double& figure, double value, bool is_slice, Figures& of) {
  if (known(figure) && figure != value && !is_slice)
    of.conflict = "the page has several figures of GPU " + std::to_string(of.device.index) +
                  ", and no label UUID or Hostname to distinguish them";
  figure = value;
}

/// `page_time_s` is of lines that state none.
std::vector<Figures> figures_of(const std::vector<Metric>& metrics, double page_time_s) {
  std::vector<Figures> all;
  for (const Metric& metric : metrics) {
    if (metric.name != kPower && metric.name != kEnergy && metric.name != kTemperature) continue;
    Figures one{device_of(metric), host_of(metric), ""};
    auto found = std::ranges::find_if(all, [&](const Figures& other) { return same_device(one, other); });
    if (found == all.end()) found = all.insert(all.end(), std::move(one));
    const bool is_slice = !metric.label("GPU_I_ID").empty();
    if (metric.name == kTemperature) found->temperature_c = metric.value;
    if (metric.name == kPower && metric.value > 0) keep(found->power_w, metric.value, is_slice, *found);
    if (metric.name == kEnergy && metric.value >= 0 && metric.value < 1e18)
      keep(found->energy_j, metric.value * 1e-3, is_slice, *found);
    const double time_s = known(metric.time_s) ? metric.time_s : page_time_s;
    if (!(found->time_s >= time_s)) found->time_s = time_s;
  }
  return all;
}

struct Page {
  std::vector<Figures> figures;
  std::string problem;
};

/// When a file was last written, s since 1970; unknown if it cannot be found.
double written_s(const std::string& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return kUnknown;
  return static_cast<double>(facts.st_mtim.tv_sec) + 1e-9 * static_cast<double>(facts.st_mtim.tv_nsec);
}

/// Throws Error for a page that is there and cannot be understood.
Page read_page(const std::string& source) {
  if (!is_url(source))
    return {figures_of(parse_prometheus(read_file(source), source), written_s(source)), ""};
  const http::Response response = http::get(source);
  if (!response.ok()) return {{}, response.problem};
  return {figures_of(parse_prometheus(response.body, source), kUnknown), ""};
}

class DcgmMeter : public Meter {
 public:
  /// `gpus` are those of `devices` as the page identifies them.
  DcgmMeter(std::string source, std::vector<Device> devices, std::vector<Figures> gpus, const Clock& clock)
      : source_(std::move(source)), devices_(std::move(devices)), gpus_(std::move(gpus)), clock_(clock) {}
  const std::vector<Device>& devices() const override { return devices_; }

  bool read(std::span<Reading> readings) override {
    Page page;
    try {
      page = read_page(source_);
    } catch (const Error& error) {
      page.problem = error.what();
    }
    for (std::size_t i = 0; i < devices_.size(); ++i) readings[i] = reading_of(page, gpus_[i]);
    return true;
  }

 private:
  Reading reading_of(const Page& page, const Figures& gpu) const {
    Reading reading = reading_now(clock_);
    const auto found =
        std::ranges::find_if(page.figures, [&](const Figures& one) { return same_device(one, gpu); });
    if (found == page.figures.end()) {
      reading.problem = page.problem.empty() ? "not on the page" : page.problem;
      return reading;
    }
    reading.energy_j = found->energy_j;
    reading.power_w = found->power_w;
    reading.temperature_c = found->temperature_c;
    reading.source_time_s = found->time_s;
    if (!known(reading.energy_j) && !known(reading.power_w)) reading.problem = "no figure on the page";
    if (!found->conflict.empty()) reading.problem = found->conflict;
    return reading;
  }

  std::string source_;
  std::vector<Device> devices_;
  std::vector<Figures> gpus_;
  const Clock& clock_;
};

}  // namespace

Opened open_dcgm(const OpenOptions& options) {
  const std::string remedy = "run dcgm-exporter and name its page: --meter dcgm=http://HOST:9400/metrics";
  if (!is_url(options.source) && !std::filesystem::exists(options.source)) {
    return {nullptr, "no such file: " + options.source, remedy};
  }
  const Page page = read_page(options.source);
  if (!page.problem.empty()) return {nullptr, page.problem, remedy};
  std::vector<Device> devices;
  std::vector<Figures> gpus;
  for (const Figures& one : page.figures) {
    if (!known(one.energy_j) && !known(one.power_w)) continue;
    if (!one.conflict.empty()) return {nullptr, one.conflict, "add the label UUID to the page"};
    gpus.push_back(one);
    devices.push_back(one.device);
    Device& device = devices.back();
    device.has_counter = known(one.energy_j);
    device.has_power = known(one.power_w);
    const bool on_several_hosts = gpus.front().host != one.host;
    if (device.uuid.empty() && on_several_hosts) device.uuid = one.host + '/' + std::to_string(device.index);
  }
  if (devices.empty()) {
    return {nullptr, "no " + std::string(kPower) + " or " + std::string(kEnergy) + " at " + options.source,
            "add both to the metrics of dcgm-exporter (its counters file)"};
  }
  return {std::make_unique<DcgmMeter>(options.source, std::move(devices), std::move(gpus), *options.clock),
          "", ""};
}

}  // namespace energylens::meter
