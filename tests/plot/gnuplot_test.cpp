// SPDX-License-Identifier: Apache-2.0
// These run gnuplot where it is installed.
#include <gmock/gmock.h>

#include <cstdlib>

#include "energylens/core/error.hpp"
#include "plot/chart.hpp"

namespace energylens::plot {
namespace {

using ::testing::HasSubstr;

class Gnuplot : public ::testing::Test {
 protected:
  void SetUp() override {
    try {
      require_gnuplot();
    } catch (const Error&) {
      GTEST_SKIP() << "gnuplot is not installed";
    }
  }
  static Chart chart(int points) {
    Series series{.name = "4 GPUs"};
    for (int i = 1; i <= points; ++i)
      series.points.push_back({.x = 1.0 * i, .y = 2.0 * i, .label = "tp" + std::to_string(i)});
    return {.title = "A & B <c>",
            .subtitle = "simulated",
            .panels = {{.x = {.label = "time (s)"}, .y = {.label = "energy (J)"}, .series = {series}}}};
  }
};

TEST_F(Gnuplot, DrawsEveryLabelAndTheSameBytesEachTime) {
  const std::string text = svg(chart(5));
  for (const char* label :
       {"tp1<", "tp5<", "time (s)", "energy (J)", "4 GPUs", "A &amp; B &lt;c><", "simulated"})
    EXPECT_THAT(text, HasSubstr(label));
  EXPECT_EQ(text, svg(chart(5)));
}

TEST_F(Gnuplot, TakesMoreThanAPipeHolds) {
  constexpr std::size_t kPipe = 1 << 16;
  const Chart large = chart(4000);  // gnuplot's time grows with the square of the number of labels
  EXPECT_GT(gnuplot_script(large).size(), 2 * kPipe);
  EXPECT_GT(svg(large).size(), 2 * kPipe);
}

TEST_F(Gnuplot, IsNamedWithItsPackageWhereItIsMissing) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", "/nowhere", 1);
  try {
    svg(chart(1));
    ADD_FAILURE() << "drawn without gnuplot";
  } catch (const Error& error) {
    EXPECT_THAT(error.message(), HasSubstr("gnuplot-nox"));
    EXPECT_EQ(error.code(), ErrorCode::io);
  }
  setenv("PATH", path.c_str(), 1);
}

}  // namespace
}  // namespace energylens::plot
