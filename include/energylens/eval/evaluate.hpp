// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/eval/options.hpp"
#include "energylens/eval/report.hpp"
#include "energylens/registry/kinds.hpp"

namespace energylens::eval {

/// Judges predictors by a protocol; docs/method/evaluation.md defines every split, so that any program can repeat
/// it. A held-out row's results are blank in all that a fit sees and in the candidates to choose from
/// (`latency` gets their times). A fit that throws Error leaves null figures and a note. The figures do not
/// depend on the number of threads nor on the order in which the rows of a table came.
/// Throws Error (usage) for options that do not fit the groups or the kinds, and Error (bad input) if no
/// group is left to ask.
Report evaluate(std::span<const table::Group> groups, std::span<const registry::Kind> kinds,
                const Options& options);

/// Share of scenarios whose fastest layout is not the one of least energy, and the mean extra energy of
/// picking the fastest; over scenarios with all times measured.
struct LatencyCost {
  double differ = kUnknown, extra_energy = kUnknown;
};
LatencyCost latency_cost(const table::Group& group, std::span<const table::Scenario> scenarios);

/// Sentences computed from the data: what a choice among these scenarios cannot test. `fit` says, by its flag and its
/// catalogue, what the predictors take for the KV capacity of rows that state none.
std::vector<std::string> benchmark_limits(const table::Group& group,
                                          std::span<const table::Scenario> scenarios,
                                          const predictor::FitOptions& fit);

}  // namespace energylens::eval
