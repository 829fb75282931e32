// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/parametric/law_model.hpp"

namespace energylens::parametric {

/// A group as its published figures describe it.
struct Described {
  const table::GroupIdentity& identity;
  const predictor::Facts& facts;
};

/// What the parameters of `source` are multiplied by to stand for `target`, docs/method/transfer.md (14).
/// Exponents and shares of known size are kept: 1.
PriorSource moved_by_specifications(const Described& source, const Described& target, Metric metric,
                                    Form form = Form::job);

/// How many figures behind the ratio of each parameter are not known.
std::array<int, kParameters> unknown_figures(const Described& source, const Described& target, Metric metric,
                                             Form form = Form::job);

}  // namespace energylens::parametric
