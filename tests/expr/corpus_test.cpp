// SPDX-License-Identifier: Apache-2.0
// Replays the corpus of fuzz/expr_fuzz.cpp.
#include "corpus.hpp"

namespace {

TEST(Corpus, OfFormulasIsHandled) {
  EXPECT_GE(energylens::replay_corpus(ENERGYLENS_EXPR_CORPUS, 0), 10u);
}

}  // namespace
