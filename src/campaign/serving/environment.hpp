// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "campaign/serving/context.hpp"
#include "energylens/io/json.hpp"

namespace energylens::campaign {

/// The machine as it is now: host, kernel, processors, meters and their devices, and of each GPU what
/// nvidia-smi reports (driver, power limit, clocks, temperature). Unknown facts are null.
io::Json environment_json(const Context& context);

/// The answer of `nvidia-smi --query-gpu=... --format=csv,noheader,nounits` as objects of these names.
io::Json parse_smi(std::string_view text, std::span<const std::string_view> names);

}  // namespace energylens::campaign
