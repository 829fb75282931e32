// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "energylens/hardware/catalogue.hpp"

namespace energylens::hardware {

/// The content of data/catalogue/gpus.json and models.json.
extern const std::string_view kBuiltinGpus;
extern const std::string_view kBuiltinModels;

struct Entries {
  std::vector<Gpu> gpus;
  std::vector<Model> models;
};

/// Reads `{"schema": "energylens-catalogue-1", "gpus": [...], "models": [...]}` (both lists optional). A
/// figure is a number, whose source is the "source" of the entry, or {"value": ..., "source": "..."}; without either
/// its source is `default_source`. Throws Error with its place: see Catalogue::with_user_file.
Entries read_entries(std::string_view text, const std::string& file, const std::string& default_source);

/// Lower case without '-', '_' and blanks, the form in which names are compared.
std::string folded_name(std::string_view name);

}  // namespace energylens::hardware
