// SPDX-License-Identifier: Apache-2.0
// What no tool runs here, or not in every place: documents, dashboards, and rules by promtool where it is there.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>

#include "emit/targets.hpp"
#include "energylens/core/error.hpp"
#include "energylens/io/json.hpp"
#include "parametric/random_models.hpp"
#include "temporary_folder.hpp"

namespace energylens::emit {
namespace {

using predictor::Metric;

Subject subject_of(const parametric::Model& model, const std::string& layout = "tp4pp2") {
  return {{calculation::calculation_of(model, 0, Metric::energy),
           calculation::calculation_of(model, 0, Metric::time)},
          "test",
          table::parse_layout(layout)};
}

parametric::LawModel server(std::uint64_t seed) {
  Rng rng(seed);
  return parametric::random_law(rng, parametric::LawKind::server);
}

TEST(Targets, NamesAreDistinctAndUnknownOnesAreRefused) {
  std::set<std::string_view> names;
  for (const Target& one : targets()) EXPECT_TRUE(names.insert(one.name).second);
  EXPECT_EQ(names.size(), 17u);
  EXPECT_THROW(find_target("pyton"), Error);
}

TEST(Targets, EveryTargetNamesTheGroupAndTheProgram) {
  const parametric::LawModel model = server(1);
  for (const Target& one : targets()) {
    if (!one.text) continue;
    EXPECT_NE(one.write(subject_of(model)).find("Random-7B"), std::string::npos) << one.name;
  }
}

TEST(Latex, BracesAndEnvironmentsBalance) {
  const std::string text = find_target("latex").write(subject_of(server(2)));
  EXPECT_EQ(std::count(text.begin(), text.end(), '{'), std::count(text.begin(), text.end(), '}'));
  const auto times = [&text](const std::string& word) {
    std::size_t n = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(times("\\begin{"), times("\\end{"));
  EXPECT_GT(times("\\begin{cases}"), 3u);
}

TEST(Grafana, IsJsonOverSeriesThatTheRulesRecord) {
  const parametric::LawModel model = server(3);
  const std::string rules = find_target("promql").write(subject_of(model));
  const io::Json dashboard = io::parse_json(find_target("grafana").write(subject_of(model)), "dashboard");
  int series = 0;
  for (const io::Json& panel : dashboard.array_at("panels")) {
    for (const io::Json& target : panel.array_at("targets")) {
      EXPECT_NE(rules.find("record: " + target.text("expr") + "\n"), std::string::npos)
          << target.text("expr");
      ++series;
    }
  }
  EXPECT_EQ(series, 7);
}

TEST(Workbook, IsAnArchiveWithNamedCells) {
  const std::string content = find_target("xlsx").write(subject_of(server(4)));
  EXPECT_EQ(content.substr(0, 2), "PK");
  EXPECT_GT(content.size(), 4000u);
}

/// The rules without the group that reads the metrics of an engine.
std::string without_load(const std::string& rules) {
  const std::size_t begin = rules.find("  # The load"), end = rules.find("  - name: energylens_energy");
  return rules.substr(0, begin) + rules.substr(end);
}

std::string values_of(const std::vector<double>& values) {
  std::string out;
  for (const double value : values) out += (out.empty() ? "" : " ") + number_text(value);
  return out;
}

/// A unit test of promtool in which every minute is one load, and every expectation is wrong: what it got is printed.
std::string unit_test_yaml(const std::vector<table::Configuration>& loads) {
  std::vector<double> batch, isl, osl;
  for (const table::Configuration& one : loads) {
    batch.push_back(one.load.batch);
    isl.push_back(one.load.isl);
    osl.push_back(one.load.osl);
  }
  std::string text =
      "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n";
  text += "  - {series: 'energylens:batch', values: '" + values_of(batch) + "'}\n";
  text += "  - {series: 'energylens:isl', values: '" + values_of(isl) + "'}\n";
  text += "  - {series: 'energylens:osl', values: '" + values_of(osl) + "'}\n  promql_expr_test:\n";
  for (std::size_t i = 0; i < loads.size(); ++i) {
    for (const char* name : {"energylens:energy_j", "energylens:time_s"}) {
      text += std::string("  - {expr: '") + name + "', eval_time: " + std::to_string(i) +
              "m, exp_samples: [{labels: 'wrong', value: -1}]}\n";
    }
  }
  return text;
}

TEST(Rules, RecordThePredictionsOfLoads) {
  if (std::system("promtool --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "not here: promtool";
  const char* const asked = std::getenv("ENERGYLENS_EMIT_ROWS");
  const std::size_t rows = asked ? std::strtoul(asked, nullptr, 10) : 200;
  double worst = 0;
  int answered = 0;
  for (const std::uint64_t seed : {5, 6, 7, 8}) {
    const parametric::LawModel model = server(seed);
    const Subject subject = subject_of(model, seed % 2 == 0 ? "tp2dp4ep8" : "tp4pp2");
    Rng rng(seed);
    std::vector<table::Configuration> loads;
    for (std::size_t i = 0; i < rows; ++i) {
      table::Configuration one{subject.layout, {}, kUnknown};
      one.load = {table::RowKind::steady, 0.25 * static_cast<double>(1 + rng.below(800)), kUnknown,
                  static_cast<double>(1 + rng.below(4000)), static_cast<double>(1 + rng.below(2000))};
      loads.push_back(one);
    }
    TemporaryFolder folder;
    std::ofstream(folder / "rules.yml") << without_load(find_target("promql").write(subject));
    std::ofstream(folder / "test.yml") << unit_test_yaml(loads);
    const std::string at = "cd '" + folder.path().string() + "' && ";
    ASSERT_EQ(std::system((at + "promtool check rules rules.yml > check.txt 2>&1").c_str()), 0);
    (void)std::system((at + "promtool test rules test.yml > out.txt 2>&1").c_str());
    std::ifstream lines(folder / "out.txt");
    const std::regex asked_line("expr: \"energylens:(energy_j|time_s)\", time: (.*),"),
        got_line("got:.*\\} (\\S+)\"?");
    std::map<Metric, std::vector<double>> got;
    Metric metric = Metric::energy;
    for (std::string line; std::getline(lines, line);) {
      std::smatch match;
      if (std::regex_search(line, match, asked_line))
        metric = match[1] == "time_s" ? Metric::time : Metric::energy;
      if (std::regex_search(line, match, got_line))
        got[metric].push_back(std::strtod(match[1].str().c_str(), nullptr));
    }
    for (const Metric one : predictor::kMetrics) {
      ASSERT_EQ(got[one].size(), loads.size());
      for (std::size_t i = 0; i < loads.size(); ++i) {
        const double said = parametric::predicted(model, loads[i], one);
        ASSERT_EQ(known(got[one][i]), known(said)) << i;
        if (!known(said)) continue;
        worst = std::max(worst, std::abs(got[one][i] / said - 1));
        ++answered;
      }
    }
  }
  EXPECT_LE(worst, 1e-9);
  EXPECT_GT(answered, 400);
  std::printf("promql: %d values, largest relative difference %.2g\n", answered, worst);
}

}  // namespace
}  // namespace energylens::emit
