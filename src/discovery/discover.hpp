// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "discovery/measurements.hpp"
#include "energylens/search/search.hpp"
#include "parametric/structure_model.hpp"
#include "search/columns.hpp"

namespace energylens::discovery {

/// How to search a table for a formula.
struct DiscoveryOptions {
  /// Budget, seed, guesses, checkpoint, threads and so on. discover() replaces what follows from the table:
  /// the loss, the constraints on formulas (`positive_coefficients`, `rising`, `concave`) and
  /// `real_exponents`; and, unless they are given below, `operators`, `constant_units` and `coefficients`.
  search::Options search;
  std::optional<std::vector<search::OperatorCost>> operators{};
  std::optional<std::vector<Unit>> constant_units{};
  std::optional<search::Scope> coefficients{};

  /// Rows of each group to search in, drawn at random with the seed of the search; the formulas are tested on
  /// the other rows. 0: search in all rows.
  std::size_t train = 0;
  search::Pick pick = search::Pick::description_length;
  double pick_complexity = kUnknown;  ///< for search::Pick::complexity
};

/// What a search found, and in which rows.
struct Discovery {
  search::Problem problem;  ///< what was searched: the training rows, inputs of one value made constants
  std::vector<std::size_t> rows;  ///< the training rows, as indices into the problem of the whole table
  /// Tested on the other rows, one formula chosen, and assessed: see search::assess().
  search::Front front;
  std::vector<std::string> warnings;  ///< about the problem, then about the front
};

/// Splits the rows, searches the training rows, tests the formulas on the others, chooses one and assesses
/// all. Cancelled, it returns the front so far. Throws Error as search::search() does, and (usage) if no
/// formula is as simple as `pick_complexity`.
///
///     discovery::DiscoveryOptions options;
///     options.search.evaluations = 20000;
///     const std::vector<table::Group> groups = table::groups(table::read_csv("measured.csv"));
///     const discovery::Measurements data = discovery::measurements(groups, {});
///     const discovery::Discovery found = discovery::discover(data, options);
///     std::puts(found.front.chosen().text().c_str());
Discovery discover(const Measurements& data, const DiscoveryOptions& options);
/// The same for any table.
Discovery discover(const search::Columns& data, const DiscoveryOptions& options);

/// The chosen formula as a predictor, with the constants that the search fitted. `data` is what was searched;
/// options.seed is recorded as the seed of the search.
parametric::StructureModel model_of(const Discovery& found, const Measurements& data,
                                    const predictor::FitOptions& options);

}  // namespace energylens::discovery
