// SPDX-License-Identifier: Apache-2.0
#include "importers/stated.hpp"

#include <gmock/gmock.h>

namespace energylens::importers {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Read {
  std::string csv;
  std::vector<std::string> warnings;
};

/// The row that the members of an object make.
Read read(const std::string& members) {
  table::RowWriter rows;
  rows.begin_row();
  rows.set("batch", 8.0);
  Fields fields("run.json");
  const io::Json run = io::parse_json('{' + members + '}', "run.json");
  fields.begin(run);
  Read result;
  set_stated(rows, fields, run, result.warnings);
  fields.end();
  result.csv = rows.csv();
  for (const std::string& unused : fields.warnings()) result.warnings.push_back(unused);
  return result;
}

TEST(Stated, OptionsOfTheServerAreColumns) {
  const Read all = read(
      R"("tensor_parallel_size": 4, "pipeline_parallel_size": 2, "data_parallel_size": 1, "max_num_seqs": 64,
"spec_decode_acceptance_length": 2.5, "quantization": "fp8", "kv_cache_dtype": "fp8", "gpu_name": "H100")");
  EXPECT_THAT(all.warnings, IsEmpty());
  EXPECT_EQ(all.csv,
            "gpu,quant,kv_dtype,tp,pp,dp,batch,max_batch,accepted_per_step\nH100,fp8,fp8,4,2,1,8,64,2.5\n");
}

TEST(Stated, MetadataIsTextUnderNamesOfColumnsOrOptions) {
  const Read all = read(R"("tp": "8", "--max-num-seqs": "256", "Power-Limit-W": "400", "version": "0.11.0")");
  EXPECT_THAT(all.warnings, IsEmpty());
  EXPECT_EQ(all.csv, "engine_version,tp,power_limit_w,batch,max_batch\n0.11.0,8,400,8,256\n");
}

TEST(Stated, TheBestNameOfAColumnIsTakenAndTheOthersAreNamed) {
  const Read both = read(R"("dtype": "bfloat16", "quantization": "awq")");
  EXPECT_EQ(both.csv, "quant,batch\nawq,8\n");
  EXPECT_THAT(both.warnings, ElementsAre("\"dtype\" is bfloat16 and is not used: quant is awq"));
  EXPECT_EQ(read(R"("dtype": "bfloat16", "quantization": null)").csv, "quant,batch\nbfloat16,8\n");
}

TEST(Stated, WhatCannotBeUsedIsNamed) {
  EXPECT_THAT(read(R"("batch": 32)").warnings, ElementsAre("\"batch\" is 32 and is not used: batch is 8"));
  EXPECT_THAT(read(R"("tp": "all")").warnings,
              ElementsAre("\"tp\" is \"all\", which is not a number, and is not used"));
  EXPECT_THAT(read(R"("pp": [1, 2])").warnings,
              ElementsAre("\"pp\" is neither a number nor a text and is not used"));
  EXPECT_THAT(read(R"("mood": 1)").warnings, ElementsAre("run.json: ignored unknown key \"mood\""));
  for (const char* nothing : {"null", "\"auto\"", "\"None\""})
    EXPECT_THAT(read("\"quantization\": " + std::string(nothing)).warnings, IsEmpty()) << nothing;
}

TEST(Stated, BackendsOfTheClientNameEngines) {
  for (const auto& [backend, engine] :
       std::initializer_list<std::pair<const char*, const char*>>{{"vllm", "vLLM"},
                                                                  {"vllm-chat", "vLLM"},
                                                                  {"tensorrt-llm", "TensorRT-LLM"},
                                                                  {"trt", "TensorRT-LLM"},
                                                                  {"sglang-oai", "SGLang"},
                                                                  {"SGLang", "SGLang"},
                                                                  {"tgi", "TGI"},
                                                                  {"lmdeploy", "LMDeploy"},
                                                                  {"deepspeed-mii", "DeepSpeed-MII"},
                                                                  {"llama.cpp", "llama.cpp"},
                                                                  {"scalellm", "ScaleLLM"},
                                                                  {"my-engine", "my-engine"},
                                                                  {"openai", ""},
                                                                  {"openai-chat", ""}})
    EXPECT_EQ(engine_of_backend(backend), engine);
}

}  // namespace
}  // namespace energylens::importers
