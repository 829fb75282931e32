// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/model/frame.hpp"
#include "energylens/wire/json.hpp"

/// What all model files have in common, whatever the kind of model.
namespace energylens::model {

inline constexpr std::string_view kFileFormat = "energylens-model";
inline constexpr int kFileVersion = 2;

/// The kind that a model file states. Throws Error (bad input) for JSON that is no model file, or one of
/// another version.
const std::string& file_kind(const wire::Json& json);

wire::Json texts_json(const std::vector<std::string>& texts);
std::vector<std::string> texts_from(const wire::Json& json);
wire::Json capacities_json(const LayoutCapacities& capacities);
LayoutCapacities capacities_from(const wire::Json& json);
/// The layout that a text spells; a refusal names its place.
table::Layout layout_from(const wire::Json& json);

/// Adds the members group, isl_known, facts, stated_capacity_tokens and domain.
void add_frame(wire::Json& object, const Frame& frame);
Frame frame_from(const wire::Json& object);

}  // namespace energylens::model
