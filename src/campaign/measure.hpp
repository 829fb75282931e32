// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "campaign/driver.hpp"
#include "campaign/energy.hpp"
#include "energylens/campaign/schedule.hpp"

namespace energylens::campaign {

/// Power of a loaded deployment that has nothing to do, W; unknown with a reason where that cannot be told.
struct Idle {
  double watts = kUnknown;
  std::string problem;
};
Idle measure_idle(const Context& context, const Deployment& deployment);

/// Makes one measurement: warm-up, windows, row. What goes wrong is a reason in the record, never an
/// exception, but for Error (cancelled).
Record measure(const Context& context, Driver& driver, const Run& run, const Idle& idle);

/// Which of the meters' devices do the work of the deployment.
Selection selection_for(std::span<const meter::NamedMeter> meters, const table::Layout& layout);

}  // namespace energylens::campaign
