// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "powercap/file.hpp"

namespace energylens::cli {

/// Groups that differ in their power limit alone become one, with a warning; `curves` receives how each GPU follows
/// its limit.
std::vector<table::Group> join_power_limits(std::vector<table::Group> groups,
                                            const hardware::Catalogue& catalogue,
                                            std::vector<powercap::GpuCurve>& curves);

/// The same without the curves.
std::vector<table::Group> join_power_limits(std::vector<table::Group> groups,
                                            const hardware::Catalogue& catalogue);

/// A model file with the curves.
std::string model_text(const std::string& model, const std::vector<powercap::GpuCurve>& curves);

/// The curves for people; "" if there are none.
std::string power_caps_text(const std::vector<powercap::GpuCurve>& curves);

}  // namespace energylens::cli
