// SPDX-License-Identifier: Apache-2.0
#include "observe/windows.hpp"

#include <gmock/gmock.h>

#include "observe/production.hpp"
#include "observe/rows.hpp"
#include "table/expect_error.hpp"

namespace energylens::observe {
namespace {

using table::Column;
using testing::Contains;
using testing::HasSubstr;

Options options_of(const Production& p) {
  Options options;
  options.url = "http://prometheus:9090";
  options.begin_s = p.begin_s;
  options.end_s = p.begin_s + p.length_s;
  options.set = {{"tp", "2"}, {"quant", "fp8"}};
  return options;
}

double value(const Observed& observed, Column column, std::size_t row = 0) {
  const auto values = observed.table.numbers(column);
  return values.empty() ? kUnknown : values[row];
}

TEST(Windows, ASteadyLoadIsARowPerWindow) {
  const Production p;
  const Observed observed = observed_rows(p.series(), options_of(p));
  EXPECT_EQ(observed.windows, 10u);
  ASSERT_EQ(observed.rows, 10u);
  for (std::size_t row = 0; row < observed.rows; ++row) {
    EXPECT_NEAR(value(observed, Column::batch, row), 8, 1e-9);
    EXPECT_NEAR(value(observed, Column::isl, row), 100, 1e-6);
    EXPECT_NEAR(value(observed, Column::osl, row), 51, 1e-6);
    EXPECT_NEAR(value(observed, Column::ttft_s, row), 0.5, 1e-6);
    EXPECT_NEAR(value(observed, Column::tpot_s, row), 0.05, 1e-6);
    EXPECT_NEAR(value(observed, Column::avg_power_w, row), 600, 1e-6);
    // 8 in flight of 3 s each are 8/3 requests per second.
    EXPECT_NEAR(value(observed, Column::energy_per_request_j, row), 600 / (8 / 3.0), 1e-6);
    EXPECT_NEAR(value(observed, Column::energy_per_out_token_j, row), 600 / (8 / 3.0 * 51), 1e-6);
    EXPECT_EQ(value(observed, Column::num_gpus, row), 2);
  }
  EXPECT_EQ(observed.table.text(Column::gpu, 0), "Toy GPU");
  EXPECT_EQ(observed.table.text(Column::model, 0), "org/toy");
}

TEST(Windows, EveryOtherWindowHasItsReason) {
  Production p;
  p.length_s = 900;
  p.load = [&](double time_s) {
    const double t = time_s - p.begin_s;
    if (t < 120) return 0.0;
    if (t < 300) return 8.0;
    if (t < 360) return t < 330 ? 2.0 : 20.0;
    return 16.0;
  };
  const Observed observed = observed_rows(p.series(), options_of(p));
  EXPECT_EQ(observed.left_out.at("idle"), 2u);
  EXPECT_EQ(observed.left_out.at("the load scattered"), 1u);
  EXPECT_NEAR(value(observed, Column::idle_power_w), 200, 1e-6);
  std::size_t others = 0;
  for (const auto& [reason, count] : observed.left_out) others += count;
  EXPECT_EQ(observed.windows, observed.rows + others);
}

TEST(Windows, ARestartIsNoWindow) {
  const Production p;
  std::vector<Series> series = p.series();
  for (Series& one : series) {
    if (!one.name.ends_with("_total")) continue;
    for (std::size_t i = 22; i < one.points.size(); ++i) one.points[i].value -= one.points[21].value;
  }
  const Observed observed = observed_rows(series, options_of(p));
  EXPECT_EQ(observed.left_out.at("a counter was reset: the engine or an exporter restarted"), 1u);
  EXPECT_EQ(observed.rows, 9u);
}

TEST(Windows, MissingPowerIsNoRow) {
  const Production p;
  std::vector<Series> series = p.series();
  auto& points = series.back().points;  // of the second GPU
  points.erase(points.begin() + 8, points.begin() + 16);
  const Observed observed = observed_rows(series, options_of(p));
  EXPECT_EQ(observed.left_out.at("power is missing for part of the window"), 2u);
  series.pop_back();
  series.pop_back();
  EXPECT_THAT(table::error_of([&] { observed_rows(series, options_of(p)); }),
              HasSubstr("no steady window among 10: no power: 10"));
}

TEST(Windows, PowerIsJoinedByPodThenByHost) {
  Production a, b;
  a.host = "n1";
  b.host = "n2";
  b.load = [](double) { return 4.0; };
  std::vector<Series> all = a.series(), more = b.series();
  all.insert(all.end(), more.begin(), more.end());
  const Observed by_host = observed_rows(all, options_of(a));
  EXPECT_THAT(by_host.deployments, Contains(HasSubstr("on n2:8000, 2 gpus by host")));
  EXPECT_NEAR(value(by_host, Column::avg_power_w, by_host.rows - 1), 400, 1e-6);
  a.pod = "vllm-a";
  b.pod = "vllm-b";
  b.host = "n1";
  all = a.series();
  more = b.series();
  for (Series& one : more) {
    for (auto& [label, text] : one.labels) {
      if (label == "instance") text = "n1:8001";
      if (label == "UUID") text += "b";
    }
  }
  all.insert(all.end(), more.begin(), more.end());
  const Observed by_pod = observed_rows(all, options_of(a));
  EXPECT_THAT(by_pod.deployments, Contains(HasSubstr("on vllm-b, 2 gpus by pod")));
}

TEST(Windows, NewerNamesReplaceOlderOnes) {
  Production p;
  p.tpot = "vllm:inter_token_latency_seconds";
  EXPECT_NEAR(value(observed_rows(p.series(), options_of(p)), Column::tpot_s), 0.05, 1e-6);
  std::vector<Series> both = p.series();
  for (const Series& one : Production{}.series()) {
    if (!one.name.starts_with("vllm:time_per_output_token")) continue;
    both.push_back(one);
    for (Point& point : both.back().points) point.value *= one.name.ends_with("_sum") ? 3 : 1;
  }
  EXPECT_NEAR(value(observed_rows(both, options_of(p)), Column::tpot_s), 0.05, 1e-6);
}

TEST(Windows, ServersWithoutEnginesAreNamed) {
  EXPECT_THAT(table::error_of([] { observed_rows({}, options_of(Production{})); }),
              HasSubstr("no metrics of vLLM, SGLang, TGI or TensorRT-LLM"));
}

}  // namespace
}  // namespace energylens::observe
