// SPDX-License-Identifier: Apache-2.0
#include "meter/edges.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "energylens/meter/window.hpp"
#include "meter/curve.hpp"

namespace energylens::meter {
namespace {

/// A counter that moves by a clock of its own, and how it is read.
struct Counter {
  double update_s = 0.1, phase_s = 0;
  double (*energy_j)(double time_s) = nullptr;

  double shown_j(double time_s) const {
    return energy_j(phase_s + update_s * std::floor((time_s - phase_s) / update_s));
  }

  /// Readings as the recorder takes them: dense up to the second edge, at which the window begins, then at
  /// the period, then dense again from the window's end to the second edge after it.
  Track recorded(double period_s, double duration_s, Window& window) const {
    constexpr double kDense_s = 0.002, kBegin_s = 100;
    Track track;
    track.device.has_counter = true;
    const auto read = [&](double time_s) {
      Reading reading;
      reading.time_s = time_s;
      reading.energy_j = shown_j(time_s);
      const bool moved = !track.readings.empty() && track.readings.back().energy_j != reading.energy_j;
      track.readings.push_back(reading);
      return moved ? 1 : 0;
    };
    double time_s = kBegin_s;
    for (int edges = 0; edges < 2; time_s += kDense_s) edges += read(time_s);
    window.begin_s = track.readings.back().time_s;
    window.end_s = window.begin_s + duration_s;
    for (time_s = window.begin_s + period_s; time_s < window.end_s; time_s += period_s) read(time_s);
    read(window.end_s);
    time_s = window.end_s + kDense_s;
    for (int edges = 0; edges < 2; time_s += kDense_s) edges += read(time_s);
    return track;
  }

  /// Readings at one period from beginning to end, as in recordings of others.
  Track evenly(double period_s, double duration_s) const {
    Track track;
    track.device.has_counter = true;
    for (int i = 0; i * period_s <= duration_s; ++i) {
      Reading reading;
      reading.time_s = 100 + i * period_s;
      reading.energy_j = shown_j(reading.time_s);
      track.readings.push_back(reading);
    }
    return track;
  }

