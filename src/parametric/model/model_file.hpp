// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

#include "energylens/io/json.hpp"
#include "energylens/parametric/model.hpp"

// What the files of all forms have in common. law_file.cpp and structure_file.cpp add what is theirs.
namespace energylens::parametric {

/// The head of a model file; `groups` is added at its end, after what the form writes.
io::Json file_head(std::string_view kind, const FitRecord& record);
FitRecord record_from(const io::Json& json);

/// The members that every fit of one metric has: covariance, residual_sd, mape, rows, degrees_of_freedom,
/// effective_parameters. Throws Error at the member that does not fit `parameters` numbers.
void read_fit(const io::Json& json, std::size_t parameters, TargetFit& fit);

/// Throws Error where no configuration at the edges of the domain of a group has a plausible energy or time: numbers that
/// pass one by one can be nonsense together.
void require_answers(const Model& model, const io::Json& json);

/// The groups of a file. Throws Error where there is none.
std::span<const io::Json> groups_of(const io::Json& json);

}  // namespace energylens::parametric
