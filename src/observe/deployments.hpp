// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <string>
#include <vector>

#include "energylens/observe/observe.hpp"
#include "observe/engine_metrics.hpp"
#include "observe/series.hpp"

namespace energylens::observe {

/// The power of one device, or its counter of energy.
struct PowerSeries {
  const importers::PowerMetric* metric = nullptr;
  importers::SeriesDevice device;
  std::string pod, host;
  const Series* series = nullptr;
};

/// One engine that serves one model, with the devices that its work is measured on.
struct Deployment {
  std::string engine, model, instance, host, pod;
  std::array<std::vector<const Series*>, kRoles> roles;  ///< series whose values add up
  std::vector<PowerSeries> power;
  std::string joined_by;  ///< how the power was found; empty: there is none
  meter::Scope scope = meter::Scope::gpu;

  const std::vector<const Series*>& of(Role role) const { return roles[static_cast<std::size_t>(role)]; }
  std::string text() const;
};

/// Sorts series into deployments: those of engines by their job, instance or pod, and model; those of power by pod, else by host,
/// else, where there is one deployment and one host of power, all. `series` must outlive the result.
std::vector<Deployment> find_deployments(const std::vector<Series>& series,
                                         std::vector<std::string>& warnings);

}  // namespace energylens::observe
