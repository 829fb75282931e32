// SPDX-License-Identifier: Apache-2.0
// An answer must not mislead: what is wrong with a table, a fit or a question is said in words, in every format.
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <sstream>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

using io::Json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// 60 rows of five layouts, without times; the energy of each is multiplied by `factor`.
std::string totals(const std::function<double(int gpus, int replicas, int batch)>& factor,
                   const std::string& model = "toy-model,toy-gpu") {
  std::ostringstream rows;
  rows << "model,gpu,quant,tp,pp,dp,batch,isl,osl,total_energy_j\n";
  constexpr int kLayouts[][3] = {{1, 1, 1}, {2, 1, 1}, {8, 1, 1}, {4, 2, 1}, {2, 1, 4}};
  for (const auto& [tp, pp, dp] : kLayouts) {
    for (const int batch : {4, 16, 32, 64}) {
      for (const int osl : {64, 128, 256}) {
        const double each = static_cast<double>(batch) / dp;
        const double wave =
            15 + 0.02 * each * 512 * (1 + 0.1 * tp) + osl * (20 + 2 * tp + 0.8 * each) * (1 + 0.1 * pp);
        rows << model << ",fp16," << tp << ',' << pp << ',' << dp << ',' << batch << ",512," << osl << ','
             << dp * wave * factor(tp * pp * dp, dp, batch) << '\n';
      }
    }
  }
  return rows.str();
}

double right(int, int, int) {
  return 1;
}

class Answers : public ProgramTest {
 protected:
  void fit(const std::string& rows, const std::string& flags = "") {
    write("rows.csv", rows);
    const Outcome outcome = run("fit rows.csv -o model.json " + flags);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
  }
  Json json(const std::string& arguments, int code = 0) {
    const Outcome outcome = run(arguments + " --format json");
    EXPECT_EQ(outcome.code, code) << outcome.err;
    return io::parse_json(outcome.out, arguments);
  }
};

constexpr const char* kChoose =
    "choose model.json --batch 16 --isl 512 --osl 128 --total-gpus 8 --weights-gb 16 --gpu-memory-gb 80";

TEST_F(Answers, AFitEndsWithAVerdictAndItsWorstRows) {
  write("rows.csv", totals(right));
  const Outcome outcome = run("fit rows.csv");
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("energies farthest from the fit\n"), HasSubstr("\nverdict: good: ")));
  const Json group = json("fit rows.csv").array_at("groups").at(0);
  EXPECT_EQ(group.text("verdict"), "good");
  EXPECT_EQ(group.array_at("worst_energies").size(), 5u);
  EXPECT_EQ(group.array_at("worst_energies").at(0).text("file"), "rows.csv");
  EXPECT_THAT(run("fit rows.csv --format csv").out, HasSubstr(",verdict\n"));
}

TEST_F(Answers, EnergyOfOneGpuIsNamedByFitAndRepeatedByChoose) {
  fit(totals([](int gpus, int, int) { return 1.0 / gpus; }));
  EXPECT_THAT(run("fit rows.csv").out, HasSubstr("verdict: do not use: energy falls as 1/GPUs"));
  EXPECT_THAT(run("fit rows.csv").err, HasSubstr("is it the energy of one GPU instead of all?"));
  const Outcome choice = run(kChoose);
  EXPECT_EQ(choice.code, 0);
  EXPECT_THAT(choice.out, HasSubstr("verdict of the fit: do not use: energy falls as 1/GPUs"));
  EXPECT_THAT(choice.err, HasSubstr("do not use this model: energy falls as 1/GPUs"));
  EXPECT_EQ(run(std::string(kChoose) + " --strict").code, 5);
  EXPECT_EQ(run("predict model.json --layout tp2 --batch 4 --isl 512 --osl 128 --strict").code, 5);
  EXPECT_EQ(json(kChoose).at("model").text("verdict"), "do not use");
  EXPECT_THAT(run(std::string(kChoose) + " --format csv").out, HasSubstr("do not use"));
}

