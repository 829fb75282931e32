// SPDX-License-Identifier: Apache-2.0
// The verbs as users chain them, on the real program; what they print is read back as JSON.
#include <gmock/gmock.h>

#include <algorithm>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

using io::Json;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Verbs : public ProgramTest {
 protected:
  void fit(const std::string& flags = "") {
    write("data.csv", good_table());
    const Outcome outcome = run("fit data.csv -o model.json " + flags);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
  }

  Json json(const std::string& arguments, int code = 0) {
    const Outcome outcome = run(arguments + " --format json");
    EXPECT_EQ(outcome.code, code) << outcome.err;
    return io::parse_json(outcome.out, arguments);
  }
};

const Json& of(const Json& choice, const std::string& layout) {
  for (const Json& one : choice.array_at("configurations")) {
    if (one.text("layout") == layout) return one;
  }
  throw std::out_of_range(layout);
}

constexpr const char* kChoose = "choose model.json --isl 512 --osl 128 --total-gpus 4 ";

TEST_F(Verbs, FitWritesAModelAndReports) {
  fit();
  const Json model = io::parse_json(read("model.json"), "model.json");
  EXPECT_NE(model.find("schema_version"), nullptr);
  const Json report = json("fit data.csv");
  const Json& group = report.array_at("groups").at(0);
  EXPECT_EQ(group.at("group").text("model"), "toy-model");
  EXPECT_EQ(group.at("energy").array_at("parameters").size(), 12u);
  EXPECT_LT(group.at("energy").number("mape"), 0.05);
  EXPECT_TRUE(group.at("time").is_object());
}

TEST_F(Verbs, FitOfOneTargetLeavesTheOtherNull) {
  write("data.csv", good_table());
  const Json report = json("fit data.csv --target energy");
  EXPECT_TRUE(report.array_at("groups").at(0).at("time").is_null());
}

TEST_F(Verbs, FitToStandardOutputIsTheModelAlone) {
  fit();
  const Outcome outcome = run("fit data.csv -o -");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out, read("model.json"));
}

TEST_F(Verbs, FitTellsTheCapacitiesItTookForGranted) {
  write("data.csv", good_table());
  const std::string flag = " --kv-capacity-tokens 90000";
  const Json report = json("fit data.csv" + flag);
  const Json& said = report.array_at("groups").at(0).array_at("kv_capacity").at(0);
  EXPECT_EQ(said.number("tokens"), 90000);
  EXPECT_EQ(said.text("source"), "flag");
  EXPECT_THAT(run("fit data.csv").out, HasSubstr("KV capacity unknown; assuming all requests run at once"));
}

TEST_F(Verbs, FitReportsThatCapacitiesOfRowsTakePrecedenceOverTheFlag) {
  const std::string table = good_table(), last = ",\n";
  write("data.csv", table.substr(0, table.size() - last.size()) + ",80000\n");
  const std::string warning =
      "1 of 24 rows state kv_capacity_tokens, which takes precedence over --kv-capacity-tokens";
  EXPECT_THAT(run("fit data.csv --kv-capacity-tokens 90000").err, HasSubstr(warning));
  EXPECT_THAT(run("fit data.csv").err, testing::Not(HasSubstr("takes precedence")));
}

TEST_F(Verbs, FitPrintsZeroWhereAnIntervalResolvesNothingElse) {
  fit();
  const std::string text =
      run("fit data.csv").out;  // all rows have pp = 1, so the solver leaves a3 at some 1e-50
  const std::size_t a3 = text.find("\na3 ");
  ASSERT_NE(a3, std::string::npos) << text;
  EXPECT_THAT(text.substr(a3 + 1, text.find("..", a3) - a3), testing::ContainsRegex("^a3 +0  +-0.5"));
  const Outcome said = run("predict model.json --layout tp1 --batch 4 --isl 512 --osl 64");
  EXPECT_THAT(said.out, EndsWith("KV capacity           unlimited\n"));
}

