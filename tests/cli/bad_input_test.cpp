// SPDX-License-Identifier: Apache-2.0
// Every kind of bad input, end to end: one line on standard error, exit code 2, nothing written.
#include <gmock/gmock.h>

#include <algorithm>

#include "cli/program.hpp"

namespace energylens::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

constexpr const char* kRow = "toy,gpu,fp16,tp2,4,512,64,60,1500,0.2,3,\n";

struct BadTable {
  std::string name, content, message;  ///< `message`: what standard error must hold
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

std::vector<BadTable> bad_tables() {
  const std::string good = table_of(kRow);
  return {
      {"missing_column", replaced(good, ",batch,", ",users,"), "batch"},
      {"misspelt_column", replaced(good, ",batch,", ",bacth,"), "did you mean \"batch\"?"},
      {"misspelt_result", replaced(good, "decode_energy_j", "decode_enrgy_j"),
       "did you mean \"decode_energy_j\"?"},
      {"negative_energy", replaced(good, "1500", "-1500"),
       "bad.csv:2:decode_energy_j: error: \"-1500\" is not"},
      {"zero_energy", replaced(good, ",1500,", ",0,"), "bad.csv:2:decode_energy_j: error: \"0\" is not"},
      {"nan", replaced(good, "1500", "nan"), "bad.csv:2:decode_energy_j: error: \"nan\" is not"},
      {"text_in_number", replaced(good, "1500", "lots"), "bad.csv:2:decode_energy_j: error: \"lots\" is not"},
      {"power_too_high", replaced(good, "1500", "1500000"), "bad.csv:2:"},
      {"power_too_low", replaced(good, "1500", "1.5"), "bad.csv:2:"},
      {"duplicate_header", replaced(good, ",osl,", ",isl,"), "isl"},
      {"ragged_row", good + "toy,gpu,fp16\n", "bad.csv:3"},
      {"binary",
       std::string("\x7f"
                   "ELF\x02\x01\x00\x00\xff\xfe\x00\x01,\x00\n\x00\x01",
                   18),
       "bad.csv"},
      {"empty", "", "bad.csv"},
      {"no_such_layout", replaced(good, "tp2", "tp0"), "\"tp0\" is not a layout such as tp4pp2"},
      {"header_only", table_of(""), "bad.csv: no row has an energy or a time"},
      {"no_request_fits", replaced(good, "3,\n", "3,100\n"), "bad.csv:2:kv_capacity_tokens: error: "},
  };
}

class BadInput : public ProgramTest, public ::testing::WithParamInterface<BadTable> {
 protected:
  static void expect_one_line(const Outcome& outcome, const std::string& message) {
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(message));
  }
};

