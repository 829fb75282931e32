// SPDX-License-Identifier: Apache-2.0
#include "energylens/meter/window.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "meter/tracks.hpp"

namespace energylens::meter {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Window, ConstantPowerIsExactByCounterAndByIntegral) {
  const Measurement m = measure(TrackMaker{}.make(), {1002.05, 1012.35});
  EXPECT_THAT(m.reasons, IsEmpty());
  EXPECT_EQ(m.source, EnergySource::counter);
  EXPECT_NEAR(m.energy_j, 400 * 10.3, 1e-6);
  EXPECT_NEAR(m.counter_j, 400 * 10.3, 1e-6);
  EXPECT_NEAR(m.integral_j, 400 * 10.3, 1e-6);
  EXPECT_NEAR(m.disagreement, 0, 1e-9);
  EXPECT_NEAR(m.duration_s, 10.3, 1e-9);
  EXPECT_NEAR(m.mean_power_w, 400, 1e-6);
  EXPECT_EQ(m.peak_power_w, 400);
  EXPECT_EQ(m.readings, 103u);
  EXPECT_NEAR(m.counter_update_s, 0.1, 1e-6);
}

TEST(Window, AnOpenWindowReachesFromFirstToLastEdge) {
  const Measurement m = measure(TrackMaker{}.make());
  EXPECT_TRUE(m.valid());
  EXPECT_NEAR(m.window.begin_s, 1000.05, 1e-6);
  EXPECT_NEAR(m.window.end_s, 1019.95, 1e-6);
  EXPECT_NEAR(m.energy_j, 400 * 19.9, 1e-6);
}

TEST(Window, PowerAloneIsIntegratedWithLinesToTheEdges) {
  TrackMaker maker;
  maker.counter = false;
  maker.power_w = [](double t) { return 100 + 10 * (t - 1000); };
  const Measurement m = measure(maker.make(), {1002.03, 1007.77});
  EXPECT_TRUE(m.valid());
  EXPECT_EQ(m.source, EnergySource::integral);
  EXPECT_NEAR(m.energy_j, 5.74 * (100 + 10 * (2.03 + 7.77) / 2), 1e-6);
  EXPECT_NEAR(m.peak_power_w, 177, 1e-9);
}

TEST(Window, NegativePowerIsCalledThat) {
  TrackMaker maker;
  maker.counter = false;
  maker.power_w = [](double t) { return t > 1005.05 && t < 1005.25 ? -3.0 : 400; };
  EXPECT_THAT(measure(maker.make(), {1002, 1012}).warnings,
              ElementsAre("ignored 2 readings of negative power"));
}

TEST(Window, APowerThatNoDeviceDrawsIsInvalid) {
  TrackMaker maker;
  maker.counter = false;
  maker.power_w = [](double) { return 300e3; };  // 300 W in mW
  EXPECT_THAT(
      measure(maker.make(), {1002, 1012}).reasons,
      ElementsAre("a reading of 300 kW exceeds 20 kW, the most that a device draws; is its power in mW?"));
  maker.power_w = [](double t) { return t < 1001 ? 300e3 : 300; };
  EXPECT_TRUE(measure(maker.make(), {1002, 1012}).valid()) << "what is outside of the window does not count";
  Limits limits;
  limits.max_power_w = 400e3;
  EXPECT_TRUE(measure(maker.make(), {}, limits).valid());
}

RC_GTEST_PROP(Window, EnergiesOfNeighbouringWindowsAdd, ()) {
  TrackMaker maker;
  maker.update_s = 0.1 * *rc::gen::inRange(1, 4);
  maker.power_w = [](double t) { return 300 + 200 * std::sin(t); };
  maker.energy_j = [](double t) { return 300 * t - 200 * std::cos(t); };
  const Track track = maker.make();
  const double a = 1001 + 0.01 * *rc::gen::inRange(0, 300), c = 1015 + 0.01 * *rc::gen::inRange(0, 300);
  const double b = a + (c - a) * 0.01 * *rc::gen::inRange(1, 100);
  const auto energy = [&](double begin_s, double end_s, bool counter) {
    const Measurement m = measure(track, {begin_s, end_s});
    return counter ? m.counter_j : m.integral_j;
  };
  for (const bool counter : {true, false}) {
    RC_ASSERT(std::abs(energy(a, b, counter) + energy(b, c, counter) - energy(a, c, counter)) < 1e-6);
    const double truth = maker.energy_j(c) - maker.energy_j(a);
    RC_ASSERT(std::abs(energy(a, c, counter) / truth - 1) < 0.03);
  }
}

