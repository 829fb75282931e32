// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/unit.hpp"
#include "energylens/expr/expr.hpp"

namespace energylens::recovery {

/// A column of a formula that is to be found again, and where it is sampled: uniformly, or one of some
/// counts.
struct KnownInput {
  std::string name;
  Unit unit;
  double low = 1, high = 5;
  bool whole = false;          ///< evenly in the logarithm, rounded to whole numbers
  std::vector<double> counts;  ///< if any: one of these
};

/// A formula that is to be found again.
struct Known {
  std::string name;
  std::string formula;  ///< infix; pi is the number, parameters c0, c1, ... have a value per group
  Unit unit;
  std::vector<KnownInput> inputs;
  std::size_t rows = 1000;  ///< of all groups
  double noise = 0;         ///< what the suite itself asks for
  bool relative = false;  ///< noise is a share of each value, not of the standard deviation; targets are > 0
  std::vector<std::vector<double>> parameters;  ///< by group; empty: one group without parameters

  std::size_t groups() const { return parameters.empty() ? 1 : parameters.size(); }
  std::vector<std::string> parameter_names() const;
  /// The formula with numbers for pi and the parameters of a group.
  expr::Expr expr(std::size_t group = 0) const;
};

/// A suite and where its formulas come from.
struct Suite {
  std::string_view name, source;
  std::vector<Known> (*problems)();
};
std::span<const Suite> suites();
/// Throws Error (usage) for an unknown name.
const Suite& find_suite(std::string_view name);

std::vector<Known> feynman();
std::vector<Known> nguyen();
std::vector<Known> strogatz();
std::vector<Known> empirical();
std::vector<Known> energy_laws();

/// A unit of physics in metres, kilograms, seconds, kelvins and volts: "kg m^2/s^2". The library has other
/// base units; these stand for as many of them, which is all that dimensional analysis sees.
Unit physical_unit(std::string_view text);

/// "m 1 3, v 1 2, T": inputs with their ranges; 1 to 5 where none is given. `unit_of` tells units by name.
std::vector<KnownInput> read_inputs(std::string_view text, Unit (*unit_of)(std::string_view name));

}  // namespace energylens::recovery
