// SPDX-License-Identifier: Apache-2.0
// Small results of each tool with figures computed by hand: every file is recognised by its content alone.
#include <gmock/gmock.h>

#include "importers/files.hpp"

namespace energylens::importers {
namespace {

using table::Column;
using testing::Contains;
using testing::HasSubstr;

class Results : public Files {
 protected:
  Imported read(const char* name, const std::string& content,
                std::vector<std::pair<std::string, std::string>> set = {}) const {
    Request request = of(put(name, content));
    request.set = std::move(set);
    return import_files(request);
  }
  std::string refused(const char* name, const std::string& content) const {
    return table::error_of([&] { read(name, content); });
  }
};

TEST_F(Results, SglangLineIsARowWithItsMeanConcurrency) {
  // 20 requests of 100 and 50 tokens in 10 s.
  const Imported imported =
      read("s.jsonl", R"({"backend": "sglang", "dataset_name": "random", "request_rate": Infinity,
"max_concurrency": 8, "sharegpt_output_len": null, "duration": 10.0, "completed": 20, "total_input_tokens": 2000,
"total_output_tokens": 1000, "request_throughput": 2.0, "output_throughput": 100.0, "mean_e2e_latency_ms": 3000.0,
"mean_ttft_ms": 550.0, "mean_tpot_ms": 50.0, "concurrency": 6.0, "accept_length": 2.5})");
  EXPECT_EQ(imported.table.text(Column::engine, 0), "SGLang");
  EXPECT_EQ(imported.table.text(Column::workload, 0), "random");
  EXPECT_EQ(number(imported, Column::batch), 6);
  EXPECT_EQ(number(imported, Column::concurrency), 8);
  EXPECT_EQ(number(imported, Column::isl), 100);
  EXPECT_EQ(number(imported, Column::osl), 50);
  EXPECT_EQ(number(imported, Column::ttft_s), 0.55);
  EXPECT_EQ(number(imported, Column::tpot_s), 0.05);
  EXPECT_EQ(number(imported, Column::throughput_tok_s), 100);
  EXPECT_EQ(number(imported, Column::accepted_per_step), 2.5);
  EXPECT_THAT(warnings(imported),
              Contains(HasSubstr("s.jsonl: contains no model, gpu, tp, quant; add with --set model=NAME")));
}

TEST_F(Results, MultiTurnCountsTurnsAsRequests) {
  const Imported imported =
      read("m.json", R"({"concurrency": 4, "runtime_s": 100, "completed_turns": 50, "failed_turns": 0,
"request_throughput_per_s": 0.5, "output_throughput_tok_per_s": 100, "ttft_ms": {"mean": 1000}, "tpot_ms": {"mean": 30},
"e2e_ms": {"mean": 6970}, "isl": {"mean": 1000}, "osl": {"mean": 200}, "cached_tokens_total": 10000,
"input_tokens_total": 50000, "output_tokens_total": 10000})");
  EXPECT_DOUBLE_EQ(number(imported, Column::batch), 3.485);  // 0.5 / s * 6.97 s
  EXPECT_EQ(number(imported, Column::cached_tokens), 200);
  EXPECT_EQ(number(imported, Column::osl), 200);
}

TEST_F(Results, TrtllmReportHasItsOwnEnergy) {
  const Imported imported =
      read("t.json", R"({"engine": {"model": "org/toy", "version": "1.2", "quantization": "NVFP4",
"kv_cache_dtype": "FP8"}, "machine": {"name": "NVIDIA GB10"}, "world_info": {"tp_size": 2, "pp_size": 1, "world_size": 2,
"max_batch_size": 8}, "request_info": {"num_requests": 10, "avg_input_length": 64.0, "avg_output_length": 20.0,
"avg_num_concurrent_requests": 4.0}, "performance": {"total_latency_ms": 5000, "avg_request_latency_ms": 2000,
"request_throughput_req_s": 2, "system_output_throughput_tok_s": 40}, "energy": {"total_energy_j": 1000,
"average_gpu_power": 100}, "streaming_metrics": {"avg_ttft_ms": 100, "avg_tpot_ms": 100}})");
  EXPECT_EQ(number(imported, Column::avg_power_w), 200);           // 1000 J / 5 s
  EXPECT_EQ(number(imported, Column::energy_per_out_token_j), 5);  // 1000 J / 200 tokens
  EXPECT_EQ(number(imported, Column::energy_per_request_j), 100);
  EXPECT_EQ(number(imported, Column::tp), 2);
  EXPECT_EQ(imported.table.text(Column::quant, 0), "NVFP4");
  EXPECT_EQ(imported.table.text(Column::energy_scope, 0), "gpu");
}