TEST_F(Answers, OtherPartsOfTheEnergyAreNamedToo) {
  fit(totals([](int, int, int batch) { return 1.0 / batch; }));
  EXPECT_THAT(run("fit rows.csv").out, HasSubstr("energy of one request instead of the whole job"));
  fit(totals([](int gpus, int replicas, int) { return gpus == 8 && replicas == 1 ? 1.0 / 8 : 1; }));
  EXPECT_THAT(run("fit rows.csv").out, HasSubstr("energy of one GPU instead of all"));
}

TEST_F(Answers, EchoQuestionModelAndVerdict) {
  fit(totals(right));
  const Json choice = json(kChoose);
  EXPECT_EQ(choice.at("question").number("batch"), 16);
  EXPECT_EQ(choice.at("question").number("total_gpus"), 8);
  EXPECT_EQ(choice.at("question").array_at("layouts").size(), 0u);
  const Json narrow = json(kChoose + std::string(" --layouts tp2,tp8 --max-pp 2 --measured-only"));
  EXPECT_EQ(narrow.at("question").array_at("layouts").size(), 2u);
  EXPECT_EQ(narrow.at("question").number("max_pp"), 2);
  EXPECT_TRUE(narrow.at("question").boolean("measured_only"));
  EXPECT_EQ(choice.at("model").text("file"), "model.json");
  EXPECT_EQ(choice.at("model").text("hash").size(), 16u);
  EXPECT_EQ(choice.at("model").text("verdict"), "good");
  EXPECT_EQ(choice.number("measured_rows"), 60);
  const Json& best = choice.array_at("configurations").at(0);
  EXPECT_LT(best.number("energy_j_lo"), best.number("energy_j"));
  EXPECT_GT(best.number("energy_j_hi"), best.number("energy_j"));
  const Json prediction = json("predict model.json --layout tp2 --batch 4 --isl 512 --osl 128");
  EXPECT_EQ(prediction.at("question").number("osl"), 128);
  EXPECT_EQ(prediction.at("model").text("file"), "model.json");
  EXPECT_THAT(
      run("predict model.json --layout tp2 --batch 4 --isl 512 --osl 128 --format csv").out,
      AllOf(HasSubstr("question_batch"), HasSubstr("model_file"), HasSubstr("verdict,measured_rows")));
  EXPECT_THAT(run(kChoose).out, AllOf(HasSubstr("90 % interval"), HasSubstr(" .. ")));
}

TEST_F(Answers, AModelWithoutAMeasuredRowSaysSo) {
  fit(totals(right, "Llama-3-8B,A100-80GB-SXM"));
  ASSERT_EQ(run("transfer model.json --to gpu=H100-80GB-SXM -o moved.json").code, 0);
  const std::string ask = "choose moved.json --batch 16 --isl 512 --osl 128 --total-gpus 8";
  EXPECT_THAT(run(ask).err, HasSubstr("no row of Llama-3-8B, H100-80GB-SXM, fp16 was measured"));
  EXPECT_EQ(run(ask).code, 0);
  EXPECT_EQ(run(ask + " --strict").code, 5);
  EXPECT_EQ(json(ask).number("measured_rows"), 0);
  EXPECT_EQ(json(ask).at("model").text("verdict"), "usable");
  const std::string predict = "predict moved.json --layout tp2 --batch 16 --isl 512 --osl 128";
  EXPECT_EQ(run(predict + " --strict").code, 5);
  EXPECT_THAT(run(predict).err, HasSubstr("was measured"));
}

TEST_F(Answers, AllMistakesOfATableAreListed) {
  write("bad.csv", "batch,osl,total_energy_j\n1,10,x\ny,10,100\n2,z,100\n");
  const Outcome outcome = run("fit bad.csv");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("bad.csv:2:total_energy_j: error: "),
                                 HasSubstr("bad.csv:3:batch: error: "), HasSubstr("bad.csv:4:osl: error: ")));
  std::string many = "batch,osl,total_energy_j\n";
  for (int i = 0; i < 25; ++i) many += "x,10,100\n";
  write("many.csv", many);
  EXPECT_THAT(run("table check many.csv").err, HasSubstr("these are the first 20 of 25 mistakes\n"));
}

