// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "energylens/core/number_text.hpp"
#include "energylens/core/unit.hpp"
#include "energylens/expr/expr.hpp"

namespace energylens::predictor {

/// A constant of a structure, to be fitted.
struct StructureConstant {
  std::string name;  ///< the parameter of Structure::formula
  Unit unit;
  bool per_group = true;     ///< each group has its own; else shared by groups that are fitted together
  bool logarithmic = false;  ///< positive, and fitted by its logarithm
  double start = 1;          ///< where a fit begins
  /// Standard deviation of the prior around `start` (of the logarithm, if logarithmic), for constants that are known
  /// from physics or published figures. Unknown: the prior is centred on the values that fit the mean of the rows.
  double sd = kUnknown;
};

/// A closed form of the energy (J) or time (s) of one wave on one replica, over tp, pp, batch, isl, osl, L,
/// weights_read and published figures of the model and the GPU (predictor::wave_inputs), whose constants are
/// are not fitted yet.
struct Structure {
  std::string form;  ///< the form given to the search; "" if there was none
  expr::Expr formula;
  std::optional<expr::Expr> prefill;  ///< the part of it that comes before decoding
  std::vector<StructureConstant> constants;
};

/// The structures of a model of energy, time or both.
struct Structures {
  std::optional<Structure> energy, time;
  /// Constants of one name are one number, fitted to energies and times together. Every constant of `time` is
  /// then one of `energy`, too.
  bool joint = false;
};

}  // namespace energylens::predictor
