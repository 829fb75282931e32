// SPDX-License-Identifier: Apache-2.0
// `meter` and `doctor` on a library of our own in place of NVML, and on a folder in place of /sys.
#include <gmock/gmock.h>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

using io::Json;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class MeterVerb : public ProgramTest {
 protected:
  static std::string nvml() { return "--meter nvml='" ENERGYLENS_FAKE_NVML "' "; }
  Json json(const std::string& arguments, int code = 0) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, code) << outcome.err;
    return io::parse_json(outcome.out, arguments);
  }
  /// A package whose counter stands at `energy_uj` and wraps at 1000 J; writes its file by $COUNTER.
  std::string package(const std::string& energy_uj) {
    return "mkdir -p sys/class/powercap/intel-rapl:0; cd sys/class/powercap/intel-rapl:0; echo package-0 "
           ">name; echo " +
           energy_uj +
           " >energy_uj; echo 1000000000 >max_energy_range_uj; export COUNTER=$PWD/energy_uj; cd - "
           ">/dev/null; ";
  }
};

TEST_F(MeterVerb, TellsEnergyTimeAndPowerOfACommand) {
  const Json report = json("meter " + nvml() + "--max-gap-s 60 --format json -- sleep 1.5");
  EXPECT_EQ(report.integer("exit_code"), 0);
  EXPECT_TRUE(report.boolean("power_valid"));
  const double duration_s = report.number("duration_s");
  EXPECT_GE(duration_s, 1.5);
  const Json& second = report.array_at("devices").at(1);
  // On a busy machine the counter is read seldom, and the integral of the constant power is the better one.
  EXPECT_THAT(second.text("energy_source"), AnyOf("counter", "integral"));
  EXPECT_NEAR(second.number("energy_j"), 600 * duration_s, second.number("energy_uncertainty_j") + 12);
  EXPECT_EQ(second.number("peak_power_w"), 600);
  EXPECT_NEAR(report.number("total_gpu_energy_j"),
              report.array_at("devices").at(0).number("energy_j") + second.number("energy_j"), 1e-6);
  EXPECT_TRUE(report.at("total_package_energy_j").is_null());
  EXPECT_TRUE(second.at("idle_power_w").is_null());
}

TEST_F(MeterVerb, MetersTheGpusThatRocrAndHipShow) {
  const auto indices = [&](const std::string& variables) {
    const Outcome outcome =
        shell("export FAKE_ROCM_GPUS=8 " + variables +
              "; \"$ENERGYLENS\" meter --meter rocm='" ENERGYLENS_FAKE_ROCM "' --format json -- true");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    std::string all;
    const Json report = io::parse_json(outcome.out, "report");
    for (const Json& device : report.array_at("devices"))
      all += std::to_string(device.integer("index")) + ' ';
    return all;
  };
  EXPECT_EQ(indices("ROCR_VISIBLE_DEVICES=2,3"), "2 3 ");
  EXPECT_EQ(indices("ROCR_VISIBLE_DEVICES=2,3 HIP_VISIBLE_DEVICES=0,1"), "2 3 ");
  EXPECT_EQ(indices("ROCR_VISIBLE_DEVICES=2,3 HIP_VISIBLE_DEVICES=1"), "3 ");
  EXPECT_EQ(indices("ROCR_VISIBLE_DEVICES=4,5,6 CUDA_VISIBLE_DEVICES=2"), "6 ");
  EXPECT_EQ(indices("HIP_VISIBLE_DEVICES=0 CUDA_VISIBLE_DEVICES=5"), "0 ");
}

TEST_F(MeterVerb, IndicesOfUnlikeGpusNeedTheOrderOfTheBus) {
  const std::string unlike = "export FAKE_NVML_UNLIKE=1 CUDA_VISIBLE_DEVICES=0; ";
  const Outcome refused = shell(unlike + "\"$ENERGYLENS\" meter " + nvml() + "-- touch ran");
  EXPECT_EQ(refused.code, 125);
  EXPECT_THAT(refused.err, HasSubstr("set CUDA_DEVICE_ORDER=PCI_BUS_ID"));
  EXPECT_FALSE(exists("ran"));
  EXPECT_EQ(
      shell(unlike + "export CUDA_DEVICE_ORDER=PCI_BUS_ID; \"$ENERGYLENS\" meter " + nvml() + "-- true").code,
      0);
}

TEST_F(MeterVerb, IdleEnergyStandsBesideTheTotal) {
  const Json report = json("meter " + nvml() + "--idle-s 0.3 --format json -- sleep 0.2");
  const Json& device = report.array_at("devices").at(0);
  EXPECT_NEAR(device.number("idle_power_w"), 300, 60);
  EXPECT_NEAR(device.number("energy_j"),
              device.number("idle_energy_j") + device.number("above_idle_energy_j"), 1e-6);
}

