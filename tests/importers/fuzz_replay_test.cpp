// SPDX-License-Identifier: Apache-2.0
// Replays the corpus of fuzz/importers_fuzz.cpp: each file is read by every format.
#include "corpus.hpp"

namespace {

TEST(ForeignCorpus, NoFileBreaksTheImporters) {
  EXPECT_GE(energylens::replay_corpus(ENERGYLENS_CORPUS "/importers", 7), 10u);
}

}  // namespace
