// SPDX-License-Identifier: Apache-2.0
// The real program against the simulated server under the simulated meter, with whatever can go wrong.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "campaign/journal.hpp"
#include "campaign/plan.hpp"
#include "campaign/serving/process.hpp"
#include "campaign/simulated_state.hpp"
#include "cli/program.hpp"
#include "energylens/meter/trace.hpp"
#include "energylens/table/table.hpp"

namespace energylens::campaign {
namespace {

using cli::Outcome;
using testing::HasSubstr;
using testing::Not;

const std::string kQuick =
    "\"warmup\": 0, \"settle_s\": 0, \"idle_s\": 0.1, \"window_s\": 0.2, \"stop_timeout_s\": 1, "
    "\"max_failures\": 2";

class Loop : public cli::ProgramTest {
 protected:
  /// A plan of `layouts` and batches, one repeat unless `more` says otherwise.
  void plan(const std::string& layouts, const std::string& batches, const std::string& more = "") {
    write("plan.json", R"({"identity": {"model": "Llama-3.1-70B", "gpu": "H100-80GB-SXM", "quant": "fp16"},
      "grid": {"layout": [)" +
                           layouts + R"(], "batch": [)" + batches + R"(], "isl": [1024], "osl": [32]},
      "repeats": 1, "width": 0, )" +
                           kQuick + (more.empty() ? "" : ", " + more) + "}");
  }
  /// One configuration, so often.
  void one(int repeats, const std::string& more = "") {
    write(
        "plan.json",
        R"({"configurations": [{"layout": "tp4", "batch": 1, "isl": 1024, "osl": 32}], "width": 0, "repeats": )" +
            std::to_string(repeats) + ", " + (more.empty() ? kQuick : more) + "}");
  }
  static std::string command(const std::string& flags = "", const std::string& server = "") {
    return "export SIMULATED_STATE=$PWD/state SIMULATED_UPDATE_MS=1; \"$ENERGYLENS\" profile plan.json -o "
           "out --meter "
           "nvml='" ENERGYLENS_SIMULATED_METER
           "' --period-s 0.005 --format json --serve-cmd \"'" ENERGYLENS_SIMULATED_SERVER
           "' --port {port} --tp {tp} --pp {pp} --speed 2 --state '$SIMULATED_STATE' " +
           server + "\" " + flags;
  }
  Outcome profile(const std::string& flags = "", const std::string& server = "") const {
    return shell(command(flags, server));
  }
  void await_record() const {
    for (const double end_s = steady_s() + 20; steady_s() < end_s && read("out/journal.jsonl").empty();)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  std::vector<Record> records() const { return parse_journal(read("out/journal.jsonl"), "journal").records; }
  table::Table rows() const { return table::parse_csv(read("out/rows.csv"), "rows.csv"); }
};

TEST_F(Loop, MeasuresWhatTheSimulatorGives) {
  plan("\"tp4\"", "1");
  const Outcome outcome = profile();
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const io::Json summary = io::parse_json(outcome.out, "summary");
  EXPECT_EQ(summary.integer("complete"), 1);
  const table::Table table = rows();
  ASSERT_EQ(table.rows(), 1u);
  const Outcome truth = run("simulate --layouts tp4 --batch 1 --isl 1024 --osl 32 -o truth.csv");
  ASSERT_EQ(truth.code, 0) << truth.err;
  const table::Table exact = table::parse_csv(read("truth.csv"), "truth.csv");
  using enum table::Column;
  const auto share = [&](table::Column column) {
    return table.numbers(column)[0] / (exact.numbers(column)[0] / 2);
  };
  EXPECT_NEAR(share(total_energy_j), 1, 0.15);
  EXPECT_NEAR(share(total_time_s), 1, 0.15);
  EXPECT_NEAR(share(prefill_energy_j), 1, 0.3);
  EXPECT_NEAR(table.numbers(idle_power_w)[0], exact.numbers(idle_power_w)[0],
              0.1 * exact.numbers(idle_power_w)[0]);
  EXPECT_DOUBLE_EQ(table.numbers(prefill_energy_j)[0] + table.numbers(decode_energy_j)[0],
                   table.numbers(total_energy_j)[0]);
  EXPECT_EQ(table.numbers(simulated)[0], 1) << "the server says what it is";
  for (const char* file : {"out/plan.json", "out/environment.json", "out/samples/c0_a0.csv"})
    EXPECT_TRUE(exists(file)) << file;
  EXPECT_EQ(run("table check out/rows.csv").code, 0);
  const io::Json environment = io::parse_json(read("out/environment.json"), "environment");
  EXPECT_EQ(environment.array_at("sessions").size(), 1u);
  ASSERT_EQ(environment.array_at("sessions")[0].array_at("meters").size(), 1u);
  EXPECT_EQ(environment.array_at("sessions")[0].array_at("meters")[0].text("source"),
            ENERGYLENS_SIMULATED_METER);
}

/// One long prompt, so that prefill is long enough to be cut off; `prefill` says how it is measured.
std::string long_prompt(const std::string& prefill) {
  return R"({"configurations": [{"layout": "tp4", "batch": 1, "isl": 8192, "osl": 32}], "width": 0, "repeats": 1, "prefill": ")" +
         prefill + "\", " + kQuick + "}";
}

TEST_F(Loop, PrefillOfItsOwnJobsAndCutOffAgreeWithEachOtherAndTheSimulator) {
  ASSERT_EQ(run("simulate --layouts tp4 --batch 1 --isl 8192 --osl 32 -o truth.csv").code, 0);
  const table::Table exact = table::parse_csv(read("truth.csv"), "truth.csv");
  using enum table::Column;
  for (const std::string prefill : {"osl1", "split"}) {
    write("plan.json", long_prompt(prefill));
    const Outcome outcome = shell("rm -rf out; " + command());
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const table::Table table = rows();
    const auto at = [&](table::Column column) { return table.numbers(column)[0]; };
    for (const table::Column column : {prefill_energy_j, decode_energy_j, prefill_time_s, decode_time_s})
      EXPECT_NEAR(at(column) / (exact.numbers(column)[0] / 2), 1, 0.15)
          << prefill << ' ' << table::info(column).name;
    EXPECT_DOUBLE_EQ(at(prefill_energy_j) + at(decode_energy_j), at(total_energy_j));
    EXPECT_DOUBLE_EQ(at(prefill_time_s) + at(decode_time_s), at(total_time_s));
    const io::Json details = records().front().details;
    EXPECT_NEAR(details.number("split_prefill_energy_j") / at(prefill_energy_j), 1, 0.1) << prefill;
    EXPECT_EQ(details.find("prefill") != nullptr, prefill == "osl1") << "a window of its own";
  }
}

TEST_F(Loop, WarmUpLastsUntilTheTemperatureIsStill) {
  // Temperature follows power with 0.3 s: from 40 degrees towards 90 or so.
  const std::string warm =
      R"("warmup": 1, "settle_s": 5, "idle_s": 0, "window_s": 0.4, "stop_timeout_s": 1, )";
  one(1, warm + R"("settle_slope": 150, "settle_over_s": 0.8, "settle_limit_s": 20)");
  ASSERT_EQ(shell("export SIMULATED_TAU_S=0.3; " + command()).code, 0);
  const io::Json still = records().front().details.at("warm_up");
  EXPECT_TRUE(still.boolean("still"));
  EXPECT_LT(std::abs(still.number("slope_c_per_min")), 150);
  double last_c = kUnknown;
  for (const meter::Reading& reading :
       meter::parse_trace(read("out/samples/c0_a0.csv"), "samples").tracks.front().readings) {
    if (known(reading.temperature_c)) last_c = reading.temperature_c;
  }
  EXPECT_NEAR(still.number("temperature_c"), last_c, 12) << "as warm as at the end of the measurement";
  EXPECT_GT(last_c, 55);

  one(1, warm + R"("settle_slope": 1, "settle_over_s": 0.3, "settle_limit_s": 0.5)");
  const Outcome cold = shell("rm -r out state; export SIMULATED_TAU_S=3; " + command());
  ASSERT_EQ(cold.code, 0) << cold.err;
  EXPECT_FALSE(records().front().details.at("warm_up").boolean("still"));
  EXPECT_THAT(records().front().warnings, testing::Contains(HasSubstr("the temperature ")));
}

TEST_F(Loop, TheSizeOfTheKvCacheIsReadFromTheServersLog) {
  plan("\"tp4\"", "1");
  ASSERT_EQ(profile("", "--kv-log 'INFO GPU KV cache size: 123,456 tokens'").code, 0);
  EXPECT_EQ(rows().numbers(table::Column::kv_capacity_tokens)[0], 123456);
  const io::Json session = io::parse_json(read("out/environment.json"), "e").array_at("sessions")[0];
  const io::Json deployment = session.array_at("deployments")[0];
  EXPECT_EQ(deployment.text("layout"), "tp4");
  EXPECT_EQ(deployment.number("kv_capacity_tokens"), 123456);
  // A log that an earlier server left does not count.
  const Outcome again = shell(
      "true > out/journal.jsonl; rm out/rows.csv out/environment.json; "
      "sed -i \"s/--kv-log '[^']*'//\" out/plan.json; " +
      command("--resume"));
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(rows().rows(), 1u);
  EXPECT_THAT(read("out/rows.csv"), Not(HasSubstr("kv_capacity_tokens")));
}

TEST_F(Loop, RequestsWithImagesAreMeasuredAndTheirTokensCounted) {
  // 448 x 280 pixels: 16 x 10 tokens each, of which the server knows; the words make up the rest of isl.
  write("plan.json",
        R"({"identity": {"model": "Gemma-3-27B"}, "images": {"count": 2, "width": 448, "height": 280},
    "configurations": [{"layout": "tp2", "batch": 2, "isl": 512, "osl": 16}], "width": 0, "repeats": 1, )" +
            kQuick + "}");
  const Outcome outcome = profile("", "--model Gemma-3-27B");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const table::Table table = rows();
  ASSERT_EQ(table.rows(), 1u);
  EXPECT_EQ(table.numbers(table::Column::image_tokens)[0], 320);
  EXPECT_EQ(table.numbers(table::Column::isl)[0], 512);
  EXPECT_GT(table.numbers(table::Column::prefill_energy_j)[0], 0);
  write("plan.json", R"({"images": {"width": 448, "height": 280}, "configurations": [
    {"layout": "tp2", "batch": 1, "isl": 512, "osl": 16, "image_tokens": 256}], "width": 0, "repeats": 1, )" +
                         kQuick + "}");
  const Outcome other = shell("rm -r out; " + command("", "--model Gemma-3-27B"));
  EXPECT_EQ(other.code, 1);
  EXPECT_THAT(other.err, HasSubstr("the server counts 160 image tokens where the plan states 256"));
}