TEST_F(MeterVerb, PassesStreamsArgumentsAndExitCodeOn) {
  const Outcome outcome = shell("echo in | \"$ENERGYLENS\" meter " + nvml() +
                                "-- sh -c 'echo \"$2\"; cat; exit 7' sh -- --format");
  EXPECT_EQ(outcome.out, "--format\nin\n");
  EXPECT_EQ(outcome.code, 7);
  EXPECT_THAT(outcome.err, HasSubstr("exit code 7"));
  EXPECT_EQ(run("meter " + nvml() + "-- sh -c 'kill -KILL $$'").code, 137);
}

TEST_F(MeterVerb, StandardOutputIsTheCommandsOwn) {
  const Outcome outcome = run("meter " + nvml() + "-- echo 'a  b' -- --help");
  EXPECT_EQ(outcome.out, "a  b -- --help\n");
  EXPECT_THAT(outcome.err, StartsWith("device"));
}

TEST_F(MeterVerb, OwnFailuresAre125AndRunNothing) {
  for (const std::string arguments :
       {"meter", "meter --", "meter --bogus -- touch ran", "meter --meter nvml=/nowhere.so -- touch ran",
        "meter --meter steam -- touch ran", "meter --period-s 0 -- touch ran"}) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, 125) << arguments;
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, StartsWith("energylens: error: "));
  }
  EXPECT_FALSE(exists("ran"));
  const Outcome absent = run("meter " + nvml() + "-- ./no-such-command");
  EXPECT_EQ(absent.code, 125);
  EXPECT_EQ(absent.err, "energylens: error: cannot run \"./no-such-command\": No such file or directory\n");
}

TEST_F(MeterVerb, WhereNothingCanBeMeasuredItSaysWhatIsMissing) {
  const Outcome outcome = shell(
      "export ENERGYLENS_SYSFS=/nowhere ENERGYLENS_NVML_LIBRARY=no.so ENERGYLENS_ROCM_LIBRARY=no.so; "
      "\"$ENERGYLENS\" meter -- touch ran");
  EXPECT_EQ(outcome.code, 125);
  EXPECT_FALSE(exists("ran"));
  for (const char* name : {"nvml: ", "rocm: ", "intel: ", "rapl: "})
    EXPECT_THAT(outcome.err, HasSubstr(name));
}

TEST_F(MeterVerb, SignalsReachTheCommand) {
  for (const std::string signal : {"TERM", "INT", "USR1"}) {
    const Outcome outcome =
        shell("set -m; \"$ENERGYLENS\" meter " + nvml() + "-- sh -c 'trap \"echo got; exit 3\" " + signal +
              "; echo ready >ready; while :; do sleep 0.02; done' & p=$!; while [ ! -e ready ]; do sleep "
              "0.02; done; "
              "rm ready; sleep 0.1; kill -" +
              signal + " $p; wait $p");
    EXPECT_EQ(outcome.code, 3) << signal << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("got\n")) << signal;
  }
}

TEST_F(MeterVerb, TheCommandStartsWithSignalsAsAShellLeavesThem) {
  const Outcome outcome = run("meter " + nvml() + "-- sh -c 'yes | head -1; kill -PIPE $$'");
  EXPECT_EQ(outcome.code, 128 + 13) << "SIGPIPE is not ignored";
  EXPECT_EQ(outcome.out, "y\n");
  EXPECT_EQ(run("meter " + nvml() + "-- sh -c 'kill -XFSZ $$'").code, 128 + 25);
}

TEST_F(MeterVerb, SamplesAreARecordingThatCanBePlayedAgain) {
  ASSERT_EQ(run("meter " + nvml() + "--samples s.csv -- sleep 1.5").code, 0);
  EXPECT_THAT(read("s.csv"),
              StartsWith("schema_version,timestamp_unix,scrape_seq,hostname,gpu_index,gpu_uuid,power_w,"));
  const Json report = json("meter --meter replay=s.csv --format json -- sleep 0.1");
  EXPECT_EQ(report.array_at("devices").at(1).text("uuid"), "GPU-fake-1");
  EXPECT_FALSE(report.boolean("of_this_run"));
  EXPECT_THAT(report.array_at("devices").at(1).text("not_of_run"), StartsWith("a recording"));
  EXPECT_THAT(run("meter --meter replay=s.csv -- sleep 0.1").err, HasSubstr("not of this run: replay 0 "));
  const Json live = json("meter " + nvml() + "--format json -- true");
  EXPECT_TRUE(live.boolean("of_this_run"));
  EXPECT_TRUE(live.array_at("devices").at(0).at("not_of_run").is_null());
}

