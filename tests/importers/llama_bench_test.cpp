// SPDX-License-Identifier: Apache-2.0
// One prefill test of 512 tokens at 1024 tokens per second and one decode test of 128 tokens at 64, in each output format.
#include <gmock/gmock.h>

#include "importers/files.hpp"

namespace energylens::importers {
namespace {

using table::Column;

constexpr const char* kJson =
    R"([{"build_commit": "7f", "build_number": 11146, "gpu_info": "Toy GPU", "model_type": "llama 8B Q4_0",
"model_n_params": 8000000000, "n_prompt": 512, "n_gen": 0, "n_depth": 0, "avg_ts": 1024.0},
{"build_commit": "7f", "build_number": 11146, "gpu_info": "Toy GPU", "model_type": "llama 8B Q4_0", "model_n_params": 8000000000,
"n_prompt": 0, "n_gen": 128, "n_depth": 0, "avg_ts": 64.0}])";
constexpr const char* kCsv =
    "build_commit,build_number,gpu_info,model_type,model_n_params,n_prompt,n_gen,n_depth,avg_ts\n"
    "\"7f\",\"11146\",\"Toy GPU\",\"llama 8B Q4_0\",\"8000000000\",\"512\",\"0\",\"0\",\"1024.0\"\n"
    "\"7f\",\"11146\",\"Toy GPU\",\"llama 8B Q4_0\",\"8000000000\",\"0\",\"128\",\"0\",\"64.0\"\n";
constexpr const char* kMarkdown =
    "| model                          |       size |     params | backend    | ngl |          test |                  t/s |\n"
    "| ------------------------------ | ---------: | ---------: | ---------- | --: | ------------: | -------------------: |\n"
    "| llama 8B Q4_0                  |   4.33 GiB |     8.00 B | CUDA       |  99 |         pp512 |      1024.00 ± 10.00 |\n"
    "| llama 8B Q4_0                  |   4.33 GiB |     8.00 B | CUDA       |  99 |         tg128 |         64.00 ± 0.10 |\n\n"
    "build: 7f (11146)\n";
constexpr const char* kSql =
    "CREATE TABLE IF NOT EXISTS llama_bench (\n  build_commit TEXT,\n  avg_ts REAL\n);\n\n"
    "INSERT INTO llama_bench (build_commit, build_number, gpu_info, model_type, model_n_params, n_prompt, n_gen, avg_ts) VALUES "
    "('7f', '11146', 'Toy GPU', 'llama 8B Q4_0', '8000000000', '512', '0', '1024.0');\n"
    "INSERT INTO llama_bench (build_commit, build_number, gpu_info, model_type, model_n_params, n_prompt, n_gen, avg_ts) VALUES "
    "('7f', '11146', 'Toy GPU', 'llama 8B Q4_0', '8000000000', '0', '128', '64.0');\n";

class LlamaBench : public Files, public testing::WithParamInterface<std::pair<const char*, const char*>> {};

TEST_P(LlamaBench, TestsOfPrefillAndDecodeAreRows) {
  const Imported imported = import_files(of(put(GetParam().first, GetParam().second)));
  ASSERT_EQ(imported.table.rows(), 2u);
  EXPECT_EQ(imported.table.text(Column::model, 0), "llama 8B");
  EXPECT_EQ(imported.table.text(Column::quant, 0), "Q4_0");
  EXPECT_EQ(imported.table.text(Column::engine, 0), "llama.cpp");
  EXPECT_EQ(number(imported, Column::params_b), 8);
  EXPECT_EQ(number(imported, Column::batch), 1);
  EXPECT_EQ(number(imported, Column::isl), 512);
  EXPECT_EQ(number(imported, Column::prefill_time_s), 0.5);
  EXPECT_EQ(number(imported, Column::decode_time_s, 1), 2);
  EXPECT_EQ(number(imported, Column::osl, 1), 128);
  EXPECT_EQ(number(imported, Column::tpot_s, 1), 1.0 / 64);
}

INSTANTIATE_TEST_SUITE_P(Every, LlamaBench,
                         testing::Values(std::pair{"b.json", kJson}, std::pair{"b.csv", kCsv},
                                         std::pair{"b.md", kMarkdown}, std::pair{"b.sql", kSql}));

}  // namespace
}  // namespace energylens::importers
