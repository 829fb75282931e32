// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "meter/backends.hpp"
#include "meter/clock.hpp"
#include "meter/made_sources.hpp"
#include "meter/played.hpp"
#include "meter/tracks.hpp"

namespace energylens::meter {
namespace {

Trace two_tracks() {
  Trace trace;
  trace.tracks = {TrackMaker{}.make(), TrackMaker{}.make()};
  trace.tracks[1].device.uuid = "b";
  return trace;
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
  const auto meter = play(std::move(trace), false);
  std::vector<Reading> readings(2);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(meter->read(readings));
  EXPECT_EQ(readings[1].problem, "the recording is over");
  EXPECT_EQ(readings[0].problem, "");
}

TEST(Replay, InRealTimeItBeginsNowAndNeverEnds) {
  Trace trace;
  TrackMaker maker;
  maker.end_s = 1000.02;
  maker.period_s = maker.update_s = 0.01;
  trace.tracks = {maker.make()};
  const auto meter = play(std::move(trace), true);
  std::vector<Reading> readings(1);
  ASSERT_TRUE(meter->read(readings));
  EXPECT_NEAR(readings[0].time_s, unix_now_s(), 1);
  EXPECT_EQ(readings[0].power_w, 400);
  const double begin_s = steady_now_s();
  while (steady_now_s() < begin_s + 0.04) {
  }
  ASSERT_TRUE(meter->read(readings));
  EXPECT_EQ(readings[0].problem, "the recording is over");
}

TEST(Replay, NeedsAFile) {
  EXPECT_EQ(open_replay({}).missing, "no recording was named");
}

}  // namespace
}  // namespace energylens::meter
