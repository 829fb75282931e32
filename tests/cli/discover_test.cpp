// SPDX-License-Identifier: Apache-2.0
// discover as people use it: the model that it writes, tables of any columns, and what it refuses.
#include <gmock/gmock.h>

#include <algorithm>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"
#include "io/csv.hpp"

namespace energylens::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kForm = "--template 'prefill(batch, isl, tp) + osl*decode(batch, tp, L)' ";

class Discover : public ProgramTest {
 protected:
  io::Json json_of(const std::string& arguments) {
    const Outcome outcome = run(arguments + " --format json");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return io::parse_json(outcome.out, "output");
  }
  /// A search that takes no time.
  Outcome found(const std::string& flags = "", const std::string& folder = "found") {
    write("data.csv", good_table());
    return run("discover data.csv " + std::string(kForm) + "--evaluations 300 -o " + folder + ' ' + flags);
  }
  void expect_refusal(const Outcome& outcome, const std::string& message) {
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(message));
    EXPECT_FALSE(exists("found"));
  }
};

TEST_F(Discover, WarnsOfInputsOfTwoValues) {
  write("two.csv", "x,z,y\n1,1,2\n2,1,4\n3,1,6\n4,2,9\n5,2,11\n6,2,13\n7,2,15\n");
  const Outcome outcome = run("discover two.csv --y y --x x,z --evaluations 300 --format json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("warning: only two values of z (1 and 2): any shape"));
  const io::Json json = io::parse_json(outcome.out, "output");
  EXPECT_THAT(json.array_at("warnings").at(0).as_text(), HasSubstr("only two values of z"));
}

TEST_F(Discover, WithoutAFolderTheFrontIsOnlyPrinted) {
  write("data.csv", good_table());
  const std::string flags = "discover data.csv " + std::string(kForm) + "--evaluations 300";
  const std::size_t before = files();
  const Outcome printed = run(flags);
  EXPECT_EQ(printed.code, 0) << printed.err;
  EXPECT_EQ(files(), before);
  EXPECT_EQ(printed.out, run(flags + " -o found").out);
}

TEST_F(Discover, WritesAModelThatAnswersLikeTheLaws) {
  ASSERT_EQ(found().code, 0);
  const io::Json p = json_of("predict found/model.json --layout tp2 --batch 16 --isl 512 --osl 64");
  const double truth = 15 + 0.02 * 16 * 512 * 1.2 + 64 * (20 + 4 + 0.8 * 16);
  EXPECT_NEAR(p.number("total_energy_j") / truth, 1, 0.1);
  EXPECT_LT(p.number("total_energy_j_lo"), p.number("total_energy_j"));
  EXPECT_TRUE(p.at("total_time_s").is_null());
  const io::Json c = json_of("choose found/model.json --batch 16 --isl 512 --osl 64 --total-gpus 4");
  EXPECT_TRUE(c.array_at("configurations").at(0).at("chance_best").as_number() > 0);
  EXPECT_EQ(run("predict found/model.json --layout tp2 --batch 900 --isl 512 --osl 64 --strict").code, 5);
  const io::Json e =
      json_of("evaluate data.csv --train 12 --seeds 2 --predictors discovered --structure found/model.json");
  EXPECT_LT(e.at("overall").at("discovered").number("mape"), 0.2);
}

TEST_F(Discover, AModelOfEnergyAloneSaysWhatItCannotAnswer) {
  ASSERT_EQ(found().code, 0);
  for (const auto& [flags, message] :
       {std::pair{"--batch 16 --tpot 50",
                  "does not predict the time per output token, which --tpot requires"},
        {"--batch 16 --ttft 50", "does not predict the time to first token, which --ttft requires"},
        {"--batch 16 --max-power-w 500", "does not predict time, which --max-power-w requires"},
        {"--rate 2", "does not predict time, which --rate requires"}}) {
    const Outcome outcome =
        run("choose found/model.json --isl 512 --osl 64 --total-gpus 4 " + std::string(flags));
    EXPECT_EQ(outcome.code, 2) << flags;
    EXPECT_EQ(outcome.err, "energylens: error: this model " + std::string(message) + "\n");
  }
  // With time beside it, it does.
  ASSERT_EQ(found("--target time --with found/model.json", "both").code, 0);
  const io::Json c =
      json_of("choose both/model.json --batch 16 --isl 512 --osl 64 --total-gpus 4 --tpot 100 --ttft 5000");
  EXPECT_FALSE(c.array_at("configurations").at(0).at("tpot_s").is_null());
  // What could not be joined is refused before the search.
  EXPECT_EQ(found("--with found/model.json", "none").err,
            "energylens: error: the --with model must contain a formula of time, and none of energy\n");
  EXPECT_FALSE(exists("none"));
  ASSERT_EQ(found("--target time", "time").code, 0);
  EXPECT_EQ(run("choose time/model.json --batch 16 --isl 512 --osl 64 --total-gpus 4").err,
            "energylens: error: this model does not predict energy and cannot rank configurations\n");
}

TEST_F(Discover, SaysHowItsFormulasDoOnRowsLeftOut) {
  ASSERT_EQ(found("--train 16 --seed 3 --pick cross-validation").code, 0);
  const io::Json front = io::parse_json(read("found/front.json"), "front.json");
  EXPECT_EQ(front.integer("rows"), 16);
  EXPECT_EQ(front.integer("test_rows"), 8);
  double least = 1e9, chosen = 0;
  for (const io::Json& f : front.array_at("formulas")) {
    EXPECT_FALSE(f.at("test_mape").is_null());
    if (!f.at("cv_mape").is_null()) least = std::min(least, f.number("cv_mape"));
    if (f.boolean("chosen")) chosen = f.number("cv_mape");
  }
  EXPECT_LE(chosen, 1.05 * least);
  const std::string hall = read("found/hall_of_fame.csv");
  EXPECT_THAT(hall, HasSubstr(",cv_loss,cv_mape,test_mape,equation\n"));
  io::CsvRecords rows(hall, "hall_of_fame.csv");
  ASSERT_TRUE(rows.next());
  const std::size_t columns = rows.cells().size();
  for (const io::Json& f : front.array_at("formulas")) {
    ASSERT_TRUE(rows.next());
    ASSERT_EQ(rows.cells().size(), columns);
    EXPECT_EQ(std::stod(std::string(rows.cells()[7])), f.number("test_mape"));
    EXPECT_EQ(rows.cells()[8], f.text("equation"));
  }
}

TEST_F(Discover, FewOperatorsEndAsWell) {
  for (const char* operators : {"+,*,^", "+,*", "+,*,-,exp"}) {
    const Outcome outcome = found(std::string("--operators ") + operators);
    EXPECT_EQ(outcome.code, 0) << operators << ": " << outcome.err;
    EXPECT_THAT(read("found/hall_of_fame.csv"), HasSubstr("batch"));
  }
}

TEST_F(Discover, AnotherSearchsCheckpointIsNotWrittenOver) {
  ASSERT_EQ(found("--checkpoint state").code, 0);
  const std::string before = read("state/search.json");
  const Outcome again = found("--checkpoint state --seed 5");
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.err,
              HasSubstr("state/search.json contains the state of a search; use --resume to continue it"));
  EXPECT_EQ(read("state/search.json"), before);
}

