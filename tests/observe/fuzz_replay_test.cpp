// SPDX-License-Identifier: Apache-2.0
// Replays the corpus of fuzz/observe_fuzz.cpp.
#include "corpus.hpp"

namespace {

TEST(ObserveCorpus, NoAnswerBreaksTheReader) {
  EXPECT_GE(energylens::replay_corpus(ENERGYLENS_CORPUS "/observe", 3), 2u);
}

}  // namespace
