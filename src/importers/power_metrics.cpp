// SPDX-License-Identifier: Apache-2.0
// The table of metrics of power, by the documentation of their exporters. Held by power_tools_test.cpp.
#include "importers/power_metrics.hpp"

#include <algorithm>
#include <array>

#include "energylens/core/number_text.hpp"

namespace energylens::importers {
namespace {

using enum meter::Scope;

constexpr std::array kPowerMetrics = {
    PowerMetric{"DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", "dcgm-exporter", true, 1e-3, gpu},
    PowerMetric{"DCGM_FI_DEV_POWER_USAGE_INSTANT", "dcgm-exporter", false, 1, gpu},
    PowerMetric{"DCGM_FI_DEV_POWER_USAGE", "dcgm-exporter", false, 1, gpu},
    PowerMetric{"nvidia_smi_power_draw_instant_watts", "nvidia_gpu_exporter", false, 1, gpu},
    PowerMetric{"nvidia_smi_power_draw_watts", "nvidia_gpu_exporter", false, 1, gpu},
    PowerMetric{"nvidia_gpu_power_usage_milliwatts", "nvidia_gpu_prometheus_exporter", false, 1e-3, gpu},
    PowerMetric{"gpu_energy_consumed", "AMD device-metrics-exporter", true, 1e-6, gpu},
    PowerMetric{"gpu_package_power", "AMD device-metrics-exporter", false, 1, gpu},
    PowerMetric{"gpu_average_package_power", "AMD device-metrics-exporter", false, 1, gpu},
    PowerMetric{"amd_gpu_power", "amd_smi_exporter", false, 1e-6, gpu},
    PowerMetric{"xpum_power_watts", "Intel XPU Manager", false, 1, gpu},
    PowerMetric{"habanalabs_power_mW", "Habana exporter", false, 1e-3, gpu},
    PowerMetric{"kepler_node_gpu_joules_total", "Kepler", true, 1, gpu},
    PowerMetric{"kepler_node_platform_joules_total", "Kepler", true, 1, node},
    PowerMetric{"kepler_node_package_joules_total", "Kepler", true, 1, package},
    PowerMetric{"kepler_node_dram_joules_total", "Kepler", true, 1, dram},
    PowerMetric{"kepler_node_cpu_joules_total", "Kepler", true, 1, package},
    PowerMetric{"node_rapl_package_joules_total", "node_exporter", true, 1, package},
    PowerMetric{"node_rapl_dram_joules_total", "node_exporter", true, 1, dram},
    PowerMetric{"scaph_host_energy_microjoules", "Scaphandre", true, 1e-6, node},
    PowerMetric{"scaph_host_power_microwatts", "Scaphandre", false, 1e-6, node},
    PowerMetric{"scaph_socket_power_microwatts", "Scaphandre", false, 1e-6, package},
    PowerMetric{"ipmi_dcmi_power_consumption_watts", "ipmi_exporter", false, 1, node},
    PowerMetric{"redfish_power_powercontrol_power_consumed_watts", "redfish_exporter", false, 1, node},
    PowerMetric{"energylens_power_w", "energylens", false, 1, gpu},
    PowerMetric{"energylens_energy_j_total", "energylens", true, 1, gpu},
};

}  // namespace

std::span<const PowerMetric> power_metrics() {
  return kPowerMetrics;
}

const PowerMetric* find_power_metric(std::string_view name) {
  const auto found = std::ranges::find(kPowerMetrics, name, &PowerMetric::name);
  return found == kPowerMetrics.end() ? nullptr : &*found;
}

std::string label_of(const Labels& labels, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(labels, name, &std::pair<std::string, std::string>::first);
    if (found != labels.end() && !found->second.empty()) return found->second;
  }
  return {};
}

SeriesDevice device_of(const Labels& labels) {
  SeriesDevice device;
  device.host =
      label_of(labels, {"Hostname", "hostname", "node", "node_name", "exported_instance", "instance"});
  device.uuid =
      label_of(labels, {"GPU_I_ID", "UUID", "uuid", "gpu_uuid", "card_uuid", "serial_number", "pci_bus_id"});
  device.name = label_of(
      labels, {"modelName", "gpu_name", "name", "card_model", "card_series", "model_name", "productname"});
  const std::string index = label_of(labels, {"gpu", "gpu_id", "gpu_index", "minor_number", "index", "dev_id",
                                              "socket_id", "gpu_power", "zone"});
  const auto number = parse_number(index);
  if (number && *number >= 0 && *number < 1e6) device.index = static_cast<int>(*number);
  if (device.uuid.empty() && !number && !index.empty()) device.uuid = index;
  return device;
}

}  // namespace energylens::importers
