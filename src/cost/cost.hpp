// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <span>

#include "energylens/core/number_text.hpp"

namespace energylens::cost {

/// What electricity and GPUs cost, and what draws power beside the GPUs. Unknown: not asked for.
struct Prices {
  double per_kwh = kUnknown;           ///< price of electricity, any currency per kWh
  double per_gpu_hour = kUnknown;      ///< price of a GPU, the same currency per hour
  double carbon_g_per_kwh = kUnknown;  ///< carbon intensity of the electricity, g CO2e per kWh
  double pue = kUnknown;  ///< power usage effectiveness: power of the site / power of the nodes; unknown: 1
  double host_w = kUnknown;  ///< power of CPUs, fans and network per GPU, W; unknown: 0

  bool any() const;
};

/// Some amount of work: its energy as the GPUs measure it, with a 90 % interval, and the time for which GPUs were taken.
struct Work {
  double gpu_energy_j = kUnknown, gpu_energy_j_lo = kUnknown, gpu_energy_j_hi = kUnknown;
  double gpu_seconds = kUnknown;  ///< GPUs x time
};

/// What the work costs; unknown where a price or a figure of the work is. The interval is that of the energy of the
/// GPUs alone.
struct Bill {
  double energy_kwh = kUnknown, energy_kwh_lo = kUnknown, energy_kwh_hi = kUnknown;  ///< of the whole site
  double energy_cost = kUnknown, gpu_cost = kUnknown;
  double cost = kUnknown;  ///< the sum of those of the two that have a price
  double carbon_g = kUnknown;
};

/// Energy of the site: (energy of the GPUs + host_w * GPU seconds) * PUE.
Bill bill(const Work& work, const Prices& prices);

/// The sum; unknown where one of them is.
Bill total(std::span<const Bill> bills);

/// The same bill for `factor` times the work.
Bill scaled(const Bill& bill, double factor);

}  // namespace energylens::cost