RC_GTEST_PROP(Window, ShiftingTheClockChangesNothing, ()) {
  const double shift_s = *rc::gen::inRange(-1000, 1000);
  Track track = TrackMaker{}.make();
  const Measurement before = measure(track, {1003, 1009});
  for (Reading& reading : track.readings) reading.time_s += shift_s;
  const Measurement after = measure(track, {1003 + shift_s, 1009 + shift_s});
  RC_ASSERT(std::abs(before.energy_j - after.energy_j) < 1e-6);
}

TEST(Window, ACounterWithAnEndWrapsAsOftenAsItLikes) {
  TrackMaker maker;
  maker.wrap_j = 1500;
  maker.offset_j = 1200;
  const Measurement m = measure(maker.make(), {1002, 1018});
  EXPECT_TRUE(m.valid());
  EXPECT_NEAR(m.energy_j, 400 * 16, 1e-6);
}

TEST(Window, ACounterThatFallsWithoutAnEndWasReset) {
  Track track = TrackMaker{}.make();
  for (std::size_t i = 100; i < track.readings.size(); ++i) track.readings[i].energy_j -= 8000;
  const Measurement m = measure(track, {1002, 1018});
  ASSERT_EQ(m.reasons.size(), 1u);
  EXPECT_THAT(m.reasons[0], HasSubstr("the energy counter was reset (from "));
  EXPECT_FALSE(known(m.counter_j));
}

TEST(Window, AFallThatWouldNeedImpossiblePowerIsNoWrap) {
  TrackMaker maker;
  maker.wrap_j = 262e3;
  Track track = maker.make();
  for (std::size_t i = 100; i < track.readings.size(); ++i) track.readings[i].energy_j -= 8900;
  EXPECT_THAT(measure(track, {1002, 1018}).reasons, ElementsAre(HasSubstr("reset")));
}

TEST(Window, AResetOutsideOfTheWindowDoesNotMatter) {
  for (const std::size_t at : {15u, 185u}) {
    Track track = TrackMaker{}.make();
    for (std::size_t i = at; i < track.readings.size(); ++i) track.readings[i].energy_j -= 5000;
    const Measurement m = measure(track, {1002, 1018});
    EXPECT_THAT(m.reasons, IsEmpty());
    EXPECT_NEAR(m.energy_j, 400 * 16, 1e-6);
  }
}

TEST(Window, ACounterThatJumpsUpIsNotBelieved) {
  Track track = TrackMaker{}.make();
  for (std::size_t i = 100; i < track.readings.size(); ++i) track.readings[i].energy_j += 1e6;
  EXPECT_THAT(measure(track, {1002, 1018}).reasons, ElementsAre(HasSubstr("jumped from")));
}

TEST(Window, AGapIsInvalidFromThreeSecondsOn) {
  for (const auto& [gap, valid] : {std::pair{28, true}, std::pair{31, false}}) {
    Track track = TrackMaker{}.make();
    track.readings.erase(track.readings.begin() + 60, track.readings.begin() + 60 + gap);
    const Measurement m = measure(track, {1002, 1018});
    EXPECT_EQ(m.valid(), valid) << gap;
    EXPECT_NEAR(m.largest_gap_s, 0.1 * (gap + 1), 1e-6);
    if (!valid) {
      EXPECT_THAT(m.reasons, ElementsAre("no reading for 3.20 s, from 3.90 s after the start"));
    }
  }
}

TEST(Window, ReadingsThatDoNotReachTheEndsAreInvalid) {
  EXPECT_THAT(measure(TrackMaker{}.make(), {990, 1010}).reasons,
              ElementsAre(HasSubstr("no reading for 10 s")));
  EXPECT_THAT(measure(TrackMaker{}.make(), {1010, 1030}).reasons,
              ElementsAre(HasSubstr("no reading for 10 s")));
  EXPECT_FALSE(measure(TrackMaker{}.make(), {2000, 2010}).valid());
}

