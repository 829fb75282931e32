// SPDX-License-Identifier: Apache-2.0
// Replays the corpus of fuzz/sse_fuzz.cpp.
#include "corpus.hpp"

namespace {

TEST(SseCorpus, NoStreamBreaksTheReader) {
  EXPECT_GE(energylens::replay_corpus(ENERGYLENS_CORPUS "/sse"), 8u);
}

}  // namespace
