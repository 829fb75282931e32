// SPDX-License-Identifier: Apache-2.0
#include "importers/foreign.hpp"

#include <gmock/gmock.h>

#include "importers/files.hpp"

namespace energylens::importers {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Foreign, KindsAreCalledByTheirName) {
  for (const auto& [text, what] : std::initializer_list<std::pair<const char*, const char*>>{
           {R"({"backend": "sglang", "sharegpt_output_len": null})", "SGLang's bench_serving"},
           {R"({"engine": {}, "world_info": {}, "request_info": {}})", "trtllm-bench"},
           {R"({"metadata": {"guidellm_version": "0.8"}})", "guidellm"},
           {R"({"load_summary": {}, "successes": {}})", "inference-perf"},
           {R"({"request_throughput": {"avg": 5, "unit": "requests/sec"}})", "AIPerf"},
           {R"({"energy_per_request_joules": 4})", "ML.ENERGY"},
           {R"({"hw": "mi355x", "tput_per_gpu": 157.1})", "InferenceX"},
           {R"([{"build_commit": "7f", "avg_ts": 52.5}])", "llama-bench"},
           {R"({"forward": {"latency": {}, "throughput": null, "efficiency": null}})", "optimum-benchmark"},
           {R"({"query_time": "2025", "gpus": []})", "gpustat"},
           {R"x({"card0": {"Average Graphics Package Power (W)": "250.0"}})x", "rocm-smi"},
           {"timestamp,gpu,socket_power\n1,0,238\n", "amd-smi"},
           {R"({"data": {"resultType": "matrix", "result": [{"values": []}]}})", "Prometheus"},
           {"# gpu    pwr  gtemp\n# Idx      W      C\n    0    43     35\n", "nvidia-smi dmon"},
           {"#Date       Time        gpu    pwr\n", "nvidia-smi dmon"},
           {"#Entity   POWER\n", "dcgmi dmon"},
           {"start_time,window_name,elapsed_time,gpu0_energy\n", "Zeus"},
           {"PAR1\x15\x04", "Parquet"},
           {"\x1F\x8B\x08", "gzip"},
           {"<!DOCTYPE html>", "web page"},
           {"\n\nversion https://git-lfs.github.com/spec/v1\n", "Git LFS"}}) {
    EXPECT_THAT(foreign_text(text, "vllm"),
                AllOf(StartsWith("this looks like "), HasSubstr(what), HasSubstr("; ")));
  }
}

TEST(Foreign, AFileOfTheFormatOrOfNoKnownKindIsNone) {
  EXPECT_EQ(foreign_text("", "vllm"), "");
  EXPECT_EQ(foreign_text(R"({"some": "thing"})", "vllm"), "");
  const std::string log = "timestamp, index, power.draw [W]\n";
  EXPECT_EQ(foreign_text(log, "nvidia-smi"), "");
  EXPECT_EQ(foreign_text(log, "vllm"),
            "this looks like a log of nvidia-smi; it is read by energylens import nvidia-smi");
}

class ForeignFiles : public Files {};

TEST_F(ForeignFiles, EveryFormatSaysWhatItWasGiven) {
  const std::string sglang = put("x.jsonl", R"({"backend": "sglang", "sharegpt_output_len": null})");
  for (const char* format : {"vllm", "mlenergy", "nvidia-smi", "aiconfigurator"})
    EXPECT_THAT(refusal(format, of(sglang)),
                StartsWith("x.jsonl: this looks like a result of SGLang's bench_serving; "));
  Request request =
      of(put("run.json", R"({"model_id": "m", "completed": 1, "duration": 1, "total_input_tokens": 1,
"total_output_tokens": 1, "max_concurrency": 1})"));
  request.energy_file = put("gpus.json", R"({"query_time": "2025", "gpus": []})");
  EXPECT_THAT(refusal("vllm", request), HasSubstr("gpus.json: the log contains no reading"));
}

}  // namespace
}  // namespace energylens::importers