TEST(Window, AClockThatIsSetIsInvalidAndGivesNoFigure) {
  for (const double step_s : {-3600.0, -0.7, 3600.0, 0.7}) {
    Track track = TrackMaker{}.make();
    for (std::size_t i = 100; i < track.readings.size(); ++i) track.readings[i].time_s += step_s;
    const Measurement m = measure(track);
    EXPECT_THAT(m.reasons, ElementsAre(HasSubstr(step_s < 0 ? "the clock was set back by" : "forward by")));
    EXPECT_FALSE(known(m.energy_j));
  }
}

TEST(Window, WithoutAClockThatNobodySetsOnlyStepsBackAreSeen) {
  TrackMaker maker;
  maker.steady = false;
  Track track = maker.make();
  for (std::size_t i = 100; i < track.readings.size(); ++i) track.readings[i].time_s -= 0.7;
  EXPECT_THAT(measure(track).reasons, ElementsAre("the clock was set back by 600 ms"));
  track.device.recorded = true;
  EXPECT_EQ(measure(track).provenance, "a recording") << "valid or not";
}

TEST(Window, ALostDeviceIsInvalidWithTheReasonItGave) {
  Track track = TrackMaker{}.make();
  for (std::size_t i = 170; i < track.readings.size(); ++i) {
    track.readings[i].problem = "GPU is lost";
    track.readings[i].energy_j = track.readings[i].power_w = kUnknown;
  }
  const Measurement m = measure(track, {1002, 1018});
  EXPECT_THAT(m.reasons, ElementsAre("lost 1.10 s before the end: GPU is lost"));
}

TEST(Window, AnOpenWindowDoesNotCutOffFailuresAtItsEnds) {
  for (const bool at_end : {false, true}) {
    Track track = TrackMaker{}.make();
    for (std::size_t i = 0; i < 5; ++i) {
      Reading& reading = track.readings[at_end ? track.readings.size() - 1 - i : i];
      reading.problem = "GPU is lost";
      reading.energy_j = reading.power_w = kUnknown;
    }
    EXPECT_THAT(measure(track).reasons, ElementsAre(at_end ? "lost 500 ms before the end: GPU is lost"
                                                           : "not readable at the start: GPU is lost"));
  }
}

TEST(Window, AReadingThatFailedOnceIsAWarning) {
  Track track = TrackMaker{}.make();
  track.readings[100].problem = "Timeout";
  const Measurement m = measure(track, {1002, 1018});
  EXPECT_TRUE(m.valid());
  EXPECT_THAT(m.warnings, ElementsAre("1 readings failed: Timeout"));
  EXPECT_NEAR(m.energy_j, 6400, 1e-6);
}

TEST(Window, CounterAndIntegralMustAgreeWithinFivePercent) {
  TrackMaker maker;
  maker.power_w = [](double) { return 400 * 1.04; };
  EXPECT_TRUE(measure(maker.make(), {1002, 1018}).valid());
  maker.power_w = [](double) { return 400 * 1.2; };
  const Measurement m = measure(maker.make(), {1002, 1018});
  EXPECT_THAT(m.reasons, ElementsAre("counter (6.40 kJ) and integrated power (7.68 kJ) differ by 16.7 %"));
  EXPECT_NEAR(m.disagreement, 1 - 1 / 1.2, 1e-9);
}

TEST(Window, InAShortWindowADisagreementIsAWarning) {
  TrackMaker maker;
  maker.power_w = [](double) { return 400 * 1.2; };
  const Measurement m = measure(maker.make(), {1002, 1006});
  EXPECT_TRUE(m.valid());
  EXPECT_THAT(m.warnings, ElementsAre(HasSubstr("too short to decide")));
}

TEST(Window, InAShortWindowWhatNoReadingCanHaveMissedIsRefused) {
  TrackMaker maker;
  maker.power_w = [](double) { return 800.0; };
  EXPECT_THAT(measure(maker.make(), {1002, 1006}).reasons, ElementsAre(HasSubstr("differ by 50 %")));
}

