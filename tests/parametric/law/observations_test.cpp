// SPDX-License-Identifier: Apache-2.0
#include "parametric/law/observations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "synthetic_group.hpp"

namespace energylens::parametric {
namespace {

/// A job row with the energies given; nothing else measured.
table::Row row_with(double prefill, double decode, double total) {
  table::Row row = synthetic::job("tp4", 8, {100, 50}, total);
  row.results.prefill_energy_j = prefill;
  row.results.decode_energy_j = decode;
  return row;
}

std::vector<Observation> seen(const table::Row& row, Reading reading = {}) {
  return observations(std::span(&row, 1), reading, {});
}

std::map<Part, double> values(const std::vector<Observation>& observations) {
  std::map<Part, double> out;
  for (const Observation& o : observations) out[o.part] = std::exp(o.log_measured);
  return out;
}

double sum(const std::vector<Observation>& observations) {
  double out = 0;
  for (const Observation& o : observations) out += std::exp(o.log_measured);
  return out;
}

using testing::ElementsAre;
using testing::Pair;

auto near(double value) {
  return testing::DoubleNear(value, 1e-9);
}

TEST(Observations, OfBothPhasesAndATotalThePhasesCount) {
  EXPECT_THAT(values(seen(row_with(10, 30, 41))),
              ElementsAre(Pair(Part::prefill, near(10)), Pair(Part::decode, near(30))));
}

TEST(Observations, OfOnePhaseAndATotalThatPhaseAndTheRest) {
  const auto both = ElementsAre(Pair(Part::prefill, near(10)), Pair(Part::decode, near(30)));
  EXPECT_THAT(values(seen(row_with(10, kUnknown, 40))), both);
  EXPECT_THAT(values(seen(row_with(kUnknown, 30, 40))), both);
}

TEST(Observations, ATotalAloneIsTheTotal) {
  EXPECT_THAT(values(seen(row_with(kUnknown, kUnknown, 40))), ElementsAre(Pair(Part::total, near(40))));
}

TEST(Observations, APhaseAloneIsThatPhase) {
  EXPECT_THAT(values(seen(row_with(10, kUnknown, kUnknown))), ElementsAre(Pair(Part::prefill, near(10))));
  EXPECT_THAT(values(seen(row_with(kUnknown, 30, kUnknown))), ElementsAre(Pair(Part::decode, near(30))));
}

TEST(Observations, APhaseAboveTheTotalLeavesTheTotal) {
  EXPECT_THAT(values(seen(row_with(45, kUnknown, 40))), ElementsAre(Pair(Part::total, near(40))));
  EXPECT_THAT(values(seen(row_with(kUnknown, 45, 40))), ElementsAre(Pair(Part::total, near(40))));
}

TEST(Observations, NeverTheSameJoulesTwice) {
  const double unknown = kUnknown;
  for (const double prefill : {unknown, 10.0, 45.0}) {
    for (const double decode : {unknown, 30.0}) {
      const double phases = (known(prefill) ? prefill : 0) + (known(decode) ? decode : 0);
      for (const double total : {unknown, 40.0}) {
        const bool both = known(prefill) && known(decode);
        const double most = both || !known(total) ? phases : total;
        EXPECT_NEAR(sum(seen(row_with(prefill, decode, total))), most, 1e-9) << prefill << decode << total;
      }
    }
  }
}

TEST(Observations, OneTokenHasNoDecode) {
  table::Row row = row_with(40, 3, 40);
  row.config.load.osl = 1;
  EXPECT_THAT(values(seen(row)), ElementsAre(Pair(Part::total, near(40))));
}

TEST(Observations, SharesOfARowSumToOne) {
  for (const table::Row& row :
       {row_with(10, 30, 41), row_with(10, kUnknown, 40), row_with(kUnknown, kUnknown, 40)}) {
    double shares = 0;
    for (const Observation& o : seen(row)) shares += o.share;
    EXPECT_DOUBLE_EQ(shares, 1);
  }
}

TEST(Observations, ARestWeighsLessThanAMeasuredPhase) {
  const auto weight = [](const table::Row& row, Part part) {
    for (const Observation& o : seen(row)) {
      if (o.part == part) return o.weight;
    }
    return kUnknown;
  };
  const double measured = weight(row_with(10, 30, 40), Part::prefill);
  const double left_over = weight(row_with(kUnknown, 30, 40), Part::prefill);
  const double small_left_over = weight(row_with(kUnknown, 39, 40), Part::prefill);
  EXPECT_GT(measured, left_over);
  EXPECT_GT(left_over, small_left_over);
  EXPECT_GT(small_left_over, 0);
}

TEST(Observations, RepeatsThatSpreadWeighLess) {
  table::Row row = row_with(kUnknown, kUnknown, 40);
  EXPECT_DOUBLE_EQ(seen(row)[0].weight, 1);
  row.repeats = 4;
  row.log_sd = 0;
  EXPECT_DOUBLE_EQ(seen(row)[0].weight, 1);
  row.log_sd = 0.1;
  const double spread = seen(row)[0].weight;
  EXPECT_LT(spread, 1);
  row.repeats = 16;
  EXPECT_GT(seen(row)[0].weight, spread);
}

TEST(Observations, RowsThatTellNothingAreLeftOutAndTheOthersKeepTheirIndex) {
  table::Row no_target = row_with(kUnknown, kUnknown, kUnknown), no_batch = row_with(1, 2, 3);
  table::Row no_isl = no_batch, no_osl = no_batch, zero = row_with(kUnknown, kUnknown, 0);
  no_batch.config.load.batch = kUnknown;
  no_isl.config.load.isl = kUnknown;
  no_osl.config.load.osl = kUnknown;
  const std::vector<table::Row> rows{no_target, no_batch, no_isl,
                                     no_osl,    zero,     row_with(kUnknown, kUnknown, 7)};
  const std::vector<Observation> with_isl = observations(rows, {}, {});
  ASSERT_EQ(with_isl.size(), 1u);
  EXPECT_EQ(with_isl[0].row, 5u);
  Reading without;
  without.isl_known = false;
  const std::vector<Observation> without_isl = observations(rows, without, {});
  ASSERT_EQ(without_isl.size(), 3u);  // two phases of the row without isl, and the last
  EXPECT_EQ(without_isl[0].row, 2u);
}

TEST(Observations, TimesAreReadForTime) {
  table::Row row = row_with(10, 30, 40);
  row.results.prefill_time_s = 2;
  row.results.total_time_s = 5;
  Reading time;
  time.metric = Metric::time;
  EXPECT_THAT(values(seen(row, time)),
              ElementsAre(Pair(Part::prefill, near(2)), Pair(Part::decode, near(3))));
}

TEST(Observations, ASteadyRowTellsTheTimeOfAStep) {
  const table::Row row = synthetic::steady("tp4", 12.5, 16, 0.5, 0.02);
  Reading reading;
  reading.isl_known = false;
  reading.metric = Metric::time;
  const std::vector<Observation> time = seen(row, reading);
  ASSERT_EQ(time.size(), 1u);
  EXPECT_EQ(time[0].part, Part::decode_step);
  EXPECT_NEAR(std::exp(time[0].log_measured), 0.02, 1e-12);
  EXPECT_NEAR(predicted({1, 9}, time[0]), 10 / 499.0, 1e-12);
}

TEST(Observations, SpeculationCountsTokensNotSteps) {
  table::Row row = synthetic::steady("tp4", 12.5, 16, 0.5, 0.02);
  row.config.load.accepted_per_step = 2;
  Reading reading;
  reading.isl_known = false;
  reading.metric = Metric::time;
  EXPECT_NEAR(predicted({1, 9}, seen(row, reading)[0]), 10 / 499.0, 1e-12);
}

TEST(Observations, OneTokenHasNoTimeBetweenTokens) {
  table::Row row = synthetic::steady("tp4", 12.5, 16, 0.5, 0.02);
  row.config.load.osl = 1;
  Reading reading;
  reading.isl_known = false;
  reading.metric = Metric::time;
  EXPECT_TRUE(seen(row, reading).empty());
}

TEST(Observations, PredictedTakesThePartThatWasMeasured) {
  const Phases phases{3, 5};
  Observation o;
  for (const auto& [part, value] :
       std::map<Part, double>{{Part::prefill, 3}, {Part::decode, 5}, {Part::total, 8}}) {
    o.part = part;
    EXPECT_EQ(predicted(phases, o), value);
  }
}

}  // namespace
}  // namespace energylens::parametric
