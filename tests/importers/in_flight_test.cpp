// SPDX-License-Identifier: Apache-2.0
#include "importers/in_flight.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace energylens::importers {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

/// 16 requests in 8 s.
Sending sending(double rate_rps, double concurrency, double latency_s, const char* name = "mean_e2el") {
  return {16, 8, 16, concurrency, rate_rps, latency_s, known(latency_s) ? name : ""};
}

TEST(InFlight, AtARateItIsByLittlesLawWhateverTheLimit) {
  for (const char* name : {"mean_e2el", "mean_ttft and mean_tpot"}) {
    const InFlight found = in_flight(sending(2, 64, 1.535, name));
    EXPECT_DOUBLE_EQ(found.requests, 3.07);
    EXPECT_EQ(found.source, std::string("batch is by Little's law, from ") + name);
  }
  EXPECT_DOUBLE_EQ(in_flight(sending(2, kUnknown, 1.535)).requests, 3.07);
}

TEST(InFlight, AtARateWithoutLatencyNothingTells) {
  EXPECT_FALSE(known(in_flight(sending(2, 64, kUnknown)).requests));
}

TEST(InFlight, ALimitThatIsReachedIsKept) {
  EXPECT_EQ(in_flight(sending(100, 8, 3.7)).requests, 8) << "7.4 of 8";
  EXPECT_EQ(in_flight(sending(100, 8, 3.7)).source, "batch is the concurrency");
  EXPECT_EQ(in_flight(sending(100, 8, 3.5)).requests, 7);
  EXPECT_EQ(in_flight(sending(100, 4, 3.5)).requests, 4) << "never above the limit";
}

TEST(InFlight, WithoutARateTheLimitCountsUnlessALatencyFromEndToEndIsThere) {
  EXPECT_EQ(in_flight(sending(kInfinite, 8, kUnknown)).requests, 8);
  EXPECT_EQ(in_flight(sending(kInfinite, 8, 3, "mean_ttft and mean_tpot")).requests, 8);
  EXPECT_EQ(in_flight(sending(kInfinite, 8, 3)).requests, 6);
  EXPECT_EQ(in_flight(sending(kInfinite, kUnknown, 3, "mean_ttft and mean_tpot")).requests, 6);
  EXPECT_FALSE(known(in_flight(sending(kInfinite, kUnknown, kUnknown)).requests));
}

TEST(InFlight, NeverMoreThanThePrompts) {
  Sending few = sending(kInfinite, 64, kUnknown);
  few.prompts = few.completed = 3;
  EXPECT_EQ(in_flight(few).requests, 3);
  EXPECT_EQ(in_flight(few).source, "batch is the number of prompts");
  few = sending(2, kUnknown, 100);
  EXPECT_EQ(in_flight(few).requests, 16);
}

}  // namespace
}  // namespace energylens::importers
