// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "core/file.hpp"
#include "energylens/meter/window.hpp"
#include "fake_clock.hpp"
#include "meter/backends.hpp"
#include "meter/made_sources.hpp"
#include "meter/played.hpp"
#include "meter/tracks.hpp"
#include "table/expect_error.hpp"
#include "temporary_folder.hpp"

namespace energylens::meter {
namespace {

Trace two_tracks() {
  Trace trace;
  trace.tracks = {TrackMaker{}.make(), TrackMaker{}.make()};
  trace.tracks[1].device.uuid = "b";
  return trace;
}

OpenOptions live(const Clock& clock, double max_gap_s) {
  OpenOptions options;
  options.clock = &clock;
  options.in_real_time = true;
  options.max_gap_s = max_gap_s;
  return options;
}

TEST(Replay, GivesWhatWasRecordedThenEnds) {
  TemporaryFolder folder;
  put(folder.path() / "trace.csv", trace_csv(two_tracks()));
  OpenOptions options;
  options.source = folder / "trace.csv";
  const Opened opened = open_replay(options);
  ASSERT_TRUE(opened.meter);
  const Trace trace = collect(*opened.meter);
  ASSERT_EQ(trace.tracks.size(), 2u);
  EXPECT_EQ(trace.tracks[1].readings.size(), 201u);
  EXPECT_EQ(trace.tracks[1].readings[7].time_s, two_tracks().tracks[1].readings[7].time_s);
  std::vector<Reading> readings(2);
  EXPECT_FALSE(opened.meter->read(readings));
}

TEST(Replay, ADeviceWhoseRecordIsShorterIsOver) {
  Trace trace = two_tracks();
  trace.tracks[1].readings.resize(3);
  const auto meter = play(std::move(trace), {});
  std::vector<Reading> readings(2);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(meter->read(readings));
  EXPECT_EQ(readings[1].problem, "the recording has ended");
  EXPECT_EQ(readings[0].problem, "");
}

TEST(Replay, InRealTimeItBeginsNowAndNeverEnds) {
  FakeClock clock;
  Trace trace;
  TrackMaker maker;
  maker.end_s = 1000.02;
  maker.period_s = maker.update_s = 0.01;
  trace.tracks = {maker.make()};
  const auto meter = play(std::move(trace), live(clock, 3));
  std::vector<Reading> readings(1);
  ASSERT_TRUE(meter->read(readings));
  EXPECT_EQ(readings[0].time_s, clock.wall_now_s());
  EXPECT_EQ(readings[0].power_w, 400);
  clock.sleep(0.04);
  ASSERT_TRUE(meter->read(readings));
  EXPECT_EQ(readings[0].problem, "the recording has ended");
}

/// What a meter that plays `trace` gives, read every millisecond for this long.
Track watched(Trace trace, double max_gap_s, double seconds) {
  FakeClock clock;
  const auto meter = play(std::move(trace), live(clock, max_gap_s));
  Track track{meter->devices().front(), {}, {}};
  std::vector<Reading> readings(1);
  for (const double end_s = clock.steady_now_s() + seconds; clock.steady_now_s() < end_s;
       clock.sleep(0.001)) {
    EXPECT_TRUE(meter->read(readings));
    track.readings.push_back(readings[0]);
  }
  return track;
}

/// Lines every 10 ms, but for 0.3 s in between.
Trace with_hole() {
  TrackMaker maker;
  maker.end_s = 1005;
  maker.period_s = maker.update_s = 0.01;
  Trace trace;
  trace.tracks = {maker.make()};
  std::erase_if(trace.tracks[0].readings,
                [](const Reading& one) { return one.time_s > 1000.101 && one.time_s < 1000.399; });
  return trace;
}

TEST(Replay, InRealTimeAHoleOfTheRecordingIsAHole) {
  Limits limits;
  limits.max_gap_s = 0.15;
  const Track track = watched(with_hole(), limits.max_gap_s, 0.45);
  const Measurement m = measure(track, {}, limits);
  ASSERT_FALSE(m.valid());
  EXPECT_THAT(m.reasons.front(), testing::MatchesRegex("no reading for .*: no line in the recording"));
  EXPECT_NEAR(m.largest_gap_s, 0.3, 0.02);
}

TEST(Replay, InRealTimeALineIsRepeatedWithinAGapThatIsAllowedAndAtTheRecordingsOwnPace) {
  TrackMaker sparse;
  sparse.period_s = sparse.update_s = 0.2;
  Trace slow;
  slow.tracks = {sparse.make()};
  const auto failed = [](const Track& track) {
    return std::ranges::count_if(track.readings, [](const Reading& one) { return !one.problem.empty(); });
  };
  EXPECT_EQ(failed(watched(with_hole(), 0.35, 0.45)), 0);
  EXPECT_EQ(failed(watched(std::move(slow), 0.05, 0.45)), 0);
}

TEST(Replay, ARecordingWhoseClockWasSetBackIsNotPlayed) {
  const TemporaryFolder folder;
  write_file(
      folder / "t.csv",
      "timestamp_unix,scrape_seq,gpu_index,power_w\n100,0,0,300\n101,1,0,300\n99.1,2,0,300\n100,3,0,300\n");
  OpenOptions options;
  options.source = folder / "t.csv";
  options.in_real_time = true;
  EXPECT_THAT(table::error_of([&] { open_replay(options); }),
              testing::HasSubstr("t.csv: its clock was set back by 1.90 s: it cannot be played"));
  options.in_real_time = false;
  EXPECT_TRUE(open_replay(options).meter);
}

TEST(Replay, NeedsAFile) {
  EXPECT_EQ(open_replay({}).missing, "no recording given");
}

}  // namespace
}  // namespace energylens::meter
