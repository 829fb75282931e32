// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cstdio>

#include "importers/files.hpp"

namespace energylens::importers {
namespace {

using table::Column;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

/// A run that ended at 12:00:30 after 20 s.
constexpr const char* kRun =
    R"({"date": "20240331-120030", "endpoint_type": "vllm", "model_id": "org/toy", "tokenizer_id": "org/toy",
"num_prompts": 40, "request_rate": "inf", "burstiness": 1.0, "max_concurrency": 8, "duration": 20.0, "completed": 40,
"total_input_tokens": 20480, "total_output_tokens": 4000, "request_throughput": 2.0, "output_throughput": 200.0,
"mean_ttft_ms": 500.0, "median_ttft_ms": 450.0, "p99_ttft_ms": 900.0, "mean_tpot_ms": 30.0, "mean_itl_ms": 31.0)";

std::string log() {
  std::string text = "timestamp, index, power.draw [W]\n";
  for (int i = 0; i <= 40; ++i) {
    const std::string time =
        "2024/03/31 12:00:" + std::string(i < 10 ? "0" : "") + std::to_string(i) + ".000, ";
    for (const char* gpu : {"0", "1"}) text += time + gpu + ", " + (i < 10 ? "20" : "300") + " W\n";
  }
  return text;
}

class Vllm : public Files {
 protected:
  std::string run(const std::string& more = "}") const { return put("run.json", kRun + more); }
};

TEST_F(Vllm, ARunIsASteadyRowWithoutEnergy) {
  const Imported imported = import("vllm", of(run()));
  EXPECT_THAT(warnings(imported),
              ElementsAre("run.json: contains no energy; add a log or report with --energy"));
  EXPECT_EQ(imported.table.text(Column::model, 0), "org/toy");
  EXPECT_EQ(imported.table.text(Column::row_kind, 0), "steady");
  EXPECT_EQ(number(imported, Column::isl), 512);
  EXPECT_EQ(number(imported, Column::osl), 100);
  EXPECT_EQ(number(imported, Column::batch), 8);
  EXPECT_EQ(imported.table.text(Column::notes, 0), "vllm bench serve; batch is the concurrency");
  EXPECT_EQ(number(imported, Column::ttft_s), 0.5);
  EXPECT_EQ(number(imported, Column::tpot_s), 0.03);
  EXPECT_EQ(number(imported, Column::throughput_tok_s), 200);
}

TEST_F(Vllm, RequestsInFlightAreByLittlesLawWhereTheLatencyIsThere) {
  const Imported imported = import("vllm", of(run(", \"mean_e2el_ms\": 3500.0}")));
  EXPECT_DOUBLE_EQ(number(imported, Column::batch), 7);
  EXPECT_EQ(number(imported, Column::concurrency), 8);
}

TEST_F(Vllm, SecondsAndMediansOfOthersAreRead) {
  std::string text = std::string(kRun) + "}";
  for (const char* name : {"mean_ttft_ms", "median_ttft_ms", "p99_ttft_ms"}) {
    text.replace(text.find(name), std::string(name).size(),
                 std::string(name) == "median_ttft_ms" ? "median_ttft" : "p95_itl");
  }
  text.replace(text.find("p95_itl"), 7, "p90_itl");
  text.replace(text.find("450.0"), 5, "0.45");
  const Imported imported = import("vllm", of(put("run.json", text)));
  EXPECT_EQ(number(imported, Column::ttft_s), 0.45);
  EXPECT_THAT(std::string(imported.table.text(Column::notes, 0)), HasSubstr("ttft is the median"));
}

TEST_F(Vllm, ALogBesideGivesTheEnergyOfTheRun) {
  Request request = of(run());
  request.energy_file = put("smi.csv", log());
  const Imported imported = import("vllm", request);
  EXPECT_THAT(
      warnings(imported),
      ElementsAre(
          "run.json: \"date\" has a resolution of one second, so that the window of energy may be off by a second"));
  EXPECT_NEAR(number(imported, Column::avg_power_w), 600, 1e-6);
  EXPECT_NEAR(number(imported, Column::energy_per_out_token_j), 12000 / 4000.0, 1e-9);
  EXPECT_NEAR(number(imported, Column::energy_per_request_j), 300, 1e-9);
  EXPECT_EQ(number(imported, Column::num_gpus), 2);
  request.gpus = {"1"};
  EXPECT_NEAR(number(import("vllm", request), Column::energy_per_request_j), 150, 1e-9);
}

/// 600 W from 12:00:10 to 12:00:30 and 40 W otherwise; 11:59:50 to 12:00:40, in the local time of that offset.
std::string log_of_run(int hours) {
  std::string text = "timestamp, index, power.draw.instant [W]\n";
  for (int i = -10; i <= 40; ++i) {
    char time[64];
    const int second = 12 * 3600 + hours * 3600 + i;
    std::snprintf(time, sizeof time, "2024/03/31 %02d:%02d:%02d.000", second / 3600, second / 60 % 60,
                  second % 60);
    text += time + std::string(", 0, ") + (i < 10 || i > 30 ? "40" : "600") + " W\n";
  }
  return text;
}
constexpr double kNoonOfRun_s = 1711886400;

TEST_F(Vllm, TheWindowThatTheResultStatesIsTakenBeforeItsDate) {
  const auto window = [](const std::string& name, double time_s) {
    return ", \"" + name + "\": " + std::to_string(time_s);
  };
  const std::string begin = window("benchmark_start_time_unix", kNoonOfRun_s + 10);
  const std::string end = window("benchmark_end_time_unix", kNoonOfRun_s + 30);
  for (const std::string& stated : {begin + end, begin, end}) {
    Request request = of(run(stated + "}"));
    std::string late = kRun + stated + "}";
    late.replace(late.find("120030"), 6, "120039");
    request.files = {put("late.json", late)};
    request.energy_file = put("smi.csv", log_of_run(0));
    const Imported imported = import("vllm", request);
    EXPECT_THAT(warnings(imported), testing::IsEmpty());
    EXPECT_NEAR(number(imported, Column::avg_power_w), 600, 1e-6) << stated;
    request.window = {kNoonOfRun_s + 18, kNoonOfRun_s + 38};  // 12 s at 600 W, 8 s at 40 W
    EXPECT_NEAR(number(import("vllm", request), Column::avg_power_w), 376, 30)
        << "what is asked for comes first";
  }
  Request request = of(run(begin + window("benchmark_end_time_unix", kNoonOfRun_s + 25) + "}"));
  EXPECT_THAT(
      warnings(import("vllm", request)),
      Contains(HasSubstr("\"duration\" is 20, but 15 s passed between the times of its begin and its end")));
  request = of(run(begin + end + "}"));
  request.energy_file =
      put("report.json", R"({"power_valid": true, "total_gpu_energy_j": 8000, "duration_s": 20,
"devices": [{"scope": "gpu", "name": "Toy"}], "begin_unix_s": 1711886310})");
  EXPECT_THAT(refusal("vllm", request),
              HasSubstr("report.json: the report is from 2024-03-31 11:58:30 to 2024-03-31 "
                        "11:58:50 UTC, but the run was from 2024-03-31 12:00:10"));
}

