// SPDX-License-Identifier: Apache-2.0
#include "cli/library/file.hpp"

#include "core/file.hpp"

namespace energylens::cli {

library::Library library_of(const std::string& file) {
  return file.empty() ? library::Library::builtin() : library::Library::from_text(read_file(file), file);
}

}  // namespace energylens::cli
