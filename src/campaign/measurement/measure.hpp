// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "campaign/measurement/idle.hpp"
#include "campaign/schedule.hpp"
#include "campaign/serving/driver.hpp"

namespace energylens::campaign {

/// A running deployment, and its idle power.
struct Station {
  std::unique_ptr<Driver> driver;
  Idle idle;
};

/// Makes one measurement: warm-up, windows, row. A failure is a reason in the record, never an exception,
/// except Error (cancelled). Requires: a driver.
Record measure(const Context& context, Station& station, const Run& run);

}  // namespace energylens::campaign