  double error_j(const Measurement& m) const {
    return m.energy_j - (energy_j(m.window.end_s) - energy_j(m.window.begin_s));
  }
};

constexpr double kSteady_w = 300;
double steady_j(double time_s) {
  return kSteady_w * time_s;
}
/// Jobs of 0.7 s: prefill of 0.2 s at 650 W, decode of 0.5 s at 350 W.
double jobs_j(double time_s) {
  const double jobs = std::floor(time_s / 0.7), since_s = time_s - 0.7 * jobs;
  return jobs * (0.2 * 650 + 0.5 * 350) + (since_s < 0.2 ? 650 * since_s : 130 + 350 * (since_s - 0.2));
}
/// One step of power at 101.03 s.
double step_j(double time_s) {
  return time_s < 101.03 ? 200 * time_s : 200 * 101.03 + 600 * (time_s - 101.03);
}

constexpr double kUpdates_s[] = {0.02, 0.06, 0.1, 0.33}, kPeriods_s[] = {0.02, 0.05, 0.1};
constexpr int kPhases = 60;

/// Energy over a window by edges in the middle of the readings around them, but not longer before the later
/// one than an update: what `place_edges` must improve on.
double by_middles_j(const Track& track, double update_s, const Window& window) {
  std::vector<Point> edges;
  for (std::size_t i = 1; i < track.readings.size(); ++i) {
    const Reading &a = track.readings[i - 1], &b = track.readings[i];
    if (a.energy_j != b.energy_j)
      edges.push_back({b.time_s - std::min(update_s, b.time_s - a.time_s) / 2, b.energy_j});
  }
  const auto at = [&](double time_s) {
    std::size_t i = 1;
    while (i + 1 < edges.size() && edges[i].time_s < time_s) ++i;
    const double share = (time_s - edges[i - 1].time_s) / (edges[i].time_s - edges[i - 1].time_s);
    return edges[i - 1].value + share * (edges[i].value - edges[i - 1].value);
  };
  return at(window.end_s) - at(window.begin_s);
}

/// Calls with every update period, reading period and phase of the counter.
template <class Body>
void for_all_counters(double (*energy_j)(double), const Body& body) {
  for (const double update_s : kUpdates_s) {
    for (const double period_s : kPeriods_s) {
      for (int phase = 0; phase < kPhases; ++phase)
        body(Counter{update_s, update_s * phase / kPhases, energy_j}, period_s);
    }
  }
}

TEST(Edges, OnSteadyPowerThereIsNoBiasWhateverThePhase) {
  for (const double duration_s : {2.0, 5.0}) {
    for_all_counters(steady_j, [&](const Counter& counter, double period_s) {
      Window window;
      const Measurement m = measure(counter.recorded(period_s, duration_s, window), window);
      EXPECT_TRUE(m.valid());
      EXPECT_EQ(m.source, EnergySource::counter);
      // The finest edges are 2 ms wide: 0.6 J.
      EXPECT_NEAR(counter.error_j(m), 0, 0.6)
          << counter.update_s << ' ' << period_s << ' ' << counter.phase_s << ' ' << duration_s;
      EXPECT_LE(std::abs(counter.error_j(m)), m.uncertainty_j);
    });
  }
}

RC_GTEST_PROP(Edges, OnSteadyPowerAnyRatioOfPeriodsIsRight, ()) {
  Counter counter{0.001 * *rc::gen::inRange(15, 400), 0.0001 * *rc::gen::inRange(0, 4000), steady_j};
  const double period_s = 0.001 * *rc::gen::inRange(15, 150);
  Window window;
  const Track track = counter.recorded(period_s, 0.01 * *rc::gen::inRange(100, 600), window);
  const Measurement m = measure(track, window);
  RC_ASSERT(m.valid());
  RC_ASSERT(std::abs(counter.error_j(m)) < 1.0);
  RC_ASSERT(std::abs(counter.error_j(m)) <= m.uncertainty_j);
}

TEST(Edges, RecordingsReadAtOnePeriodHaveNoBiasOnSteadyPower) {
  for_all_counters(steady_j, [](const Counter& counter, double period_s) {
    const Measurement m = measure(counter.evenly(period_s, 8), {102.017, 105.553});
    EXPECT_TRUE(m.valid());
    EXPECT_LE(std::abs(counter.error_j(m)), 0.0025 * m.energy_j)
        << counter.update_s << ' ' << period_s << ' ' << counter.phase_s;
    EXPECT_LE(std::abs(counter.error_j(m)), m.uncertainty_j);
  });
}

TEST(Edges, WherePowerStepsNoPeriodIsWorseThanByTheMiddles) {
  for (double (*const energy_j)(double) : {jobs_j, step_j}) {
    double all = 0, all_by_middles = 0;
    for_all_counters(energy_j, [&](const Counter& counter, double period_s) {
      Window window;
      const Track track = counter.recorded(period_s, 5, window);
      const Measurement m = measure(track, window);
      const double truth_j = energy_j(window.end_s) - energy_j(window.begin_s);
      const double by_middles = by_middles_j(track, counter.update_s, window) - truth_j;
      all += std::pow(counter.error_j(m), 2);
      all_by_middles += std::pow(by_middles, 2);
      EXPECT_LE(std::abs(counter.error_j(m)), m.uncertainty_j + 1e-9)
          << counter.update_s << ' ' << period_s << ' ' << counter.phase_s;
    });
    EXPECT_LT(all, 0.25 * all_by_middles);
  }
}

TEST(Edges, AWindowThatEndsWherePowerStepsIsCutThere) {
  double all = 0, all_by_middles = 0;
  for_all_counters(step_j, [&](const Counter& counter, double period_s) {
    Window window;
    const Track track = counter.recorded(period_s, 3, window);
    const Window first{window.begin_s, 101.03};
    const double error_j = counter.error_j(measure(track, first));
    all += std::pow(error_j, 2);
    all_by_middles += std::pow(
        by_middles_j(track, counter.update_s, first) - (step_j(first.end_s) - step_j(first.begin_s)), 2);
  });
  EXPECT_LT(all, 0.25 * all_by_middles);
}

/// 400 W up to 103 s, then 60 W.
double work_j(double time_s) {
  return time_s < 103 ? 400 * time_s : 400 * 103 + 60 * (time_s - 103);
}

/// The relation that docs/method/measuring.md gives for the choice of window_s.
TEST(Edges, UncertaintyOfWorkThatEndsIsThirtyMillisecondsAndAQuarterOfTheUpdate) {
  for_all_counters(work_j, [](const Counter& counter, double period_s) {
    Window window;
    Track track = counter.recorded(period_s, 0, window);
    track = counter.recorded(period_s, 103 - window.begin_s, window);
    const Measurement m = measure(track, window);
    EXPECT_LE(m.uncertainty_j, 400 * (0.03 + counter.update_s / 4))
        << counter.update_s << ' ' << period_s << ' ' << counter.phase_s;
    EXPECT_LE(std::abs(counter.error_j(m)), m.uncertainty_j + 1e-9);
    EXPECT_LE(std::abs(counter.error_j(m)), 400 * 0.025) << "where the power stepped is found";
  });
}

TEST(Edges, AreNeverMovedOutOfTheTimeInWhichTheyWereSeen) {
  for_all_counters(jobs_j, [](const Counter& counter, double period_s) {
    Window window;
    const Track track = counter.recorded(period_s, 2, window);
    std::vector<Edge> edges;
    for (std::size_t i = 1; i < track.readings.size(); ++i) {
      const Reading &a = track.readings[i - 1], &b = track.readings[i];
      if (a.energy_j != b.energy_j) edges.push_back({b.energy_j, a.time_s, b.time_s});
      if (!edges.empty()) edges.back().still_s = b.time_s;
    }
    const std::vector<Edge> seen = edges;
    place_edges(edges, kUnknown);
    for (std::size_t i = 0; i < edges.size(); ++i) {
      EXPECT_GE(edges[i].time_s, seen[i].after_s);
      EXPECT_LE(edges[i].time_s, seen[i].until_s);
      const double last_s =
          counter.phase_s +
          counter.update_s * std::floor((seen[i].until_s - counter.phase_s) / counter.update_s);
      EXPECT_GE(last_s, edges[i].after_s - 1e-9) << "narrowed to a time in which it was not";
      EXPECT_LE(last_s, edges[i].until_s + 1e-9);
    }
  });
}

TEST(Edges, ACounterWhosePeriodVariesKeepsWideBounds) {
  std::vector<Edge> edges;
  double time_s = 0;
  for (int i = 0; i < 40; ++i) {
    time_s += i % 2 == 0 ? 0.08 : 0.12;
    edges.push_back({30.0 * i, time_s - 0.001, time_s + 0.001, time_s + 0.03});
  }
  edges.push_back({30.0 * 40, time_s, time_s + 0.1, time_s + 0.1});
  place_edges(edges, kUnknown);
  EXPECT_LE(edges.back().after_s, time_s + 0.08);
  EXPECT_GE(edges.back().until_s, time_s + 0.1 - 1e-9);
}

/// A counter that moves at every reading is known at least as well as one that moves every 100 ms.
TEST(Edges, ACounterThatMovesAtEveryReadingIsNotWorseThanACoarseOne) {
  for (const auto energy_j : {steady_j, jobs_j}) {
    for (const double duration_s : {1.0, 3.0}) {
      const auto measured = [&](double update_s) {
        Window window;
        const Counter counter{update_s, 0.0123, energy_j};
        const Measurement m = measure(counter.recorded(0.1, duration_s, window), window);
        EXPECT_NEAR(counter.error_j(m), 0, m.uncertainty_j) << update_s;
        return m.uncertainty_j / m.energy_j;
      };
      const double coarse = measured(0.1);
      for (const double fine_s : {1e-4, 0.0005, 0.001}) {
        EXPECT_LE(measured(fine_s), coarse) << fine_s;
        EXPECT_LT(measured(fine_s), 0.02 / duration_s + 0.01) << fine_s;
      }
    }
  }
}

TEST(Edges, ReadingsThatAreAsFarApartAsTheCounterAllowsNarrowNothing) {
  // Every reading moves, but none is close to another: the period may be theirs.
  const Counter counter{0.1, 0.05, steady_j};
  const Measurement m = measure(counter.evenly(0.1, 10), {102, 104});
  EXPECT_GT(m.uncertainty_j, 0.05 * kSteady_w);
}

}  // namespace
}  // namespace energylens::meter
