// SPDX-License-Identifier: Apache-2.0
// A checkpoint is read like any file of others: what no search writes is refused in one line.
#include <gmock/gmock.h>

#include <filesystem>

#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "search/evolve/checkpoint.hpp"
#include "search/samples.hpp"

namespace energylens::search {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class DamagedCheckpoint : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "energylens_damaged_" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    if (whole_text_.empty()) {
      search(problem(), options());
      whole_text_ = read_file(checkpoint_file(folder_));
    }
    std::filesystem::create_directories(folder_);
    text_ = whole_text_;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static Problem problem() { return sample_problem("2*x^0.7*y + 3/y", {{"x"}, {"y"}}, "1", 30, 0.02); }
  Options options() const {
    Options o = small_search(1500);
    o.islands = 2;
    o.loss = Loss::log_error;
    o.real_exponents = true;
    o.max_complexity = 20;
    o.checkpoint = folder_;
    o.checkpoint_every_s = 0;
    return o;
  }

  /// The message of a search that resumes from the text; "" if it runs.
  std::string refusal(const std::string& text) const {
    write_file(checkpoint_file(folder_), text);
    Options o = options();
    o.resume = true;
    try {
      search(problem(), o);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::bad_input);
      EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
      return error.what();
    }
    return "";
  }

  /// The text with what stands between `begin` and the next `end`, at its n-th occurrence, replaced.
  std::string with(const std::string& begin, const std::string& end, const std::string& put,
                   int nth = 0) const {
    std::size_t at = text_.find(begin);
    for (; nth > 0; --nth) at = text_.find(begin, at + 1);
    EXPECT_NE(at, text_.npos) << begin;
    at += begin.size();
    std::string out = text_;
    return out.replace(at, out.find(end, at) - at, put);
  }
  std::string with_tree(const std::string& tree) const { return with("\"tree\": \"", "\"", tree); }

  std::string folder_, text_;
  inline static std::string whole_text_;  ///< of one search for all cases of a process
};

TEST_F(DamagedCheckpoint, AWholeOneIsResumed) {
  EXPECT_EQ(refusal(text_), "");
}

TEST_F(DamagedCheckpoint, ATreeThatNoSearchMakesIsRefused) {
  std::string deep, wide = "1 900 ";
  for (int i = 0; i < 900; ++i) deep += "1 1 = 1 1 1 = 0 ", wide += "1 ~ 900 ";
  for (const std::string& tree : {std::string("1 1 1 ~ 1 0 1 = 77 "),
                                  std::string("1 1 1 ~ 1 0 1 = 2 "),
                                  std::string("1 1 1 ~ 1 0 1 = -1 "),
                                  std::string("1 1 1 ~ 1 2 1 = 200 1 1 = 1 0 1 = 0 0 "),
                                  std::string("1 1 1 ~ 1 2 1 = 0 0 0 "),
                                  std::string("1 1 1 ~ 1 1 1 = 0 0 0 "),
                                  std::string("1 1 1 ~ 1 7 1 = 0 "),
                                  std::string("2 1 1 ~ 0 0 "),
                                  std::string("0 "),
                                  std::string("1 0 "),
                                  std::string("1 1 1 ? 0 "),
                                  std::string("1 1 nan ~ 0 "),
                                  std::string("1 1 1e999 ~ 0 "),
                                  std::string("1 1 1 ~ 1 0 inf ~ 0 "),
                                  std::string("1 1.5 1 ~ 0 "),
                                  std::string("1 1 1 ~ 0 17 "),
                                  std::string("1000 1000 1000 "),
                                  std::string("1 999999999999999999999 "),
                                  std::string("1 ") + deep,
                                  wide,
                                  std::string("")})
    EXPECT_NE(refusal(with_tree(tree)), "") << tree.substr(0, 60);
}

TEST_F(DamagedCheckpoint, NumbersThatNoSearchWritesAreRefused) {
  EXPECT_THAT(refusal(with("\"coefficients\": [", "]", "")), HasSubstr("number of constants"));
  EXPECT_THAT(refusal(with("\"coefficients\": [", "]", "1, 2, 3, 4, 5, 6, 7")),
              HasSubstr("number of constants"));
  EXPECT_THAT(refusal(with("\"inner\": [", "]", "1, 2, 3, 4, 5, 6, 7")), HasSubstr("number of constants"));
  EXPECT_THAT(refusal(with("\"coefficients\": [", "]", "null")), HasSubstr("number of constants"));
  EXPECT_THAT(refusal(with("\"coefficients\": [", "]", "123456")), HasSubstr("loss"));
  for (const std::string wrong : {"-1", "1e300", "1000"})
    EXPECT_NE(refusal(with("\"complexity\": ", ",", wrong)), "") << wrong;
  for (const std::string wrong : {"-1", "null", "1e-30", "\"x\""})
    EXPECT_NE(refusal(with("\"loss\": ", ",", wrong)), "") << wrong;
  for (const std::string member : {"evaluations", "duplicates", "chapters", "seconds", "generation",
                                   "chapter_began", "idle_chapters", "seed_stage"})
    EXPECT_NE(refusal(with('"' + member + "\": ", ",", "-3")), "") << member;
  EXPECT_NE(refusal(with("\"idle_chapters\": ", ",", "99999999999")), "");
  EXPECT_NE(refusal(with("\"visited\": \"", "\"", "12")), "");
  EXPECT_NE(refusal(with("\"visited\": \"", "\"", "zzzzzzzzzzzzzzzz")), "");
  EXPECT_THAT(refusal(with("\"islands\": [", "\n ]", "")), HasSubstr("islands are missing"));
}

TEST_F(DamagedCheckpoint, ATextThatIsCutAnywhereIsRefused) {
  for (std::size_t size = 0; size + 2 < text_.size(); size += text_.size() / 60 + 1)
    EXPECT_NE(refusal(text_.substr(0, size)), "") << size;
}

TEST_F(DamagedCheckpoint, OneOfAnOlderProgramIsResumed) {
  std::string old = text_;
  for (const std::string member : {"seed_stage", "in_chapter", "generation", "chapter_began", "improved"}) {
    for (std::size_t at; (at = old.find('"' + member + "\": ")) != old.npos;)
      old.erase(at, old.find(',', at) + 1 - at);
  }
  for (std::size_t at; (at = old.find(",\n   \"visited\": \"")) != old.npos;)
    old.erase(at, old.find('"', at + 17) + 1 - at);
  ASSERT_THAT(old, Not(HasSubstr("visited")));
  EXPECT_EQ(refusal(old), "");
}

}  // namespace
}  // namespace energylens::search