TEST_F(Results, AiperfRatesGiveLengthsAndRequestsInFlight) {
  const Imported imported =
      read("a.json", R"({"start_time": "2026-04-20T10:00:00Z", "end_time": "2026-04-20T10:01:40Z",
"request_throughput": {"avg": 2.0, "unit": "requests/sec"}, "time_to_first_token": {"avg": 200.0, "unit": "ms"},
"inter_token_latency": {"avg": 20.0, "unit": "ms"}, "output_token_throughput": {"avg": 202.0, "unit": "tokens/sec"},
"input_config": {"endpoint": {"model_names": ["toy"]}},
"telemetry_data": {"endpoints": {"http://x": {"gpus": {"gpu_0": {"gpu_uuid": "GPU-a", "gpu_name": "Toy GPU",
"metrics": {"gpu_power_usage": {"avg": 300, "unit": "W"}}}, "gpu_1": {"gpu_uuid": "GPU-b",
"metrics": {"gpu_power_usage": {"avg": 306, "unit": "W"}}}}}}}})");
  EXPECT_EQ(imported.table.text(Column::model, 0), "toy");
  EXPECT_EQ(number(imported, Column::osl), 101);
  EXPECT_NEAR(number(imported, Column::batch), 2 * (0.2 + 0.02 * 100), 1e-12);
  EXPECT_EQ(number(imported, Column::avg_power_w), 606);
  EXPECT_EQ(number(imported, Column::energy_per_out_token_j), 3);
  EXPECT_EQ(number(imported, Column::num_gpus), 2);
  EXPECT_THAT(
      refused("a.json", R"({"was_cancelled": true, "request_throughput": {"avg": 2.0, "unit": "r"}})"),
      HasSubstr("the run was cancelled"));
}

constexpr const char* kGuidellmRun =
    R"({"config": {"strategy": {"type_": "constant", "rate": 2.0}}, "start_time": 1000000000,
"end_time": 1000000010, "duration": 10, "metrics": {"request_totals": {"successful": 20, "errored": 0, "incomplete": 1},
"requests_per_second": {"successful": {"mean": 2}}, "request_concurrency": {"successful": {"mean": 2.2}},
"request_latency": {"successful": {"mean": 1.1}}, "prompt_token_count": {"successful": {"mean": 32}},
"output_token_count": {"successful": {"mean": 11}}, "time_to_first_token_ms": {"successful": {"mean": 100}},
"time_per_output_token_ms": {"successful": {"mean": 100}}, "inter_token_latency_ms": {"successful": {"mean": 100}}}})";

TEST_F(Results, GuidellmHasARowPerRate) {
  const std::string run = kGuidellmRun;
  const Imported imported =
      read("g.json",
           R"({"metadata": {"guidellm_version": "0.8"}, "config": {"spec": {"backend": {"model": "toy"}}},
"benchmarks": [)" +
               run + "," + run + "]}");
  ASSERT_EQ(imported.table.rows(), 2u);
  EXPECT_EQ(imported.table.text(Column::model, 1), "toy");
  EXPECT_EQ(number(imported, Column::request_rate_rps), 2);
  EXPECT_EQ(number(imported, Column::batch), 2.2);
  EXPECT_EQ(number(imported, Column::throughput_tok_s), 22);  // 20 * 11 tokens / 10 s
  EXPECT_THAT(std::string(imported.table.text(Column::notes, 0)), HasSubstr("1 requests were cut off"));
}

TEST_F(Results, GuidellmWritesYamlToo) {
  const Imported imported = read("g.yaml", R"(metadata:
  guidellm_version: '0.5'
benchmarks:
- args: {strategy: {type_: concurrent, streams: 4}}
  run_stats: {requests_made: {successful: 8, errored: 0}}
  duration: 10.0
  metrics:
    request_concurrency: {successful: {mean: 0.12}}
    prompt_token_count: {successful: {mean: 30}}
    output_token_count: {successful: {mean: 5}}
    time_to_first_token_ms: {successful: {mean: 50}}
    inter_token_latency_ms: {successful: {mean: 25}}
)");
  EXPECT_EQ(number(imported, Column::concurrency), 4);
  EXPECT_EQ(number(imported, Column::batch), 0.12);
  EXPECT_EQ(number(imported, Column::tpot_s), 0.025);
}

