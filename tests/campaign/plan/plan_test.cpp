// SPDX-License-Identifier: Apache-2.0
#include "campaign/plan.hpp"

#include <gmock/gmock.h>

#include "campaign/plans.hpp"
#include "energylens/core/error.hpp"
#include "table/expect_error.hpp"

namespace energylens::campaign {
namespace {

using testing::HasSubstr;

TEST(Plan, AGridIsTheProductOfItsLists) {
  const Plan plan = small_plan();
  ASSERT_EQ(plan.targets.size(), 8u);
  EXPECT_EQ(target_text(plan.targets.front()), "toy fp16 tp1 batch 1 isl 128 osl 8");
  EXPECT_EQ(target_text(plan.targets.back()), "toy fp16 tp2 batch 4 isl 128 osl 16");
  EXPECT_EQ(plan.deployments().size(), 2u);
  EXPECT_EQ(plan.settings.repeats, 2);
  EXPECT_EQ(plan.seed, 7u);
}

TEST(Plan, ReadsBackWhatItResolved) {
  Plan plan = small_plan();
  plan.id = "campaign-1";
  const std::string text = io::print_json(plan_json(plan));
  EXPECT_TRUE(plan_json(parse_plan(text, "plan.json")) == plan_json(plan)) << text;
}

std::string with_images(const std::string& images) {
  return R"({"images": )" + images +
         R"(, "url": "http://h", "configurations": [{"layout": "tp1", "batch": 1, "isl": 999, "osl": 2}]})";
}

TEST(Plan, ImagesAreFilesOrMade) {
  const Plan files = parse_plan(with_images(R"(["a.png"])"), "p");
  EXPECT_THAT(files.images, testing::ElementsAre("a.png"));
  EXPECT_EQ(files.prompt, "text");
  const Plan made = parse_plan(with_images(R"({"count": 2, "width": 448, "height": 336})"), "p");
  EXPECT_EQ(made.made_images.count, 2);
  EXPECT_EQ(made.made_images.height, 336);
  EXPECT_EQ(made.prompt, "text");
  EXPECT_TRUE(plan_json(parse_plan(io::print_json(plan_json(made)), "again")) == plan_json(made));
  EXPECT_EQ(parse_plan(with_images(R"({"width": 1, "height": 1})"), "p").made_images.count, 1);
}

TEST(Plan, ImagesAreBounded) {
  for (const auto& [images, message] :
       {std::pair{R"({"width": 2000, "height": 2000})", "images of more than 2000000 pixels in one request"},
        {R"({"count": 65, "width": 1, "height": 1})", "count must be a whole number from 1 to 64"},
        {R"({"width": 0, "height": 1})", "width must be a whole number from 1 to"},
        {R"({"width": 8})", "\"height\" is missing"},
        {R"({"width": 8, "height": 8, "depth": 1})", "unknown key \"depth\""}}) {
    EXPECT_THAT(table::error_of([&, text = images] { parse_plan(with_images(text), "p"); }),
                HasSubstr(message));
  }
}

TEST(Plan, PairsOfLengthsReplaceTheGridsLists) {
  PlanChanges changes;
  changes.isl_osl_pairs = {parse_length_pair("512:64"), parse_length_pair("16:1024")};
  const Plan plan = parse_plan(kSmallPlan, "plan.json", changes);
  ASSERT_EQ(plan.targets.size(), 8u);
  EXPECT_EQ(plan.targets[1].load.isl, 16);
  EXPECT_EQ(plan.targets[1].load.osl, 1024);
  EXPECT_THROW(parse_length_pair("512"), Error);
  EXPECT_THROW(parse_length_pair("512:1e99"), Error);
}

TEST(Plan, ATableIsAPlan) {
  const Plan plan = parse_plan(
      "model,gpu,quant,tp,pp,row_kind,batch,isl,osl,total_energy_j,notes\n"
      "toy,H100,fp16,2,1,job,16,512,128,,takes about 29.0 s\n"
      "toy,H100,fp8,1,4,job,8,512,128,,\n",
      "plan.csv");
  ASSERT_EQ(plan.targets.size(), 2u);
  EXPECT_EQ(target_text(plan.targets[1]), "toy fp8 tp1pp4 batch 8 isl 512 osl 128");
  EXPECT_EQ(plan.targets[0].expected_s, 29);
  EXPECT_FALSE(known(plan.targets[1].expected_s));
  EXPECT_THAT(plan.identity, testing::ElementsAre(testing::Pair("gpu", "H100")));
}

TEST(Plan, ACommandOfWordsKeepsThem) {
  const Plan plan = parse_plan(
      R"({"serve_cmd": ["serve", "a b", "it's"], "configurations": [{"layout": "tp1", "batch": 1, "isl": 1, "osl": 1}]})",
      "p");
  EXPECT_EQ(plan.serve_cmd, R"('serve' 'a b' 'it'\''s')");
}

struct Refusal {
  std::string text, message;
};
class RefusedPlan : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedPlan, IsOneLineWithItsPlace) {
  try {
    parse_plan(GetParam().text, "p.json");
    FAIL() << GetParam().text;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_input);
    EXPECT_EQ(std::string(error.what()), GetParam().message);
  }
}

