// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "parametric/structure/formula_rows.hpp"
#include "parametric/structure_model.hpp"

namespace energylens::parametric {

/// The programs of one structure.
struct CompiledTarget {
  explicit CompiledTarget(const predictor::Structure& structure)
      : whole(structure.formula, structure.constants) {
    if (structure.prefill) prefill.emplace(*structure.prefill, structure.constants);
  }
  FormulaPrograms whole;
  std::optional<FormulaPrograms> prefill;
};

struct StructureModel::Compiled {
  std::optional<CompiledTarget> energy, time;
};

}  // namespace energylens::parametric
