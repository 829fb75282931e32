// SPDX-License-Identifier: Apache-2.0
// `explain` and `emit` answer what `predict` answers.
#include <gmock/gmock.h>

#include <cmath>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

using io::Json;
using ::testing::HasSubstr;

class Explain : public ProgramTest {
 protected:
  void SetUp() override {
    write("rows.csv", good_table());
    ASSERT_EQ(run("fit rows.csv -o model.json").code, 0);
  }
  Json json(const std::string& arguments) {
    const Outcome outcome = run(arguments + " --format json");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return io::parse_json(outcome.out, arguments);
  }
};

constexpr const char* kLoad = " --layout tp2 --batch 8 --isl 512 --osl 128";

double sum(const Json& parts, const char* key) {
  double out = 0;
  for (const Json& part : parts.items()) out += part.number(key);
  return out;
}

TEST_F(Explain, PartsAddUpToThePrediction) {
  const Json predicted = json(std::string("predict model.json") + kLoad);
  const Json explained = json(std::string("explain model.json") + kLoad);
  EXPECT_NEAR(sum(explained.at("energy_parts"), "energy_j") / predicted.number("total_energy_j"), 1, 1e-12);
  EXPECT_NEAR(sum(explained.at("energy_parts"), "share"), 1, 1e-12);
  EXPECT_EQ(explained.number("total_energy_j"), predicted.number("total_energy_j"));
  EXPECT_EQ(explained.array_at("elasticities").size(), 6u);
  EXPECT_TRUE(explained.at("versus").is_null());
}

TEST_F(Explain, AnotherLayoutDiffersByTheSumOfItsParts) {
  const Json explained = json(std::string("explain model.json --versus tp4") + kLoad);
  const Json& other = explained.at("versus");
  EXPECT_EQ(other.text("layout"), "tp4");
  const double change = other.number("total_energy_j") - explained.number("total_energy_j");
  EXPECT_NEAR(sum(other.at("energy_difference"), "change"), change,
              1e-9 * explained.number("total_energy_j"));
  EXPECT_THAT(run(std::string("explain model.json --versus tp4") + kLoad).out,
              HasSubstr("tp4 instead of tp2: energy "));
}

TEST_F(Explain, TheTableNamesTermsAndTheirTotal) {
  const Outcome outcome = run(std::string("explain model.json") + kLoad);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  for (const char* word : {"prefill work", "weights", "cache", "total", "1 % more"})
    EXPECT_THAT(outcome.out, HasSubstr(word));
  EXPECT_THAT(run(std::string("explain model.json --format csv") + kLoad).out,
              HasSubstr("layout,metric,part,phase,value,share,meaning\n"));
}

TEST_F(Explain, RequestsOfALogAddUpToTheMeter) {
  write("log.csv", "tenant,isl,osl\nx,512,128\ny,64,32\n");
  const Json found = json("explain model.json --layout tp2 --batch 8 --requests log.csv --metered-j 500");
  EXPECT_NEAR(sum(found.at("requests"), "energy_j"), 500, 1e-9);
  EXPECT_NEAR(sum(found.at("tenants"), "energy_j"), 500, 1e-9);
  EXPECT_EQ(found.array_at("tenants").size(), 2u);
  const Outcome refused = run("explain model.json --layout tp2 --requests log.csv");
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--batch is required"));
}

TEST_F(Explain, EmittedPythonPredictsTheSame) {
  ASSERT_EQ(run("emit model.json --to python -o energy.py").code, 0);
  const double said = json(std::string("predict model.json") + kLoad).number("total_energy_j");
  const Outcome outcome = shell(
      "python3 -c 'import energy; print(repr(energy.energy_j(tp=2, pp=1, batch=8, isl=512, osl=128)))'");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NEAR(std::strtod(outcome.out.c_str(), nullptr) / said, 1, 1e-12);
}

TEST_F(Explain, EmitRefusesWhatItCannotWrite) {
  EXPECT_EQ(run("emit model.json").code, 2);
  EXPECT_EQ(run("emit model.json --to cobol").code, 2);
  const Outcome workbook = run("emit model.json --to xlsx");
  EXPECT_EQ(workbook.code, 2);
  EXPECT_THAT(workbook.err, HasSubstr("requires -o FILE"));
  ASSERT_EQ(run("fit rows.csv --residual -o corrected.json").code, 0);
  const Outcome corrected = run("emit corrected.json --to c");
  EXPECT_EQ(corrected.code, 2);
  EXPECT_THAT(corrected.err, HasSubstr("law+residual"));
  EXPECT_EQ(run(std::string("explain corrected.json") + kLoad).code, 0);
}

TEST_F(Explain, EveryTargetIsWritten) {
  for (const char* target :
       {"c", "cpp", "rust", "java", "javascript", "python", "numpy", "sympy", "xlsx", "latex", "postgresql",
        "duckdb", "clickhouse", "sqlite", "spark", "promql", "grafana"}) {
    const Outcome outcome = run(std::string("emit model.json --layout tp2 -o out --to ") + target);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_GT(read("out").size(), 500u) << target;
  }
}

}  // namespace
}  // namespace energylens::cli