std::string with_configuration(const std::string& configuration, const std::string& more = "") {
  return "{\"configurations\": [" + configuration + "]" + more + "}";
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedPlan,
    testing::Values(
        Refusal{"{}", "p.json:1:1: a plan has either a \"grid\" or a list of \"configurations\""},
        Refusal{"{\"gird\": {}}", "p.json:1:10: unknown key \"gird\"; did you mean \"grid\"?"},
        Refusal{with_configuration(R"({"layout": "tp0", "batch": 1, "isl": 1, "osl": 1})"),
                "p.json:1:32: \"tp0\" is not a layout such as tp4pp2"},
        Refusal{with_configuration(R"({"layout": "tp1", "batch": 0.5, "isl": 1, "osl": 1})"),
                "p.json:1:48: batch must be a whole number from 1 to 4096"},
        Refusal{with_configuration(R"({"layout": "tp1", "batch": 1, "isl": 1})"),
                "p.json:1:21: \"osl\" is missing"},
        Refusal{
            with_configuration(R"({"layout": "tp1", "batch": 1, "isl": 1, "osl": 1, "row_kind": "steady"})"),
            "p.json:1:21: a steady load requires at least 2 output tokens"},
        Refusal{with_configuration(R"({"layout": "tp1", "batch": 1, "isl": 4, "osl": 1, "image_tokens": 5})"),
                "p.json:1:21: image_tokens exceeds isl"},
        Refusal{
            with_configuration(
                R"({"layout": "tp1", "batch": 1, "isl": 1, "osl": 1}, {"layout": "tp1pp1", "batch": 1, "isl": 1, "osl": 1})"),
            "p.json: a configuration occurs twice: tp1 batch 1 isl 1 osl 1"},
        Refusal{
            with_configuration(R"({"layout": "tp1", "batch": 1, "isl": 1, "osl": 1})", ", \"repeats\": 0"),
            "p.json:1:84: \"repeats\" must be a whole number from 1 to 10000"},
        Refusal{with_configuration(R"({"layout": "tp1", "batch": 1, "isl": 1, "osl": 1})",
                                   ", \"driver\": \"htp\""),
                "p.json:1:83: unknown driver \"htp\"; did you mean \"http\"?"},
        Refusal{
            with_configuration(R"({"layout": "tp1", "batch": 1, "isl": 1, "osl": 1})",
                               ", \"identity\": {\"total_energy_j\": 1}"),
            "p.json:1:104: unknown identity column \"total_energy_j\"; available: model, params_b, "
            "active_params_b, arch, gpu, engine, engine_version, quant, kv_dtype, workload, role, simulated, "
            "num_nodes, interconnect, power_limit_w, gpu_clock_mhz, kv_capacity_tokens, notes"},
        Refusal{with_configuration(R"({"layout": "tp1", "batch": 1, "isl": 1, "osl": 1})",
                                   ", \"repeats\": \"3\""),
                "p.json:1:84: \"repeats\" must be a whole number from 1 to 10000"},
        Refusal{with_configuration(R"({"layout": "tp1", "batch": 1, "isl": 1, "osl": 1})",
                                   ", \"repeats\": 3, \"max_repeats\": 2"),
                "p.json:1:102: \"max_repeats\" (2) is less than \"repeats\" (3)"},
        Refusal{with_configuration(R"({"layout": "tp1", "batch": "1", "isl": 1, "osl": 1})"),
                "p.json:1:48: batch must be a whole number from 1 to 4096"},
        Refusal{"[]", "p.json:1:1: a plan must be an object, { ... }, or a table in CSV"},
        Refusal{" null\n", "p.json:1:2: a plan must be an object, { ... }, or a table in CSV"},
        Refusal{"7", "p.json:1:1: a plan must be an object, { ... }, or a table in CSV"},
        Refusal{"\"plan\"", "p.json:1:1: a plan must be an object, { ... }, or a table in CSV"},
        Refusal{"batch,total_energy_j\n", "p.json: the plan contains no configuration"},
        Refusal{"tp,batch,isl,osl,total_energy_j\n1,1,,8,\n",
                "p.json:2:isl: is empty; every configuration requires a value"}));

