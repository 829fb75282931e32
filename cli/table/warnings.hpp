// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "energylens/table/group.hpp"

namespace energylens::cli {

/// Warns of what a fit would lack: output tokens, energies, and energies of all GPUs.
void warn_of_gaps(const std::vector<table::Group>& groups);

}  // namespace energylens::cli
