// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "emit/targets.hpp"

namespace energylens::emit {

std::string promql_text(const Subject& subject);
std::string grafana_text(const Subject& subject);

}  // namespace energylens::emit