TEST_F(Discover, TheFrontIsPrintedThoughTheDiskIsFull) {
  write("data.csv", good_table());
  const Outcome outcome =
      shell("(ulimit -f 8; \"$ENERGYLENS\" discover data.csv --evaluations 300 --quiet -o full)");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("full/front.json: cannot write: "));
  EXPECT_THAT(outcome.out, HasSubstr("batch"));
}

TEST_F(Discover, SaysWhatHoldsAndWhatTheRowsTell) {
  const Outcome outcome = found("--guess 'prefill = a*batch*isl; decode = b/tp + c*batch^d'");
  ASSERT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("  is non-decreasing in batch: proved"));
  const io::Json front = io::parse_json(read("found/front.json"), "front.json");
  std::size_t profiles = 0;
  for (const io::Json& f : front.array_at("formulas")) {
    std::vector<std::string> claims;
    for (const io::Json& claim : f.array_at("claims")) {
      const bool whole = claim.at("input").is_null();
      claims.push_back(claim.text("claim") + (whole ? "" : " " + claim.text("input")));
      for (const char* how : {"within_errors", "as_fitted"})
        EXPECT_THAT(claim.text(how), ::testing::AnyOf("proven", "refuted", "open"));
      EXPECT_EQ(claim.at("witness").is_null(), claim.text("within_errors") != "refuted");
    }
    EXPECT_EQ(claims, (std::vector<std::string>{"positive", "rising batch", "rising osl", "concave batch"}))
        << "isl has one value, and L follows osl";
    EXPECT_LE(f.number("effective_parameters"), f.number("fitted_numbers"));
    for (const io::Json& c : f.array_at("constants")) {
      EXPECT_EQ(c.array_at("standard_errors").size(), c.array_at("values").size());
      profiles += c.find("profile_95") ? 1 : 0;
      EXPECT_TRUE(!c.find("profile_95") || f.boolean("chosen"));
    }
  }
  EXPECT_EQ(profiles > 0, outcome.out.find(", 95 % interval ") != std::string::npos);
}