TEST(Plan, WhatCannotBeRunIsRefusedBeforeAnythingStarts) {
  const auto refusal = [](const std::string& serve_cmd, const std::string& url) -> std::string {
    Plan plan = small_plan();
    plan.serve_cmd = serve_cmd;
    plan.url = url;
    plan.serve_cmd_place = plan.url_place = {};  // as if flags stated them
    try {
      check_runnable(plan);
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  };
  EXPECT_EQ(refusal("serve --port {port} --tp {tp}", ""), "");
  EXPECT_THAT(refusal("", ""), HasSubstr("--serve-cmd"));
  EXPECT_THAT(refusal("", "http://h:1"), HasSubstr("the plan has 2 layouts"));
  EXPECT_THAT(refusal("serve", ""), HasSubstr("{port}"));
  EXPECT_EQ(refusal("serve --tp {ttp} --port {port}", ""),
            "unknown placeholder \"ttp\"; did you mean \"tp\"?");
  EXPECT_THAT(refusal("serve 'a", "http://h:1"), HasSubstr("quotation mark"));
  EXPECT_THAT(refusal("serve", "h:1"), HasSubstr("is not a URL"));
}

TEST(Plan, WhatTheFileStatesAndCannotBeRunIsRefusedWithItsPlace) {
  const auto refusal = [](const std::string& entries) -> std::string {
    const Plan plan = parse_plan("{" + entries +
                                     R"(,
"grid": {"layout": ["tp1", "tp2"], "model": ["a", "b"], "batch": [1], "isl": [1], "osl": [1]}})",
                                 "p.json");
    return table::error_of([&] { check_consistent(plan); });
  };
  EXPECT_EQ(refusal(R"("url": "http://h:1")"),
            "p.json:1:9: a running server is one deployment, but the plan has 2 layouts and 2 "
            "models; add --serve-cmd, or write a plan for each server");
  EXPECT_EQ(refusal(R"("serve_cmd": "serve 'a --port {port}")"),
            "p.json:1:15: the server command has an unmatched quotation mark");
  EXPECT_EQ(refusal(R"("serve_cmd": "serve {modle} --port {port}")"),
            "p.json:1:15: unknown placeholder \"modle\"; did you mean \"model\"?");
  EXPECT_EQ(refusal(R"("serve_cmd": "serve")"),
            "p.json:1:15: the server command contains no {port}; add it, or --url");
  EXPECT_EQ(refusal(R"("serve_cmd": "serve", "url": "h:1")"),
            "p.json:1:31: \"h:1\" is not a URL such as http://localhost:8000");
}

TEST(Plan, WithoutAServerItIsConsistentButNotRunnable) {
  const Plan plan =
      parse_plan(R"({"configurations": [{"layout": "tp1", "batch": 1, "isl": 1, "osl": 1}]})", "p");
  EXPECT_NO_THROW(check_consistent(plan));
  EXPECT_THROW(check_runnable(plan), Error);
}

TEST(Plan, ATableOfConfigurationsNeedsNoResults) {
  const Plan plan = parse_plan("model,tp,batch,isl,osl\ntoy,2,16,512,128\n", "plan.csv");
  EXPECT_EQ(target_text(plan.targets.front()), "toy tp2 batch 16 isl 512 osl 128");
}

TEST(Plan, OneThatNamesNeitherModelNorGpuIsAnonymous) {
  const std::string rest = R"("configurations": [{"layout": "tp1", "batch": 1, "isl": 1, "osl": 1}]})";
  EXPECT_THAT(anonymity(parse_plan("{" + rest, "p")), HasSubstr("neither a model nor a GPU"));
  EXPECT_EQ(anonymity(parse_plan(R"({"identity": {"gpu": "H100"}, )" + rest, "p")), "");
  EXPECT_EQ(anonymity(parse_plan(R"({"identity": {"model": "toy"}, )" + rest, "p")), "");
}

}  // namespace
}  // namespace energylens::campaign