TEST_F(Loop, ASteadyLoadIsMeasuredPerToken) {
  write(
      "plan.json",
      R"({"configurations": [{"layout": "tp4", "row_kind": "steady", "batch": 2, "isl": 1024, "osl": 32}], "width": 0, "repeats": 1,)" +
          kQuick + "}");
  const Outcome outcome = profile();
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  ASSERT_EQ(run("simulate --layouts tp4 --batch 2 --isl 1024 --osl 32 -o truth.csv").code, 0);
  const table::Table exact = table::parse_csv(read("truth.csv"), "truth.csv"), table = rows();
  using enum table::Column;
  ASSERT_EQ(table.rows(), 1u);
  EXPECT_EQ(table.text(row_kind, 0), "steady");
  EXPECT_NEAR(table.numbers(batch)[0], 2, 0.1);
  EXPECT_NEAR(table.numbers(energy_per_out_token_j)[0] / (exact.numbers(energy_per_out_token_j)[0] / 2), 1,
              0.15);
}

TEST_F(Loop, CtrlCDoesNotWaitForALongAnswer) {
  write(
      "plan.json",
      R"({"configurations": [{"layout": "tp4", "batch": 64, "isl": 16384, "osl": 2}], "width": 0, "repeats": 1,)" +
          kQuick + "}");
  const Outcome outcome =
      shell("set -m; " + command() +
            " & p=$!; while ! grep -q ready out/logs/*.log 2>/dev/null; do sleep 0.02; done; "
            "sleep 0.7; kill -INT $p; wait $p");
  EXPECT_EQ(outcome.code, 130) << outcome.err;
  EXPECT_TRUE(read("out/journal.jsonl").empty());
}