/// Bursts between readings: few of them see little of the energy, and the counter is right.
TEST(Window, FewReadingsOfABurstyPowerDoNotContradictTheCounter) {
  TrackMaker maker;
  maker.period_s = 0.2;
  maker.update_s = 0.2;
  maker.energy_j = [](double t) { return 1500 * t; };
  maker.power_w = [](double t) { return std::lround(5 * t) % 5 == 0 ? 3000.0 : 200.0; };
  const Measurement m = measure(maker.make(), {1002, 1006});
  EXPECT_TRUE(m.valid()) << m.reasons.front();
  EXPECT_GT(m.disagreement, 0.4);
  EXPECT_THAT(m.warnings, ElementsAre(HasSubstr("too short to decide")));
}

/// A mean over 1 s lags by the size of the step of power where the work begins and ends, and by no more.
TEST(Window, PowerThatIsAMeanMayDifferByWhatItLags) {
  TrackMaker maker;
  const auto with_power = [&](double before_w, double average_s) {
    maker.power_w = [=](double t) { return t < 1002 ? before_w : 436; };
    Track track = maker.make();
    track.device.power_average_s = average_s;
    return measure(track, {1002, 1018});
  };
  for (const double average_s : {1.0, kUnknown}) {
    EXPECT_THAT(with_power(100, average_s).warnings, ElementsAre(HasSubstr("differ by 8.")));
    EXPECT_TRUE(with_power(100, average_s).valid());
    EXPECT_FALSE(with_power(436, average_s).valid()) << "nothing to lag behind";
  }
  EXPECT_FALSE(with_power(100, 0).valid());
}

TEST(Window, ACounterThatMovedOnceSaysNothing) {
  TrackMaker maker;
  maker.energy_j = [](double t) { return t < 1010 ? 0.0 : 12000.0; };
  Track track = maker.make();
  const Measurement by_power = measure(track, {1002, 1018});
  EXPECT_TRUE(by_power.valid());
  EXPECT_EQ(by_power.source, EnergySource::integral);
  EXPECT_THAT(by_power.warnings, testing::Contains(HasSubstr("the energy counter updates too rarely")));
  EXPECT_THAT(by_power.warnings, testing::Contains(HasSubstr("did not change on both sides")));
  EXPECT_NEAR(by_power.energy_j, 6400, 1);
  track.device.has_power = false;
  for (Reading& reading : track.readings) reading.power_w = kUnknown;
  EXPECT_THAT(measure(track, {1002, 1018}).reasons,
              ElementsAre(HasSubstr("resolution leaves 100 % uncertainty over 16 s; measure for longer")));
}

TEST(Window, FiguresOfDifferentScopesAreNotCompared) {
  TrackMaker maker;
  maker.power_w = [](double) { return 900.0; };
  Track track = maker.make();
  track.device.power_scope = Scope::module;
  const Measurement m = measure(track, {1002, 1018});
  EXPECT_TRUE(m.valid());
  EXPECT_FALSE(known(m.disagreement));
}

TEST(Window, ACounterThatStandsStillIsReplacedByTheIntegralAndSaid) {
  TrackMaker maker;
  maker.energy_j = [](double) { return 0.0; };
  const Measurement m = measure(maker.make(), {1002, 1018});
  EXPECT_TRUE(m.valid());
  EXPECT_EQ(m.source, EnergySource::integral);
  EXPECT_THAT(
      m.warnings,
      ElementsAre("the energy counter did not change although power was drawn; integrated power instead"));
}

TEST(Window, ACounterThatDidNotMoveIsNeverZeroJoules) {
  TrackMaker maker;
  maker.power = false;
  maker.update_s = 60;
  const Measurement m = measure(maker.make(), {1002, 1018});
  EXPECT_THAT(m.reasons, ElementsAre(HasSubstr("did not change")));
  EXPECT_FALSE(known(m.energy_j));
}