TEST_F(Discover, TakesAnyTableWhoseColumnsAreNamed) {
  std::string text = "device,m,k,latency,power\n";
  for (const char* device : {"A", "B"}) {
    for (int m = 1; m <= 12; ++m)
      text += std::string(device) + ',' + std::to_string(m * m) + ',' + std::to_string(3 + m % 4) + ',' +
              std::to_string((device[0] == 'A' ? 2 : 5) + m * m * (3 + m % 4)) + ",1000\n";
  }
  write("kernels.csv", text);
  const Outcome outcome =
      run("discover kernels.csv --y energy=latency*power/1000:J --x m,k --by device --evaluations 800 -o "
          "found --format csv");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr(",c0 + c1*k*m\n"));
  EXPECT_FALSE(exists("found/model.json"));
}

TEST_F(Discover, TakesPublishedFiguresAsInputsAndKeepsThemInItsModel) {
  std::string text = "model,gpu,quant,tp,batch,isl,osl,total_energy_j\n";
  for (const auto& [gpu, tdp] : {std::pair{"H100-80GB-SXM", 700}, {"RTX4090", 450}}) {
    for (int i = 1; i <= 12; ++i) {
      const int batch = 1 + i * i % 7, osl = 10 * i;
      text += std::string("Llama-3-8B,") + gpu + ",FP16,1," + std::to_string(batch) + ",64," +
              std::to_string(osl) + ',' + std::to_string(osl * tdp * (0.02 + 0.003 * batch)) + '\n';
    }
  }
  write("two.csv", text);
  const std::string search = "discover two.csv --evaluations 600 --quantities ";
  ASSERT_EQ(run(search + "tdp -o found").code, 0);
  const io::Json p =
      json_of("predict found/model.json --where gpu=RTX4090 --layout tp1 --batch 3 --isl 64 --osl 50");
  EXPECT_NEAR(p.number("total_energy_j") / (50 * 450 * 0.029), 1, 0.01);
  const io::Json front = io::parse_json(read("found/front.json"), "front.json");
  for (const io::Json& c : front.array_at("formulas").back().array_at("constants"))
    EXPECT_EQ(c.array_at("values").size(), 1u) << "one for both GPUs";
  EXPECT_EQ(run(search + "tdp --coefficients per-group --units off -o other").code, 0);
  for (std::size_t at; (at = text.find("H100-80GB-SXM")) != std::string::npos;)
    text.replace(at, 13, "Abacus");
  write("unknown.csv", text);
  EXPECT_THAT(run("discover unknown.csv --evaluations 600 -o other --quantities tdp").err,
              HasSubstr("Llama-3-8B, Abacus, FP16: tdp (greatest power of one GPU) is unknown"));
  const Outcome asked =
      run("evaluate unknown.csv --where gpu=Abacus --protocol loo --predictors discovered --structure "
          "found/model.json");
  EXPECT_THAT(asked.out, HasSubstr("Llama-3-8B, Abacus, FP16: tdp, which the formula requires, is unknown"));
}

TEST_F(Discover, FlagsThatDoNotGoTogetherAreRefused) {
  write("data.csv", good_table());
  expect_refusal(run("discover data.csv --x batch -o found"), "--x and --by require --y");
  expect_refusal(run("discover data.csv --units J -o found"), "--units requires --y, --quantities or --tags");
  expect_refusal(run("discover data.csv --tags kilos -o found"),
                 "unknown tag \"kilos\"; available: tokens, requests, gpus");
  expect_refusal(run("discover data.csv --tags tokens --quantities tdp -o found"),
                 "--tags cannot be combined with --quantities");
  expect_refusal(run("discover data.csv --y decode_energy_j --x batch --tags tokens -o found"),
                 "--tags applies to serving measurements");
  expect_refusal(run("discover data.csv --quantities tpd -o found"),
                 "unknown quantity \"tpd\"; did you mean \"tdp\"?");
  expect_refusal(run("discover data.csv --y decode_energy_j --x batch --quantities tdp -o found"),
                 "--quantities applies to serving measurements");
  expect_refusal(run("discover data.csv --y decode_energy_j -o found"), "--y requires --x");
  expect_refusal(run("discover data.csv --y decode_energy_j --x batch --target time -o found"),
                 "--target cannot be combined with --y");
  expect_refusal(run("discover data.csv --y decode_energy_j --x batch --with m.json -o found"),
                 "--with applies to serving measurements");
  expect_refusal(run("discover data.csv --pick best -o found"),
                 "is not description-length, cross-validation");
  expect_refusal(run("discover data.csv --with nowhere.json -o found"), "nowhere.json: cannot read");
}

