// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/choose/choose.hpp"
#include "energylens/hardware/catalogue.hpp"
#include "energylens/table/group.hpp"

namespace energylens::cli {

/// How to start a configuration: the commands, manifest or script of `target`, for the model of the group.
std::string launch_text(const std::string& target, const choose::Configuration& best,
                        const choose::Question& question, const table::GroupIdentity& group,
                        const hardware::Catalogue& catalogue);

}  // namespace energylens::cli