TEST_P(BadInput, OfATableIsNamedAndNothingIsWritten) {
  write("bad.csv", GetParam().content);
  expect_one_line(run("fit bad.csv -o model.json"), GetParam().message);
  EXPECT_FALSE(exists("model.json"));
  EXPECT_EQ(files(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Tables, BadInput, ::testing::ValuesIn(bad_tables()),
                         [](const auto& test) { return test.param.name; });

class BadInputOf : public BadInput {
 protected:
  std::string fitted() {
    write("data.csv", good_table());
    EXPECT_EQ(run("fit data.csv -o model.json").code, 0);
    return read("model.json");
  }
  static constexpr const char* kAsk = " --layout tp2 --batch 4 --isl 512 --osl 64";
};

TEST_F(BadInputOf, APowerNamesRowAndValue) {
  write("bad.csv", replaced(table_of(kRow), "1500", "1500000"));
  EXPECT_THAT(run("table check bad.csv").err, MatchesRegex("bad\\.csv:2:[a-z_]*: error: .*W.*\n"));
}

TEST_F(BadInputOf, AnOutputThatIsAnInputIsRefused) {
  write("rows.csv", good_table());
  for (const std::string command : {"fit rows.csv -o rows.csv", "table convert rows.csv -o ./rows.csv"}) {
    const Outcome outcome = run(command);
    EXPECT_EQ(outcome.code, 2) << command;
    EXPECT_THAT(outcome.err, HasSubstr("would overwrite an input file"));
    EXPECT_EQ(read("rows.csv"), good_table());
  }
}

TEST_F(BadInputOf, RowsWithoutOutputLengthAreWarnedOf) {
  write("short.csv", "batch,total_energy_j\n1,10\n2,20\n");
  EXPECT_THAT(run("table check short.csv").err,
              HasSubstr("2 rows without output tokens (osl); fits exclude them"));
}

TEST_F(BadInputOf, SeedsAreNotForLeavingOneOut) {
  write("rows.csv", good_table());
  const Outcome outcome = run("evaluate rows.csv --protocol loo --seeds 3");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--seeds does not apply to protocol loo"));
}

TEST_F(BadInputOf, ATableOfAnotherDialectSaysSo) {
  write("semi.csv", "batch;total_energy_j\n1;10\n");
  EXPECT_THAT(run("table check semi.csv").err,
              HasSubstr("semi.csv:1: error: cells are separated by semicolons"));
  write("empty.csv", "batch,total_energy_j\n");
  const Outcome empty = run("table check empty.csv");
  EXPECT_EQ(empty.code, 2);
  EXPECT_THAT(empty.err, HasSubstr("the table has no rows"));
}

TEST_F(BadInputOf, NamesThatTheCatalogueLacksAreHelpedWith) {
  EXPECT_THAT(run("simulate --gpu H100 --batch 1").err, HasSubstr("did you mean H100-"));
  EXPECT_THAT(run("simulate --gpu Zyx --batch 1").err,
              HasSubstr("`energylens catalogue` lists the known ones"));
  EXPECT_THAT(run("catalogue --only gpus --format csv").out, HasSubstr("\nH100-80GB-SXM,NVIDIA,"));
  EXPECT_EQ(run("catalogue --format csv").code, 2);
}

TEST_F(BadInputOf, NoRowAfterWhere) {
  write("data.csv", good_table());
  expect_one_line(run("fit data.csv --where batch=1000 -o model.json"), "batch=1000");
  EXPECT_FALSE(exists("model.json"));
}

TEST_F(BadInputOf, AFileThatIsNotThere) {
  expect_one_line(run("fit nowhere.csv"), "nowhere.csv: cannot read: No such file or directory");
  expect_one_line(run(std::string("predict nowhere.json") + kAsk),
                  "nowhere.json: cannot read: No such file or directory");
}

TEST_F(BadInputOf, ALayoutThatIsNone) {
  fitted();
  expect_one_line(run("predict model.json --layout 8xtp --batch 4 --isl 512 --osl 64"),
                  "\"8xtp\" is not a layout such as tp4pp2");
}

TEST_F(BadInputOf, AModelFileThatIsTruncatedNewerOrOfAnotherKind) {
  const std::string model = fitted();
  write("half.json", model.substr(0, model.size() / 2));
  expect_one_line(run(std::string("predict half.json") + kAsk), "half.json:");
  const std::string version = "\"schema_version\": ";
  ASSERT_THAT(model, HasSubstr(version));
  write("newer.json", replaced(model, version, version + "9"));
  expect_one_line(run(std::string("predict newer.json") + kAsk), "newer");
  write("other.json", "{\"hello\": 1}");
  expect_one_line(run(std::string("predict other.json") + kAsk), "other.json");
  write("table.json", good_table());
  expect_one_line(run(std::string("predict table.json") + kAsk), "table.json:1");
  write("empty.json", "");
  expect_one_line(run(std::string("choose empty.json --batch 4 --osl 64 --total-gpus 2")), "empty.json");
}

TEST_F(BadInputOf, MoreCachedOrImageTokensThanInput) {
  fitted();
  const std::string ask = "predict model.json --layout tp2 --batch 4 --isl 512 --osl 64";
  expect_one_line(run(ask + " --cached-tokens 600"), "--cached-tokens 600 is more than --isl 512");
  expect_one_line(run(ask + " --image-tokens 513"), "--image-tokens 513 is more than --isl 512");
  expect_one_line(run("choose model.json --batch 4 --isl 8 --osl 64 --total-gpus 2 --cached-tokens 9"),
                  "--cached-tokens 9 is more than --isl 8");
  EXPECT_EQ(run(ask + " --cached-tokens 512").code, 0);
}

TEST_F(BadInputOf, NotOneRequestFitsAPrediction) {
  fitted();
  expect_one_line(run(std::string("predict model.json --kv-capacity-tokens 100") + kAsk),
                  "cannot hold a single request");
}

TEST_F(BadInputOf, AnOutputThatCannotBeWrittenIsAFailure) {
  write("data.csv", good_table());
  const Outcome outcome = run("fit data.csv -o no/such/folder/model.json");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("no/such/folder/model.json: cannot write: No such file or directory\n"));
  EXPECT_EQ(files(), 1u);
}

TEST_F(BadInputOf, AFileThatMayNotGrowIsAFailureAndLeavesNothing) {
  const Outcome outcome = shell(
      "ulimit -f 1; \"$ENERGYLENS\" simulate --gpu H100-80GB-SXM --batch 1,8,64 --isl 128,2048 --osl 256 -o "
      "big.csv");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err, "energylens: error: big.csv: cannot write: File too large\n");
  EXPECT_EQ(files(), 0u);
}

