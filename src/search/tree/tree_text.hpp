// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "search/tree/tree.hpp"

namespace energylens::search {

/// A tree as text, for checkpoints: numbers are exact.
std::string tree_text(const Tree& tree);
/// Reads tree_text(). Throws Error (bad input) for any other text.
Tree parse_tree(const std::string& text);

}  // namespace energylens::search
