// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "energylens/hardware/catalogue.hpp"

namespace energylens::hardware {
namespace {

struct Label {
  const char* text;
  double weight;  ///< bytes
  double kv;      ///< bytes
  const char* compute;
};

class Labels : public testing::TestWithParam<Label> {};

TEST_P(Labels, AreRead) {
  const Label& label = GetParam();
  EXPECT_DOUBLE_EQ(bytes_per_weight(label.text), label.weight);
  EXPECT_DOUBLE_EQ(bytes_per_kv_element("", label.text), label.kv);
  EXPECT_EQ(compute_type(label.text), label.compute);
}

INSTANTIATE_TEST_SUITE_P(
    Quantisation, Labels,
    testing::Values(Label{"FP16", 2, 2, "fp16"}, Label{"fp8", 1, 2, "fp8"}, Label{"bfloat16", 2, 2, "bf16"},
                    Label{"bf16?", 2, 2, "bf16"}, Label{"bf16 (default)", 2, 2, "bf16"},
                    Label{"bf16/fp16 (model default)", 2, 2, "bf16"}, Label{"fp32", 4, 4, "fp32"},
                    Label{"int8(bnb)", 1, 2, "int8"}, Label{"int4(bnb)", 4.125 / 8, 2, "fp16"},
                    Label{"W4A16KV8", 4.125 / 8, 1, "fp16"}, Label{"W4A16KV8G128", 4.125 / 8, 1, "fp16"},
                    Label{"W4A16KV8G64", 4.25 / 8, 1, "fp16"}, Label{"W8A8", 1, 2, "int8"},
                    Label{"w4a16", 4.125 / 8, 2, "fp16"}, Label{"mxfp4", 4.25 / 8, 2, "bf16"},
                    Label{"NVFP4", 4.5 / 8, 2, "fp4"}, Label{"f16", 2, 2, "fp16"},
                    Label{"q8_0", 8.5 / 8, 2, "fp16"}, Label{"q4_K_M", 4.8944 / 8, 2, "fp16"},
                    Label{"q2_K", 3.1593 / 8, 2, "fp16"}));

TEST(Quantisation, UnknownLabelsAreUnknown) {
  for (const char* label : {"", "best", "fp17", "fp168", "W4", "W4A16X", "wa", "w0a16", "8bit", "AutoFP8"}) {
    EXPECT_FALSE(known(bytes_per_weight(label))) << label;
    EXPECT_EQ(compute_type(label), "") << label;
  }
}

TEST(Quantisation, KvTypeWins) {
  EXPECT_EQ(bytes_per_kv_element("fp8", "fp16"), 1);
  EXPECT_EQ(bytes_per_kv_element("fp8_e4m3", "W4A16KV4"), 1);
  EXPECT_EQ(bytes_per_kv_element("auto", "W4A16KV8"), 1);
  EXPECT_EQ(bytes_per_kv_element("", "unheard of"), 2);
  EXPECT_FALSE(known(bytes_per_kv_element("unheard of", "fp16")));
}

}  // namespace
}  // namespace energylens::hardware