TEST_F(Loop, AFinishedCampaignIsNotRepeatedAndNotOverwritten) {
  plan("\"tp4\"", "1");
  ASSERT_EQ(profile().code, 0);
  const std::string before = read("out/journal.jsonl");
  for (const char* name : {"out/rows.csv.part4711", "out/samples/c0_a9.csv.part4711"}) write(name, "half");
  EXPECT_EQ(profile("--resume").code, 0);
  EXPECT_EQ(read("out/journal.jsonl"), before);
  EXPECT_FALSE(exists("out/rows.csv.part4711") || exists("out/samples/c0_a9.csv.part4711"));
  const Outcome again = profile();
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.err, HasSubstr("use --resume to continue it"));
  plan("\"tp8\"", "1");
  const Outcome other = profile("--resume");
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("another plan: configuration 1 is "));
}

TEST_F(Loop, LimitsMayChangeWhenACampaignGoesOnAndWhatMayNotIsNamed) {
  one(1);
  ASSERT_EQ(profile().code, 0);
  EXPECT_EQ(profile("--resume --ready-timeout-s 77").code, 0);
  EXPECT_EQ(parse_plan(read("out/plan.json"), "plan").settings.ready_timeout_s, 77);
  const io::Json environment = io::parse_json(read("out/environment.json"), "environment.json");
  EXPECT_NE(environment.array_at("sessions").at(0).number("prompt_seed"),
            environment.array_at("sessions").at(1).number("prompt_seed"))
      << "a server that stayed up would find the prompts in its cache";
  EXPECT_EQ(io::print_json(environment.array_at("sessions").at(1).at("plan_changes"), 0),
            R"([{"setting":"ready_timeout_s","from":900,"to":77}])");
  const std::string mark = "export " + std::string(kMarkVariable) + "=" +
                           io::parse_json(read("out/plan.json"), "plan").text("id") + "; ";
  const Outcome other =
      shell(mark + "sleep 60 & p=$!; unset " + kMarkVariable + "; " + command("--resume --repeats 5") +
            "; code=$?; wait $p; echo $? >orphan; exit $code");
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("\"repeats\" is 1 in out/plan.json and 5 here"));
  EXPECT_THAT(other.err, HasSubstr("killed 1 orphaned processes of an earlier run"));
  EXPECT_EQ(read("orphan"), "137\n");
}

