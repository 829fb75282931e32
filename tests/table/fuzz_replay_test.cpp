// SPDX-License-Identifier: Apache-2.0
// Replays the corpus of fuzz/table_fuzz.cpp.
#include "corpus.hpp"

namespace {

TEST(TableCorpus, NoFileBreaksTheReader) {
  EXPECT_GE(energylens::replay_corpus(ENERGYLENS_CORPUS "/table"), 12u);
}

}  // namespace
