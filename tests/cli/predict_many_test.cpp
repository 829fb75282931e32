// SPDX-License-Identifier: Apache-2.0
// `predict --configurations` and `predict` of one configuration must give the same figures.
#include <gmock/gmock.h>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class PredictMany : public ProgramTest {
 protected:
  void SetUp() override {
    write("rows.csv", good_table());
    ASSERT_EQ(run("fit rows.csv -o model.json").code, 0);
  }
  Outcome predict(const std::string& configurations, const std::string& flags = "") {
    write("grid.csv", configurations);
    return run("predict model.json --configurations grid.csv " + flags);
  }
};

constexpr const char* kGrid = "id,layout,batch,isl,osl\nfirst,tp4,8,512,64\n\"b, 2\",tp2,32,256,128\n";

TEST_F(PredictMany, RepeatsTheQuestionsInFrontOfTheAnswers) {
  const Outcome outcome = predict(kGrid, "--format csv");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              StartsWith("layout,batch,isl,osl,id,total_energy_j,energy_per_out_token_j,total_time_s,"
                         "avg_power_w,inside_domain\ntp4,8,512,64,first,"));
  EXPECT_THAT(outcome.out, HasSubstr("\ntp2,32,256,128,\"b, 2\","));
  EXPECT_EQ(predict(kGrid).out, outcome.out);
}

TEST_F(PredictMany, GivesTheFiguresOfASingleConfiguration) {
  const auto json = [](const Outcome& outcome) { return io::parse_json(outcome.out, "answer"); };
  const io::Json one =
      json(run("predict model.json --layout tp2 --batch 32 --isl 256 --osl 128 --format json"));
  for (const std::string flags : {"--format json", "--intervals --format json"}) {
    const io::Json all = json(predict(kGrid, flags));
    EXPECT_EQ(all.integer("configurations"), 2);
    const io::Json& second = all.array_at("predictions").at(1);
    EXPECT_EQ(second.text("id"), "b, 2");
    EXPECT_NEAR(second.number("total_energy_j"), one.number("total_energy_j"),
                1e-9 * one.number("total_energy_j"));
    EXPECT_EQ(second.boolean("inside_domain"), one.boolean("inside_domain"));
    if (flags.starts_with("--intervals")) {
      EXPECT_EQ(second.number("total_energy_j_lo"), one.number("total_energy_j_lo"));
    }
  }
}

TEST_F(PredictMany, WritesAFileWholeOrNotAtAll) {
  ASSERT_EQ(predict(kGrid, "-o answers.csv").code, 0);
  EXPECT_THAT(read("answers.csv"), HasSubstr("\ntp4,8,512,64,first,"));
  EXPECT_EQ(predict("layout,batch,isl,osl\ntp4,8,512,\n", "-o never.csv").code, 2);
  EXPECT_FALSE(exists("never.csv"));
  EXPECT_EQ(predict(kGrid, "-o grid.csv").code, 2);  // would destroy the input
  EXPECT_EQ(read("grid.csv"), kGrid);
}

TEST_F(PredictMany, NamesThePlaceOfWhatCannotBePredicted) {
  const auto error = [this](const std::string& rows) {
    const Outcome outcome = predict("layout,batch,isl,osl,gpu\ntp4,8,512,64,\n" + rows);
    EXPECT_EQ(outcome.code, 2);
    return outcome.err;
  };
  EXPECT_THAT(error("tp4,8,512,,\n"), StartsWith("grid.csv:3:osl: error: a configuration requires an osl"));
  EXPECT_THAT(error("tp4,8,,64,\n"), StartsWith("grid.csv:3:isl: error: this model requires isl"));
  EXPECT_THAT(error("tp4,x,512,64,\n"), StartsWith("grid.csv:3:batch: error: "));
  EXPECT_THAT(error("tp0,8,512,64,\n"), StartsWith("grid.csv:3:layout: error: "));
  EXPECT_THAT(error("tp4,8,512,64,Other-GPU\n"), StartsWith("grid.csv:3:gpu: error: \"Other-GPU\" is not"));
}

TEST_F(PredictMany, RefusesWhatDoesNotGoWithIt) {
  EXPECT_THAT(predict(kGrid, "--batch 8").err, HasSubstr("--configurations states every configuration"));
  EXPECT_THAT(run("predict model.json --layout tp4 --batch 8 --isl 8 --osl 8 --intervals").err,
              HasSubstr("require --configurations"));
  const Outcome parquet = run("predict model.json --configurations grid.parquet");
  EXPECT_EQ(parquet.code, 2);
  EXPECT_THAT(parquet.err, HasSubstr("grid.parquet: Parquet is neither read nor written"));
}

TEST_F(PredictMany, CountsConfigurationsOutsideTheDomain) {
  const Outcome outcome = predict("layout,batch,isl,osl\ntp4,8,512,64\ntp4,8,512,100000\n", "--strict");
  EXPECT_EQ(outcome.code, 5);
  EXPECT_THAT(outcome.err, HasSubstr("1 configurations are outside the fitted domain"));
}

}  // namespace
}  // namespace energylens::cli