TEST_F(Vllm, ADateInUtcBesideALogInLocalTimeNeedsAnOffsetForEach) {
  // The log is two hours ahead, and long enough to cover the run in both readings of its date.
  std::string text = log_of_run(2);
  for (const char* minute : {"09:50", "15:00"})
    text.insert(minute[1] == '9' ? text.find('\n') + 1 : text.size(),
                "2024/03/31 " + std::string(minute) + ":00.000, 0, 40 W\n");
  Request request = of(run());
  request.limits.max_gap_s = 1e5;
  request.energy_file = put("smi.csv", text);
  request.utc_offset_s = 7200;
  EXPECT_THAT(
      refusal("vllm", request),
      HasSubstr(
          "smi.csv: the log covers the run both if its \"date\" is 2 h ahead of UTC, as the log is, and if "
          "it is in UTC; give an offset for each: --date-utc-offset-h (of \"date\") and "
          "--log-utc-offset-h 2 (of the log)"));
  request.energy_file = put("short.csv", log_of_run(2));
  EXPECT_THAT(refusal("vllm", request),
              HasSubstr("does not cover the run if its \"date\" is 2 h ahead of UTC, but does if"));
  request.date_utc_offset_s = 0;
  EXPECT_NEAR(number(import("vllm", request), Column::avg_power_w), 600, 1e-6);
  Request one_flag = request;
  one_flag.utc_offset_s = 0;
  one_flag.date_utc_offset_s = kUnknown;
  one_flag.log_utc_offset_s = 7200;
  EXPECT_NEAR(number(import("vllm", one_flag), Column::avg_power_w), 600, 1e-6);
}