TEST_F(Loop, AServerThatCrashesMakesAnInvalidRecordAndIsStartedAgain) {
  one(2,
      R"("warmup": 0, "settle_s": 0, "idle_s": 0, "window_s": 0.2, "stop_timeout_s": 1, "max_failures": 5)");
  // A measurement takes six requests or more.
  const Outcome outcome = profile("", "--crash-after 8");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const auto all = records();
  const auto invalid = std::ranges::find_if(all, [](const Record& record) { return !record.valid(); });
  ASSERT_NE(invalid, all.end());
  EXPECT_THAT(invalid->reasons.front(), HasSubstr("the server ended with exit code 3: CUDA error"));
  EXPECT_EQ(rows().rows(), 2u);
}

TEST_F(Loop, DroppedConnectionsMakeInvalidRecords) {
  plan("\"tp4\"", "4");
  const Outcome outcome = profile("--strict", "--drop-each 5");
  EXPECT_EQ(outcome.code, 3) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("requests failed; the first: the stream ended without [DONE]"));
  EXPECT_EQ(rows().rows(), 0u);
  EXPECT_EQ(records().size(), 2u) << "max_failures";
}

TEST_F(Loop, ASlowStartIsWaitedForAndAFailedOneSaysWhy) {
  plan("\"tp4\"", "1");
  EXPECT_EQ(profile("", "--start-s 0.5").code, 0);
  const Outcome slow = shell("rm -r out; " + command("--ready-timeout-s 0.3", "--start-s 5"));
  EXPECT_EQ(slow.code, 1);
  EXPECT_THAT(slow.err, HasSubstr("the server is not ready after 0.300 s"));
  const Outcome failed = shell("rm -r out; " + command("", "--fail-start 1"));
  EXPECT_EQ(failed.code, 1);
  EXPECT_THAT(failed.err,
              HasSubstr("the server ended with exit code 1: ValueError: no room for the KV cache"));
  EXPECT_EQ(rows().rows(), 0u);
  EXPECT_THAT(run("table check out/rows.csv").err, HasSubstr("the table has no rows"));
}

