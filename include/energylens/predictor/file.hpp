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

/// Limits of what files hold: a model file is text that people edit, and figures beyond these give nonsense that looks
/// like an answer.
inline constexpr Range kTokensInFile{1, 1e15}, kLogSdInFile{0, 100};

/// The member `name`, which lies within the range. Throws Error (bad input) at its place. The second: missing or null
/// is kUnknown.
double number_in(const io::Json& object, std::string_view name, const Range& range);
double number_in_or_unknown(const io::Json& object, std::string_view name, const Range& range);

io::Json texts_json(const std::vector<std::string>& texts);
std::vector<std::string> texts_from(const io::Json& json);
io::Json capacities_json(const LayoutCapacities& capacities);
LayoutCapacities capacities_from(const io::Json& json);
/// The layout written as text. Throws Error at its place for any other text.
table::Layout layout_from(const io::Json& json);

/// Adds the members group, isl_known, facts, stated_capacity_tokens and domain.
void add_context(io::Json& object, const GroupContext& context);
GroupContext context_from(const io::Json& object);
/// The same for files that leave the facts to the catalogue.
GroupContext context_without_facts_from(const io::Json& object);

}  // namespace energylens::predictor
