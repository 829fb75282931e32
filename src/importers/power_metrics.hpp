// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "energylens/meter/meter.hpp"

namespace energylens::importers {

/// A metric of power or energy that an exporter offers to Prometheus.
struct PowerMetric {
  std::string_view name, exporter;
  bool is_counter;  ///< energy since some past moment; else power
  double factor;    ///< to watts or joules
  meter::Scope scope;
};

/// All that are known, of one exporter the preferred one first.
std::span<const PowerMetric> power_metrics();
/// The entry of that name; nullptr for another metric.
const PowerMetric* find_power_metric(std::string_view name);

using Labels = std::vector<std::pair<std::string, std::string>>;
/// The value of the first of these labels that is there; empty if none is.
std::string label_of(const Labels& labels, std::initializer_list<std::string_view> names);

/// Which device a series is of.
struct SeriesDevice {
  std::string host, uuid, name;
  int index = 0;
};
SeriesDevice device_of(const Labels& labels);

}  // namespace energylens::importers
