// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "importers/files.hpp"

namespace energylens::importers {
namespace {

using table::Column;
using testing::Contains;
using testing::HasSubstr;

class Inferencex : public Files {
 protected:
  std::string run(const std::string& more) const {
    return put("agg.json",
               R"({"hw": "b200", "conc": 4, "model": "org/toy", "framework": "sglang", "precision": "fp8",
"spec_decoding": "none", "isl": 1024, "osl": 100, "tp": 2, "pp": 1, "ep": 1, "dp_attention": "false", "tput_per_gpu": 550,
"output_tput_per_gpu": 50.0, "mean_ttft": 1.03, "mean_tpot": 0.03)" +
                   more + "}");
  }
};

TEST_F(Inferencex, ValidPowerIsTaken) {
  const Imported imported =
      import_files(of(run(R"(, "power_metric_schema_version": 2, "power_valid": 1, "avg_power_w": 500.0,
"avg_total_gpu_power_w": 1000.0, "joules_per_output_token": 10.0, "joules_per_successful_query": 1000.0)")));
  EXPECT_EQ(imported.table.text(Column::gpu, 0), "b200");
  EXPECT_EQ(imported.table.text(Column::engine, 0), "SGLang");
  EXPECT_EQ(number(imported, Column::avg_power_w), 1000);
  EXPECT_EQ(number(imported, Column::energy_per_out_token_j), 10);
  EXPECT_EQ(number(imported, Column::throughput_tok_s), 100);
  EXPECT_EQ(number(imported, Column::batch), 4);
  EXPECT_EQ(number(imported, Column::num_gpus), 2);
}

TEST_F(Inferencex, InvalidPowerIsLeftOutWithItsReasons) {
  const Imported imported = import_files(of(run(
      R"(, "power_valid": 0, "power_invalid_reasons": ["missing_gpu_samples"], "avg_total_gpu_power_w": 1000.0)")));
  EXPECT_FALSE(known(number(imported, Column::avg_power_w)));
  EXPECT_THAT(std::string(imported.table.text(Column::notes, 0)),
              HasSubstr("power not valid: missing_gpu_samples"));
  EXPECT_THAT(warnings(imported), Contains(HasSubstr("missing_gpu_samples")));
}

TEST_F(Inferencex, AttentionDataParallelismIsALayoutOfItsOwn) {
  const Imported imported =
      import_files(of(put("a.json", R"({"hw": "b200", "conc": 8, "model": "m", "framework": "vllm",
"precision": "fp4", "isl": 1024, "osl": 100, "tp": 8, "ep": 8, "dp_attention": "true", "tput_per_gpu": 1,
"output_tput_per_gpu": 50.0, "mean_ttft": 0.5, "mean_tpot": 0.015})")));
  EXPECT_EQ(number(imported, Column::tp), 1);
  EXPECT_EQ(number(imported, Column::dp), 8);
  EXPECT_EQ(number(imported, Column::ep), 8);
}

TEST_F(Inferencex, SeparatePrefillIsRefusedWithTheRemedy) {
  EXPECT_THAT(table::error_of([&] {
                import_files(of(put("d.json", R"({"tput_per_gpu": 1, "disagg": true, "tp": 8})")));
              }),
              HasSubstr("--set layout=NAME"));
}

}  // namespace
}  // namespace energylens::importers
