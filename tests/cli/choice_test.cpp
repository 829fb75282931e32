// SPDX-License-Identifier: Apache-2.0
// What choose considers: feasible layouts, power limits, several groups; on rows of the simulator, whose physics of clocks
// and power are not the form of the curve.
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

using io::Json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kLoads = " --batch 1,8,32 --isl 256,1024 --osl 128,512";
constexpr const char* kJob = " --batch 16 --isl 512 --osl 256 --total-gpus 8";

class Considered : public ProgramTest {
 protected:
  void simulate(const std::string& flags, const std::string& file) {
    const Outcome outcome = run("simulate " + flags + kLoads + " -o " + file);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
  }
  Json json(const std::string& arguments) {
    const Outcome outcome = run(arguments + " --format json");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return io::parse_json(outcome.out, arguments);
  }
};

std::set<std::string> accepted(const Json& choice) {
  std::set<std::string> out;
  for (const Json& one : choice.array_at("configurations")) {
    if (one.at("rejected").is_null()) out.insert(one.text("layout"));
  }
  return out;
}

TEST_F(Considered, LayoutsOfSixGpusDivideTheHeads) {
  simulate("--model Llama-3.1-8B --layouts tp1,tp2,tp4", "rows.csv");
  ASSERT_EQ(run("fit rows.csv -o model.json").code, 0);
  const Json choice = json("choose model.json --batch 16 --isl 512 --osl 256 --total-gpus 6");
  const std::set<std::string> layouts = accepted(choice);
  EXPECT_TRUE(layouts.contains("tp2dp3") && layouts.contains("tp4"));
  for (const char* layout : {"tp6", "tp3", "tp3dp2"}) EXPECT_FALSE(layouts.contains(layout)) << layout;
  for (const Json& one : choice.array_at("configurations")) {
    if (one.text("layout") == "tp3dp2") {
      EXPECT_EQ(one.text("rejected"), "32 attention heads are not divisible by tp 3");
    }
  }
}

TEST_F(Considered, MeasuredAndUnmeasuredAreSideBySide) {
  simulate("--layouts tp2,tp4,tp8", "rows.csv");
  ASSERT_EQ(run("fit rows.csv -o model.json").code, 0);
  const Json choice = json("choose model.json" + std::string(kJob));
  EXPECT_THAT((std::set<std::string>{"tp2", "tp4", "tp8"}),
              ::testing::Contains(choice.text("best_measured")));
  EXPECT_THAT(choice.text("best_unmeasured"), HasSubstr("pp"));
  const std::string text = run("choose model.json" + std::string(kJob)).out;
  EXPECT_THAT(text, HasSubstr("measured       tp"));
  EXPECT_THAT(text, HasSubstr("not measured   tp"));
  EXPECT_THAT(text, HasSubstr("pp never varied"));
  EXPECT_THAT(accepted(json("choose model.json --measured-only" + std::string(kJob))),
              (std::set<std::string>{"tp2", "tp2dp2", "tp2dp3", "tp2dp4", "tp4", "tp4dp2", "tp8"}));
  for (const std::string& layout : accepted(json("choose model.json --max-pp 1" + std::string(kJob))))
    EXPECT_THAT(layout, Not(HasSubstr("pp")));
  EXPECT_EQ(accepted(json("choose model.json --layouts tp2,tp8" + std::string(kJob))),
            (std::set<std::string>{"tp2", "tp8"}));
  EXPECT_THAT(run("choose model.json --gpus-per-node 4" + std::string(kJob)).out,
              HasSubstr("not measured"));  // tp8 was measured, so it is feasible
}

// Simulation and choice follow one rule, by the engine that the rows name.
TEST_F(Considered, TheCapacityOfAnUnmeasuredLayoutIsThatOfTheSimulator) {
  simulate("--layouts tp2,tp8", "rows.csv");
  ASSERT_EQ(run("fit rows.csv -o model.json").code, 0);
  const Json choice = json("choose model.json --layouts tp4" + std::string(kJob));
  const double chosen = choice.array_at("configurations").at(0).number("kv_capacity_tokens");
  simulate("--layouts tp4", "simulated.csv");
  const Json simulated = json("table convert simulated.csv");
  EXPECT_EQ(chosen, simulated.items().at(0).number("kv_capacity_tokens"));
}