TEST_F(Loop, LostGpusMakeInvalidRecordsAndAreTriedAgainWhenResumed) {
  one(2);
  const SharedState state((folder() / "state").string());
  std::thread losing([&] {
    await_record();
    state.with([](SimulatedState& now) { return now.lost = 1; });
  });
  const Outcome lost = profile();
  losing.join();
  EXPECT_EQ(lost.code, 0) << "one row is there";
  EXPECT_THAT(lost.err, HasSubstr("GPU is lost"));
  EXPECT_EQ(rows().rows(), 1u);
  state.with([](SimulatedState& now) { return now.lost = 0; });
  EXPECT_EQ(profile("--resume").code, 0);
  EXPECT_EQ(rows().rows(), 2u);
}

TEST_F(Loop, ACounterThatIsResetMakesAnInvalidRecord) {
  one(2);
  const SharedState state((folder() / "state").string());
  std::atomic<bool> over{false};
  std::thread resetting([&] {
    await_record();
    for (int i = 0; !over; ++i) {
      state.with([&](SimulatedState& now) { return now.reset = i % 2; });
      std::this_thread::sleep_for(std::chrono::milliseconds(40));
    }
  });
  const Outcome outcome = profile();
  over = true;
  resetting.join();
  EXPECT_THAT(outcome.err, HasSubstr("invalid: "));
  EXPECT_EQ(rows().rows(), 1u);
}

TEST_F(Loop, MoreGpusThanAreMeteredAreRefusedBeforeAnythingStarts) {
  plan("\"tp8pp2\"", "1");
  const Outcome outcome = profile();
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "energylens: error: tp8pp2: the layout uses 16 GPUs, but only 8 are metered\n");
  EXPECT_FALSE(exists("out"));
}

TEST_F(Loop, NoKeyIsWrittenAnywhere) {
  plan("\"tp4\"", "1");
  const Outcome outcome =
      shell("export OPENAI_API_KEY=sk-very-secret; " + command("", "--api-key {api_key}") +
            "; grep -r sk-very-secret out && exit 9; exit 0");
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  const Outcome literal =
      shell("export OPENAI_API_KEY=sk-very-secret; rm -r out; " + command("", "--api-key sk-very-secret"));
  EXPECT_EQ(literal.code, 2);
  EXPECT_THAT(literal.err, HasSubstr("write {api_key} instead"));
}

TEST_F(Loop, CtrlCStopsCleanlyAndResumeGoesOn) {
  one(4);
  const Outcome outcome =
      shell("set -m; " + command() +
            " & p=$!; while ! grep -q valid out/journal.jsonl 2>/dev/null; do sleep 0.02; "
            "done; kill -INT $p; wait $p; c=$?; pgrep -f \"state '*$PWD\" >left; exit $c");
  EXPECT_EQ(outcome.code, 130) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("continue with --resume"));
  EXPECT_EQ(read("left"), "");
  const std::size_t before = records().size();
  EXPECT_GE(before, 1u);
  EXPECT_LT(before, 4u);
  EXPECT_EQ(profile("--resume").code, 0);
  EXPECT_EQ(records().size(), 4u);
}

TEST_F(Loop, AFullDiskIsAnErrorAndLosesNothing) {
  one(4);
  // The journal is the file that grows: it gets over the limit (in blocks of 512 bytes) after some records.
  const SharedState state((folder() / "state").string());
  const Outcome full = shell("ulimit -f 8; " + command("--no-samples"));
  EXPECT_EQ(full.code, 1);
  EXPECT_THAT(full.err, HasSubstr("cannot write: File too large"));
  const std::size_t before = records().size();
  EXPECT_LT(before, 4u);
  EXPECT_EQ(profile("--resume --no-samples").code, 0);
  EXPECT_EQ(rows().rows(), 4u);
}