TEST_F(BadInputOf, AFullDiskIsAFailure) {
  write("data.csv", good_table());
  for (const std::string arguments :
       {"table convert data.csv -o /dev/full", "table convert data.csv >/dev/full",
        "table template >/dev/full", "fit data.csv -o /dev/full", "--help >/dev/full"}) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, 1) << arguments;
    EXPECT_THAT(outcome.err, HasSubstr("cannot write: No space left on device\n")) << arguments;
  }
}

TEST_F(BadInputOf, AClosedPipeIsAFailure) {
  write("data.csv", good_table());
  // The reader is gone before the program writes.
  const Outcome outcome = shell("{ sleep 0.3; \"$ENERGYLENS\" table template; echo $? >code; } | true");
  EXPECT_THAT(outcome.err, HasSubstr("standard output: cannot write: Broken pipe"));
  EXPECT_EQ(read("code"), "1\n");
}

TEST_F(BadInputOf, WhatATerminalObeysIsNotPrinted) {
  write("evil.csv",
        "model,gpu,tp,batch,isl,osl,total_energy_j,total_time_s\nx\x1b[31m,\x1b]0;t\x07,1,1,8,8,100,1\n"
        "x\x1b[31m,\x1b]0;t\x07,2,1,8,8,110,1\n");
  for (const std::string arguments :
       {"table check evil.csv", "fit evil.csv -o m.json", "fit evil.csv --where model=y",
        "table check '\x1b[31m.csv'", "predict m.json --layout tp1 --batch 1 --isl 8 --osl 8",
        "choose m.json --batch 1 --isl 8 --osl 8 --total-gpus 2"}) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ((outcome.out + outcome.err).find_first_of("\x1b\x07"), std::string::npos) << arguments;
  }
}

TEST_F(BadInputOf, AHeaderOfVeryManyColumnsAndAGuessOfVeryManyTermsAreRefused) {
  std::string wide = "batch,total_energy_j", guess = "batch";
  for (int i = 0; i < 20000; ++i) wide += ",c" + std::to_string(i);
  for (int i = 0; i < 1200; ++i) guess += "+a" + std::to_string(i) + "*batch";
  write("wide.csv", wide + "\n");
  expect_one_line(run("table check wide.csv"),
                  "wide.csv:1: error: the header has 20002 columns; a table has at most 4096");
  write("data.csv", good_table());
  expect_one_line(run("discover data.csv --time-limit 5 --quiet --guess '" + guess + "'"),
                  "a guess has at most 500");
}

TEST_F(BadInputOf, AModelFileWhoseNumbersWereEditedIsRefused) {
  const std::string model = fitted();
  const auto edited = [&](const std::string& name, const std::string& value) {
    const std::size_t begin = model.find('"' + name + "\": ") + name.size() + 4,
                      end = model.find_first_of(",\n", begin);
    write("edited.json", model.substr(0, begin) + value + model.substr(end));
    return "choose edited.json --batch 4 --isl 512 --osl 64 --total-gpus 8";
  };
  expect_one_line(run(edited("residual_sd", "-0.1")), "edited.json:");
  expect_one_line(run(edited("residual_sd", "1e300")), "edited.json:");
  expect_one_line(run(edited("value", "1e300")), "edited.json:");
  expect_one_line(run(edited("expert_share", "-1")), "\"expert_share\" is -1; expected a number from");
  expect_one_line(run(edited("always_read_share", "7")),
                  "\"always_read_share\" is 7; expected a number from");
  expect_one_line(run(edited("degrees_of_freedom", "-3")), "edited.json:");
  expect_one_line(run(edited("capacity_factor", "-3")), "edited.json:");
}

}  // namespace
}  // namespace energylens::cli