TEST_F(Answers, NamesOfOtherToolsAreRefusedWithTheColumnMeant) {
  write("other.csv", "batch,osl,energy_wh,latency_ms,precision\n1,10,1,100,fp8\n");
  const Outcome outcome = run("table check other.csv");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr("convert to total_energy_j in J"), HasSubstr("convert to total_time_s in s"),
                    HasSubstr("did you mean \"quant\"?")));
}

TEST_F(Answers, UnusedColumnsAndMissingEnergiesAreNamed) {
  write("rows.csv", "batch,osl,total_time_s,mood,room\n1,10,1,good,a\n2,10,1.5,bad,b\n");
  const Outcome outcome = run("table check rows.csv");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("columns that are not used: mood, room"));
  EXPECT_THAT(outcome.err, HasSubstr("no row has an energy"));
  EXPECT_THAT(run("fit rows.csv").err, HasSubstr("columns that are not used: mood, room"));
}

TEST_F(Answers, GroupsThatAreProbablyOneAreNamedByFitAndCheck) {
  write("rows.csv",
        "model,engine,engine_version,quant,batch,isl,osl,total_energy_j\nA,vLLM,0.6.1,bf16,1,8,10,100\n"
        "A ,vllm,0.6.2,bfloat16,2,8,10,150\n");
  for (const std::string verb : {"table check ", "fit "})
    EXPECT_THAT(run(verb + "rows.csv").err,
                HasSubstr("groups that differ in the patch version of the engine only"));
}

TEST_F(Answers, TransferToWhatTheLawHasNoTermForIsRefused) {
  fit(totals(right, "Llama-3-8B,A100-80GB-SXM"));
  for (const std::string to : {"gpu_clock_mhz=1200", "power_limit_w=400", "interconnect=PCIe",
                               "engine=SGLang", "engine_version=1.2", "workload=chat"}) {
    const Outcome outcome = run("transfer model.json -o moved.json --to " + to);
    EXPECT_EQ(outcome.code, 2) << to;
    EXPECT_THAT(outcome.err, HasSubstr("the law has no term for " + to.substr(0, to.find('=')))) << to;
    EXPECT_FALSE(exists("moved.json"));
  }
  const Outcome both = run("transfer model.json --to gpu=H100-80GB-SXM --to engine=SGLang");
  EXPECT_EQ(both.code, 0);
  EXPECT_THAT(both.err, HasSubstr("the law has no term for engine"));
}

TEST_F(Answers, MaxBatchActs) {
  fit(totals(right));
  const std::string ask = "predict model.json --layout tp2 --batch 64 --isl 512 --osl 128";
  const Json free = json(ask), limited = json(ask + " --max-batch 16");
  EXPECT_EQ(free.number("waves"), 1);
  EXPECT_EQ(limited.number("waves"), 4);
  EXPECT_GT(limited.number("total_energy_j"), 1.2 * free.number("total_energy_j"));
  EXPECT_EQ(limited.number("in_flight"), 16);
  const Outcome steady = run(ask + " --row-kind steady --max-batch 16");
  EXPECT_EQ(steady.code, 0);
  EXPECT_THAT(steady.err, HasSubstr("64 requests are more than can be in flight: predicting for 16"));
  EXPECT_EQ(json(ask + " --row-kind steady --max-batch 16").number("energy_per_out_token_j"),
            json("predict model.json --layout tp2 --batch 16 --isl 512 --osl 128 --row-kind steady")
                .number("energy_per_out_token_j"));
}

TEST_F(Answers, AJobOverReplicasIsWholeRequests) {
  fit(totals(right));
  const auto energy = [&](const std::string& layout, int batch) {
    // 21 requests of 640 tokens each.
    return json("predict model.json --isl 512 --osl 128 --kv-capacity-tokens 13440 --layout " + layout +
                " --batch " + std::to_string(batch))
        .number("total_energy_j");
  };
  EXPECT_NEAR(energy("tp1dp3", 64), energy("tp1", 22) + 2 * energy("tp1", 21), 1e-9 * energy("tp1dp3", 64));
}

