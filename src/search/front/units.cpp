// SPDX-License-Identifier: Apache-2.0
// units.cpp: explains a front without inputs if a unit is the reason. Tested by
// tests/search/evolve/search_test.cpp.
#include "search/front/units.hpp"

#include <algorithm>

#include "search/fit/archive.hpp"

namespace energylens::search {
namespace {

bool has_inputs(const Sum& sum) {
  return std::any_of(sum.begin(), sum.end(), [](const Term& term) {
    return std::any_of(term.factors.begin(), term.factors.end(), [](const Factor& f) {
      return f.kind == Factor::Kind::input || has_inputs(f.argument) || has_inputs(f.second);
    });
  });
}

/// Whether a product of inputs times a constant has the unit of the part.
bool admits_inputs(const PartPrimitives& part, const PrimitiveSet& primitives) {
  return std::any_of(primitives.constants.begin(), primitives.constants.end(), [&](const Dims& constant) {
    const std::vector<std::size_t>& like = part.of(part.dims - constant);
    return std::any_of(like.begin(), like.end(),
                       [&](std::size_t m) { return !part.monomials[m].factors.empty(); });
  });
}

}  // namespace

std::vector<std::string> units_without_inputs(const std::vector<Formula>& formulas,
                                              const SearchContext& context, const Problem& problem) {
  const std::vector<PartPrimitives>& parts = context.primitives.parts;
  for (const PartPrimitives& part : parts) {
    if (admits_inputs(part, context.primitives)) return {};
  }
  for (const Formula& f : formulas) {
    if (std::any_of(f.member->tree.parts.begin(), f.member->tree.parts.end(), has_inputs)) return {};
  }
  std::string inputs, coefficients = "1";
  for (const Input& input : problem.inputs)
    inputs += (inputs.empty() ? "" : ", ") + input.name + " in " + unit_text(input.unit);
  for (const Unit& unit : context.options.constant_units) {
    if (!unit.dimensionless()) coefficients += ", " + unit_text(unit);
  }
  return {"no input can be used in a formula because of the units: " + problem.target_name + " is in " +
          unit_text(problem.target_unit) + ", the inputs are " + inputs +
          ", and coefficients may have the units " + coefficients +
          "; allow others with --units, or ignore units with --units off"};
}

}  // namespace energylens::search
