// SPDX-License-Identifier: Apache-2.0
// Replays the corpus of fuzz/meter_fuzz.cpp.
#include "corpus.hpp"

namespace {

TEST(MeterCorpus, NoFileBreaksTheReaders) {
  EXPECT_GE(energylens::replay_corpus(ENERGYLENS_CORPUS "/meter"), 12u);
}

}  // namespace
