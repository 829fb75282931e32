// SPDX-License-Identifier: Apache-2.0
#include "cli/cost.hpp"

#include "core/rounded_text.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"

namespace energylens::cli {

void CostFlags::declare(Arguments& args) {
  args.number("--price-per-kwh", prices.per_kwh, kNotNegative,
              "price of electricity (any currency per kWh) [none]");
  args.number("--gpu-hour", prices.per_gpu_hour, kNotNegative,
              "price of one GPU for one hour, without electricity (the same currency) [none]");
  args.number("--carbon-g-per-kwh", prices.carbon_g_per_kwh, kNotNegative,
              "carbon intensity of the electricity (g CO2e per kWh) [none]");
  args.number("--pue", prices.pue, {.min = 1, .max = 10},
              "power usage effectiveness: power of the site / power of its nodes [1]");
  args.number("--host-w", prices.host_w, kNotNegative,
              "power of CPUs, fans and network per GPU (W), added to the power of the GPUs [0]");
}

void CostFlags::check(const table::GroupIdentity& identity) const {
  const std::string& scope = identity.energy_scope;
  if (known(prices.host_w) && !scope.empty() && !lower_case(scope).starts_with("gpu"))
    throw Error::usage(
        "--host-w does not apply: the energies of this group include the host (energy_scope is " + scope +
        ')');
}

void CostFlags::add_to(io::Json& question) const {
  question["price_per_kwh"] = prices.per_kwh;
  question["price_per_gpu_hour"] = prices.per_gpu_hour;
  question["carbon_g_per_kwh"] = prices.carbon_g_per_kwh;
  question["pue"] = prices.pue;
  question["host_w"] = prices.host_w;
}

cost::Bill bill_per_mtok(const cost::Work& work, double tokens, const cost::Prices& prices) {
  return cost::scaled(cost::bill(work, prices), 1e6 / tokens);
}

io::Json bill_json(const cost::Bill& bill) {
  return io::Json::object({{"energy_kwh", bill.energy_kwh},
                           {"energy_kwh_lo", bill.energy_kwh_lo},
                           {"energy_kwh_hi", bill.energy_kwh_hi},
                           {"energy_cost", bill.energy_cost},
                           {"gpu_cost", bill.gpu_cost},
                           {"total_cost", bill.cost},
                           {"carbon_g", bill.carbon_g}});
}

void add_per_mtok_cells(io::Json& row, const io::Json& bill) {
  for (const io::Json::Member& member : bill.members()) {
    const bool bound = member.name.ends_with("_lo") || member.name.ends_with("_hi");
    const std::size_t stem = member.name.size() - (bound ? 3 : 0);
    row[member.name.substr(0, stem) + "_per_mtok" + member.name.substr(stem)] = member.value;
  }
}

std::string bill_text(const cost::Bill& bill) {
  std::string text = rounded_text(bill.energy_kwh) + " kWh";
  if (known(bill.cost)) text += ", cost " + rounded_text(bill.cost);
  if (known(bill.carbon_g)) text += ", " + quantity_text(bill.carbon_g, "g") + " CO2e";
  return text;
}

}  // namespace energylens::cli