TEST_F(Results, InferencePerfWhoseClientCountsEventsIsCorrected) {
  // 100 requests at 10 / s: 2 s each, 0.1 s to the first of 20 tokens; the stated time per token is half the true one.
  const Imported imported =
      read("i.json", R"({"load_summary": {"count": 100, "requested_rate": 10}, "successes": {"count": 100,
"latency": {"request_latency": {"mean": 2.0}, "time_per_output_token": {"mean": 0.05}, "time_to_first_token": {"mean": 0.1}},
"throughput": {"output_tokens_per_sec": 200, "requests_per_sec": 10}, "prompt_len": {"mean": 200}, "output_len": {"mean": 20}},
"failures": {"count": 0}})");
  EXPECT_DOUBLE_EQ(number(imported, Column::tpot_s), 0.1);
  EXPECT_EQ(number(imported, Column::batch), 20);
  EXPECT_THAT(warnings(imported), Contains(HasSubstr("the latencies and 20 output tokens give 100 ms")));
}

TEST_F(Results, EnergyOfFailedRequestsIsNotDividedByTheTokensOfOthers) {
  const auto run = [&](int failed) {
    return read(
        "a.json",
        R"({"request_count": {"avg": 90, "unit": "requests"}, "benchmark_duration": {"avg": 10, "unit": "sec"},
"output_sequence_length": {"avg": 10, "unit": "tokens"}, "request_throughput": {"avg": 9, "unit": "requests/sec"},
"effective_concurrency": {"avg": 2}, "input_config": {}, "time_to_first_token": {"avg": null}, "gpu_power_usage": {"unit": "W", "avg": 90},
"error_request_count": {"avg": )" +
            std::to_string(failed) + "}}");
  };
  EXPECT_EQ(number(run(0), Column::energy_per_out_token_j), 1);  // 90 W over 90 tokens per second
  EXPECT_EQ(number(run(2), Column::energy_per_out_token_j), 1);
  EXPECT_THAT(std::string(run(2).table.text(Column::notes, 0)),
              HasSubstr("energy includes 2 failed requests"));
  const Imported many = run(10);
  EXPECT_FALSE(known(number(many, Column::energy_per_out_token_j)));
  EXPECT_EQ(number(many, Column::avg_power_w), 90);
  EXPECT_THAT(warnings(many), Contains(HasSubstr("10 of 100 requests failed")));
}

TEST_F(Results, OptimumPhasesAreAJob) {
  const Imported imported =
      read("o.json", R"({"config": {"backend": {"name": "pytorch", "model": "toy", "torch_dtype": "bfloat16"},
"scenario": {"input_shapes": {"batch_size": 2, "sequence_length": 64}, "generate_kwargs": {"max_new_tokens": 10}},
"environment": {"gpu": ["Toy GPU"]}}, "report": {"prefill": {"memory": null, "latency": {"mean": 0.5}, "throughput": null,
"energy": {"unit": "kWh", "gpu": 0.0001}, "efficiency": null}, "decode": {"latency": {"mean": 1.5},
"energy": {"unit": "kWh", "gpu": 0.0002}}}})");
  EXPECT_EQ(imported.table.text(Column::row_kind, 0), "job");
  EXPECT_NEAR(number(imported, Column::prefill_energy_j), 360, 1e-9);
  EXPECT_NEAR(number(imported, Column::total_energy_j), 1080, 1e-9);
  EXPECT_EQ(number(imported, Column::total_time_s), 2);
  EXPECT_EQ(number(imported, Column::batch), 2);
}

TEST_F(Results, MlperfSummaryIsReadByItsWords) {
  const Imported imported = read("mlperf_log_summary.txt", R"(================================================
MLPerf Results Summary
================================================
SUT name : PySUT
Scenario : Server
Mode     : PerformanceOnly
Completed samples per second    : 10.0
Completed tokens per second: 2000.0
Result is : INVALID
Mean latency (ns)               : 20100000000
Mean First Token latency (ns)   : 200000000
Mean Time to Output Token (ns)  : 100000000
)");
  EXPECT_EQ(number(imported, Column::osl), 200);
  EXPECT_EQ(number(imported, Column::batch), 201);
  EXPECT_EQ(number(imported, Column::tpot_s), 0.1);
  EXPECT_THAT(warnings(imported), Contains("mlperf_log_summary.txt: the run is marked as INVALID"));
}