TEST_F(Verbs, FitWithResidualIsAModelLikeAnyOther) {
  write("data.csv", good_table());
  const Json report = json("fit data.csv --residual -o corrected.json");
  EXPECT_EQ(report.array_at("residual").at(0).number("rows"), 24);
  const Json said = json("predict corrected.json --layout tp2 --batch 8 --isl 512 --osl 128");
  EXPECT_NEAR(said.number("prefill_energy_j") + said.number("decode_energy_j"), said.number("total_energy_j"),
              1e-6 * said.number("total_energy_j"));
  EXPECT_EQ(run("choose corrected.json --batch 8 --isl 512 --osl 128 --total-gpus 4").code, 0);
  const Outcome refused = run("fit data.csv --residual --target time -o time.json");
  EXPECT_EQ(refused.code, 2);
  EXPECT_FALSE(exists("time.json"));
}

TEST_F(Verbs, FitOfPowerTimePrintsConstantsAndIsAModelLikeAnyOther) {
  write("data.csv", good_table());
  const Json report = json("fit data.csv --form power-time -o power.json");
  EXPECT_EQ(report.text("predictor"), "discovered");
  const Json& energy = report.array_at("groups").at(0).at("energy");
  EXPECT_EQ(energy.unsigned_integer("rows"), 24u);
  EXPECT_FALSE(energy.text("formula").empty());
  ASSERT_FALSE(energy.array_at("parameters").empty());
  const std::string first = energy.array_at("parameters").at(0).text("name");
  EXPECT_THAT(run("fit data.csv --form power-time").out, HasSubstr("\n" + first + " "));
  EXPECT_THAT(run("fit data.csv --form power-time --format csv").out, HasSubstr(",energy," + first + ","));
  EXPECT_EQ(run("choose power.json --batch 8 --isl 512 --osl 128 --total-gpus 4").code, 0);
  for (const std::string flag : {"--pool", "--bootstrap 10", "--target energy"})
    EXPECT_EQ(run("fit data.csv --form power-time " + flag).code, 2) << flag;
}

TEST_F(Verbs, FitOfPowerTimeWithResidualIsAModelLikeAnyOther) {
  write("data.csv", good_table());
  const Json report = json("fit data.csv --form power-time --residual -o corrected.json");
  EXPECT_EQ(report.array_at("residual").at(0).unsigned_integer("rows_left_out"), 1u);
  EXPECT_THAT(run("fit data.csv --form power-time --residual").out,
              HasSubstr("residual: trained on 23 rows, 1 excluded"));
  const Json said = json("predict corrected.json --layout tp2 --batch 8 --isl 512 --osl 128");
  EXPECT_NEAR(said.number("prefill_energy_j") + said.number("decode_energy_j"), said.number("total_energy_j"),
              1e-6 * said.number("total_energy_j"));
  EXPECT_EQ(run("choose corrected.json --batch 8 --isl 512 --osl 128 --total-gpus 4").code, 0);
  const Outcome judged =
      run("evaluate data.csv --train 12 --seeds 1 --predictors discovered --structure corrected.json");
  EXPECT_EQ(judged.code, 0) << judged.err;
}

TEST_F(Verbs, FitReadsStandardInput) {
  write("data.csv", good_table());
  EXPECT_EQ(run("fit - -o model.json <data.csv").code, 0);
  EXPECT_TRUE(exists("model.json"));
}

TEST_F(Verbs, FitOnAFewRowsWarnsAndSucceeds) {
  write("data.csv", good_table());
  const Outcome outcome = run("fit data.csv --train 6 --seed 3 -o model.json");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.err, StartsWith("energylens: warning: "));
}

TEST_F(Verbs, PredictHasTheFieldsOfTheContract) {
  fit();
  const Json p = json("predict model.json --layout tp2 --batch 16 --isl 512 --osl 256");
  EXPECT_EQ(p.text("layout"), "tp2");
  for (const char* name : {"total_energy_j", "prefill_energy_j", "decode_energy_j", "energy_per_out_token_j",
                           "total_time_s", "ttft_s", "tpot_s", "avg_power_w", "waves"}) {
    EXPECT_GT(p.number(name), 0) << name;
  }
  EXPECT_LE(p.number("total_energy_j_lo"), p.number("total_energy_j"));
  EXPECT_GE(p.number("total_energy_j_hi"), p.number("total_energy_j"));
  EXPECT_TRUE(p.boolean("inside_domain"));
  EXPECT_EQ(p.text("kv_capacity_source"), "unlimited");
  EXPECT_EQ(json("predict model.json --tp 2 --batch 16 --isl 512 --osl 256"), p);
}

