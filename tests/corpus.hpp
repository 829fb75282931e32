// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>

#include "core/file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace energylens {

using FuzzTarget = int(const std::uint8_t* data, std::size_t size);

/// Gives the fuzz target every file of a corpus, whole and cut short at every `step`th length up to 300 bytes
/// (0: whole only). Returns the number of files. The target aborts where a property fails.
inline std::size_t replay_corpus(const std::filesystem::path& folder, std::size_t step = 1,
                                 FuzzTarget& target = LLVMFuzzerTestOneInput) {
  constexpr std::size_t kLongestCut = 300;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path().filename().string());
    const std::string bytes = read_file(entry.path().string());
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    EXPECT_EQ(target(data, bytes.size()), 0);
    for (std::size_t length = 0; step > 0 && length < std::min(bytes.size(), kLongestCut); length += step) {
      EXPECT_EQ(target(data, length), 0);
    }
    ++files;
  }
  return files;
}

}  // namespace energylens
