// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "energylens/core/error.hpp"
#include "plot/chart.hpp"

namespace energylens::plot {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Chart chart() {
  Panel panel{.x = {.label = "time (s)"}, .y = {.label = "energy (J)"}};
  panel.series.push_back(
      {.name = "it's `date`", .points = {{.x = 1, .y = 2, .y_lo = 1, .y_hi = 3, .label = "tp4"}}});
  panel.lines.push_back({true, 1.5, "limit"});
  return {.title = "a \"title\"\nof two lines", .panels = {panel}};
}

TEST(Script, QuotesTextSoThatNothingInItHasAMeaning) {
  const std::string script = gnuplot_script(chart());
  EXPECT_THAT(script, HasSubstr("'it''s `date`'"));
  EXPECT_THAT(script, HasSubstr("'a \"title\" of two lines'"));
}

TEST(Script, DrawsErrorBarsOnlyWhereThereIsAnInterval) {
  EXPECT_THAT(gnuplot_script(chart()), HasSubstr("\n1 1\n1 3\n"));
  Chart bare = chart();
  bare.panels[0].series[0].points[0].y_lo = kUnknown;
  EXPECT_THAT(gnuplot_script(bare), Not(HasSubstr("\n1 3\n")));
}

TEST(Script, LeavesOutPointsThatAreNotKnown) {
  Chart with = chart();
  with.panels[0].series[0].points.push_back({.x = kUnknown, .y = 7});
  EXPECT_EQ(gnuplot_script(with), gnuplot_script(chart()));
}

TEST(Script, IsWideEnoughForItsTitle) {
  Chart narrow = chart();
  narrow.panel_width = 200;
  narrow.title = std::string(80, 'm');
  const std::string script = gnuplot_script(narrow);
  EXPECT_GE(std::stod(script.substr(script.find("svg size ") + 9)), 80 * 10.0);
}

TEST(Script, OfNothingIsRefused) {
  Chart empty = chart();
  empty.panels[0].series[0].points.clear();
  EXPECT_THROW(gnuplot_script(empty), Error);
}

}  // namespace
}  // namespace energylens::plot
