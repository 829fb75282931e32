// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/eval/options.hpp"
#include "energylens/eval/report.hpp"
#include "energylens/registry/kinds.hpp"

namespace energylens::eval {

/// Evaluates predictors by a protocol; docs/method/evaluation.md defines every split, so that any program can
/// repeat it. The results of held-out rows are blank in the data of a fit and in the candidates to choose
/// from (the predictor `latency` gets their times). A fit that throws Error leaves null figures and a note.
/// The figures do not depend on the number of threads, nor on the order of the rows in a table. Throws Error
/// (usage) for options that do not fit the groups or the kinds, and Error (bad input) if there is no group to
/// test.
Report evaluate(std::span<const table::Group> groups, std::span<const registry::Kind> kinds,
                const EvaluationOptions& options);

/// Share of scenarios whose fastest layout does not have the least energy, and the mean extra energy of
/// picking the fastest, over scenarios in which all times were measured.
struct LatencyCost {
  double differ = kUnknown, extra_energy = kUnknown;
};
LatencyCost latency_cost(const table::Group& group, std::span<const table::Scenario> scenarios);

/// Sentences about what a choice among these scenarios cannot test. The KV capacity of rows that state none
/// comes from `fit`: its flag, else its catalogue.
std::vector<std::string> benchmark_limits(const table::Group& group,
                                          std::span<const table::Scenario> scenarios,
                                          const predictor::FitOptions& fit);

}  // namespace energylens::eval
