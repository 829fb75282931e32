// SPDX-License-Identifier: Apache-2.0
// A search that was interrupted and resumed gives the same front as one that was not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "search/evolve/checkpoint.hpp"
#include "search/samples.hpp"

namespace energylens::search {
namespace {

class Resume : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "energylens_search_" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static Problem problem() { return sample_problem("2*x^0.7*y + 3/y", {{"x"}, {"y"}}, "1", 30, 0.02); }

  Options options(std::uint64_t evaluations) const {
    Options o = small_search(evaluations);
    o.islands = 2;
    o.loss = Loss::log_error;
    o.real_exponents = true;
    o.max_complexity = 20;
    o.checkpoint = folder_;
    o.checkpoint_every_s = 0;
    return o;
  }

  std::string refusal(const Problem& p, const Options& o) const {
    try {
      search(p, o);
    } catch (const Error& error) {
      return error.message();
    }
    return "";
  }

  std::string folder_;
};

TEST_F(Resume, GivesTheSameFrontAfterAKill) {
  Options whole = options(8500);
  whole.checkpoint.clear();
  const std::string expected = front_json(search(problem(), whole), problem());

  // Stopped in the middle of a cycle: the file has the state at its beginning.
  CancelToken cancel;
  Options first = options(8500);
  first.cancel = &cancel;
  first.watch_every_s = 0;
  first.watch = [&](const Status& status) {
    if (status.evaluations > 5000) cancel.cancel();
  };
  EXPECT_EQ(search(problem(), first).why, Ended::cancelled);
  ASSERT_TRUE(std::filesystem::exists(checkpoint_file(folder_)));

  Options second = options(8500);
  second.resume = true;
  second.threads = 1;
  EXPECT_EQ(front_json(search(problem(), second), problem()), expected);
}

/// Stopped again and again, at every state that it keeps, the search takes the same way.
TEST_F(Resume, GivesTheSameFrontAfterManyKills) {
  Options whole = options(30000);
  whole.max_complexity = 12;  // few formulas, so that islands become idle and are emptied
  whole.checkpoint.clear();
  const Front expected = search(problem(), whole);

  Front found;
  int kills = 0;
  for (bool done = false; !done; ++kills) {
    CancelToken cancel;
    Options part = options(30000);
    part.max_complexity = 12;
    part.resume = true;
    part.cancel = &cancel;
    part.watch_every_s = 0;
    int generations = 0;
    part.watch = [&](const Status& status) {
      // The second one is lost. The local search at the end, from 29,063 on, is repeated.
      if (++generations == 2 && status.evaluations < 28000) cancel.cancel();
    };
    found = search(problem(), part);
    done = found.why != Ended::cancelled;
    ASSERT_LT(kills, 500) << "kills stop all progress";
  }
  EXPECT_GT(kills, 20);
  EXPECT_EQ(found.evaluations, expected.evaluations);
  EXPECT_EQ(front_json(found, problem()), front_json(expected, problem()));
}

TEST_F(Resume, TwoSearchesDoNotShareAFolder) {
  Options first = options(3000);
  first.watch_every_s = 0;
  std::string second;
  first.watch = [&](const Status&) {
    if (!second.empty()) return;
    Options other = options(400);
    other.resume = true;
    second = refusal(problem(), other);
  };
  search(problem(), first);
  EXPECT_THAT(second, testing::HasSubstr("is used by another search"));
  Options later = options(3000);
  later.resume = true;
  EXPECT_EQ(refusal(problem(), later), "") << "the lock ends with the search";
}

TEST_F(Resume, BeginsAnewWhereThereIsNoCheckpoint) {
  Options o = options(200);
  o.resume = true;
  EXPECT_FALSE(search(problem(), o).formulas.empty());
}

TEST_F(Resume, RefusesForeignCheckpoints) {
  search(problem(), options(400));
  Options o = options(400);
  o.resume = true;
  Problem other = problem();
  other.target[0] *= 1.01;
  EXPECT_EQ(refusal(other, o), "this checkpoint belongs to other data");
  Options different = o;
  different.seed = 9;
  EXPECT_EQ(refusal(problem(), different), "this checkpoint belongs to a search with other options");
  std::string text = read_file(checkpoint_file(folder_));
  const std::string version = "\"version\": 1";
  text.replace(text.find(version), version.size(), "\"version\": 9");
  write_file(checkpoint_file(folder_), text);
  EXPECT_EQ(refusal(problem(), o), "this checkpoint was written by another version of energylens");
  write_file(checkpoint_file(folder_), text.substr(0, text.size() / 2));
  EXPECT_NE(refusal(problem(), o), "");
}

TEST_F(Resume, AFolderThatCannotBeWrittenIsNamed) {
  std::filesystem::create_directories(folder_);
  std::ofstream(folder_ + "/file") << "x";
  Options o = options(400);
  o.checkpoint = folder_ + "/file/below";
  EXPECT_THAT(refusal(problem(), o), testing::HasSubstr("cannot write"));
}

}  // namespace
}  // namespace energylens::search
