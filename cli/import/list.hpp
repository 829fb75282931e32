// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>

namespace energylens::cli {

/// The formats that `import` reads; of named formats their fields: how each is used, its column and meaning. As text, or as
/// JSON. Throws Error (usage) for an unknown name.
std::string format_list(std::span<const std::string> names, bool as_json);

}  // namespace energylens::cli
