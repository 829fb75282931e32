// SPDX-License-Identifier: Apache-2.0
// Replays the corpus of fuzz/json_fuzz.cpp.
#include "corpus.hpp"

namespace {

TEST(JsonCorpus, NoFileBreaksTheReader) {
  EXPECT_GE(energylens::replay_corpus(ENERGYLENS_CORPUS "/json"), 8u);
}

}  // namespace