TEST(Window, ZeroWattsAreNoReading) {
  TrackMaker maker;
  maker.counter = false;
  Track track = maker.make();
  for (std::size_t i = 0; i < track.readings.size(); i += 2) track.readings[i].power_w = 0;
  const Measurement m = measure(track, {1002, 1018});
  EXPECT_NEAR(m.energy_j, 6400, 1e-6);
  EXPECT_THAT(m.warnings, ElementsAre(HasSubstr("ignored 101 readings of 0 W")));
}

/// What a driver shows that reports the mean of the last second.
double mean_over_a_second(double t, double from_s, double until_s) {
  const double share = std::clamp(std::min(t, until_s) - std::max(t - 1, from_s), 0.0, 1.0);
  return 100 + 600 * share;
}

TEST(Window, PowerThatIsAMeanLeavesHalfItsTimeAtEachEndUncertain) {
  for (const double length_s : {0.3, 1.0, 2.0, 5.0, 12.0}) {
    for (const double average_s : {1.0, kUnknown}) {
      TrackMaker maker;
      maker.counter = false;
      maker.power_w = [&](double t) { return mean_over_a_second(t, 1004, 1004 + length_s); };
      Track track = maker.make();
      track.device.power_average_s = average_s;
      const Measurement m = measure(track, {1004, 1004 + length_s});
      EXPECT_NEAR(m.energy_j, 700 * length_s, m.uncertainty_j) << length_s;
      EXPECT_EQ(m.valid(), length_s > 10) << length_s;
      if (!m.valid()) {
        EXPECT_THAT(m.reasons,
                    ElementsAre(HasSubstr(known(average_s) ? "power that is a mean over 1 s leaves"
                                                           : "power that may be a mean over 1 s leaves")));
      }
      track.device.power_average_s = 0;
      if (length_s >= 1) {
        EXPECT_TRUE(measure(track, {1004, 1004 + length_s}).valid()) << "instantaneous power is what it is";
      }
    }
  }
}

TEST(Window, PowerThatIsAMeanIsCertainWhereItIsSteady) {
  TrackMaker maker;
  maker.counter = false;
  Track track = maker.make();
  track.device.power_average_s = 1;
  EXPECT_EQ(measure(track, {1004, 1005}).uncertainty_j, 0);
}

/// The work ends before the log does, which ends before the mean has seen it.
TEST(Window, ALogThatEndsWithTheWindowLeavesAllOfTheAveragingTimeUncertain) {
  for (const double before_end_s : {0.2, 0.5, 0.9}) {
    TrackMaker maker;
    maker.counter = false;
    maker.end_s = 1012;
    maker.power_w = [&](double t) { return mean_over_a_second(t, 900, 1012 - before_end_s); };
    Track track = maker.make();
    track.device.power_average_s = 1;
    const Measurement m = measure(track, {1002, 1012});
    EXPECT_NEAR(m.energy_j, 7000 - 600 * before_end_s, m.uncertainty_j) << before_end_s;
  }
}

/// 400 W from 1000 s to 1020 s, read until 1017.1 s.
Track stopped(bool counter, bool power) {
  TrackMaker maker;
  maker.counter = counter;
  maker.power = power;
  Track track = maker.make();
  track.readings.resize(172);
  return track;
}

TEST(Window, AMeterThatStopsBeforeTheEndIsInvalidOrItsSilenceUncertain) {
  const std::vector<std::pair<bool, bool>> kinds = {{true, false}, {false, true}, {true, true}};
  for (const auto& [counter, power] : kinds) {
    for (const double silent_s : {0.2, 0.5, 1.0, 2.0, 2.9}) {
      const Measurement m = measure(stopped(counter, power), {1010.5, 1017.1 + silent_s});
      const double truth_j = 400 * (6.6 + silent_s);
      if (m.valid()) {
        EXPECT_NEAR(m.energy_j, truth_j, m.uncertainty_j) << silent_s;
        EXPECT_LT(m.uncertainty_j, 0.1 * m.energy_j);
      } else {
        EXPECT_THAT(m.reasons, ElementsAre(HasSubstr("before the end of the window"))) << silent_s;
      }
      if (silent_s >= 1) {
        EXPECT_FALSE(m.valid()) << silent_s;
      }
    }
  }
}

