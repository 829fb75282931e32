// SPDX-License-Identifier: Apache-2.0
// The whole way from a table to assessed formulas, without the program.
#include "discovery/discover.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "synthetic_group.hpp"
#include "temporary_folder.hpp"

namespace energylens::discovery {
namespace {

using testing::Each;
using testing::HasSubstr;

DiscoveryOptions short_search() {
  DiscoveryOptions options;
  options.search.evaluations = 300;
  options.search.time_limit_s = 1e9;
  options.search.islands = 2;
  options.search.seed = 3;
  return options;
}

Measurements serving(const table::Group& group) {
  MeasurementOptions options;
  options.form = "prefill(batch, isl) + osl*decode(batch, tp, pp, L)";
  return measurements(std::span(&group, 1), options);
}

/// y = 2*a*b on two devices, and an input of one value.
class Kernels : public testing::Test {
 protected:
  std::string write(const char* name, const std::string& text) const {
    write_file(folder_ / name, text);
    return folder_ / name;
  }
  search::Columns columns(std::vector<std::string> inputs = {"a", "b", "one"}) {
    std::string text = "device,a,b,one,y\n";
    for (int i = 1; i <= 24; ++i) {
      const int a = i, b = 1 + i * i % 7;
      text += (i % 2 ? "A," : "B,") + std::to_string(a) + ',' + std::to_string(b) + ",1," +
              std::to_string(2 * a * b) + '\n';
    }
    const std::vector<std::string> files = {write("kernels.csv", text)};
    search::ColumnOptions options;
    options.target = "y";
    options.inputs = std::move(inputs);
    options.group_by = {"device"};
    return search::columns(files, options);
  }

 private:
  TemporaryFolder folder_;
};

TEST(Discover, FormulasOfMeasurementsHaveTheirProperties) {
  const table::Group group = synthetic::smooth_group();
  const Discovery found = discover(serving(group), short_search());
  ASSERT_FALSE(found.front.formulas.empty());
  for (const search::Formula& formula : found.front.formulas) {
    EXPECT_TRUE(known(formula.effective_parameters)) << formula.text();
    std::vector<std::string> claimed;
    for (const search::Claim& claim : formula.claims) {
      if (claim.property == search::Property::rising) claimed.push_back(claim.input);
    }
    EXPECT_EQ(claimed, (std::vector<std::string>{"batch", "isl", "osl"})) << "L follows the lengths";
    const bool ranges =
        std::ranges::any_of(formula.constants, [](const search::Constant& c) { return !c.profile.empty(); });
    const bool inner =
        std::ranges::any_of(formula.constants, [](const search::Constant& c) { return !c.coefficient; });
    EXPECT_EQ(ranges, formula.chosen && inner) << formula.text();
  }
  EXPECT_EQ(found.rows.size(), group.rows.size());
  EXPECT_EQ(found.front.test_rows, 0u);
}

TEST(Discover, TestsFormulasOnTheRowsThatItDidNotSearch) {
  const table::Group group = synthetic::smooth_group();
  const Measurements data = serving(group);
  DiscoveryOptions options = short_search();
  options.train = 40;
  const Discovery found = discover(data, options);
  ASSERT_EQ(found.rows.size(), 40u);
  EXPECT_EQ(found.problem.rows(), 40u);
  EXPECT_TRUE(std::ranges::is_sorted(found.rows));
  for (std::size_t i = 0; i < found.rows.size(); ++i)
    EXPECT_EQ(found.problem.target[i], data.problem.target[found.rows[i]]);
  EXPECT_EQ(found.front.test_rows, group.rows.size() - 40);

  // The error on the others is that of the formula's own predictions.
  const search::Formula& chosen = found.front.chosen();
  const std::vector<double> predicted = search::predict(chosen, data.problem);
  double sum = 0;
  for (std::size_t row = 0; row < predicted.size(); ++row) {
    const bool trained = std::ranges::binary_search(found.rows, row);
    if (!trained) sum += std::abs(predicted[row] / data.problem.target[row] - 1);
  }
  EXPECT_NEAR(chosen.test_mape, sum / static_cast<double>(found.front.test_rows), 1e-12);

  options.search.seed = 4;
  EXPECT_NE(discover(data, options).rows, found.rows) << "another seed draws other rows";
}

TEST(Discover, ChoosesAsAsked) {
  const table::Group group = synthetic::smooth_group();
  const Measurements data = serving(group);
  DiscoveryOptions options = short_search();
  options.pick = search::Pick::complexity;
  options.pick_complexity = 15;
  const Discovery found = discover(data, options);
  double most = 0;
  for (const search::Formula& formula : found.front.formulas) {
    if (formula.complexity <= 15) most = std::max(most, formula.complexity);
  }
  EXPECT_EQ(found.front.chosen().complexity, most);
  options.pick_complexity = 0.5;
  EXPECT_THROW(discover(data, options), Error);
}

TEST_F(Kernels, AnyTableIsSearchedTheSameWay) {
  const Discovery found = discover(columns(), short_search());
  EXPECT_LT(found.front.chosen().loss, 1e-12) << found.front.chosen().text();
  EXPECT_EQ(found.front.chosen().claims.size(), 1u) << "it is positive; nothing else is asked of it";
  for (const search::Input& input : found.problem.inputs) EXPECT_NE(input.name, "one");
}

TEST_F(Kernels, EachGroupGivesItsTrainingRows) {
  DiscoveryOptions options = short_search();
  options.train = 5;
  const search::Columns data = columns();
  const Discovery found = discover(data, options);
  std::vector<std::size_t> by_group(2);
  for (const std::size_t row : found.rows) ++by_group[data.problem.group_of(row)];
  EXPECT_THAT(by_group, Each(5u));
}

TEST_F(Kernels, WhatIsGivenReplacesWhatSuitsTheTable) {
  DiscoveryOptions options = short_search();
  EXPECT_EQ(discover(columns(), options).front.chosen().constants.front().values.size(), 2u)
      << "each group has its own coefficients";
  options.coefficients = search::Scope::shared;
  EXPECT_EQ(discover(columns(), options).front.chosen().constants.front().values.size(), 1u);

  options.operators = {{"+", 1}, {"*", 1}};
  for (const search::Formula& formula : discover(columns(), options).front.formulas) {
    EXPECT_EQ(formula.text().find('/'), std::string::npos) << formula.text();
    EXPECT_EQ(formula.text().find('^'), std::string::npos) << formula.text();
  }
}

TEST_F(Kernels, WarningsComeWithTheResult) {
  const std::vector<std::string> files = {
      write("two.csv", "x,z,y\n1,1,2\n2,1,4\n3,1,6\n4,2,9\n5,2,11\n6,2,13\n7,2,15\n")};
  search::ColumnOptions two;
  two.target = "y";
  two.inputs = {"x", "z"};
  const Discovery found = discover(search::columns(files, two), short_search());
  ASSERT_FALSE(found.warnings.empty());
  EXPECT_THAT(found.warnings.front(), HasSubstr("only two values of z"));
}

}  // namespace
}  // namespace energylens::discovery