TEST_F(Verbs, PredictInWavesByAFlag) {
  fit();
  const std::string ask = "predict model.json --layout tp2 --batch 64 --isl 512 --osl 256";
  const Json waves = json(ask + " --kv-capacity-tokens " + std::to_string(768 * 40));
  EXPECT_EQ(waves.number("waves"), 2);
  EXPECT_EQ(waves.text("kv_capacity_source"), "flag");
  EXPECT_GT(waves.number("total_energy_j"), json(ask).number("total_energy_j"));
}

TEST_F(Verbs, PredictOutsideTheDomainWarnsOrFailsIfStrict) {
  fit();
  const std::string ask = "predict model.json --layout tp8 --batch 1000 --isl 512 --osl 256";
  const Outcome outcome = run(ask);
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("energylens: warning: outside the fitted domain: "));
  const Outcome strict = run(ask + " --strict --format csv");
  EXPECT_EQ(strict.code, 5);
  EXPECT_THAT(strict.out, StartsWith("layout,total_energy_j,total_energy_j_lo,"));
}

TEST_F(Verbs, AModelOfManyGroupsAsksWhich) {
  std::string other = good_table();
  other.erase(0, other.find('\n') + 1);
  for (std::size_t at = 0; (at = other.find("toy-gpu", at)) != std::string::npos;)
    other.replace(at, 7, "big-gpu");
  write("data.csv", good_table() + other);
  ASSERT_EQ(run("fit data.csv -o model.json").code, 0);
  const std::string ask = "predict model.json --layout tp2 --batch 4 --isl 512 --osl 64";
  const Outcome unclear = run(ask);
  EXPECT_EQ(unclear.code, 2);
  EXPECT_EQ(
      unclear.err,
      "energylens: error: the model contains 2 groups; select one with --where: toy-model, big-gpu, fp16; toy-model, "
      "toy-gpu, fp16\n");
  EXPECT_EQ(run(ask + " --where gpu=big-gpu").code, 0);
  EXPECT_EQ(run(ask + " --where gpu=none").code, 2);
  EXPECT_EQ(run(ask + " --where gpus=big-gpu").err,
            "energylens: error: unknown group column \"gpus\"; did you mean \"gpu\"?\n");
}

TEST_F(Verbs, ChooseRanksAndNamesBothOptima) {
  fit();
  const Json choice = json(std::string(kChoose) + "--batch 32 --weights-gb 20 --gpu-memory-gb 24");
  EXPECT_EQ(choice.array_at("configurations").size(), 11u);
  const Json& first = choice.array_at("configurations").at(0);
  EXPECT_EQ(first.integer("rank"), 1);
  EXPECT_EQ(first.text("layout"), choice.text("energy_optimal"));
  EXPECT_TRUE(first.at("rejected").is_null());
  EXPECT_FALSE(first.boolean("tied_with_best"));
  EXPECT_GT(first.number("chance_best"), 0);
  const Json& fastest = of(choice, choice.text("latency_optimal"));
  EXPECT_NEAR(choice.number("latency_optimal_extra_energy"),
              fastest.number("energy_j") / first.number("energy_j") - 1, 1e-12);
}

TEST_F(Verbs, ChooseNamesTheReasonOfEachRejection) {
  fit();
  const std::string facts = "--weights-gb 70 --gpu-memory-gb 24 ";
  const Json memory = json(std::string(kChoose) + facts + "--batch 32");
  EXPECT_EQ(of(memory, "tp1pp2").text("rejected"), "weights need 70 GB; 2 x 24 GB available");
  EXPECT_TRUE(of(memory, "tp2").at("rejected").is_null());  // measured, so it fits
  EXPECT_TRUE(of(memory, "tp1pp2").at("rank").is_null());
  const Json slow = json(std::string(kChoose) + facts + "--concurrency 8 --tpot 0.001", 4);
  EXPECT_THAT(of(slow, "tp2").text("rejected"), StartsWith("TPOT "));
  EXPECT_TRUE(slow.at("energy_optimal").is_null());
  const Json busy = json(std::string(kChoose) + facts + "--rate 100000 --max-batch 64", 4);
  EXPECT_THAT(of(busy, "tp2").text("rejected"), EndsWith(" of 100,000 requests/s"));
  const Json hot = json(std::string(kChoose) + facts + "--concurrency 8 --max-power-w 1", 4);
  EXPECT_THAT(of(hot, "tp4").text("rejected"), EndsWith(" W > 1 W"));
}

