// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace energylens::library {

/// The text of data/library/library.json.
extern const std::string_view kBuiltinLibrary;

}  // namespace energylens::library
