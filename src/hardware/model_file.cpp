// SPDX-License-Identifier: Apache-2.0
// Held by model_file_test.cpp.
#include "energylens/hardware/model_file.hpp"

#include <filesystem>
#include <fstream>

#include "core/file.hpp"

namespace energylens::hardware {

std::optional<ModelFile> model_in_file(const std::string& name) {
  std::error_code error;
  const bool exists = std::filesystem::is_regular_file(name, error);
  if (!exists && !name.ends_with(".json") && !name.ends_with(".gguf")) return std::nullopt;
  char magic[4] = {};
  std::ifstream(name, std::ios::binary).read(magic, sizeof magic);
  if (std::string_view(magic, sizeof magic) == "GGUF" || name.ends_with(".gguf")) return gguf_model(name);
  return hugging_face_model(read_file(name), name);
}

}  // namespace energylens::hardware
