// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/parametric/model.hpp"
#include "energylens/parametric/structure_model.hpp"
#include "energylens/residual/corrected.hpp"

namespace energylens::residual {

std::shared_ptr<const Formula> formula_of(std::shared_ptr<const law::Model> law);
std::shared_ptr<const Formula> formula_of(std::shared_ptr<const discovered::Model> found);

}  // namespace energylens::residual
