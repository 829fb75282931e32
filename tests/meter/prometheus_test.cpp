// SPDX-License-Identifier: Apache-2.0
#include "meter/prometheus.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "table/expect_error.hpp"

namespace energylens::meter {
namespace {

using table::error_of;

TEST(Prometheus, ReadsNamesLabelsAndValues) {
  const auto metrics = parse_prometheus(
      "# HELP a_b What it is\n# TYPE a_b gauge\na_b 1\n\n  c:d{x=\"1\",y=\"two, \\\"three\\\"\\n\\\\\",} "
      "-2.5e3 1700000000000\r\n"
      "e{} NaN\nf +Inf # {trace=\"x\"} 1\n",
      "page");
  ASSERT_EQ(metrics.size(), 4u);
  EXPECT_EQ(metrics[0].name, "a_b");
  EXPECT_EQ(metrics[0].value, 1);
  EXPECT_EQ(metrics[1].name, "c:d");
  EXPECT_EQ(metrics[1].label("x"), "1");
  EXPECT_EQ(metrics[1].label("y"), "two, \"three\"\n\\");
  EXPECT_EQ(metrics[1].label("z"), "");
  EXPECT_EQ(metrics[1].value, -2500);
  EXPECT_EQ(metrics[1].time_s, 1700000000) << "milliseconds";
  EXPECT_TRUE(std::isnan(metrics[0].time_s));
  EXPECT_TRUE(std::isnan(metrics[3].time_s)) << "an exemplar is no time";
  EXPECT_EQ(parse_prometheus("a 1 1700000000.5\n# EOF\n", "page")[0].time_s, 1700000000.5)
      << "OpenMetrics: seconds";
  EXPECT_TRUE(std::isnan(metrics[2].value));
  EXPECT_TRUE(std::isinf(metrics[3].value));
}

TEST(Prometheus, RefusesWithLineAndColumn) {
  const auto refusal = [](const std::string& text) {
    return error_of([&] { parse_prometheus(text, "page"); });
  };
  EXPECT_EQ(refusal("a 1\n1a 2\n"), "page:2:1: expected a name");
  EXPECT_EQ(refusal("a\n"), "page:1:2: expected a number");
  EXPECT_EQ(refusal("a one\n"), "page:1:3: expected a number");
  EXPECT_EQ(refusal("a{x=1} 1\n"), "page:1:5: expected '\"'");
  EXPECT_EQ(refusal("a{x=\"1} 1\n"), "page:1:10: expected '\"'");
  EXPECT_EQ(refusal("a{x \"1\"} 1\n"), "page:1:5: expected '='");
  EXPECT_EQ(refusal("a{x=\"1\" y=\"2\"} 1\n"), "page:1:9: expected ',' or '}'");
  EXPECT_EQ(refusal("a{"), "page:1:3: expected a label or '}'");
  EXPECT_EQ(refusal("<html>\n"), "page:1:1: expected a name");
}

}  // namespace
}  // namespace energylens::meter
