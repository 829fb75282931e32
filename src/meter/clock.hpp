// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/meter/recorder.hpp"

namespace energylens::meter {

/// A reading of nothing yet, with both clocks of this moment.
Reading reading_now();

}  // namespace energylens::meter
