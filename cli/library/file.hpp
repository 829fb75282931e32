// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/library/library.hpp"

namespace energylens::cli {

/// The library in a file, or that of the program if `file` is blank.
library::Library library_of(const std::string& file);

}  // namespace energylens::cli
