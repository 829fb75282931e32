// SPDX-License-Identifier: Apache-2.0
// Replays the corpus of fuzz/campaign_fuzz.cpp.
#include "corpus.hpp"

namespace {

TEST(CampaignCorpus, NoTextBreaksPlansJournalsOrReplies) {
  EXPECT_GE(energylens::replay_corpus(ENERGYLENS_CORPUS "/campaign", 3), 12u);
}

}  // namespace