/// The first 50 rows that a user would measure, and what the law makes of them. Takes more than a minute:
/// asked for by ENERGYLENS_LONG=1.
TEST_F(Loop, FiftyRowsRecoverTheSimulator) {
  if (!std::getenv("ENERGYLENS_LONG")) GTEST_SKIP() << "takes more than a minute: ENERGYLENS_LONG=1";
  write("plan.json", R"({"identity": {"model": "Llama-3.1-70B", "gpu": "H100-80GB-SXM", "quant": "fp16"},
    "grid": {"layout": ["tp2", "tp4", "tp8", "tp2pp2", "tp4pp2"], "batch": [1, 2, 4, 8, 16], "isl_osl_pairs": [[512, 32], [1024, 64]]},
    "repeats": 1, "width": 0, "warmup": 0, "settle_s": 0, "idle_s": 0.3, "window_s": 0.3})");
  ASSERT_EQ(profile().code, 0);
  ASSERT_EQ(rows().rows(), 50u);
  ASSERT_EQ(run("fit out/rows.csv -o model.json").code, 0);
  ASSERT_EQ(
      run("simulate --layouts tp2,tp4,tp8,tp2pp2,tp4pp2 --batch 3,6,12 --isl 768 --osl 48 -o truth.csv").code,
      0);
  const table::Table truth = table::parse_csv(read("truth.csv"), "truth.csv");
  const auto at = [&](table::Column column, std::size_t row) { return truth.numbers(column)[row]; };
  double sum = 0;
  for (std::size_t row = 0; row < truth.rows(); ++row) {
    const table::Layout layout{static_cast<int>(at(table::Column::tp, row)),
                               static_cast<int>(at(table::Column::pp, row)), 1, 1};
    const Outcome outcome =
        run("predict model.json --format json --isl 768 --osl 48 --layout " + table::layout_text(layout) +
            " --batch " + std::to_string(static_cast<int>(at(table::Column::batch, row))));
    const double predicted_j =
        2 * io::parse_json(outcome.out, "predict").number("total_energy_j");  // --speed 2
    sum += std::abs(predicted_j / at(table::Column::total_energy_j, row) - 1);
  }
  ASSERT_EQ(truth.rows(), 15u);
  RecordProperty("mape", std::to_string(sum / 15));
  EXPECT_LE(sum / 15, 0.03);
}

/// Killed by force at any moment and resumed, as often as ENERGYLENS_KILLS says (5): no row is lost, none is
/// there twice.
TEST_F(Loop, KilledAnywhereNoRowIsLostAndNoneIsThereTwice) {
  const char* const wanted = std::getenv("ENERGYLENS_KILLS");
  const int kills = wanted ? std::atoi(wanted) : 5;
  write(
      "plan.json",
      R"({"grid": {"layout": ["tp4", "tp8"], "batch": [1, 2], "isl": [1024], "osl": [16]}, "width": 0, "repeats": )" +
          std::to_string(1 + kills / 8) +
          R"(, "warmup": 0, "settle_s": 0, "idle_s": 0, "window_s": 0.2, "max_failures": 20})");
  std::map<std::string, int> seen;  // lines of the journal, and in which life they came
  for (int kill = 0; kill <= kills; ++kill) {
    const std::string wait =
        kill == kills ? "wait $p"
                      : "sleep 0." + std::to_string(100 + (kill * 7919) % 899) + "; kill -9 $p; wait $p";
    shell("set -m; " + command("--resume --quiet") + " & p=$!; " + wait);
    std::istringstream lines(read("out/journal.jsonl"));
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line) && !lines.eof(); ++count)
      ++seen.emplace(line, 0).first->second;
    ASSERT_EQ(seen.size(), count) << "a line was lost or changed";
  }
  std::set<std::pair<std::size_t, int>> attempts, repeats;
  for (const Record& record : records()) {
    EXPECT_TRUE(attempts.emplace(record.target, record.attempt).second) << record.what;
    if (!record.valid()) continue;
    EXPECT_TRUE(repeats.emplace(record.target, record.repeat).second) << record.what;
  }
  EXPECT_EQ(rows().rows(), repeats.size());
  EXPECT_EQ(repeats.size(), 4u * static_cast<std::size_t>(1 + kills / 8))
      << "with the last life the campaign is complete";
}

}  // namespace
}  // namespace energylens::campaign
