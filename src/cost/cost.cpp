// SPDX-License-Identifier: Apache-2.0
// Joules to kilowatt-hours, money and carbon. Held by cost_test.cpp.
#include "cost/cost.hpp"

namespace energylens::cost {
namespace {

constexpr double kJoulesPerKwh = 3.6e6, kSecondsPerHour = 3600;

}  // namespace

bool Prices::any() const {
  return known(per_kwh) || known(per_gpu_hour) || known(carbon_g_per_kwh) || known(pue) || known(host_w);
}

Bill bill(const Work& work, const Prices& prices) {
  const double host_j = known(prices.host_w) ? prices.host_w * work.gpu_seconds : 0;
  const double pue = known(prices.pue) ? prices.pue : 1;
  const auto site_kwh = [&](double gpu_j) { return (gpu_j + host_j) * pue / kJoulesPerKwh; };
  Bill out;
  out.energy_kwh = site_kwh(work.gpu_energy_j);
  out.energy_kwh_lo = site_kwh(work.gpu_energy_j_lo);
  out.energy_kwh_hi = site_kwh(work.gpu_energy_j_hi);
  out.energy_cost = out.energy_kwh * prices.per_kwh;
  out.gpu_cost = work.gpu_seconds / kSecondsPerHour * prices.per_gpu_hour;
  if (known(prices.per_kwh) && known(prices.per_gpu_hour)) {
    out.cost = out.energy_cost + out.gpu_cost;
  } else {
    out.cost = known(prices.per_kwh) ? out.energy_cost : out.gpu_cost;
  }
  out.carbon_g = out.energy_kwh * prices.carbon_g_per_kwh;
  return out;
}

Bill total(std::span<const Bill> bills) {
  Bill sum{0, 0, 0, 0, 0, 0, 0};
  for (const Bill& one : bills) {
    sum.energy_kwh += one.energy_kwh;
    sum.energy_kwh_lo += one.energy_kwh_lo;
    sum.energy_kwh_hi += one.energy_kwh_hi;
    sum.energy_cost += one.energy_cost;
    sum.gpu_cost += one.gpu_cost;
    sum.cost += one.cost;
    sum.carbon_g += one.carbon_g;
  }
  return sum;
}

Bill scaled(const Bill& bill, double factor) {
  Bill out = bill;
  for (double* const amount : {&out.energy_kwh, &out.energy_kwh_lo, &out.energy_kwh_hi, &out.energy_cost,
                               &out.gpu_cost, &out.cost, &out.carbon_g})
    *amount *= factor;
  return out;
}

}  // namespace energylens::cost