TEST_F(Answers, DryRunPrintsTheLengthsThatWereAskedFor) {
  write("plan.csv", "model,gpu,tp,batch,isl,osl\nm,H100,1,1000,16384,12345\n");
  const Outcome outcome = run("profile plan.csv --dry-run");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("16,384"), HasSubstr("12,345")));
}

TEST_F(Answers, ARequestLongerThanTheContextIsRefused) {
  fit(totals(right, "Llama-3.1-8B,A100-80GB-SXM"));
  const std::string choose = "choose model.json --batch 4 --osl 128 --total-gpus 8 --isl ";
  EXPECT_THAT(
      run(choose + "300000").err,
      HasSubstr("a request of 300,128 tokens (input and output) is longer than the context of Llama-3.1-8B, "
                "131,072 tokens"));
  EXPECT_EQ(run(choose + "300000").code, 2);
  EXPECT_EQ(run(choose + "130944").code, 0);
  EXPECT_EQ(run(choose + "130945").code, 2) << "input and output together";
  EXPECT_NE(run(choose + "300000 --context-tokens 500000").code, 2);
  EXPECT_EQ(run("predict model.json --layout tp8 --batch 1 --osl 128 --isl 300000").code, 2);
}

TEST_F(Answers, OtherSpellingsOfLayoutsAreUnderstood) {
  fit(totals(right));
  for (const std::string layout : {"TP4/PP2", "tp=4,pp=2", "tp4-pp2", "'TP4 PP2'"})
    EXPECT_EQ(json("predict model.json --batch 4 --isl 512 --osl 128 --layout " + layout).text("layout"),
              "tp4pp2");
}

TEST_F(Answers, MoreRowsThanThereAreIsWarnedOf) {
  write("rows.csv", totals(right));
  EXPECT_THAT(run("fit rows.csv --train 500").err,
              HasSubstr("--train 500: toy-model, toy-gpu, fp16 has only 60 rows"));
  EXPECT_EQ(run("fit rows.csv --train 60").err, "");
}

TEST_F(Answers, AnEvaluationOfNothingFailsAndSaysWhy) {
  write("rows.csv", "batch,isl,osl,total_energy_j\n1,8,10,100\n2,8,10,150\n4,8,10,200\n");
  const Outcome choice = run("evaluate rows.csv --predictors law --seeds 1");
  EXPECT_EQ(choice.code, 2);
  EXPECT_THAT(choice.err, HasSubstr("nothing was evaluated: no group has two layouts"));
  write("times.csv", "batch,isl,osl,total_time_s\n1,8,10,1\n2,8,10,1.5\n4,8,10,2\n");
  EXPECT_THAT(run("evaluate times.csv --predictors law --protocol loo").err,
              HasSubstr("nothing was evaluated: no row has an energy"));
}

TEST_F(Answers, PowerAboveTheLimitOfTheGpuIsFlagged) {
  std::string rows = "model,gpu,quant,tp,batch,isl,osl,total_energy_j,total_time_s\n";
  for (const int batch : {1, 2, 4, 8, 16, 32}) {
    for (const int osl : {64, 128, 256, 512})  // 1233 W
      rows += "Llama-3-8B,H100-80GB-SXM,fp16,1," + std::to_string(batch) + ",8," + std::to_string(osl) + ',' +
              std::to_string(12.33 * osl * (1 + 0.1 * batch)) + ',' +
              std::to_string(0.01 * osl * (1 + 0.1 * batch)) + '\n';
  }
  fit(rows);
  EXPECT_THAT(run("fit rows.csv").out, HasSubstr("more power per GPU than its limit of 700 W"));
  const std::string ask = "predict model.json --layout tp1 --batch 4 --isl 8 --osl 128";
  const Json prediction = json(ask);
  EXPECT_FALSE(prediction.boolean("inside_domain"));
  EXPECT_THAT(run(ask).err, HasSubstr("W per GPU is above its limit of 700 W"));
  EXPECT_EQ(run(ask + " --strict").code, 5);
}

