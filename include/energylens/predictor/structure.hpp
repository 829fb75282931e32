// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "energylens/core/number_text.hpp"
#include "energylens/core/unit.hpp"
#include "energylens/expr/expr.hpp"

namespace energylens::predictor {

/// A number of a structure that is fitted.
struct StructureConstant {
  std::string name;  ///< the parameter of Structure::formula
  Unit unit;
  bool per_group = true;     ///< each group has its own; else groups that are fitted together share it
  bool logarithmic = false;  ///< positive, and fitted by its logarithm
  double start = 1;          ///< where a fit begins
  /// Standard deviation of a belief that the constant (its logarithm, if logarithmic) is `start`, for
  /// constants that physics or published figures speak of. Unknown: believed up to what the rows say of all
  /// together.
  double sd = kUnknown;
};

/// A closed form of the energy (J) or time (s) of one wave on one replica, over tp, pp, batch, isl, osl, L,
/// weights_read and published figures of the model and the GPU (predictor::wave_inputs), whose constants are
/// still to be fitted.
struct Structure {
  std::string form;  ///< that was given to the search; "" if none was
  expr::Expr formula;
  std::optional<expr::Expr> prefill;  ///< the part of it that comes before decoding
  std::vector<StructureConstant> constants;
};

/// What a model of both targets is made of.
struct Structures {
  std::optional<Structure> energy, time;
  /// Constants of one name are one number, fitted to energies and times together. Every constant of `time` is
  /// then one of `energy`, too.
  bool joint = false;
};

}  // namespace energylens::predictor