TEST_F(MeterVerb, ReportsGoToAFileWholeOrNotAtAll) {
  EXPECT_EQ(run("meter " + nvml() + "--format csv -o report.csv -- true").out, "");
  EXPECT_THAT(read("report.csv"), StartsWith("meter,index,uuid,name,scope,energy_j,"));
  const Outcome full = run("meter " + nvml() + "-o /dev/full -- true");
  EXPECT_EQ(full.code, 125);
  EXPECT_THAT(full.err, HasSubstr("/dev/full: cannot write"));
}

TEST_F(MeterVerb, WhatCannotBeWrittenIsSaidBeforeTheCommandRuns) {
  for (const std::string flag : {"-o no/such/report.csv ", "--samples no/such/s.csv ", "-o . "}) {
    const Outcome outcome = run("meter " + nvml() + flag + "-- touch ran");
    EXPECT_EQ(outcome.code, 125) << flag;
    EXPECT_THAT(outcome.err, HasSubstr(": cannot write: ")) << flag;
  }
  EXPECT_EQ(files(), 0u);
}

TEST_F(MeterVerb, FiguresThatCannotBeWrittenAfterwardsAreShown) {
  for (const std::string flag : {"-o there/report.json --format json ", "--samples there/s.csv "}) {
    const Outcome outcome = shell("mkdir there; \"$ENERGYLENS\" meter " + nvml() + flag + "-- rmdir there");
    EXPECT_EQ(outcome.code, 125) << flag;
    EXPECT_THAT(outcome.err, HasSubstr(": cannot write: No such file or directory\n"));
    EXPECT_THAT(outcome.err, HasSubstr("device  ")) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("exit code 0"));
  }
}

TEST_F(MeterVerb, ACounterThatWrapsDuringTheCommandIsCountedOn) {
  // The command itself moves the counter, which ends at 1000 J: 60 steps of 75 J, about 0.05 s apart.
  const Outcome outcome = shell(
      package("0") +
      "\"$ENERGYLENS\" meter --meter rapl=sys --period-s 0.02 --max-gap-s 60 --format json -- sh -c 'e=0; for i in "
      "$(seq 60); do e=$(((e + 75000000) % 1000000000)); echo $e >new; mv new \"$COUNTER\"; sleep 0.05; done'");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Json report = io::parse_json(outcome.out, "report");
  EXPECT_TRUE(report.boolean("power_valid")) << outcome.out;
  EXPECT_NEAR(report.number("total_package_energy_j"), 60 * 75, 2 * 75) << outcome.out;
}

TEST_F(MeterVerb, AnInvalidMeasurementIsSaidAndFailsOnlyIfStrict) {
  const std::string lose =
      "--period-s 0.02 -- sh -c 'sleep 0.1; rm sys/class/powercap/intel-rapl:0/energy_uj; sleep 0.2'";
  Outcome outcome = shell(package("990000000") + "\"$ENERGYLENS\" meter --meter rapl=sys " + lose);
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("invalid: rapl 0 package package-0: lost "));
  outcome =
      shell(package("990000000") + "\"$ENERGYLENS\" meter --meter rapl=sys --strict --format json " + lose);
  EXPECT_EQ(outcome.code, 3);
  const Json report = io::parse_json(outcome.out, "report");
  EXPECT_FALSE(report.boolean("power_valid"));
  EXPECT_TRUE(report.at("total_package_energy_j").is_null());
}

TEST_F(MeterVerb, SourcesOfOneKindAreToldApart) {
  for (const std::string watts : {"100", "300"})
    write(watts + ".csv",
          "timestamp_unix,gpu_index,power_w\n1,0," + watts + "\n2,0," + watts + "\n3,0," + watts + "\n");
  const std::string meter = "meter --meter replay=100.csv --meter replay=300.csv ";
  const Json report = json(meter + "--samples s.csv --format json -- sleep 0.2");
  EXPECT_EQ(report.array_at("devices").at(0).text("meter"), "replay=100.csv");
  EXPECT_EQ(report.array_at("devices").at(1).text("meter"), "replay=300.csv");
  EXPECT_THAT(run(meter + "-- sleep 0.1").err, HasSubstr("\nreplay=300.csv 0 "));
  const Json again = json("meter --meter replay=s.csv --format json -- sleep 0.1");
  ASSERT_EQ(again.array_at("devices").size(), 2u);
  EXPECT_EQ(again.array_at("devices").at(0).text("meter"), "replay");
  EXPECT_THAT(read("s.csv"), AllOf(HasSubstr(",100"), HasSubstr(",300"))) << "the power of both";
}

