// SPDX-License-Identifier: Apache-2.0
// Replays the corpus of fuzz/foreign_fuzz.cpp, each file whole and cut short at every seventh length up to
// 300 bytes: each is read by every format.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>

#include "energylens/core/file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

TEST(ForeignCorpus, NoFileBreaksTheImporters) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ENERGYLENS_CORPUS "/foreign")) {
    SCOPED_TRACE(entry.path().filename().string());
    const std::string bytes = energylens::read_file(entry.path().string());
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    EXPECT_EQ(LLVMFuzzerTestOneInput(data, bytes.size()), 0);
    for (std::size_t length = 0; length < std::min<std::size_t>(bytes.size(), 300); length += 7) {
      EXPECT_EQ(LLVMFuzzerTestOneInput(data, length), 0);
    }
    ++files;
  }
  EXPECT_GE(files, 10u);
}

}  // namespace
