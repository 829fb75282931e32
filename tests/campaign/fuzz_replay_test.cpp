// SPDX-License-Identifier: Apache-2.0
// Replays the corpora of fuzz/campaign_fuzz.cpp, fuzz/journal_fuzz.cpp and fuzz/child_fuzz.cpp.
#include "corpus.hpp"

extern "C" energylens::FuzzTarget fuzz_journal, fuzz_child;  // so named by CMakeLists.txt

namespace {

TEST(CampaignCorpus, NoTextBreaksPlansOrLogs) {
  EXPECT_GE(energylens::replay_corpus(ENERGYLENS_CORPUS "/campaign", 3), 12u);
}

TEST(CampaignCorpus, NoTextBreaksJournals) {
  EXPECT_GE(energylens::replay_corpus(ENERGYLENS_CORPUS "/journal", 3, fuzz_journal), 5u);
}

TEST(CampaignCorpus, NoLineOfAChildBreaksItsDriver) {
  EXPECT_GE(energylens::replay_corpus(ENERGYLENS_CORPUS "/child", 1, fuzz_child), 5u);
}

}  // namespace