TEST_F(MeterVerb, AHoleOfAPlayedRecordingIsNotFilled) {
  std::string lines = "timestamp_unix,gpu_index,power_w\n";
  for (int i = 0; i < 300; ++i) {
    if (i <= 10 || i > 40) lines += number_text(1711903735 + 0.02 * i) + ",0,100\n";
  }
  write("hole.csv", lines);
  const std::string meter = "meter --strict --period-s 0.02 --meter replay=hole.csv ";
  const Outcome outcome = run(meter + "--max-gap-s 0.4 -- sleep 1");
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("invalid: replay 0: no reading for "));
  EXPECT_THAT(outcome.err, HasSubstr("no line in the recording"));
  EXPECT_EQ(run(meter + "--max-gap-s 30 -- sleep 1").code, 0);
}

TEST_F(MeterVerb, DoctorMeasuresHowFinelyThingsMove) {
  const Json report = json("doctor " + nvml() + "--meter dcgm=/nowhere --seconds 0.5 --format json");
  const Json& meter = report.array_at("meters").at(0);
  EXPECT_TRUE(meter.boolean("available"));
  const Json& device = meter.array_at("devices").at(0);
  EXPECT_GE(device.number("counter_update_s"), 0.008);
  EXPECT_LT(device.number("counter_update_s"), 0.1);
  EXPECT_NEAR(device.number("counter_step_j"), 3, 0.01);
  EXPECT_TRUE(device.at("problem").is_null());
  const Json& missing = report.array_at("meters").at(1);
  EXPECT_FALSE(missing.boolean("available"));
  EXPECT_EQ(missing.text("missing"), "no such file: /nowhere");
}

TEST_F(MeterVerb, DoctorSaysOfPlayedSourcesThatTheyAreNotOfThisMoment) {
  write("trace.csv",
        "timestamp_unix,scrape_seq,gpu_index,power_w\n1711903735,0,0,100\n1711903736,1,0,100\n"
        "1711903740,2,0,100\n");
  Outcome outcome = run("doctor --meter replay=trace.csv --seconds 0.3 --format json");
  EXPECT_EQ(outcome.code, 0);
  const Json device =
      io::parse_json(outcome.out, "doctor").array_at("meters").at(0).array_at("devices").at(0);
  EXPECT_FALSE(device.boolean("of_this_moment"));
  EXPECT_THAT(device.text("not_of_moment"), StartsWith("a recording of 2024-03-31 16:48:55 UTC"));
  outcome = run("doctor --meter replay=trace.csv --meter replay=./trace.csv --seconds 0.3");
  EXPECT_THAT(outcome.out, testing::HasSubstr("replay=trace.csv 0")) << "told apart";
  EXPECT_THAT(outcome.out, testing::HasSubstr("replay=./trace.csv 0"));
  outcome = run("doctor --meter replay=trace.csv --seconds 0.3");
  EXPECT_THAT(outcome.out, HasSubstr("not a live reading: replay 0: a recording of 2024-03-31"));
  EXPECT_TRUE(json("doctor " + nvml() + "--seconds 0.3 --format json")
                  .array_at("meters")
                  .at(0)
                  .array_at("devices")
                  .at(0)
                  .boolean("of_this_moment"));
}

TEST_F(MeterVerb, DoctorNamesEveryMeterThatIsLookedFor) {
  const Outcome outcome = shell(
      "export ENERGYLENS_SYSFS=/nowhere ENERGYLENS_NVML_LIBRARY=no.so ENERGYLENS_ROCM_LIBRARY=no.so; "
      "\"$ENERGYLENS\" doctor");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, StartsWith("no meter is available\n"));
  for (const char* name :
       {"nvml unavailable: ", "rocm unavailable: ", "intel unavailable: ", "rapl unavailable: "})
    EXPECT_THAT(outcome.out, HasSubstr(name));
}

TEST_F(MeterVerb, KeysOfTheCommandAreNotInTheReport) {
  write("log.csv", "timestamp_unix,gpu_index,power_w\n1,0,3\n1.5,0,3\n2,0,3\n2.5,0,3\n");
  const Outcome outcome = run(
      "meter --meter replay=log.csv --format json -- true --api-key sesame HF_TOKEN=sesame sk-abcdefghijklmnop --max-tokens 5");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("--max-tokens"));
  EXPECT_THAT(outcome.out, HasSubstr("[key]"));
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("sesame")));
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("abcdefgh")));
}

}  // namespace
}  // namespace energylens::cli
