// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "cli/arguments.hpp"
#include "cost/cost.hpp"
#include "energylens/io/json.hpp"
#include "energylens/table/group.hpp"

namespace energylens::cli {

/// --price-per-kwh, --gpu-hour, --carbon-g-per-kwh, --pue, --host-w
struct CostFlags {
  cost::Prices prices;
  void declare(Arguments& args);
  /// Throws Error (usage) for --host-w where the energies of the group include the host already.
  void check(const table::GroupIdentity& identity) const;
  void add_to(io::Json& question) const;  ///< the prices, as members
};

/// What serves `tokens` output tokens with this work costs per million of them.
cost::Bill bill_per_mtok(const cost::Work& work, double tokens, const cost::Prices& prices);

/// The members of a bill, with null for what has no price.
io::Json bill_json(const cost::Bill& bill);
/// The members of `bill_json` per million tokens as members of a flat row: energy_kwh_per_mtok, energy_kwh_per_mtok_lo, ...
void add_per_mtok_cells(io::Json& row, const io::Json& bill);
/// "1.23 kWh, cost 0.31, 492 g CO2e": what is known of a bill.
std::string bill_text(const cost::Bill& bill);

}  // namespace energylens::cli
