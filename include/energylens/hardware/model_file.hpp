// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "energylens/hardware/catalogue.hpp"

namespace energylens::hardware {

/// What a file of a model says about it.
struct ModelFile {
  Model model;
  std::string quant;  ///< label of its weights; "" if the file does not state it
};

/// The model of a config.json (Hugging Face) or of a GGUF file; nothing if `name` is neither the path of an existing
/// file nor ends in .json or .gguf. Throws Error for a file that cannot be read, is damaged, or has an architecture whose
/// weights cannot be counted from it, naming the architecture.
std::optional<ModelFile> model_in_file(const std::string& name);

/// The model of a Hugging Face configuration; `file` names it in messages and, if the text does not, the model.
ModelFile hugging_face_model(std::string_view text, const std::string& file);
/// The model of a GGUF file, from its header and its list of tensors.
ModelFile gguf_model(const std::string& path);

}  // namespace energylens::hardware
