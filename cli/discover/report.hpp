// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/search/search.hpp"

namespace energylens::cli {

/// "12,300 formulas, 2,100/s, 45 s left; 5: 31 %, 9: 12 %, 21: 4.4 %": complexities and errors of the front.
std::string status_text(const search::Status& status);

/// The front in a format: table, csv or json.
std::string report(const search::Front& front, const search::Problem& problem, const std::string& format);

}  // namespace energylens::cli
