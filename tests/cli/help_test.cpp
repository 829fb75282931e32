// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "cli/program.hpp"

namespace energylens::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Help : public ProgramTest {};

TEST_F(Help, OfEveryVerbIsTheGoldenOne) {
  for (const std::string verb :
       {"fit",        "predict",   "choose",      "evaluate",       "design",        "transfer", "discover",
        "power-caps", "simulate",  "doctor",      "meter",          "profile",       "collect",  "bench",
        "import",     "catalogue", "table check", "table template", "table convert", "help",     "completion",
        "table",      ""}) {
    const Outcome outcome = run(verb + " --help");
    EXPECT_EQ(outcome.code, 0) << verb;
    EXPECT_EQ(outcome.err, "") << verb;
    std::string name = "help" + (verb.empty() ? "" : "_" + verb) + ".txt";
    for (char& c : name) c = c == ' ' ? '_' : c;
    expect_golden(std::filesystem::path(ENERGYLENS_GOLDEN) / name, outcome.out);
  }
}

TEST_F(Help, VersionIsOneLine) {
  const Outcome outcome = run("--version");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, StartsWith("energylens "));
}

TEST_F(Help, NoVerbIsWrongUsage) {
  const Outcome outcome = run("");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("Commands:"));
}

struct Misuse {
  std::string arguments, message;
};
class WrongUsage : public ProgramTest, public ::testing::WithParamInterface<Misuse> {};

TEST_P(WrongUsage, IsOneLineAndExitCode2) {
  write("data.csv", good_table());
  const Outcome outcome = run(GetParam().arguments);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "energylens: error: " + GetParam().message + "\n");
  EXPECT_EQ(files(), 1u);
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongUsage,
    ::testing::Values(
        Misuse{"chose m.json", "unknown command \"chose\"; did you mean \"choose\"?"},
        Misuse{"table chek data.csv", "unknown command \"table chek\"; did you mean \"table check\"?"},
        Misuse{"frobnicate", "unknown command \"frobnicate\"; see energylens --help"},
        Misuse{"fit data.csv --sed 1", "unknown option --sed; did you mean --seed?"},
        Misuse{"fit data.csv --zzzzzz", "unknown option --zzzzzz; see --help"},
        Misuse{"fit", "DATA is required"}, Misuse{"fit data.csv -o", "--output requires a value"},
        Misuse{"fit data.csv -o a -o b", "--output may be given only once"},
        Misuse{"predict m.json extra", "unexpected argument \"extra\""},
        Misuse{"fit data.csv --train 1.5", "--train: \"1.5\" is not a whole number from 1 to 1,000,000,000"},
        Misuse{"fit data.csv --target power", "--target: \"power\" is not one of energy, time, both"},
        Misuse{"predict m.json --batch many", "--batch: \"many\" is not a number above 0"},
        Misuse{"predict m.json --batch -3", "--batch: \"-3\" is not a number above 0"},
        Misuse{"predict m.json --batch nan", "--batch: \"nan\" is not a number above 0"},
        Misuse{"choose m.json --batch 8 --osl 8 --total-gpus 2 --p99-ttft 300",
               "limits of percentiles are --ttft-p99, --tpot-p95, --e2e-p90 and the like"},
        Misuse{"evaluate data.csv --predictors lwa", "unknown predictor \"lwa\"; did you mean \"law\"?"},
        Misuse{"evaluate data.csv --protocol selecton",
               "--protocol: \"selecton\" is not one of "
               "selection, loo, learning-curve, extrapolate, limited, transfer"},
        Misuse{"evaluate data.csv --axis batch",
               "--axis does not apply to protocol selection; it applies to extrapolate"},
        Misuse{"evaluate data.csv --protocol loo --train 5",
               "--train does not apply to protocol loo; it applies to selection, extrapolate"},
        Misuse{"evaluate data.csv --protocol extrapolate", "protocol extrapolate requires --axis"},
        Misuse{"evaluate data.csv --protocol extrapolate --axis layout --cut 3",
               "a cut is for batch, osl and isl"},
        Misuse{"evaluate data.csv --blocked isl", "--blocked: \"isl\" is not one of batch, osl"},
        Misuse{"evaluate data.csv --compare law",
               "--compare: \"law\" is not a pair of predictors such as law,xgboost+waves"},
        Misuse{"evaluate data.csv --compare law,threshhold",
               "unknown predictor \"threshhold\"; did you mean \"threshold\"?"},
        Misuse{"evaluate data.csv --protocol limited --breach-risk 0.1",
               "--breach-risk requires --latency predicted"},
        Misuse{"evaluate data.csv --protocol limited --tpot 10,fast",
               "--tpot: \"fast\" is not a number above 0"},
        Misuse{"evaluate data.csv --protocol learning-curve --train-sizes 0,5",
               "train sizes must be at least 1"},
        Misuse{"evaluate data.csv --protocol transfer --source batch=1",
               "protocol transfer requires --source and --target"},
        Misuse{"evaluate data.csv --protocol transfer --source 'batch<8' --target 'batch>=8'",
               "toy-model, toy-gpu, fp16 is both a source and a target"},
        Misuse{"evaluate data.csv --min-layouts 9", "no group has 9 layouts or more"},
        Misuse{"discover data.csv --with time.json", "--with requires -o"},
        Misuse{"discover data.csv -o data.csv/found --operators +,*,epx",
               "unknown operator \"epx\"; did you mean \"exp\"?"},
        Misuse{"simulate --gpu H100-80GB-SMX --layouts tp0", "\"tp0\" is not a layout such as tp4pp2"},
        Misuse{"fit data.csv --where 'bacth>=4'", "unknown column \"bacth\"; did you mean \"batch\"?"}),
    [](const auto& test) { return "case_" + std::to_string(test.index); });

}  // namespace
}  // namespace energylens::cli