TEST_F(Verbs, ChooseStatesTheChanceOfKeepingLimits) {
  fit();
  const std::string ask = std::string(kChoose) + "--weights-gb 20 --gpu-memory-gb 24 --batch 32 ";
  EXPECT_TRUE(json(ask).array_at("configurations").at(0).at("chance_within_limits").is_null());
  EXPECT_THAT(run(ask).out, Not(HasSubstr("P(within limits)")));
  const Json wide = json(ask + "--tpot 1e9 --risk 0.01");
  EXPECT_NEAR(wide.array_at("configurations").at(0).number("chance_within_limits"), 1, 1e-9);
  EXPECT_THAT(run(ask + "--tpot 1e9").out, HasSubstr("P(within limits)"));
  const Outcome pointless = run(ask + "--risk 0.1");
  EXPECT_EQ(pointless.code, 2);
  EXPECT_EQ(
      pointless.err,
      "energylens: error: --risk requires a limit, such as --ttft, --ttft-p99, --tpot or --max-power-w\n");
}

TEST_F(Verbs, ChooseWithinLimitsNobodyMeetsIsExitCode4) {
  fit();
  const Outcome outcome = run(std::string(kChoose) + "--batch 8 --ttft 0.000001");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_THAT(outcome.err,
              HasSubstr("no configuration with --total-gpus 4 serves this workload within the limits\n"));
  EXPECT_THAT(outcome.out, HasSubstr("TTFT "));
}

TEST_F(Verbs, ChooseAsksForWhatTheCatalogueDoesNotKnow) {
  fit();
  const Outcome outcome = run(std::string(kChoose) + "--batch 8 --format csv");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(
      outcome.err.substr(0, outcome.err.find('\n')),
      "energylens: warning: size of the weights of \"toy-model\" (fp16) and memory size of \"toy-gpu\" unknown; set --weights-gb and --gpu-memory-gb or add a --catalogue (considering only layouts that were measured, with any number of replicas)");
  EXPECT_THAT(outcome.out, Not(HasSubstr("pp")));
  const Outcome idle = run(std::string(kChoose) + "--batch 8 --idle-gpus count");
  EXPECT_EQ(idle.code, 2);
  EXPECT_THAT(idle.err, HasSubstr("--gpu-idle-w"));
  EXPECT_EQ(run(std::string(kChoose) + "--batch 8 --idle-gpus count --gpu-idle-w 30").code, 0);
}

TEST_F(Verbs, ChooseTakesExactlyOneLoad) {
  fit();
  const std::string sentence =
      "energylens: error: specify exactly one of --batch, --concurrency and --rate\n";
  EXPECT_EQ(run(kChoose).err, sentence);
  EXPECT_EQ(run(std::string(kChoose) + "--batch 4 --rate 2").err, sentence);
}

TEST_F(Verbs, ChooseShowsTheBestFew) {
  fit();
  const Json choice = json(std::string(kChoose) + "--batch 32 --top-n 1");
  const auto& all = choice.array_at("configurations");
  EXPECT_EQ(std::ranges::count_if(all, [](const Json& one) { return one.at("rejected").is_null(); }), 1);
}

