// SPDX-License-Identifier: Apache-2.0
#include "search/columns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "search/samples.hpp"
#include "temporary_folder.hpp"

namespace energylens::search {
namespace {

using testing::HasSubstr;

/// Twenty rows of two devices. One row is blank, one belongs to another kernel, and the column k has one
/// value.
std::string kernels() {
  std::string text = "device,kernel,m,n,k,latency,power\n";
  for (const char* device : {"A", "B"}) {
    for (int i = 1; i <= 10; ++i) {
      const double m = i * i, n = 10 + i % 3;
      text += std::string(device) + ",gemm," + number_text(m) + ',' + number_text(n) + ",7," +
              number_text(2 + m * n) + ',' + (device[0] == 'A' ? "100" : "300") + '\n';
    }
  }
  return text + "A,gemm,4,2,7,,100\nA,other,4,2,7,1,100\n";
}

struct File {
  explicit File(const std::string& text) : path(folder / "kernels.csv") { write_file(path, text); }
  TemporaryFolder folder;
  std::string path;
};

ColumnOptions energy_of_m_n() {
  ColumnOptions o;
  o.target = "energy=latency*power/1000:J";
  o.inputs = {"m", "n", "k"};
  o.group_by = {"device"};
  o.where = {{"kernel", "=", "gemm"}};
  return o;
}

std::string refusal(const std::string& text, const ColumnOptions& options) {
  const File file(text);
  try {
    columns(std::span(&file.path, 1), options);
    return "no error";
  } catch (const Error& error) {
    std::string what = error.what();
    if (const std::size_t at = what.find("kernels.csv"); at != std::string::npos) what.erase(0, at);
    return what;
  }
}

TEST(Columns, MakeAProblemOfAnyTable) {
  const File file(kernels());
  const Columns data = columns(std::span(&file.path, 1), energy_of_m_n());
  const Problem& p = data.problem;
  EXPECT_NO_THROW(check(p));
  EXPECT_EQ(p.rows(), 20u);
  EXPECT_EQ(p.group_names, (std::vector<std::string>{"A", "B"}));
  ASSERT_EQ(p.inputs.size(), 2u);
  EXPECT_EQ(p.constants.at(0).name, "k");
  EXPECT_EQ(p.target_unit, parse_unit("J"));
  EXPECT_DOUBLE_EQ(p.target[0], (2 + 11) * 0.1);
  EXPECT_THAT(data.warnings,
              testing::ElementsAre("\"k\" has the same value in all rows and is not used as an input",
                                   "1 rows with blank cells were ignored"));
}

TEST(Columns, OneStructureIsFoundForBothDevices) {
  const File file(kernels());
  const Columns data = columns(std::span(&file.path, 1), energy_of_m_n());
  Options options = column_options(data);
  options.evaluations = 1500;
  options.time_limit_s = 1e9;
  options.target_loss = 1e-20;
  const Front front = search(data.problem, options);
  EXPECT_LT(front.formulas.back().loss, 1e-12) << front.formulas.back().text();
  EXPECT_LT(front.formulas.back().cv_mape, 1e-6);
}

TEST(Columns, InputsMayBeFormulasWithUnits) {
  const File file(kernels());
  ColumnOptions options = energy_of_m_n();
  options.inputs = {"flops=2*m*n*k:flop", "m"};
  const Problem p = columns(std::span(&file.path, 1), options).problem;
  EXPECT_EQ(p.inputs[0].unit, parse_unit("flop"));
  EXPECT_DOUBLE_EQ(p.inputs[0].values[0], 2 * 1 * 11 * 7);
}

TEST(Columns, NamedLikeFunctionsAreWrittenWithAnUnderscore) {
  const File file("step,y\n1,2\n3,4\n5,7\n");
  ColumnOptions options;
  options.target = "y";
  options.inputs = {"context=step_+1"};
  EXPECT_EQ(columns(std::span(&file.path, 1), options).problem.inputs[0].values,
            (std::vector<double>{2, 4, 6}));
}

TEST(Columns, RefuseWhatTheyCannotUse) {
  const auto with = [](auto change) {
    ColumnOptions options = energy_of_m_n();
    change(options);
    return refusal(kernels(), options);
  };
  EXPECT_EQ(with([](ColumnOptions& o) {
              o.inputs = {"m", "latenci"};
            }),
            "kernels.csv:1: unknown column \"latenci\"; did you mean \"latency\"?");
  EXPECT_THAT(with([](ColumnOptions& o) { o.inputs = {"m:kJ"}; }), HasSubstr("\"kJ\" is not a unit"));
  EXPECT_THAT(with([](ColumnOptions& o) { o.inputs = {"2m"}; }), HasSubstr("2m"));
  EXPECT_THAT(with([](ColumnOptions& o) { o.inputs = {"a=m*"}; }), HasSubstr("a:1:3"));
  EXPECT_THAT(with([](ColumnOptions& o) {
                o.where = {{"kernel", "=", "none"}};
              }),
              HasSubstr("no rows where kernel=none"));
  EXPECT_THAT(
      with([](ColumnOptions& o) {
        o.where = {{"kernel", "<", "3"}};
      }),
      HasSubstr("condition kernel<3: this column contains text, which can only be compared with = and !="));
  EXPECT_THAT(with([](ColumnOptions& o) {
                o.where = {{"m", ">", "1e9"}};
              }),
              HasSubstr("no rows where m>1e9"));
  EXPECT_EQ(with([](ColumnOptions& o) {
              o.inputs = {"m", "bad=1/(m-1)"};
            }),
            "kernels.csv:2: \"bad\" is not finite here");
  EXPECT_EQ(with([](ColumnOptions& o) { o.target = "energy=latency-1000"; }),
            "kernels.csv:2: the target is -987 but must be above 0");
  EXPECT_THAT(refusal("device,kernel,m,n,k,latency,power\nA,gemm,x,2,3,4,5\n", energy_of_m_n()),
              HasSubstr("kernels.csv:2:m: \"x\" is not a number"));
  EXPECT_THAT(refusal("device,kernel,m,n,k,latency,power\nA,gemm,nan,2,3,4,5\n", energy_of_m_n()),
              HasSubstr("kernels.csv:2:m: \"nan\" is not a number"));
}

}  // namespace
}  // namespace energylens::search
