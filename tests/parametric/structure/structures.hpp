// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/core/rng.hpp"
#include "energylens/expr/text.hpp"
#include "parametric/structure_fit.hpp"
#include "synthetic_group.hpp"

namespace energylens::parametric {

/// The form that smooth_group is made by, with its numbers somewhat off. Energy, and time likewise.
inline predictor::Structures smooth_structures(bool with_time = true) {
  predictor::Structure s;
  s.form = "prefill(batch, isl) + osl*decode(batch, tp, pp, L)";
  const std::string prefill = "a + b*batch*isl", decode = "c*tp^d + e*pp^f*batch^g + h*batch*L";
  const std::vector<std::string> names = {"a", "b", "c", "d", "e", "f", "g", "h"};
  s.formula = expr::parse(prefill + " + osl*(" + decode + ")", {names, {}, "test"});
  s.prefill = expr::parse(prefill, {names, {}, "test"});
  const double starts[] = {3, 0.03, 5, 0.2, 2, 0.5, 0.7, 3e-4};
  for (std::size_t k = 0; k < names.size(); ++k) {
    const bool exponent = names[k] == "d" || names[k] == "f" || names[k] == "g";
    s.constants.push_back({names[k], exponent ? Unit() : parse_unit("J"), !exponent, !exponent, starts[k]});
  }
  predictor::Structures out;
  out.energy = s;
  if (!with_time) return out;
  // Time of smooth_group is energy / (200 W tp pp): its own exponents, and tp and pp in every term.
  const std::string quick = "a*(tp*pp)^i + b*batch*isl*(tp*pp)^i",
                    slow = "c*tp^d*pp^i + e*pp^f*batch^g*tp^i + h*batch*L*(tp*pp)^i";
  std::vector<std::string> more = names;
  more.push_back("i");
  predictor::Structure t = s;
  t.formula = expr::parse(quick + " + osl*(" + slow + ")", {more, {}, "test"});
  t.prefill = expr::parse(quick, {more, {}, "test"});
  for (predictor::StructureConstant& c : t.constants) {
    if (!c.logarithmic) continue;
    c.start /= 200;
    c.unit = parse_unit("s");
  }
  t.constants[3].start = -0.6;
  t.constants[5].start = -0.4;
  t.constants.push_back({"i", Unit(), false, false, -0.9});
  out.time = t;
  return out;
}

inline predictor::FitOptions options_with(const predictor::Structures& structures) {
  predictor::FitOptions options;
  options.structures = &structures;
  options.run.threads = 1;
  return options;
}

/// smooth_group with every energy and time off by a normal error of its logarithm.
inline table::Group noisy_group(double sd, std::uint64_t seed = 5, const char* name = "Synthetic-70B") {
  table::Group group = synthetic::smooth_group(name);
  Rng rng(seed);
  for (table::Row& row : group.rows) {
    row.results.total_energy_j *= std::exp(sd * rng.normal());
    row.results.total_time_s *= std::exp(sd * rng.normal());
  }
  return group;
}

}  // namespace energylens::parametric