TEST_F(Verbs, ChooseSaysInItsSummaryWhatWasNeverMeasured) {
  fit();
  // Of one request there are no replicas, and layouts of eight GPUs are beyond the rows: the fastest is one
  // of them, and --top-n 1 hides its row.
  const std::string ask =
      "choose model.json --isl 512 --osl 128 --total-gpus 8 --weights-gb 20 --gpu-memory-gb 24 --batch 1 "
      "--top-n 1";
  const Json choice = json(ask);
  EXPECT_EQ(choice.text("latency_optimal"), "tp8");
  EXPECT_FALSE(choice.boolean("latency_optimal_inside_domain"));
  EXPECT_THAT(choice.text("latency_optimal_outside"), HasSubstr("tp8"));
  const std::string text = run(ask).out;
  const std::size_t line = text.find("least latency  tp8");
  ASSERT_NE(line, std::string::npos) << text;
  EXPECT_THAT(text.substr(line, text.find('\n', line) - line), HasSubstr("(extrapolated: "));
  const Json inside = json("choose model.json --isl 512 --osl 128 --total-gpus 4 --batch 32");
  EXPECT_TRUE(inside.boolean("energy_optimal_inside_domain"));
  EXPECT_TRUE(inside.at("energy_optimal_outside").is_null());
}

TEST_F(Verbs, ChooseLeavesOutATimeThatTheModelDoesNotKnow) {
  fit("--target energy");
  const Outcome outcome = run(std::string(kChoose) + "--batch 32");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const std::string line = outcome.out.substr(outcome.out.find("least energy"));
  EXPECT_THAT(line.substr(0, line.find('\n')), EndsWith("J"));
}

TEST_F(Verbs, EvaluateIsTheSameAtAnyNumberOfThreads) {
  write("data.csv", good_table());
  const std::string ask =
      "evaluate data.csv --train 12 --seeds 2 --predictors law,majority --format json --threads ";
  const Outcome one = run(ask + "1"), two = run(ask + "2");
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(one.out, two.out);
  const Json report = io::parse_json(one.out, "report");
  EXPECT_EQ(report.text("protocol"), "selection");
  EXPECT_GE(report.at("overall").at("law").number("top1"), 0);
}

TEST_F(Verbs, SimulateFeedsTheOthersThroughPipes) {
  const Outcome outcome = shell(
      "\"$ENERGYLENS\" simulate --batch 1,8,64 --isl 128 --osl 64,256 | \"$ENERGYLENS\" table convert - "
      "--where layout=tp8 --format json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const Json rows = io::parse_json(outcome.out, "rows");
  EXPECT_EQ(rows.items().size(), 6u);
  EXPECT_EQ(rows.items().at(0).integer("simulated"), 1);
}

TEST_F(Verbs, AFitOfSimulatedRowsSaysSo) {
  ASSERT_EQ(run("simulate --batch 1,4,16,64 --isl 128,512 --osl 64,256 -o data.csv").code, 0);
  EXPECT_THAT(run("fit data.csv -o model.json").out, HasSubstr("(simulated, or played from a recording"));
  const Outcome outcome = run("fit data.csv --format json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("\"simulated\": true"));
}

TEST_F(Verbs, AKeyWithALineBreakIsRefused) {
  const Outcome outcome = shell(
      "OPENAI_API_KEY=\"$(printf 'abc\\r\\nX-Evil: 1')\" \"$ENERGYLENS\" bench http://localhost:9 --isl 4 "
      "--osl 4");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("contains a line break"));
  EXPECT_THAT(outcome.err, testing::Not(HasSubstr("abc")));
}

TEST_F(Verbs, SimulateRefusesWhatTheCatalogueDoesNotKnow) {
  const Outcome outcome = run("simulate --gpu no-such-gpu -o data.csv");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("no-such-gpu"));
  EXPECT_FALSE(exists("data.csv"));
}

constexpr const char* kDiscover =
    "discover data.csv --template 'prefill(batch, isl, tp) + osl*decode(batch, tp, L)' -o found ";

TEST_F(Verbs, DiscoverWritesItsFront) {
  write("data.csv", good_table());
  const Outcome outcome = run(std::string(kDiscover) + "--evaluations 400 --seed 1 --format json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Json front = io::parse_json(outcome.out, "front");
  EXPECT_EQ(read("found/front.json"), outcome.out);
  EXPECT_LT(front.array_at("formulas").back().number("loss"), 1e-2);
  EXPECT_THAT(read("found/hall_of_fame.csv"), HasSubstr("\n>>>>,"));
}

TEST_F(Verbs, DiscoverRefusesATemplateThatNamesNoColumn) {
  write("data.csv", good_table());
  const Outcome outcome = run("discover data.csv --template 'f(bacth)' --evaluations 10 -o found");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "energylens: error: form: unknown column \"bacth\"; did you mean \"batch\"?\n");
  EXPECT_FALSE(exists("found"));
}

