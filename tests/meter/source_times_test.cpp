// SPDX-License-Identifier: Apache-2.0
// What looks live and is not: recordings that are played, pages that are not renewed.
#include <gmock/gmock.h>

#include <chrono>

#include "energylens/meter/window.hpp"
#include "fake_clock.hpp"
#include "meter/backends.hpp"
#include "meter/made_sources.hpp"
#include "meter/tracks.hpp"

namespace energylens::meter {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// Ten days after the readings of kLog, or in the middle of a page.
constexpr double kNow_s = 1711903690 + 10 * 86400.0;

/// Readings of a source that is played, or read, for a moment.
Trace watched(Meter& meter, Clock& clock) {
  Trace trace;
  for (const Device& device : meter.devices()) trace.tracks.push_back({device, {}, {}});
  std::vector<Reading> readings(trace.tracks.size());
  for (int reading = 0; reading < 50; ++reading, clock.sleep(0.001)) {
    meter.read(readings);
    for (std::size_t i = 0; i < readings.size(); ++i) trace.tracks[i].readings.push_back(readings[i]);
  }
  return trace;
}

Measurement measured(Opened (*open)(const OpenOptions&), const std::string& source) {
  FakeClock clock(1000, kNow_s);
  OpenOptions options;
  options.clock = &clock;
  options.source = source;
  options.in_real_time = true;
  const Opened opened = open(options);
  EXPECT_TRUE(opened.meter) << opened.missing;
  return measure(watched(*opened.meter, clock).tracks.front());
}

const std::string kLog =
    "timestamp, uuid, power.draw [W]\n2024/03/31 16:48:10.000, GPU-a, 250 W\n2024/03/31 16:48:11.000, GPU-a, "
    "250 W\n";

TEST(SourceTimes, APlayedLogIsNotOfTheWindow) {
  const TemporaryFolder folder;
  put(folder.path() / "log", kLog);
  const Measurement m = measured(open_nvidia_smi, folder / "log");
  EXPECT_THAT(m.reasons, IsEmpty());
  EXPECT_EQ(m.provenance, "a recording of 2024-03-31 16:48:10 UTC, 10 days before the window");
  EXPECT_EQ(m.source_window.begin_s, 1711903690);
}

TEST(SourceTimes, ARecordingOfAMomentAgoIsNoneOfNowEither) {
  const TemporaryFolder folder;
  Trace trace;
  TrackMaker maker;
  maker.begin_s = kNow_s - 0.5, maker.end_s = maker.begin_s + 0.4, maker.period_s = 0.01;
  trace.tracks = {maker.make()};
  put(folder.path() / "trace", trace_csv(trace));
  const Measurement m = measured(open_replay, folder / "trace");
  EXPECT_THAT(m.provenance, HasSubstr("before the window"));
}

TEST(SourceTimes, ARecordingOfAReplayStillSaysSoAndOneOfALiveMeterDoesNot) {
  const TemporaryFolder folder;
  put(folder.path() / "log", kLog);
  FakeClock clock(1000, kNow_s);
  OpenOptions options;
  options.clock = &clock;
  options.source = folder / "log";
  options.in_real_time = true;
  Trace played = watched(*open_nvidia_smi(options).meter, clock);
  played.tracks.front().meter = "nvidia-smi";
  const Trace again = parse_trace(trace_csv(played), "again");
  EXPECT_EQ(measure(again.tracks.front()).provenance, measure(played.tracks.front()).provenance);
  EXPECT_NE(measure(again.tracks.front()).provenance, "");
  Trace live;
  live.tracks = {TrackMaker{}.make()};
  EXPECT_EQ(measure(parse_trace(trace_csv(live), "live").tracks.front()).provenance, "");
}

TEST(SourceTimes, ReadWithItsOwnTimesARecordingIsOfItsWindow) {
  const TemporaryFolder folder;
  put(folder.path() / "log", kLog);
  OpenOptions options;
  options.source = folder / "log";
  EXPECT_EQ(measure(collect(*open_nvidia_smi(options).meter).tracks.front()).provenance, "");
}

TEST(SourceTimes, APageThatIsNotRenewedIsNotOfTheWindow) {
  const TemporaryFolder folder;
  const auto page = folder.path() / "page";
  put(page, dcgm_page(5000, 250));
  const auto written = [&](double time_s) {
    const std::chrono::sys_seconds moment{std::chrono::seconds{static_cast<long>(time_s)}};
    std::filesystem::last_write_time(page, std::chrono::file_clock::from_sys(moment));
  };
  written(kNow_s);
  EXPECT_EQ(measured(open_dcgm, page.string()).provenance, "") << "written just now";
  written(kNow_s - 3 * 3600);
  const Measurement old = measured(open_dcgm, page.string());
  EXPECT_THAT(old.provenance, StartsWith("the source's own time is "));
  EXPECT_THAT(old.provenance, HasSubstr(", 3 h before the window"));
}

TEST(SourceTimes, ALineOfAPageThatStatesItsTimeIsBelieved) {
  const TemporaryFolder folder;
  put(folder.path() / "page", "DCGM_FI_DEV_POWER_USAGE{gpu=\"0\"} 250 1711903690000\n");
  EXPECT_THAT(measured(open_dcgm, folder / "page").provenance, HasSubstr("2024-03-31 16:48:10 UTC"));
}

}  // namespace
}  // namespace energylens::meter
