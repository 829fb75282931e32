// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>

#include "importers/files.hpp"

namespace energylens::importers {
namespace {

using table::Column;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kEntry =
    R"({"model_id": "org/toy", "nickname": "Toy", "architecture": "MoE", "total_params_billions": 30,
"activated_params_billions": 3, "gpu_model": "H100", "num_gpus": 2, "tensor_parallel": 1, "expert_parallel": 2,
"data_parallel": 1, "weight_precision": "fp8", "avg_batch_size": 7.5, "max_num_seqs": 8, "avg_output_len": 100.5,
"avg_power_watts": 900, "energy_per_token_joules": 0.5, "energy_per_request_joules": 50.25,
"output_throughput_tokens_per_sec": 1800, "median_itl_ms": 4, "p90_itl_ms": 6, "p99_itl_ms": 8)";

class MlEnergy : public Files {
 protected:
  std::string file(const std::string& entries, const std::string& task = "lm-arena-chat") const {
    return put("task.json", "{\"task\": \"" + task + "\", \"configurations\": [" + entries + "]}");
  }
};

TEST_F(MlEnergy, AnEntryIsASteadyRow) {
  const Imported imported = import("mlenergy", of(file(std::string(kEntry) + "}")));
  EXPECT_THAT(imported.warnings, IsEmpty());
  const table::Table& t = imported.table;
  ASSERT_EQ(t.rows(), 1u);
  EXPECT_EQ(t.text(Column::model, 0), "org/toy");
  EXPECT_EQ(t.text(Column::arch, 0), "moe");
  EXPECT_EQ(t.text(Column::engine, 0), "vLLM");
  EXPECT_EQ(t.text(Column::row_kind, 0), "steady");
  EXPECT_EQ(t.text(Column::workload, 0), "lm-arena-chat");
  EXPECT_EQ(number(imported, Column::tp), 2) << "experts are spread over the GPUs of tensor parallelism";
  EXPECT_EQ(number(imported, Column::ep), 2);
  EXPECT_EQ(number(imported, Column::batch), 7.5);
  EXPECT_EQ(number(imported, Column::tpot_s), 0.004);
  EXPECT_EQ(number(imported, Column::avg_power_w), 900);
  EXPECT_FALSE(known(number(imported, Column::isl)));
}

TEST_F(MlEnergy, TasksWithImagesAreOfVisionModels) {
  EXPECT_EQ(import("mlenergy", of(file(std::string(kEntry) + "}", "image-chat"))).table.text(Column::arch, 0),
            "vlm-moe");
}

TEST_F(MlEnergy, UnknownAndMissingFieldsAreNamed) {
  std::string entry = std::string(kEntry) + ", \"mood\": 1}";
  entry.replace(entry.find("\"max_num_seqs\""), 14, "\"max_seqs\"");
  const Imported imported = import("mlenergy", of(file(entry + "," + kEntry + "}")));
  EXPECT_THAT(warnings(imported), ElementsAre("task.json: \"max_num_seqs\" is missing in 1 of 2 results",
                                              "task.json: ignored unknown key \"max_seqs\"",
                                              "task.json: ignored unknown key \"mood\""));
  EXPECT_FALSE(known(number(imported, Column::max_batch, 0)));
  EXPECT_EQ(number(imported, Column::max_batch, 1), 8);
}

TEST_F(MlEnergy, WhatARowNeedsIsRefusedByNameAndPlace) {
  std::string entry = std::string(kEntry) + "}";
  entry.replace(entry.find("energy_per_token"), 6, "enrgy_");
  EXPECT_THAT(refusal("mlenergy", of(file(entry))), HasSubstr("\"energy_per_token_joules\" is missing"));
  EXPECT_THAT(refusal("mlenergy", of(file("7"))), HasSubstr("expected an object with results"));
  EXPECT_THAT(refusal("mlenergy", of(file(""))), HasSubstr("\"configurations\" is empty"));
  EXPECT_THAT(refusal("mlenergy", of(put("a.json", "{}"))), HasSubstr("\"task\" is missing"));
  EXPECT_THAT(refusal("mlenergy", of(put("a.json", "{"))), HasSubstr("a.json:1:"));
}

TEST_F(MlEnergy, SetColumnsReplaceWhatTheFileSays) {
  Request request = of(file(std::string(kEntry) + "}"));
  request.set = {{"gpu", "H100-80GB-SXM"}, {"isl", "512"}};
  const Imported imported = import("mlenergy", request);
  EXPECT_EQ(imported.table.text(Column::gpu, 0), "H100-80GB-SXM");
  EXPECT_EQ(number(imported, Column::isl), 512);
  request.set = {{"gppu", "x"}};
  EXPECT_EQ(refusal("mlenergy", request), "unknown column \"gppu\"; did you mean \"gpu\"?");
  request.set = {{"isl", "many"}};
  EXPECT_THAT(refusal("mlenergy", request), HasSubstr("isl: \"many\" is not"));
}

/// Rows that were brought into the table by other means, from the same source.
TEST_F(MlEnergy, ARealTaskFileGivesTheRowsThatOthersMadeOfIt) {
  const std::string task = public_file("../raw/mlenergy_v3_image-chat.json"),
                    made = public_file("mlenergy_v3.csv");
  if (task.empty() || made.empty()) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
  const Imported imported = import("mlenergy", of(task));
  EXPECT_THAT(imported.warnings, IsEmpty());
  const table::Table other = table::read_csv(made);
  std::size_t same = 0;
  for (std::size_t i = 0; i < imported.table.rows(); ++i) {
    for (std::size_t j = 0; j < other.rows(); ++j) {
      bool equal = other.text(Column::workload, j) == imported.table.text(Column::workload, i) &&
                   other.text(Column::model, j) == imported.table.text(Column::model, i) &&
                   other.text(Column::quant, j) == imported.table.text(Column::quant, i);
      for (const Column column : {Column::params_b, Column::active_params_b, Column::num_gpus, Column::tp,
                                  Column::ep, Column::dp, Column::batch, Column::max_batch, Column::osl,
                                  Column::avg_power_w, Column::energy_per_out_token_j,
                                  Column::energy_per_request_j, Column::throughput_tok_s, Column::tpot_s}) {
        const double a = imported.table.numbers(column)[i], b = other.numbers(column)[j];
        equal = equal && std::abs(a - b) <= 1e-6 * std::abs(b);  // the other table has seven digits
      }
      same += equal;
    }
  }
  EXPECT_EQ(imported.table.rows(), 67u);
  EXPECT_EQ(same, 67u) << "each row once";
}

}  // namespace
}  // namespace energylens::importers