TEST_F(Results, MlperfTakesPowerAtTheWall) {
  Request request = of(put(
      "mlperf_log_summary.txt",
      "MLPerf Results Summary\nSUT name : X\nScenario : Offline\nMode : PerformanceOnly\nSamples per second: "
      "2\nTokens per second: 400\nResult is : VALID\n"));
  request.files.push_back(put("spl.txt",
                              "Time,05-05-2025 20:58:44.0,Watts,800.0,Volts,228,Amps,1,PF,1,Mark,x\n"
                              "Time,05-05-2025 20:58:45.0,Watts,800.0,Volts,228,Amps,1,PF,1,Mark,x\n"
                              "Time,05-05-2025 20:58:46.0,Watts,800.0,Volts,228,Amps,1,PF,1,Mark,x\n"));
  request.set = {{"batch", "64"}};
  const Imported imported = import_files(request);
  EXPECT_EQ(number(imported, Column::energy_per_out_token_j), 2);
  EXPECT_EQ(imported.table.text(Column::energy_scope, 0), "wall");
}

TEST_F(Results, TokenPowerBenchIsAJobOfItsResponses) {
  const Imported imported =
      read("p.json", R"({"toy": [{"duration": 4.0, "total_output_tokens": 800, "responses": 8,
"gpu_avg_power": 400.0, "cpu_avg_power": 0, "gpu_energy": 1600.0, "cpu_energy": 0, "dram_energy": 0, "energy_per_token": 2,
"gpu_energy_per_response": 200.0, "gpu0_power_watts": 300, "gpu1_power_watts": 50, "batch_size": 128, "engine": "vllm"}]})");
  EXPECT_EQ(number(imported, Column::batch), 8);
  EXPECT_EQ(number(imported, Column::osl), 100);
  EXPECT_EQ(number(imported, Column::total_energy_j), 1600);
  EXPECT_EQ(number(imported, Column::num_gpus), 2);
  EXPECT_THAT(warnings(imported), Contains(HasSubstr("of 2 GPUs, of which 1 drew most")));
}

TEST_F(Results, AiEnergyScoreNeedsItsSamples) {
  const std::string summary =
      R"({"units": "Wh", "total": 11.0, "preprocess_wh": 1.0, "prefill_wh": 4.0, "decode_wh": 6.0})";
  EXPECT_THAT(refused("e.json", summary), HasSubstr("add it with --set batch=N"));
  const Imported imported = read("e.json", summary, {{"batch", "1000"}, {"osl", "10"}});
  EXPECT_EQ(number(imported, Column::total_energy_j), 36000);
  EXPECT_EQ(number(imported, Column::decode_energy_j), 21600);
}

TEST_F(Results, ParetoRowsAreSimulated) {
  const Imported imported = read(
      "pareto.csv",
      "model,isl,osl,concurrency,request_rate,ttft,tpot,tokens/s,tokens/s/gpu,tokens/s/user,num_total_gpus,tp,pp,dp,"
      "moe_ep,gemm,backend,version,system,power_w\nToy,1000,100,8,8,10,10,800,200,90,4,4,1,1,1,fp8,trtllm,1.0,h200_sxm,500\n");
  EXPECT_EQ(number(imported, Column::simulated), 1);
  EXPECT_EQ(imported.table.text(Column::engine_version, 0), "1.0");
  EXPECT_EQ(number(imported, Column::avg_power_w), 2000);
  EXPECT_EQ(number(imported, Column::energy_per_out_token_j), 2.5);
  EXPECT_EQ(number(imported, Column::ttft_s), 0.01);
}

TEST_F(Results, OlderMlenergyIsRead) {
  const Imported second = read(
      "v2.json", R"x({"Model": "toy", "GPU": "NVIDIA A100-SXM4-40GB", "TP": 4, "PP": 1, "Energy/req (J)": 200,
"Avg TPOT (s)": 0.1, "Token tput (tok/s)": 1000, "Avg Output Tokens": 400, "Avg BS (reqs)": 100, "Max BS (reqs)": 128})x");
  EXPECT_EQ(number(second, Column::energy_per_out_token_j), 0.5);
  EXPECT_EQ(number(second, Column::avg_power_w), 500);
  EXPECT_EQ(number(second, Column::max_batch), 128);
  const Imported first =
      read("v1.csv", "model,energy,throughput,response_length,latency,parameters\ntoy/7B,1000,25,100,4,7\n");
  EXPECT_EQ(number(first, Column::total_energy_j), 1000);
  EXPECT_EQ(number(first, Column::osl), 100);
  EXPECT_EQ(number(first, Column::params_b), 7);
  EXPECT_EQ(first.table.text(Column::row_kind, 0), "job");
}

}  // namespace
}  // namespace energylens::importers
