// SPDX-License-Identifier: Apache-2.0
// What is emitted gives what the library predicts: every target that can run here is run over random configurations with
// all edges, for laws of jobs and servers, with and without isl, and for a found formula. Skips where a tool is missing;
// ENERGYLENS_PYTHON names a Python with NumPy, SymPy, DuckDB and chDB; with
// ENERGYLENS_HEAVY, Spark and LibreOffice run too. ENERGYLENS_EMIT_ROWS sets the configurations of each
// model (10,000 over all models of a target by default).
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "emit/runners.hpp"
#include "emit/targets.hpp"
#include "parametric/random_models.hpp"
#include "temporary_folder.hpp"

namespace energylens::emit {
namespace {

using parametric::LawKind;
using predictor::Metric;

std::vector<std::unique_ptr<parametric::Model>> models(Rng& rng, std::size_t most) {
  std::vector<std::unique_ptr<parametric::Model>> out;
  const auto add = [&](LawKind kind) {
    out.push_back(std::make_unique<parametric::LawModel>(parametric::random_law(rng, kind)));
  };
  add(LawKind::server);
  out.push_back(std::make_unique<parametric::StructureModel>(parametric::random_found(rng)));
  for (const LawKind kind : {LawKind::job, LawKind::job_without_isl, LawKind::server, LawKind::job})
    add(kind);
  out.resize(most);
  return out;
}

bool succeeds(const std::string& command) {
  return std::system(("(" + command + ") > /dev/null 2>&1").c_str()) == 0;
}

std::vector<double> numbers_of(const std::string& line) {
  std::vector<double> out;
  std::istringstream cells(line + ",");
  for (std::string cell; std::getline(cells, cell, ',');)
    out.push_back(cell.empty() ? kUnknown : std::strtod(cell.c_str(), nullptr));
  return out;
}

class Run : public testing::TestWithParam<Runner> {
 protected:
  void SetUp() override {
    if (!succeeds(GetParam().needs)) GTEST_SKIP() << "not here: " << GetParam().needs;
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.path() / name) << text;
  }

  /// Emits the model and runs it over `configs`; energies and times by configuration.
  std::vector<std::vector<double>> run(const parametric::Model& model,
                                       const std::vector<table::Configuration>& configs) {
    const Runner& runner = GetParam();
    const Subject subject{{calculation::calculation_of(model, 0, Metric::energy),
                           calculation::calculation_of(model, 0, Metric::time)},
                          "test",
                          {}};
    write(runner.file, find_target(runner.target).write(subject));
    write(runner.driver_file, runner.driver);
    write("in.csv", configurations_csv(configs));
    const std::string command =
        "cd '" + folder_.path().string() + "' && (" + runner.command + ") 2> errors.txt";
    if (std::system(command.c_str()) != 0) {
      std::ifstream errors(folder_.path() / "errors.txt");
      ADD_FAILURE() << std::string(std::istreambuf_iterator<char>(errors), {}).substr(0, 4000);
      return {};
    }
    std::vector<std::vector<double>> out;
    std::ifstream lines(folder_.path() / "out.csv");
    for (std::string line; std::getline(lines, line);) out.push_back(numbers_of(line));
    return out;
  }

  TemporaryFolder folder_;
};

std::size_t rows_each(const Runner& runner) {
  const char* const asked = std::getenv("ENERGYLENS_EMIT_ROWS");
  return asked ? std::strtoul(asked, nullptr, 10) : std::max<std::size_t>(1, runner.most / runner.models);
}

TEST_P(Run, EqualsThePredictions) {
  Rng rng(2026);
  const auto all = models(rng, GetParam().models);
  double worst = 0;
  std::size_t answered = 0, unanswered = 0;
  for (const auto& model : all) {
    std::vector<table::Configuration> configs;
    for (std::size_t i = 0; i < rows_each(GetParam()); ++i)
      configs.push_back(parametric::random_configuration(rng, model->context(0).isl_known));
    const std::vector<std::vector<double>> found = run(*model, configs);
    ASSERT_EQ(found.size(), configs.size());
    for (std::size_t i = 0; i < configs.size(); ++i) {
      ASSERT_EQ(found[i].size(), 2u);
      for (const Metric metric : predictor::kMetrics) {
        const double said = parametric::predicted(*model, configs[i], metric);
        const double got = found[i][metric == Metric::energy ? 0 : 1];
        ASSERT_EQ(known(got), known(said)) << "line " << i + 2 << ": " << got << " instead of " << said;
        ++(known(said) ? answered : unanswered);
        if (known(said)) worst = std::max(worst, std::abs(got / said - 1));
      }
    }
  }
  EXPECT_LE(worst, GetParam().tolerance);
  EXPECT_GT(answered, unanswered);
  RecordProperty("worst", std::to_string(worst));
  std::printf("%s: %zu values, %zu unknown ones, largest relative difference %.2g\n",
              GetParam().target.c_str(), answered, unanswered, worst);
}

INSTANTIATE_TEST_SUITE_P(Emit, Run, testing::ValuesIn(runners()),
                         [](const auto& runner) { return runner.param.target; });

}  // namespace
}  // namespace energylens::emit