TEST_F(Verbs, CtrlCDuringDiscoveryWritesTheFrontSoFar) {
  write("data.csv", good_table());
  const Outcome outcome = shell(
      "\"$ENERGYLENS\" " + std::string(kDiscover) +
      "--time-limit 1000 --checkpoint state & pid=$!; sleep 4; kill -INT $pid; wait $pid; echo $? >code");
  EXPECT_EQ(read("code"), "130\n") << outcome.err;
  EXPECT_THAT(read("found/hall_of_fame.csv"), HasSubstr("\n>>>>,"));
  EXPECT_TRUE(exists("state/search.json"));
}

TEST_F(Verbs, TableCheckCountsAndTemplateReadsBack) {
  EXPECT_EQ(shell("\"$ENERGYLENS\" table template >t.csv && \"$ENERGYLENS\" table check t.csv").code, 0);
  write("data.csv", good_table());
  const Json groups = json("table check data.csv");
  EXPECT_EQ(groups.items().at(0).integer("rows"), 24);
  EXPECT_EQ(groups.items().at(0).integer("scenarios"), 8);
  EXPECT_EQ(groups.items().at(0).text("layouts"), "tp1 tp2 tp4");
  EXPECT_EQ(run("table convert data.csv --where layout=tp1 -o one.csv").code, 0);
  EXPECT_EQ(json("table check one.csv").items().at(0).integer("rows"), 8);
}

TEST_F(Verbs, AFileGivenTwiceIsWarnedOfWhereverTablesAreRead) {
  write("data.csv", good_table());
  for (const std::string ask :
       {"table check ", "fit ", "evaluate --train 12 --seeds 1 --predictors majority ",
        "discover --template 'f(batch, osl)' --evaluations 100 -o found "}) {
    EXPECT_THAT(run(ask + "data.csv").err, Not(HasSubstr("twice"))) << ask;
    EXPECT_THAT(run(ask + "data.csv data.csv").err,
                HasSubstr("24 rows occur twice with equal cells, first at data.csv:2 and data.csv:2"))
        << ask;
  }
}

TEST_F(Verbs, TableCheckWarnsOfSpellings) {
  write("data.csv", "model,tp,TP,batch,total_energy_j\nfoo,2,4,1,100\nFoo,2,4,1,100\n");
  const std::string err = run("table check data.csv").err;
  EXPECT_THAT(err, HasSubstr("column \"TP\" is not used; the table has a column \"tp\"\n"));
  EXPECT_THAT(
      err, HasSubstr("groups that differ in capital letters only: Foo (data.csv:3) and foo (data.csv:2)\n"));
}

TEST_F(Verbs, CtrlCDuringAFitKeepsTheOlderModelFile) {
  write("data.csv", good_table());
  write("model.json", "an older model");
  const Outcome outcome = shell(
      "\"$ENERGYLENS\" fit data.csv --bootstrap 100000 -o model.json & "
      "pid=$!; sleep 1; kill -INT $pid; wait $pid; echo $? >code");
  EXPECT_EQ(read("code"), "130\n") << outcome.err;
  EXPECT_EQ(read("model.json"), "an older model");
}

TEST_F(Verbs, CtrlCEndsLongWorkWithExitCode130) {
  write("data.csv", good_table());
  const Outcome outcome = shell(
      "\"$ENERGYLENS\" evaluate data.csv --train 12 --seeds 100000 --predictors law --format json "
      ">report.json & "
      "pid=$!; sleep 1; kill -INT $pid; wait $pid; echo $? >code");
  EXPECT_EQ(read("code"), "130\n") << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("stopped early"));
  EXPECT_EQ(io::parse_json(read("report.json"), "report.json").text("protocol"), "selection");
}

}  // namespace
}  // namespace energylens::cli