TEST_F(Considered, LessMemoryForTheEngineIsLessCache) {
  simulate("--layouts tp2,tp8", "rows.csv");
  ASSERT_EQ(run("fit rows.csv -o model.json").code, 0);
  const auto capacity = [&](const std::string& flags) {
    const Json choice = json("choose model.json --layouts tp4 " + flags + kJob);
    return choice.array_at("configurations").at(0).number("kv_capacity_tokens");
  };
  EXPECT_LT(capacity("--gpu-memory-utilization 0.7"), 0.8 * capacity(""));
  EXPECT_EQ(run("choose model.json --gpu-memory-utilization 1.2" + std::string(kJob)).code, 2);
}

/// Rows at four power limits; the simulator lowers clocks and voltage to keep them.
class PowerLimits : public Considered {
 protected:
  void simulate_limits() {
    std::string files;
    for (const char* watts : {"300", "400", "550", "700"}) {
      simulate("--layouts tp2,tp4 --power-limit-w " + std::string(watts), std::string(watts) + ".csv");
      files += std::string(" ") + watts + ".csv";
    }
    const Outcome fitted = run("fit" + files + " -o model.json");
    ASSERT_EQ(fitted.code, 0) << fitted.err;
    EXPECT_THAT(fitted.err, HasSubstr("differ in their power limit alone: 4 groups became 1"));
    EXPECT_THAT(fitted.out, HasSubstr("power limits\n  H100-80GB-SXM: static power"));
  }
};

TEST_F(PowerLimits, AreOneCurveInTheModelFile) {
  simulate_limits();
  const Json model = io::parse_json(read("model.json"), "model.json");
  const Json& curve = model.at("power_caps").at("H100-80GB-SXM");
  EXPECT_EQ(curve.text("source"), "fitted");
  EXPECT_GT(curve.number("static_w"), 0);
  ASSERT_EQ(model.array_at("groups").size(), 1u);
  // Against the simulator at a limit that was measured.
  const Json predicted =
      json("predict model.json --layout tp2 --batch 32 --isl 1024 --osl 512 --power-limit-w 400");
  const Json rows =
      json("table convert 400.csv --where tp=2 --where batch=32 --where isl=1024 --where osl=512");
  EXPECT_NEAR(predicted.number("total_energy_j") / rows.items().at(0).number("total_energy_j"), 1, 0.1);
  EXPECT_NEAR(predicted.number("total_time_s") / rows.items().at(0).number("total_time_s"), 1, 0.1);
}

TEST_F(PowerLimits, SlowerClocksTakeLongerAndDrawLess) {
  simulate_limits();
  const std::string asked = "predict model.json --layout tp2 --batch 32 --isl 1024 --osl 512";
  const Json full = json(asked), slow = json(asked + " --clock-share 0.6");
  EXPECT_GT(slow.number("total_time_s"), full.number("total_time_s"));
  EXPECT_LT(slow.number("avg_power_w"), full.number("avg_power_w"));
  EXPECT_EQ(slow.at("question").number("clock_share"), 0.6);
  EXPECT_EQ(run(asked + " --clock-share 0.6 --power-limit-w 300").code, 2);
  EXPECT_EQ(run(asked + " --clock-share 1.5").code, 2);
}

TEST_F(PowerLimits, AreOneGroupToDesignAndEvaluateToo) {
  simulate_limits();
  const std::string files = "300.csv 400.csv 550.csv 700.csv";
  const Outcome design = run("design " + files + " --rows 2 --batch 4,16 --isl 256 --osl 128 --total-gpus 4");
  EXPECT_THAT(design.err, HasSubstr("4 groups became 1"));
  const Json joined = json("evaluate " + files + " --protocol loo --predictors law --join-power-limits");
  EXPECT_EQ(joined.array_at("groups").size(), 1u);
  EXPECT_EQ(json("evaluate " + files + " --protocol loo --predictors law").array_at("groups").size(), 4u);
}

