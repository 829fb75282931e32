// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/table/row.hpp"

namespace energylens::table {

/// Fills in the unknown results of one measurement that follow exactly from the known ones.
void derive(Results& results, const Load& load);

}  // namespace energylens::table
