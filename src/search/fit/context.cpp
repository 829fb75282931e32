// SPDX-License-Identifier: Apache-2.0
// Tested by tests/search/evolve/search_test.cpp.
#include "search/fit/context.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::search {
namespace {

constexpr double kShift = 1.02;  // factor on an input where a formula must not decrease

/// The problem with one input, and what is normalised by it, slightly larger.
Problem with_larger_input(const Problem& problem, const std::string& name) {
  Problem out = problem;
  for (Input& input : out.inputs) {
    if (input.name != name && input.normalised_from != name) continue;
    for (double& v : input.values) v += std::fabs(v) * (kShift - 1);
  }
  return out;
}

}  // namespace

SearchContext make_context(const Dataset& dataset, const PrimitiveSet& primitives, const Options& options,
                           const Problem& problem, const Form& form) {
  SearchContext out{dataset, primitives, options, {}, {}};
  out.fit.coefficients = options.coefficients;
  out.fit.inner = options.exponents;
  out.fit.positive = options.positive_coefficients;
  out.fit.positive_inner = !primitives.differences;
  out.fit.starts = 6;
  out.fit.steps = 40;
  out.fit.tolerance = 1e-5;
  for (const Input& input : problem.inputs) {
    if (std::find(options.rising.begin(), options.rising.end(), input.name) == options.rising.end()) continue;
    out.shifted.emplace_back(with_larger_input(problem, input.name), form, options.loss);
  }
  return out;
}

}  // namespace energylens::search
