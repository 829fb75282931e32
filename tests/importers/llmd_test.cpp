// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "importers/files.hpp"

namespace energylens::importers {
namespace {

using table::Column;
using testing::HasSubstr;

constexpr const char* kFirst = R"(version: '0.1'
scenario:
  host:
    type: [replica, replica]
    accelerator:
      - {model: H100, count: 2, parallelism: {dp: 1, tp: 2, pp: 1, ep: 1}}
      - {model: H100, count: 2, parallelism: {dp: 1, tp: 2, pp: 1, ep: 1}}
  platform:
    engine: [{name: vllm, version: 0.9.0.1}]
  model: {name: org/toy, quantization: fp8}
metrics:
  time: {duration: 10.0, start: 1749570580, stop: 1749570590}
  requests:
    total: 42
    failures: 1
    incomplete: 1
    input_length: {units: count, mean: 600}
    output_length: {units: count, mean: 21}
  latency:
    request_latency: {units: ms, mean: 2200}
    time_to_first_token: {units: ms, mean: 200}
    time_per_output_token: {units: ms/token, mean: 100}
  throughput: {output_tokens_per_sec: 84, requests_per_sec: 4}
  resources:
    accelerator:
      - power: {units: Watts, mean: 400}
      - power: {units: Watts, mean: 440}
)";
constexpr const char* kSecond =
    R"({"version": "0.2", "run": {"uid": "x", "time": {"start": "2026-01-01T00:00:00Z",
"end": "2026-01-01T00:00:10Z", "duration": "PT10S"}}, "scenario": {"stack": [{"metadata": {}, "standardized":
{"kind": "inference_engine", "role": "replica", "tool": "vllm", "tool_version": "0.11", "model": {"name": "org/toy"}, "replicas": 2,
"accelerator": {"model": "H100", "count": 2, "parallelism": {"tp": 2, "pp": 1, "dp": 1, "ep": 1}}}}],
"load": {"standardized": {"concurrency": 10}}}, "results": {"request_performance": {"aggregate": {"requests": {"total": 40,
"failures": 0, "input_length": {"mean": 600}, "output_length": {"mean": 21}}, "latency": {"request_latency": {"units": "s",
"mean": 2.2}, "time_to_first_token": {"units": "s", "mean": 0.2}, "time_per_output_token": {"units": "s/token", "mean": 0.1}},
"throughput": {"output_token_rate": {"mean": 84}, "request_rate": {"mean": 4}}}}}})";

class Llmd : public Files {};

TEST_F(Llmd, ReportsOfBothVersionsAreTheSameRow) {
  for (const char* text : {kFirst, kSecond}) {
    const Imported imported = import_files(of(put("report", text)));
    EXPECT_EQ(imported.table.text(Column::model, 0), "org/toy");
    EXPECT_EQ(imported.table.text(Column::gpu, 0), "H100");
    EXPECT_EQ(number(imported, Column::num_gpus), 4);
    EXPECT_EQ(number(imported, Column::tp), 2);
    EXPECT_EQ(number(imported, Column::dp), 2);
    EXPECT_EQ(number(imported, Column::isl), 600);
    EXPECT_EQ(number(imported, Column::osl), 21);
    EXPECT_NEAR(number(imported, Column::batch), 8.8, 0.3);
    EXPECT_DOUBLE_EQ(number(imported, Column::ttft_s), 0.2);
    EXPECT_DOUBLE_EQ(number(imported, Column::tpot_s), 0.1);
  }
}

TEST_F(Llmd, PowerIsThatOfEveryAccelerator) {
  const Imported imported = import_files(of(put("report", kFirst)));
  EXPECT_EQ(number(imported, Column::avg_power_w), 2 * 400 + 2 * 440);
  EXPECT_EQ(number(imported, Column::energy_per_out_token_j), 1680.0 * 10 / (40 * 21));
}

TEST_F(Llmd, ADisaggregatedDeploymentIsRefused) {
  std::string text = kFirst;
  text.replace(text.find("[replica, replica]"), 18, "[prefill, decode]");
  EXPECT_THAT(table::error_of([&] { import_files(of(put("report", text))); }),
              HasSubstr("the deployment is disaggregated (prefill, decode)"));
}

}  // namespace
}  // namespace energylens::importers
