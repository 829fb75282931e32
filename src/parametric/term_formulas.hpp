// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <string>
#include <vector>

#include "energylens/expr/expr.hpp"
#include "energylens/parametric/model.hpp"

namespace energylens::parametric {

/// A product or power that several addends share.
struct FormulaFactor {
  std::string name;
  bool of_wave = false;  ///< depends on the requests of the wave; else the same for all waves
  expr::Expr formula;    ///< may use factors before it
};

/// One addend of a closed form: joules or seconds of one wave on one replica.
struct FormulaTerm {
  std::string name;     ///< a word for tables and JSON: "weights"
  std::string meaning;  ///< one sentence
  bool prefill = false;
  expr::Expr formula;
};

/// A closed form of one wave on one replica as a sum, over its parameters, its factors and these variables:
///   t            GPUs that share each step: tp, times dp where attention is data parallel
///   pp           pipeline stages
///   n            requests of the wave
///   isl, osl     input and output tokens of a request; isl is 0 where the group states none
///   input        input tokens computed: isl without cached ones
///   steps        decode steps of a request
///   context      mean tokens in the cache of a request: isl + osl/2
///   ranks, tp    ranks of data-parallel attention, and tensor-parallel degree of one
///   apart        1 where experts are parallel, else 0
///   verified     tokens of a request that a decode step works on
///   step_tokens  the same, where the accepted tokens are stated; else 1
struct FormulaTerms {
  std::vector<FormulaFactor> factors;
  std::vector<FormulaTerm> terms;  ///< in the order in which they are explained
};

/// The form as fitted to a group. Addends of the law: docs/method/law.md (1), (4), (5a). Of a formula that was found: its
/// top-level addends, a sum times a factor counting as several, with published figures as numbers.
/// Requires: model.fit(group, metric).
FormulaTerms formula_terms(const Model& model, std::size_t group, Metric metric);

}  // namespace energylens::parametric
