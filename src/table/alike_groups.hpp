// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <vector>

#include "energylens/table/group.hpp"

namespace energylens::table {

/// Warnings about groups that are probably one: they differ in a single key column, by capital letters, a slip, the patch
/// version of the engine, or because one of them leaves the column blank. The first few pairs, then how many more.
std::vector<std::string> alike_groups(std::span<const Group> groups);

}  // namespace energylens::table
