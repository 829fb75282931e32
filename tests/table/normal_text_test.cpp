// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string_view>

#include "energylens/table/group.hpp"

namespace energylens::table {
namespace {

bool same(Column column, std::string_view a, std::string_view b) {
  return normal_text(column, a) == normal_text(column, b);
}

TEST(NormalText, SpellingsThatMeanTheSameAreEqual) {
  EXPECT_TRUE(same(Column::quant, "bfloat16", "bf16"));
  EXPECT_TRUE(same(Column::quant, "BF16", "torch.bfloat16"));
  EXPECT_TRUE(same(Column::quant, "float16", "FP16"));
  EXPECT_TRUE(same(Column::quant, "half", "fp-16"));
  EXPECT_TRUE(same(Column::kv_dtype, "fp8_e4m3", "FP8-E4M3"));
  EXPECT_TRUE(same(Column::engine, "vLLM", "vllm"));
  EXPECT_TRUE(same(Column::engine, "TensorRT-LLM", "trtllm"));
  EXPECT_TRUE(same(Column::engine_version, "v0.6.1", "0.6.1"));
  EXPECT_TRUE(same(Column::gpu, "NVIDIA H100 80GB HBM3", "H100-80GB-HBM3"));
  EXPECT_TRUE(same(Column::interconnect, "NVLink", "nvlink"));
  EXPECT_TRUE(same(Column::model, "Llama  3 70B ", "Llama 3 70B"));
}

TEST(NormalText, OthersAreNot) {
  EXPECT_FALSE(same(Column::quant, "fp16", "bf16"));
  EXPECT_FALSE(same(Column::quant, "fp8", "int8"));
  EXPECT_FALSE(same(Column::engine_version, "0.6.1", "0.6.2"));
  EXPECT_FALSE(same(Column::gpu, "H100-80GB-SXM", "H100-80GB-PCIe"));
  EXPECT_FALSE(same(Column::model, "Llama-3-70B", "Llama-3-8B"));
  EXPECT_FALSE(same(Column::model, "llama-3-70b", "Llama-3-70B")) << "warned of, not merged";
  EXPECT_FALSE(same(Column::workload, "Chat", "chat"));
  EXPECT_EQ(normal_text(Column::engine_version, "v"), "v");
  EXPECT_EQ(normal_text(Column::gpu, "Intel"), "intel");
}

TEST(NormalText, GroupsAreToldApartByIt) {
  const Table table = parse_csv(
      "model,engine,quant,batch,total_energy_j\nA,vLLM,bf16,1,10\nA,vllm,bfloat16,2,20\nA ,vLLM,BF16,4,30\n"
      "A,vLLM,bf16,8,40\nA,SGLang,bf16,1,10\n",
      "t.csv");
  const std::vector<Group> all = groups(table);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].rows.size(), 4u);
  EXPECT_EQ(all[1].identity.text(), "A, vLLM, bf16") << "the commonest spelling";
}

TEST(NormalText, ConditionsCompareByIt) {
  const Table table = parse_csv(
      "gpu,quant,batch,total_energy_j\nH100 SXM,bfloat16,1,10\nH100-SXM,bf16,2,20\n,,3,30\n", "t.csv");
  const auto rows = [&](const char* text) { return where(table, std::vector{parse_condition(text)}).rows(); };
  EXPECT_EQ(rows("quant=bf16"), 2u);
  EXPECT_EQ(rows("gpu=h100sxm"), 2u);
  EXPECT_EQ(rows("quant="), 1u);
  EXPECT_EQ(rows("gpu!=A100"), 2u);
}

}  // namespace
}  // namespace energylens::table
