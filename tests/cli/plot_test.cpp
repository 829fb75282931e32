// SPDX-License-Identifier: Apache-2.0
// --plot: a picture with everything it should show, whole or not at all.
#include <gmock/gmock.h>

#include "cli/program.hpp"

namespace energylens::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Plot : public ProgramTest {
 protected:
  void SetUp() override {
    if (shell("command -v gnuplot").code != 0) GTEST_SKIP() << "gnuplot is not installed";
    write("data.csv", good_table());
  }

  /// The picture that a command draws; the same bytes when it is asked again.
  std::string drawn(const std::string& command) const {
    const Outcome outcome = run(command + " --plot picture.svg");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    const std::string first = read("picture.svg");
    EXPECT_EQ(run(command + " --plot picture.svg").code, 0);
    EXPECT_EQ(read("picture.svg"), first);
    EXPECT_EQ(shell("! command -v xmllint >/dev/null || xmllint --noout picture.svg").code, 0)
        << "well-formed";
    return first;
  }

  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
    return n;
  }
};

TEST_F(Plot, OfAFitShowsEveryRowOfEveryLayout) {
  const std::string svg = drawn("fit data.csv");
  for (const char* text : {"toy-model on toy-gpu, fp16<", "measured energy (J)", "predicted time (s)",
                           "Residuals by layout", ">tp1<", ">tp4<", "24 rows, mean absolute error"})
    EXPECT_THAT(svg, HasSubstr(text));
  EXPECT_THAT(svg, Not(HasSubstr("simulated")));
  EXPECT_GE(count(svg, "<use xlink:href='#gpPt"), 4 * 24u) << "energy and time, measured and residual";
  EXPECT_THAT(drawn("fit data.csv --train 16 --target energy"),
              HasSubstr("hollow: rows not used in the fit"));
  EXPECT_THAT(drawn("fit data.csv --form power-time"), HasSubstr("toy-model on toy-gpu"));
}

TEST_F(Plot, OfSimulatedRowsSaysSo) {
  ASSERT_EQ(run("simulate --batch 1,8,64 --isl 128 --osl 64,256 -o data.csv").code, 0);
  EXPECT_THAT(drawn("fit data.csv -o model.json"), HasSubstr("(simulated data)"));
  EXPECT_THAT(drawn("choose model.json --batch 8 --isl 128 --osl 64 --total-gpus 8"),
              HasSubstr("(simulated data)"));
}

TEST_F(Plot, OfAChoiceNamesLayoutsLimitsAndTheChoice) {
  ASSERT_EQ(run("fit data.csv -o model.json").code, 0);
  const std::string choose =
      "choose model.json --isl 512 --osl 128 --total-gpus 4 --weights-gb 20 --gpu-memory-gb 24 --batch 32";
  const std::string svg = drawn(choose + " --tpot 45");
  for (const char* text : {"mean time per output token (ms)", "energy per output token (J)", "limit 45 ms",
                           "chosen: least energy", ">tp2<", "exceeds a limit",
                           "job of 32 requests, 512 input tokens, 128 output tokens, up to 4 GPUs"})
    EXPECT_THAT(svg, HasSubstr(text));
  EXPECT_THAT(drawn(choose), HasSubstr("duration of the job (s)"));
  EXPECT_THAT(drawn(choose + " --tpot 45 --ttft 4000"), HasSubstr("limit 4,000 ms"));
}

TEST_F(Plot, OfManyLayoutsLabelsThoseThatNoOtherBeats) {
  ASSERT_EQ(run("fit data.csv -o model.json").code, 0);
  const std::string choose =
      "choose model.json --isl 512 --osl 128 --total-gpus 32 --weights-gb 20 --gpu-memory-gb 24 --batch 64";
  const std::string svg = drawn(choose);
  EXPECT_GT(count(svg, "<use xlink:href='#gpPt"), 24u);
  EXPECT_LE(count(svg, ">tp"), 20u);
  const std::string text = run(choose).out;
  const std::size_t at = text.find("least energy   ") + 15;
  EXPECT_THAT(svg, HasSubstr(">" + text.substr(at, text.find(':', at) - at) + "<"));
}

TEST_F(Plot, OfAnEvaluationComparesPredictors) {
  const std::string bars = drawn("evaluate data.csv --train 12 --seeds 2 --predictors law,majority");
  for (const char* text :
       {">law<", ">majority<", "mean regret of the chosen layout (%)", "protocol selection"})
    EXPECT_THAT(bars, HasSubstr(text));
  const std::string curves = drawn(
      "evaluate data.csv --protocol learning-curve --train-sizes 6,12 --seeds 2 --predictors law,loglinear");
  for (const char* text : {">law<", ">loglinear<", "training rows per group", ">6<"})
    EXPECT_THAT(curves, HasSubstr(text));
}

TEST_F(Plot, OfAFrontMarksThePickedFormula) {
  const std::string svg = drawn("discover data.csv --template 'f(batch, osl)' --evaluations 300");
  for (const char* text :
       {"complexity (sum of operator costs)", "error (%)", "picked formula", "picked: ", "data.csv"})
    EXPECT_THAT(svg, HasSubstr(text));
}

TEST_F(Plot, IsRefusedBeforeTheWork) {
  ASSERT_EQ(run("fit data.csv -o model.json").code, 0);
  const std::string fit = "fit data.csv -o other.json --plot ";
  EXPECT_EQ(run(fit + "picture.png").err,
            "energylens: error: --plot: \"picture.png\" is not a file name that ends with .svg\n");
  EXPECT_EQ(run(fit + "-").code, 2);
  EXPECT_EQ(run(fit + "no/such/picture.svg").code, 1);
  const Outcome missing = shell("PATH=/nowhere \"$ENERGYLENS\" " + fit + "picture.svg");
  EXPECT_EQ(missing.code, 1);
  EXPECT_EQ(
      missing.err,
      "energylens: error: --plot requires gnuplot; install the package gnuplot-nox (Debian, Ubuntu) or gnuplot\n");
  EXPECT_EQ(missing.out, "");
  EXPECT_FALSE(exists("other.json"));
  EXPECT_FALSE(exists("picture.svg"));
  EXPECT_EQ(run("predict model.json --plot picture.svg").code, 2) << "nothing to draw";
}

}  // namespace
}  // namespace energylens::cli