/// A table of three columns whose rows a test makes.
std::string kernels(const std::string& rows) {
  return "a,b,y\n" + rows;
}

TEST_F(Discover, EveryKindOfBadInputIsOneLine) {
  const std::string good = "1,5,2\n2,4,5\n3,9,6\n4,1,9\n5,2,8\n";
  struct Bad {
    const char* what;
    std::string rows, flags, message;
  };
  const std::vector<Bad> all = {
      {"duplicated columns", good, "--x a,c=a", "the columns \"a\" and \"c\" are equal: remove one of them"},
      {"only constant columns", "1,5,2\n1,5,3\n1,5,4\n", "--x a,b",
       "every input has the same value in all rows"},
      {"equal targets", "1,5,2\n2,4,2\n3,9,2\n", "--x a,b",
       "\"y\" is 2 in every row, so there is no variation to explain"},
      {"fewer rows than constants", "1,5,2\n2,4,3\n", "--x a,b", "no group has 3 rows"},
      {"nan", "1,nan,2\n2,4,3\n3,3,4\n", "--x a,b", "table.csv:2:b: error: \"nan\" is not a number"},
      {"inf", "1,5,2\n2,4,inf\n3,3,4\n", "--x a,b", "table.csv:3:y: error: \"inf\" is not a number"},
      {"a value that overflows", "1,5,2\n2,4,3\n3,3,4\n", "--x 'a,b=exp(1000*b)'",
       "table.csv:2: error: \"b\" is not finite"},
      {"a target of zero", "1,5,0\n2,4,3\n3,3,4\n", "--x a,b", "table.csv:2: error: the target is 0"},
      {"units that admit no formula", good, "--x a:J,b:byte --y y=y:s --units 1", "s"},
      {"a template that names no column", good, "--x a,b --template 'f(a, bb)'", "unknown column \"bb\""},
      {"a guess of wrong units", good, "--x a:J,b:s --guess a+b", "the units of \"a+b\" are inconsistent"},
      {"no such column", good, "--x a,bb", "table.csv:1: error: unknown column \"bb\""},
  };
  for (const Bad& bad : all) {
    write("table.csv", kernels(bad.rows));
    const std::string y = bad.flags.find("--y") == std::string::npos ? "--y y " : "";
    SCOPED_TRACE(bad.what);
    expect_refusal(run("discover table.csv " + y + bad.flags + " --evaluations 50 -o found"), bad.message);
  }
}

TEST_F(Discover, ACheckpointOfOtherDataOptionsOrVersionIsRefused) {
  ASSERT_EQ(found("--checkpoint state").code, 0);
  const std::string state = read("state/search.json");
  run("discover data.csv -o other --evaluations 10");
  const auto refusal = [&](const std::string& flags) {
    const Outcome outcome = run("discover data.csv " + std::string(kForm) +
                                "--evaluations 600 -o more --checkpoint state --resume " + flags);
    EXPECT_EQ(outcome.code, 2) << flags;
    EXPECT_FALSE(exists("more"));
    EXPECT_EQ(read("state/search.json"), state);
    return outcome.err;
  };
  EXPECT_THAT(refusal("--where batch!=64"), HasSubstr("this checkpoint belongs to other data"));
  EXPECT_THAT(refusal("--seed 9"), HasSubstr("this checkpoint belongs to a search with other options"));
  std::string newer = state;
  newer.replace(newer.find("\"version\": 1"), 12, "\"version\": 9");
  write("state/search.json", newer);
  const Outcome outcome = run("discover data.csv " + std::string(kForm) +
                              "--evaluations 600 -o more --checkpoint state --resume");
  EXPECT_THAT(outcome.err, HasSubstr("another version of energylens"));
  write("state/search.json", state);
  EXPECT_EQ(found("--checkpoint state --resume").code, 0);
}

TEST_F(Discover, AFullDiskLosesNothingOlder) {
  ASSERT_EQ(found().code, 0);
  const std::string older = read("found/model.json");
  // Files of at most one block: writing ends early, as on a full disk.
  const Outcome outcome = shell("ulimit -f 1; \"$ENERGYLENS\" discover data.csv " + std::string(kForm) +
                                "--evaluations 300 --seed 5 -o found");
  EXPECT_EQ(outcome.code, 1) << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr("cannot write: "));
  EXPECT_EQ(read("found/model.json"), older);
}

}  // namespace
}  // namespace energylens::cli
