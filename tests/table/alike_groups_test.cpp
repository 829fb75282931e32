// SPDX-License-Identifier: Apache-2.0
#include "table/alike_groups.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace energylens::table {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> found(const std::string& column, const std::vector<std::string>& values) {
  std::string csv = "batch,total_energy_j," + column + '\n';
  for (const std::string& value : values) csv += "1,10," + value + '\n';
  return alike_groups(groups(parse_csv(csv, "t.csv")));
}

TEST(AlikeGroups, PatchVersionsAreNamed) {
  EXPECT_THAT(found("engine_version", {"0.6.1", "0.6.3.post1"}),
              ElementsAre("groups that differ in the patch version of the engine only: 0.6.1 (t.csv:2) and "
                          "0.6.3.post1 (t.csv:3)"));
  EXPECT_THAT(found("engine_version", {"0.6", "0.6.0"}), SizeIs(1));
  EXPECT_THAT(found("engine_version", {"0.6.1", "0.7.1"}), IsEmpty());
  EXPECT_THAT(found("engine_version", {"nightly", "main"}), IsEmpty());
}

TEST(AlikeGroups, SpellingsAreNamed) {
  EXPECT_THAT(found("model", {"Llama-3-70B", "llama-3-70b"}), ElementsAre(HasSubstr("capital letters only")));
  EXPECT_THAT(found("model", {"meta-llama/Llama-3-70B", "Llama-3-70B"}),
              ElementsAre(HasSubstr("the spelling of model only")));
  EXPECT_THAT(found("model", {"Llama 3 70B", "Llama-3-70B"}), SizeIs(1));
  EXPECT_THAT(found("model", {"Mixtral-8x7B", "Mixtrl-8x7B"}), SizeIs(1));
  EXPECT_THAT(found("gpu", {"H100", "H100-SXM"}), ElementsAre(HasSubstr("how precisely they state gpu")));
  EXPECT_THAT(found("quant", {"fp8", "fp8_e4m3"}), SizeIs(1));
}

TEST(AlikeGroups, OtherThingsAreNot) {
  EXPECT_THAT(found("model", {"Llama-3-70B", "Llama-3-8B"}), IsEmpty());
  EXPECT_THAT(found("model", {"Llama-3-70B", "Llama-2-70B"}), IsEmpty());
  EXPECT_THAT(found("gpu", {"A100-40GB", "A100-80GB", "H100"}), IsEmpty());
  EXPECT_THAT(found("gpu", {"L40", "L40S"}), SizeIs(1)) << "a question, not a refusal";
  EXPECT_THAT(found("gpu", {"A100-80GB-SXM", "H100-80GB-SXM"}), IsEmpty());
  EXPECT_THAT(found("quant", {"fp16", "bf16", "int8"}), IsEmpty());
  EXPECT_THAT(found("quant", {"W4A16", "W4A16KV8"}), IsEmpty());
  EXPECT_THAT(found("role", {"prefill", "decode"}), IsEmpty());
}

TEST(AlikeGroups, ABlankBesideAValueIsNamed) {
  EXPECT_THAT(found("engine", {"vLLM", ""}), ElementsAre(HasSubstr("a blank engine only")));
  EXPECT_THAT(found("power_limit_w", {"", "700"}), ElementsAre(HasSubstr("a blank power_limit_w only")));
  EXPECT_THAT(found("power_limit_w", {"699", "700"}), ElementsAre(HasSubstr("by less than 2 %")));
  EXPECT_THAT(found("power_limit_w", {"400", "700"}), IsEmpty());
}

TEST(AlikeGroups, GroupsThatDifferInMoreThanOneColumnAreNot) {
  const Table table =
      parse_csv("model,gpu,batch,total_energy_j\na-model,H100,1,10\nA-model,A100,1,10\n", "t.csv");
  EXPECT_THAT(alike_groups(groups(table)), IsEmpty());
}

TEST(AlikeGroups, ManyPairsAreCounted) {
  std::vector<std::string> versions;
  for (int i = 0; i < 9; ++i) versions.push_back("1.2." + std::to_string(i));
  const std::vector<std::string> lines = found("engine_version", versions);
  ASSERT_EQ(lines.size(), 6u);
  EXPECT_EQ(lines.back(), "3 more pairs of groups differ as little");
}

}  // namespace
}  // namespace energylens::table