TEST_F(PowerLimits, AreRankedWithTheLayouts) {
  simulate_limits();
  const Json choice =
      json("choose model.json --power-limits 300,500,700 --measured-only" + std::string(kJob));
  EXPECT_EQ(choice.array_at("configurations").size() % 3, 0u);
  EXPECT_FALSE(choice.at("energy_optimal_power_limit_w").is_null());
  const Json& best = choice.array_at("configurations").at(0);
  EXPECT_EQ(best.number("power_limit_w"), choice.number("energy_optimal_power_limit_w"));
  EXPECT_LE(best.number("power_limit_energy_factor"), 1);
  EXPECT_GE(best.number("power_limit_time_factor"), 1);
  const Outcome text =
      run("choose model.json --power-limits 300,500,700 --measured-only" + std::string(kJob));
  EXPECT_THAT(text.out, HasSubstr("limit W"));
  EXPECT_THAT(text.out, HasSubstr("\npower limit    "));
  EXPECT_THAT(text.err, Not(HasSubstr("prior")));
}

TEST_F(PowerLimits, FollowAPriorWithoutSuchRows) {
  simulate("--layouts tp2,tp4", "rows.csv");
  ASSERT_EQ(run("fit rows.csv -o model.json").code, 0);
  const Outcome outcome = run("choose model.json --power-limits 400,700" + std::string(kJob));
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("power limits follow a prior, within a factor of"));
}

TEST_F(PowerLimits, AreStudiedWithModelsLeftOut) {
  std::string files;
  for (const char* model : {"Llama-3.1-8B", "Llama-3.1-70B"}) {
    for (const char* watts : {"300", "400", "500", "700"}) {
      const std::string file = std::string(model) + watts + ".csv";
      simulate("--layouts tp4 --model " + std::string(model) + " --power-limit-w " + watts, file);
      files += ' ' + file;
    }
  }
  const Json study = json("power-caps" + files);
  ASSERT_EQ(study.array_at("models_left_out").size(), 2u);
  EXPECT_LT(study.array_at("models_left_out").at(0).number("energy_median_ape"), 0.1);
  const Outcome none = run("power-caps Llama-3.1-8B300.csv");
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("no load was measured at several power limits"));
}

TEST_F(Considered, GroupsAreRankedInOneQuestion) {
  simulate("--layouts tp2,tp4 --quant fp8", "fp8.csv");
  simulate("--layouts tp2,tp4", "fp16.csv");
  simulate("--layouts tp2,tp4 --gpu H200-141GB-SXM", "h200.csv");
  ASSERT_EQ(run("fit fp8.csv fp16.csv -o h100.json").code, 0);
  ASSERT_EQ(run("fit h200.csv -o h200.json").code, 0);
  EXPECT_EQ(run("choose h100.json" + std::string(kJob)).code, 2);  // which group?
  const Json across = json("choose h100.json --across-groups" + std::string(kJob));
  const auto& groups = across.array_at("groups");
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].at("group").text("quant"), "fp8");  // half of the bytes
  EXPECT_LT(groups[0].at("configuration").number("energy_per_request_j"),
            groups[1].at("configuration").number("energy_per_request_j"));
  EXPECT_NEAR(groups[0].number("group_chance_best") + groups[1].number("group_chance_best"), 1, 1e-9);
  EXPECT_GT(groups[0].number("gpu_hours_per_1000_requests"), 0);
  EXPECT_THAT(across.text("quality"), HasSubstr("does not judge"));
  EXPECT_EQ(across.at("question").number("total_gpus"), 8);
  EXPECT_EQ(across.at("question").number("batch"), 16);
  EXPECT_EQ(run("choose h100.json --across-groups --strict" + std::string(kJob)).code,
            5);  // nothing was measured
  const Outcome both = run("choose h100.json h200.json --where quant=fp16" + std::string(kJob));
  EXPECT_EQ(both.code, 0) << both.err;
  EXPECT_THAT(both.out, HasSubstr("h200.json: Llama-3.1-70B, H200-141GB-SXM"));
  EXPECT_THAT(both.out, HasSubstr("does not judge"));
  EXPECT_EQ(run("choose h100.json h200.json --plot a.svg" + std::string(kJob)).code, 2);
}

}  // namespace
}  // namespace energylens::cli
