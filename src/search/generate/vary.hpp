// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/core/rng.hpp"
#include "search/tree/vocabulary.hpp"

namespace energylens::search {

/// A changed copy of a tree, well typed, not canonical. `mate` lends pieces.
Tree varied(const Tree& tree, const Tree& mate, const Vocabulary& vocabulary, Rng& rng);

}  // namespace energylens::search