TEST_F(Vllm, MuchMorePowerAtTheSameTimeInAnotherZoneIsSaid) {
  std::string text = "timestamp, index, power.draw.instant [W]\n";
  for (int i = 0; i <= 3 * 360; ++i) {
    char time[64];
    std::snprintf(time, sizeof time, "2024/03/31 %02d:%02d:%02d.000", 10 + i / 360, i / 6 % 60, i % 6 * 10);
    text += time + std::string(", 0, ") + (i / 6 == 60 ? "600" : "40") + " W\n";
  }
  Request request = of(run());
  request.limits.max_gap_s = 15;
  request.energy_file = put("smi.csv", text);
  EXPECT_THAT(warnings(import("vllm", request)),
              Contains(HasSubstr(
                  "the GPUs drew 40 W in the time of the run, but 600 W in the same time 1 h earlier")));
  request.log_utc_offset_s = 0;
  EXPECT_THAT(warnings(import("vllm", request)), testing::Not(Contains(HasSubstr("earlier"))));
}

TEST_F(Vllm, TheEngineIsThatOfTheBackend) {
  const auto engine = [&](const std::string& more) {
    const Imported imported = import("vllm", of(run(more + "}")));
    return std::string(imported.table.text(Column::engine, 0));
  };
  EXPECT_EQ(engine(""), "vLLM");
  EXPECT_EQ(engine(R"(, "backend": "tensorrt-llm")"), "TensorRT-LLM");
  EXPECT_EQ(engine(R"(, "backend": "sglang-oai")"), "SGLang");
  EXPECT_EQ(engine(R"(, "backend": "my-engine")"), "my-engine");
  EXPECT_EQ(engine(R"(, "backend": "openai-chat")"), "vLLM") << "its endpoint_type names it";
  std::string text = std::string(kRun) + R"(, "backend": "openai-chat"})";
  text.replace(text.find("\"endpoint_type\": \"vllm\""), 23, "\"endpoint_type\": \"openai\"");
  const Imported imported = import("vllm", of(put("run.json", text)));
  EXPECT_EQ(imported.table.text(Column::engine, 0), "");
  EXPECT_THAT(warnings(imported),
              Contains("run.json: \"backend\" is \"openai-chat\", a protocol of many engines; name "
                       "the engine with --set engine=NAME"));
}

TEST_F(Vllm, OptionsOfTheServerInTheResultAreColumns) {
  const Imported imported =
      import("vllm", of(run(R"(, "tensor_parallel_size": "2", "max_num_seqs": 64, "gpu": "B200",
"run_number": 3, "label": "first", "mean_e2el_ms": 4000})")));
  EXPECT_EQ(number(imported, Column::tp), 2);
  EXPECT_EQ(number(imported, Column::max_batch), 64);
  EXPECT_EQ(number(imported, Column::repeat), 3);
  EXPECT_EQ(imported.table.text(Column::gpu, 0), "B200");
  EXPECT_THAT(imported.table.text(Column::notes, 0), HasSubstr("label first"));
  EXPECT_EQ(warnings(imported).size(), 1u) << "it has no energy";
  Request request = of(run(R"(, "num_gpus": 8})"));
  request.energy_file = put("smi.csv", log());
  EXPECT_THAT(refusal("vllm", request),
              HasSubstr("the run used 8 GPUs, but the energy is of 2; select them with --gpus"));
}

TEST_F(Vllm, ResultsWithNanAndOneAfterTheOtherAreRead) {
  std::string text = std::string(kRun) + "}";
  text.replace(text.find("30.0"), 4, "NaN ");
  const Imported imported = import("vllm", of(put("two.json", text + "\n" + kRun + "}\n")));
  ASSERT_EQ(imported.table.rows(), 2u);
  EXPECT_FALSE(known(number(imported, Column::tpot_s)));
  EXPECT_EQ(number(imported, Column::tpot_s, 1), 0.03);
  EXPECT_THAT(warnings(imported), Contains("two.json: 1 value is NaN or infinite and read as unknown"));
}

TEST_F(Vllm, ALogThatDoesNotCoverTheRunIsRefused) {
  Request request = of(run());
  request.energy_file = put("smi.csv", log());
  request.utc_offset_s = 0;
  std::string late = kRun;
  late.replace(late.find("120030"), 6, "120130");
  request.files = {put("late.json", late + "}")};
  EXPECT_THAT(refusal("vllm", request), HasSubstr("smi.csv: invalid measurement of GPU 0: "));
}

TEST_F(Vllm, AReportOfMeterGivesTheEnergyToo) {
  Request request = of(run());
  request.energy_file = put("report.json",
                            R"({"power_valid": true, "total_gpu_energy_j": 8000, "duration_s": 20,
"devices": [{"scope": "gpu", "name": "Toy"}, {"scope": "package", "name": "CPU"}]})");
  const Imported imported = import("vllm", request);
  EXPECT_EQ(number(imported, Column::energy_per_out_token_j), 2);
  EXPECT_EQ(number(imported, Column::avg_power_w), 400);
  EXPECT_EQ(imported.table.text(Column::gpu, 0), "Toy");
  EXPECT_FALSE(known(number(imported, Column::simulated)));
  request.energy_file = put("replayed.json",
                            R"({"power_valid": true, "total_gpu_energy_j": 8000, "duration_s": 20,
"exit_code": 7, "devices": [{"scope": "gpu", "name": "Toy", "not_of_run": "a recording"}]})");
  const Imported replayed = import("vllm", request);
  EXPECT_THAT(replayed.warnings, testing::Contains(HasSubstr("ended with code 7")));
  EXPECT_EQ(number(replayed, Column::simulated), 1);
  EXPECT_THAT(replayed.table.text(Column::notes, 0), HasSubstr("energy not of this run: a recording"));
  request.energy_file =
      put("short.json", R"({"power_valid": true, "total_gpu_energy_j": 8000, "duration_s": 2,
"exit_code": 7, "devices": [{"scope": "gpu", "name": "Toy"}]})");
  EXPECT_THAT(refusal("vllm", request), HasSubstr("the run took 20 s; it is not the report of this run"));
  request.energy_file =
      put("long.json", R"({"power_valid": true, "total_gpu_energy_j": 8000, "duration_s": 40,
"devices": [{"scope": "gpu", "name": "Toy"}]})");
  EXPECT_THAT(
      refusal("vllm", request),
      HasSubstr("long.json: the report covers 40 s, but the run took 20 s; it contains energy from outside"));
  request.energy_file =
      put("report.json", R"({"power_valid": false, "total_gpu_energy_j": null, "devices": []})");
  EXPECT_THAT(refusal("vllm", request), HasSubstr("report.json:1:1: the measurement is invalid"));
}