constexpr const char* kRate =
    "choose model.json --concurrency 16 --isl 512 --osl 128 --total-gpus 8 --weights-gb 16 --gpu-memory-gb 80 ";

TEST_F(Answers, PricesGiveABillPerMillionTokens) {
  fit(totals(right));
  const Json priced = json(std::string(kChoose) + " --price-per-kwh 0.5 --carbon-g-per-kwh 400 --pue 1.5");
  const Json& best = priced.array_at("configurations").at(0);
  const Json& bill = best.at("cost").at("per_mtok");
  const double kwh = best.number("energy_per_request_j") / 128 * 1e6 / 3.6e6 * 1.5;
  EXPECT_NEAR(bill.number("energy_kwh"), kwh, 1e-9 * kwh);
  EXPECT_NEAR(bill.number("total_cost"), 0.5 * kwh, 1e-9 * kwh);
  EXPECT_NEAR(bill.number("carbon_g"), 400 * kwh, 1e-6 * kwh);
  EXPECT_TRUE(bill.at("gpu_cost").is_null()) << "no price of GPUs, so no cost of them";
  EXPECT_TRUE(best.at("cost").at("per_day").is_null()) << "a job has no day";
  EXPECT_EQ(priced.at("question").number("pue"), 1.5);
  EXPECT_EQ(json(kChoose).array_at("configurations").at(0).find("cost"), nullptr);
}

TEST_F(Answers, TheBaselineIsWhatTheBestIsComparedWith) {
  fit(totals(right));
  const Json answer = json(std::string(kChoose) + " --baseline tp8");
  const Json& baseline = answer.at("baseline");
  double tp8_j = 0;
  for (const Json& one : answer.array_at("configurations")) {
    if (one.text("layout") == "tp8") tp8_j = one.number("energy_j");
  }
  const double best_j = answer.array_at("configurations").at(0).number("energy_j");
  EXPECT_NEAR(baseline.number("energy_change"), best_j / tp8_j - 1, 1e-12);
  EXPECT_TRUE(baseline.at("cost_change").is_null()) << "no price";
  const Outcome unknown = run(std::string(kChoose) + " --baseline tp3");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("--baseline tp3: not among the layouts considered"));
}

TEST_F(Answers, PricesOfGpusNeedTimes) {
  fit(totals(right));  // no times
  const Json best = json(std::string(kRate) + "--gpu-hour 2").array_at("configurations").at(0);
  EXPECT_TRUE(best.at("cost").at("per_mtok").at("total_cost").is_null()) << "unknown is not free";
  EXPECT_EQ(run(std::string(kRate) + "--pue 0.5").code, 2);
}

TEST_F(Answers, PredictPricesTheSameWay) {
  fit(totals(right));
  const Json one = json("predict model.json --layout tp2 --batch 16 --isl 512 --osl 128 --price-per-kwh 0.5");
  const double kwh = one.number("energy_per_out_token_j") * 1e6 / 3.6e6;
  EXPECT_NEAR(one.number("energy_kwh_per_mtok"), kwh, 1e-9 * kwh);
  EXPECT_NEAR(one.number("total_cost_per_mtok"), 0.5 * kwh, 1e-9 * kwh);
  EXPECT_NEAR(one.number("energy_kwh_per_mtok_lo"), one.number("energy_per_out_token_j_lo") * 1e6 / 3.6e6,
              1e-9 * kwh);
}

TEST_F(Answers, TheBestConfigurationCanBeLaunched) {
  fit(totals(right));
  const std::string best = json(kChoose).array_at("configurations").at(0).text("layout");
  const Outcome outcome = run(std::string(kChoose) + " --launch vllm");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, testing::StartsWith("vllm serve toy-model "));
  EXPECT_THAT(outcome.err, HasSubstr("starts " + best + ","));
  EXPECT_EQ(run(std::string(kChoose) + " --launch docker").code, 2);
}

}  // namespace
}  // namespace energylens::cli
