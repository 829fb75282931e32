// SPDX-License-Identifier: Apache-2.0
#include "cli/power_limits.hpp"

#include <utility>

#include "cli/console.hpp"
#include "core/rounded_text.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {

std::vector<table::Group> join_power_limits(std::vector<table::Group> groups,
                                            const hardware::Catalogue& catalogue) {
  std::vector<powercap::GpuCurve> curves;
  return join_power_limits(std::move(groups), catalogue, curves);
}

std::string power_caps_text(const std::vector<powercap::GpuCurve>& curves) {
  std::string text = curves.empty() ? "" : "\npower limits\n";
  for (const powercap::GpuCurve& one : curves) {
    text += "  " + one.gpu + ": static power " + quantity_text(one.curve.static_w, "W") + ", knee at " +
            percent_text(one.curve.knee) + " of the clock, power ~ clock^" +
            rounded_text(one.curve.exponent) + " (" + std::to_string(one.points) + " points of " +
            std::to_string(one.sweeps) + " loads)\n";
  }
  return text;
}

std::string model_text(const std::string& model, const std::vector<powercap::GpuCurve>& curves) {
  if (curves.empty()) return model;
  io::Json json = io::parse_json(model, "model");
  powercap::add_curves(json, curves);
  return io::print_json(json) + '\n';
}

std::vector<table::Group> join_power_limits(std::vector<table::Group> groups,
                                            const hardware::Catalogue& catalogue,
                                            std::vector<powercap::GpuCurve>& curves) {
  curves = powercap::fit_curves(powercap::sweeps(groups), catalogue);
  const std::size_t before = groups.size();
  groups = powercap::joined(std::move(groups), curves);
  if (groups.size() < before) {
    warn("joined groups that differ in their power limit alone: " + std::to_string(before) +
         " groups became " + std::to_string(groups.size()) + ", each at its greatest limit");
  }
  return groups;
}

}  // namespace energylens::cli
