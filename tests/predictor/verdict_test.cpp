// SPDX-License-Identifier: Apache-2.0
#include "energylens/predictor/verdict.hpp"

#include <gtest/gtest.h>

#include "energylens/core/error.hpp"
#include "energylens/io/json.hpp"
#include "energylens/predictor/file.hpp"

namespace energylens::predictor {
namespace {

TEST(Verdict, GradesReadBackFromTheirText) {
  for (const Grade grade : {Grade::good, Grade::usable, Grade::do_not_use})
    EXPECT_EQ(grade_named(grade_text(grade)), grade);
  EXPECT_EQ(grade_named("fine"), std::nullopt);
}

TEST(Verdict, TextNamesTheReasons) {
  EXPECT_EQ(verdict_text({Grade::do_not_use, {"a", "b"}}), "do not use: a; b");
  EXPECT_EQ(verdict_text({Grade::good, {}}), "good");
}

GroupContext read_back(const GroupContext& context) {
  io::Json json = io::Json::object();
  add_context(json, context);
  return context_from(io::parse_json(io::print_json(json), "model.json"));
}

TEST(Verdict, ModelFilesKeepItAndTheMeasuredRows) {
  GroupContext context;
  context.measured_rows = 0;
  context.verdict = Verdict{Grade::usable, {"only 3 rows"}};
  const GroupContext back = read_back(context);
  EXPECT_EQ(back.measured_rows, 0u);
  ASSERT_TRUE(back.verdict);
  EXPECT_EQ(verdict_text(*back.verdict), "usable: only 3 rows");
  EXPECT_FALSE(read_back({}).verdict);
  EXPECT_FALSE(read_back({}).measured_rows);
}

TEST(Verdict, FilesOfEarlierVersionsStateNone) {
  io::Json json = io::Json::object();
  add_context(json, {});
  io::Json older = io::Json::object();
  for (const io::Json::Member& member : json.members()) {
    if (member.name != "verdict" && member.name != "measured_rows") older[member.name] = member.value;
  }
  const GroupContext context = context_from(older);
  EXPECT_FALSE(context.verdict);
  EXPECT_FALSE(context.measured_rows);
}

TEST(Verdict, AnUnknownGradeIsRefused) {
  io::Json json = io::Json::object();
  add_context(json, {});
  json["verdict"] = io::Json::object({{"grade", "fine"}, {"reasons", io::Json::array()}});
  EXPECT_THROW(context_from(json), Error);
}

}  // namespace
}  // namespace energylens::predictor
