// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "energylens/core/error.hpp"
#include "energylens/serving/traffic.hpp"

namespace energylens::serving {
namespace {

std::vector<Request> all_of(const TrafficPlan& plan) {
  const auto traffic = synthetic_traffic(plan);
  std::vector<Request> out;
  for (Request one; traffic->next(one);) out.push_back(one);
  return out;
}

TrafficPlan plan_of(Arrivals arrivals, std::size_t requests) {
  TrafficPlan plan;
  plan.arrivals = arrivals;
  plan.requests = requests;
  return plan;
}

struct Gaps {
  double mean = 0, cv = 0;
  explicit Gaps(const std::vector<Request>& requests) {
    double before = 0, sum = 0, squares = 0;
    for (const Request& one : requests) {
      const double gap = one.arrival_s - before;
      before = one.arrival_s;
      sum += gap;
      squares += gap * gap;
    }
    const auto n = static_cast<double>(requests.size());
    mean = sum / n;
    cv = std::sqrt(squares / n - mean * mean) / mean;
  }
};

TEST(SyntheticTraffic, GapsHaveTheirMeanAndVariation) {
  for (const double cv : {0.3, 1.0, 2.0}) {
    const Gaps gaps(all_of(plan_of({ArrivalKind::gamma, 4, cv, 0}, 200000)));
    EXPECT_NEAR(gaps.mean, 0.25, 0.01 * cv) << cv;
    EXPECT_NEAR(gaps.cv, cv, 0.02 * cv) << cv;
  }
  const Gaps even(all_of(plan_of({ArrivalKind::even, 4}, 1000)));
  EXPECT_NEAR(even.mean, 0.25, 1e-9);
  EXPECT_NEAR(even.cv, 0, 1e-4);
}

TEST(SyntheticTraffic, EveryNthOfAStreamIsAStreamOfItsOwn) {
  const std::vector<Request> all = all_of(plan_of({ArrivalKind::poisson, 8}, 200000));
  std::vector<Request> of_one;
  for (std::size_t i = 3; i < all.size(); i += 4) of_one.push_back(all[i]);
  const Gaps thinned(of_one), alone(all_of(plan_of(every_nth({ArrivalKind::poisson, 8}, 4), 50000)));
  EXPECT_NEAR(alone.mean, thinned.mean, 0.01 * thinned.mean);
  EXPECT_NEAR(alone.cv, thinned.cv, 0.02 * thinned.cv);
  EXPECT_NEAR(alone.cv, 0.5, 0.01);
}

TEST(SyntheticTraffic, TakesAQuantileOfItsDuration) {
  TrafficPlan plan = plan_of({ArrivalKind::poisson, 1}, 400);
  double sum = 0, squares = 0;
  constexpr int kRuns = 400;
  double before = 0;
  for (int i = 0; i < kRuns; ++i) {
    plan.seed = static_cast<std::uint64_t>(i);
    plan.duration_quantile = (i + 0.5) / kRuns;
    const double duration = all_of(plan).back().arrival_s;
    EXPECT_GT(duration, before);
    before = duration;
    sum += duration;
    squares += duration * duration;
  }
  const double mean = sum / kRuns;
  EXPECT_NEAR(mean, 400, 0.2);
  EXPECT_NEAR(std::sqrt(squares / kRuns - mean * mean), 20, 0.2);
}

TEST(SyntheticTraffic, LengthsHaveTheirMeanAndStayInTheContext) {
  TrafficPlan plan = plan_of({ArrivalKind::poisson, 1}, 100000);
  plan.lengths.prompt = {500, 1};
  plan.lengths.output = {200, 0};
  plan.lengths.cached_share = 0.5;
  double sum = 0;
  for (const Request& one : all_of(plan)) {
    sum += one.prompt;
    ASSERT_EQ(one.output, 200);
    ASSERT_LT(one.cached, one.prompt);
  }
  EXPECT_NEAR(sum / 100000, 500, 10);
  plan.lengths.most_tokens = 600;
  for (const Request& one : all_of(plan)) ASSERT_LE(one.prompt + one.output, 600);
}

TEST(SyntheticTraffic, DrawsObservedLengthsTogether) {
  TrafficPlan plan = plan_of({ArrivalKind::even, 1}, 1000);
  plan.lengths.observed = {{100, 7, 50}, {10, 3, 0}};
  int longer = 0;
  for (const Request& one : all_of(plan)) {
    ASSERT_TRUE((one.prompt == 100 && one.output == 7 && one.cached == 50) ||
                (one.prompt == 10 && one.output == 3 && one.cached == 0));
    longer += one.prompt == 100;
  }
  EXPECT_NEAR(longer, 500, 80);
}

TEST(Arrivals, ReadWhatTheyWrite) {
  EXPECT_EQ(arrivals_text(parse_arrivals("gamma:2.5")), "gamma:2.5");
  EXPECT_EQ(parse_arrivals("even").kind, ArrivalKind::even);
  EXPECT_THROW(parse_arrivals("gamma:0"), Error);
  EXPECT_THROW(parse_arrivals("weibull"), Error);
}

}  // namespace
}  // namespace energylens::serving
