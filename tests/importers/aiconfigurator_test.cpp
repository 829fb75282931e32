// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "importers/files.hpp"

namespace energylens::importers {
namespace {

using table::Column;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kGemm =
    "framework,version,device,op_name,kernel_source,gemm_dtype,m,n,k,latency,power,power_limit\n"
    "VLLM,1.0,Toy GPU,gemm,cublas,fp8,64,4096,1024,2.5,400,700\n"
    "VLLM,1.0,Toy GPU,gemm,cublas,fp8,128,4096,1024,5,0,700\n";

class Aiconfigurator : public Files {};

TEST_F(Aiconfigurator, ALineIsOneCallOfAnOperator) {
  const Imported imported = import("aiconfigurator", of(put("gemm.csv", kGemm)));
  EXPECT_THAT(warnings(imported), ElementsAre("gemm.csv: ignored 1 line without power"));
  ASSERT_EQ(imported.table.rows(), 1u);
  EXPECT_EQ(imported.table.text(Column::model, 0), "gemm");
  EXPECT_EQ(imported.table.text(Column::gpu, 0), "Toy GPU");
  EXPECT_EQ(imported.table.text(Column::quant, 0), "fp8");
  EXPECT_EQ(imported.table.text(Column::workload, 0), "cublas gemm_dtype=fp8 n=4096 k=1024");
  EXPECT_EQ(number(imported, Column::batch), 64);
  EXPECT_EQ(number(imported, Column::total_time_s), 0.0025);
  EXPECT_EQ(number(imported, Column::total_energy_j), 1);
  EXPECT_EQ(number(imported, Column::power_limit_w), 700);
  ASSERT_EQ(imported.table.unknown_columns().size(), 3u);
  EXPECT_EQ(imported.table.unknown_columns()[1].name, "op_n");
  EXPECT_EQ(imported.table.unknown_columns()[1][0], "4096");
}

TEST_F(Aiconfigurator, RefusesByNameAndPlace) {
  EXPECT_EQ(refusal("aiconfigurator", of(put("a.csv", "op_name,device,latency\n"))),
            "a.csv:1: missing column \"power\"");
  EXPECT_EQ(refusal("aiconfigurator", of(put("a.csv", "op_name,device,latency,power\n"))),
            "a.csv:1: missing column \"batch_size\", \"num_tokens\" or \"m\"");
  EXPECT_EQ(refusal("aiconfigurator", of(put("a.csv", "op_name,device,latency,power,m\nx,y,0,100,4\n"))),
            "a.csv:2:latency: \"0\" is not a latency in ms");
  EXPECT_THAT(refusal("aiconfigurator", of(put("a.csv", "op_name,device,latency,power,m\nx,y,1,much,4\n"))),
              HasSubstr("a.csv:2:power: \"much\" is not a power in watts"));
}

TEST_F(Aiconfigurator, RealTablesAreRead) {
  for (const char* name :
       {"ops/h200_sxm_gemm.csv", "ops/b200_sxm_moe.csv", "ops/h200_sxm_generation_attention.csv"}) {
    const std::string real = public_file(name);
    if (real.empty()) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
    const Imported imported = import("aiconfigurator", of(real));
    EXPECT_THAT(imported.warnings, IsEmpty()) << name;
    EXPECT_GT(imported.table.rows(), 100u) << name;
  }
}

}  // namespace
}  // namespace energylens::importers
