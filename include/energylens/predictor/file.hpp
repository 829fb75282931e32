// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/io/json.hpp"
#include "energylens/predictor/frame.hpp"

/// What all model files have in common, whatever the kind of model.
namespace energylens::predictor {

inline constexpr std::string_view kFileFormat = "energylens-model";
inline constexpr int kFileVersion = 2;

/// The kind that a model file states. Throws Error (bad input) for JSON that is no model file, or one of
/// another version.
const std::string& file_kind(const io::Json& json);

io::Json texts_json(const std::vector<std::string>& texts);
std::vector<std::string> texts_from(const io::Json& json);
io::Json capacities_json(const LayoutCapacities& capacities);
LayoutCapacities capacities_from(const io::Json& json);
/// The layout that a text spells; a refusal names its place.
table::Layout layout_from(const io::Json& json);

/// Adds the members group, isl_known, facts, stated_capacity_tokens and domain.
void add_frame(io::Json& object, const Frame& frame);
Frame frame_from(const io::Json& object);

}  // namespace energylens::predictor
