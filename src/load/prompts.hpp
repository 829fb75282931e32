// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace energylens::load {

/// `count` tokens from 100 to `vocabulary` - 1. No two seeds share a beginning, so that no prefix cache
/// answers.
std::vector<int> random_tokens(std::uint64_t seed, int count, int vocabulary);

/// `count` short English words, most of them one token each.
std::string random_words(std::uint64_t seed, int count);

}  // namespace energylens::load
