// SPDX-License-Identifier: Apache-2.0
// Replays the fuzzer's corpus: the target aborts where a property fails.
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>

#include "energylens/core/file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

TEST(Corpus, OfFormulasIsHandled) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ENERGYLENS_EXPR_CORPUS)) {
    SCOPED_TRACE(entry.path().filename().string());
    const std::string content = energylens::read_file(entry.path().string());
    EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(content.data()), content.size()),
              0);
    ++files;
  }
  EXPECT_GE(files, 10);
}

}  // namespace