TEST_F(Vllm, AReportOfAnotherTimeIsRefused) {
  const auto begins = [&](const std::string& begin_s) {
    Request request = of(run());
    request.energy_file =
        put("report.json", R"({"power_valid": true, "total_gpu_energy_j": 8000, "duration_s": 20,
"devices": [{"scope": "gpu", "name": "Toy"}], "begin_unix_s": )" +
                               begin_s + "}");
    return refusal("vllm", request);
  };
  EXPECT_EQ(begins("1711886410"), "no error");
  EXPECT_THAT(begins("1711886810"),
              HasSubstr("report.json: the report is from 2024-03-31 12:06:50 to 2024-03-31 12:07:10 UTC"));
}

TEST_F(Vllm, AReportThatLeavesATenthOpenIsRefused) {
  const auto leaves_open = [&](const std::string& joules) {
    Request request = of(run());
    request.energy_file =
        put("report.json", R"({"power_valid": true, "total_gpu_energy_j": 8000, "duration_s": 20,
"devices": [{"scope": "gpu", "name": "Toy", "energy_uncertainty_j": null},
{"scope": "package", "name": "CPU", "energy_uncertainty_j": 5000},
{"scope": "gpu", "name": "Toy", "energy_uncertainty_j": )" +
                               joules + "}]}");
    return refusal("vllm", request);
  };
  EXPECT_EQ(leaves_open("790"), "no error");
  EXPECT_EQ(
      leaves_open("1000"),
      "report.json: counter resolution leaves 12.5 % uncertainty over 20 s (1 kJ of 8 kJ), more than 10 %; "
      "measure for longer, or with a meter that is updated more often");
}

TEST_F(Vllm, ARunAtARateHasNotItsConcurrencyInFlight) {
  std::string at_a_rate = std::string(kRun) + "}";
  at_a_rate.replace(at_a_rate.find("\"inf\""), 5, "2.0");
  const Imported imported = import("vllm", of(put("run.json", at_a_rate)));
  EXPECT_DOUBLE_EQ(number(imported, Column::batch), 2 * (0.5 + 99 * 0.03));
  EXPECT_THAT(imported.table.text(Column::notes, 0), HasSubstr("Little's law, from mean_ttft and mean_tpot"));
  at_a_rate.replace(at_a_rate.find("mean_tpot_ms"), 12, "p90_tpot_ms");
  Request silent = of(put("run.json", at_a_rate));
  EXPECT_THAT(refusal("vllm", silent),
              HasSubstr("requests arrived at 2 per second and the mean latency is missing, so "
                        "that the number in flight is unknown; add it with --set batch=N"));
  silent.set = {{"batch", "7"}};
  EXPECT_EQ(number(import("vllm", silent), Column::batch), 7);
}

TEST_F(Vllm, FiguresNoRunHasAreNamed) {
  const auto with = [&](const std::string& name, const std::string& value) {
    std::string text = std::string(kRun) + "}";
    const std::size_t at = text.find('"' + name + "\": ") + name.size() + 4;
    text.replace(at, text.find(',', at) - at, value);
    return of(put("run.json", text));
  };
  EXPECT_EQ(refusal("vllm", with("duration", "-8")),
            "run.json:1:1: \"duration\" is -8: it must be a time above 0, in s");
  EXPECT_EQ(refusal("vllm", with("completed", "0")),
            "run.json:1:1: \"completed\" is 0: no request was answered");
  EXPECT_THAT(
      import("vllm", with("output_throughput", "260")).warnings,
      Contains(HasSubstr("\"output_throughput\" is 260, but 4000 tokens in 20 s are 200 per second")));
}

TEST_F(Vllm, WhatSetReplacesIsSaidButForNames) {
  Request request = of(run());
  request.set = {{"batch", "7"}, {"throughput_tok_s", "200.0"}, {"model", "mine"}, {"tp", "2"}};
  EXPECT_THAT(warnings(import("vllm", request)),
              ElementsAre("run.json: contains no energy; add a log or report with --energy",
                          "--set batch=7 replaces 8 of the file"));
  request.files.push_back(request.files.front());
  EXPECT_THAT(warnings(import("vllm", request)),
              Contains("--set batch=7 replaces 8 of the file and in 1 more row"));
}

TEST_F(Vllm, ListsAndLinesOfRunsAreRead) {
  std::string line = std::string(kRun) + "}";
  for (char& c : line) c = c == '\n' ? ' ' : c;
  EXPECT_EQ(import("vllm", of(put("a.json", "[" + line + "," + line + "]"))).table.rows(), 2u);
  EXPECT_EQ(import("vllm", of(put("a.jsonl", line + "\n" + line + "\n\n" + line + "\n"))).table.rows(), 3u);
}

TEST_F(Vllm, FailedRequestsAndUnknownFieldsAreNamed) {
  std::string text = std::string(kRun) + ", \"mood\": 3}";
  text.replace(text.find("\"completed\": 40"), 15, "\"completed\": 38");
  const Imported imported = import("vllm", of(put("run.json", text)));
  EXPECT_THAT(warnings(imported), Contains("run.json: 2 requests failed"));
  EXPECT_THAT(warnings(imported), Contains("run.json: ignored unknown key \"mood\""));
}

TEST_F(Vllm, WhatARowNeedsIsRefusedByName) {
  for (const char* name : {"model_id", "completed", "duration"}) {
    std::string text = std::string(kRun) + "}";
    const std::string quoted = '"' + std::string(name) + '"';
    text.replace(text.find(quoted), quoted.size(), "\"x\"");
    EXPECT_THAT(refusal("vllm", of(put("run.json", text))), HasSubstr(quoted + " is missing"));
  }
  std::string open_loop = std::string(kRun) + "}";
  open_loop.replace(open_loop.find("max_concurrency"), 15, "ramp_up_strategy");
  open_loop.replace(open_loop.find("mean_tpot_ms"), 12, "p90_tpot_ms");
  EXPECT_THAT(refusal("vllm", of(put("run.json", open_loop))), HasSubstr("--set batch=N"));
}

TEST_F(Vllm, ARealResultIsRead) {
  const std::string real = public_file("../raw/vllm_bench_serve.json");
  if (real.empty()) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
  const Imported imported = import("vllm", of(real));
  EXPECT_EQ(imported.warnings.size(), 1u) << "it has no energy";
  EXPECT_EQ(number(imported, Column::isl), 12288);
  EXPECT_EQ(number(imported, Column::osl), 128);
  EXPECT_EQ(number(imported, Column::batch), 32);
  EXPECT_NEAR(number(imported, Column::ttft_s), 9.541, 1e-3);
}

}  // namespace
}  // namespace energylens::importers