TEST(Window, AMeterThatStartsAfterTheBeginIsInvalidOrItsSilenceUncertain) {
  for (const bool counter : {true, false}) {
    Track track = stopped(counter, true);
    track.readings.erase(track.readings.begin(), track.readings.begin() + 30);
    for (const double silent_s : {0.1, 0.5, 2.9}) {
      const Measurement m = measure(track, {1003 - silent_s, 1010});
      if (m.valid()) {
        EXPECT_NEAR(m.energy_j, 400 * (7 + silent_s), m.uncertainty_j + 1e-6) << silent_s;
      } else {
        EXPECT_THAT(m.reasons, ElementsAre(HasSubstr("after the start of the window")));
      }
      if (silent_s >= 0.5) {
        EXPECT_FALSE(m.valid()) << silent_s;
      }
    }
  }
}

TEST(Window, ACounterThatKeepsItsLastValueHasStopped) {
  for (const bool power : {true, false}) {
    TrackMaker maker;
    maker.power = power;
    maker.energy_j = [](double t) { return 400 * std::min(t, 1017.1); };
    const Measurement m = measure(maker.make(), {1010.5, 1020});
    if (power) {
      EXPECT_THAT(m.reasons, IsEmpty());
      EXPECT_EQ(m.source, EnergySource::integral);
      EXPECT_NEAR(m.energy_j, 3800, 1e-6);
      EXPECT_THAT(m.warnings, testing::Contains(HasSubstr("the energy counter stopped 2.")));
    } else {
      EXPECT_THAT(m.reasons, ElementsAre(HasSubstr("before the end of the window, which leaves")));
    }
  }
}

TEST(Window, ACounterThatStandsStillAndGoesOnWithoutWhatItMissedIsInvalid) {
  TrackMaker maker;
  maker.power = false;
  maker.energy_j = [](double t) { return 400 * (t < 1010 ? t : std::max(1010.0, t - 2.9)); };
  EXPECT_THAT(
      measure(maker.make(), {1005, 1018}).reasons,
      ElementsAre(HasSubstr("the energy counter stood still for 3 s, although it changes every 100 ms")));
  EXPECT_TRUE(measure(maker.make(), {1014, 1018}).valid()) << "outside of the window it does not matter";
  maker.energy_j = [](double t) { return 400 * (t < 1010 || t > 1013 ? t : 1010); };
  EXPECT_TRUE(measure(maker.make(), {1005, 1018}).valid()) << "a counter that catches up missed nothing";
}

TEST(Window, AFailureJustAfterTheEndCountsIfTheDeviceWasSilentUpToIt) {
  for (const bool counter : {true, false}) {
    Track track = stopped(counter, true);
    Reading failure = track.readings.back();
    failure.time_s += 1.5, failure.steady_s += 1.5;
    failure.problem = "GPU is lost";
    failure.energy_j = failure.power_w = kUnknown;
    track.readings.push_back(failure);
    EXPECT_THAT(measure(track, {1010, 1018.5}).reasons,
                ElementsAre("lost 1.40 s before the end: GPU is lost"));
    EXPECT_TRUE(measure(track, {1010, 1017.1}).valid()) << "it was read up to the end";
  }
}

TEST(Window, AGapInChangingPowerIsUncertain) {
  TrackMaker maker;
  maker.counter = false;
  maker.power_w = [](double t) { return t < 1008 ? 100.0 : 700.0; };
  Track track = maker.make();
  EXPECT_LT(measure(track, {1002, 1018}).uncertainty_j, 100);
  track.readings.erase(track.readings.begin() + 60, track.readings.begin() + 85);
  const Measurement m = measure(track, {1002, 1018});
  EXPECT_NEAR(m.energy_j, 7600, m.uncertainty_j);
  EXPECT_GT(m.uncertainty_j, 2.5 * 300);
}

TEST(Window, NothingAtAllIsInvalid) {
  EXPECT_FALSE(measure(Track{}).valid());
  EXPECT_FALSE(measure(Track{}, {1, 2}).valid());
  Track one = TrackMaker{}.make();
  one.readings.resize(1);
  EXPECT_FALSE(measure(one).valid());
}

}  // namespace
}  // namespace energylens::meter
