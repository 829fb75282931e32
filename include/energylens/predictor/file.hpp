// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/io/json.hpp"
#include "energylens/predictor/group_context.hpp"

/// What the files of all kinds of models have in common.
namespace energylens::predictor {

inline constexpr std::string_view kFileFormat = "energylens-model";
inline constexpr int kFileVersion = 2;

/// The kind of a model file. Throws Error (bad input) for JSON that is not a model file or has another version.
const std::string& file_kind(const io::Json& json);

io::Json texts_json(const std::vector<std::string>& texts);
std::vector<std::string> texts_from(const io::Json& json);
io::Json capacities_json(const LayoutCapacities& capacities);
LayoutCapacities capacities_from(const io::Json& json);
/// The layout written as text. Throws Error at its place for any other text.
table::Layout layout_from(const io::Json& json);

/// Adds the members group, isl_known, facts, stated_capacity_tokens and domain.
void add_context(io::Json& object, const GroupContext& context);
GroupContext context_from(const io::Json& object);

}  // namespace energylens::predictor
