// SPDX-License-Identifier: Apache-2.0
#include "energylens/meter/trace.hpp"

#include <gmock/gmock.h>

#include "energylens/meter/window.hpp"
#include "meter/tracks.hpp"
#include "table/expect_error.hpp"

namespace energylens::meter {
namespace {

using table::error_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kForeign =
    "schema_version,timestamp_unix,scrape_seq,hostname,gpu_index,gpu_uuid,power_w\n";

std::string refusal(const std::string& text) {
  return error_of([&] { parse_trace(text, "t.csv"); });
}

TEST(Trace, WhatWasWrittenReadsBackAndMeasuresAlike) {
  Trace trace;
  trace.hostname = "node,1";
  TrackMaker maker;
  maker.wrap_j = 1500;
  trace.tracks = {maker.make(), TrackMaker{}.make()};
  trace.tracks[0].device.uuid = "GPU-\"a\"";
  trace.tracks[1].device.uuid = "b";
  trace.tracks[1].device.scope = Scope::module;
  trace.tracks[1].device.power_average_s = 1;
  trace.tracks[1].readings[3].problem = "Timeout, again";
  trace.tracks[1].readings[4].power_w = kUnknown;
  const std::string text = trace_csv(trace);
  const Trace again = parse_trace(text, "t.csv");
  EXPECT_THAT(again.warnings, IsEmpty());
  EXPECT_EQ(trace_csv(again), text);
  for (const std::size_t i : {0u, 1u}) {
    EXPECT_EQ(measure(again.tracks[i]).energy_j, measure(trace.tracks[i]).energy_j);
  }
}

TEST(Trace, TheSevenColumnsOfOthersAreEnough) {
  const Trace trace = parse_trace(std::string(kForeign) +
                                      "1,100.5,0,n,0,GPU-a,10.5\n1,100.5,0,n,1,GPU-b,20\n"
                                      "1,101.5,1,n,0,GPU-a,12.5\n1,101.5,1,n,1,GPU-b,\n",
                                  "t.csv");
  ASSERT_EQ(trace.tracks.size(), 2u);
  EXPECT_EQ(trace.hostname, "n");
  EXPECT_EQ(trace.tracks[1].device.uuid, "GPU-b");
  EXPECT_EQ(trace.tracks[1].device.index, 1);
  EXPECT_FALSE(trace.tracks[0].device.has_counter);
  EXPECT_EQ(measure(trace.tracks[0]).energy_j, 11.5);
  EXPECT_FALSE(known(trace.tracks[1].readings[1].power_w));
}

TEST(Trace, ADeviceWithoutALineInAScrapeCouldNotBeRead) {
  const Trace trace = parse_trace(
      std::string(kForeign) + "1,1,0,n,0,a,10\n1,2,1,n,0,a,10\n1,2,1,n,1,b,10\n1,3,2,n,1,b,10\n", "t.csv");
  const auto problems = [&](std::size_t track) {
    std::vector<std::string> all;
    for (const Reading& reading : trace.tracks[track].readings) all.push_back(reading.problem);
    return all;
  };
  EXPECT_THAT(problems(0), ElementsAre("", "", "no line in the recording"));
  EXPECT_THAT(problems(1), ElementsAre("no line in the recording", "", ""));
  EXPECT_THAT(measure(trace.tracks[0], {1, 3}).reasons, ElementsAre(HasSubstr("lost")));
}

TEST(Trace, OneDeviceTwiceInAScrapeOrAtOneTimeIsOfTwoHosts) {
  const std::string scrapes = "timestamp_unix,scrape_seq,gpu_index,power_w\n";
  EXPECT_THAT(refusal(scrapes + "1,0,0,400\n1,0,0,500\n"),
              HasSubstr("t.csv:3:timestamp_unix: two lines of GPU 0 in one "
                        "scrape with different figures"));
  EXPECT_EQ(refusal(scrapes + "1,0,0,400\n1,0,0,400\n"), "no error") << "a line that is there twice";
  const std::string times = "timestamp_unix,gpu_index,energy_counter_j\n";
  EXPECT_THAT(refusal(times + "1,0,400\n1,0,90000\n"), HasSubstr("two lines of GPU 0 at one time"));
  std::string in_turn = times;
  for (int i = 0; i < 10; ++i) {
    for (const char* host : {".000", ".004", ".008"}) in_turn += std::to_string(i) + host + ",0,400\n";
  }
  EXPECT_THAT(refusal(in_turn), HasSubstr("lines of GPU 0 come in groups: these are several GPUs"));
}

TEST(Trace, ALastLineThatIsCutInsideItsNumberIsLeftOut) {
  const std::string text = "timestamp_unix,gpu_index,energy_counter_j\n1,0,5000\n2,0,5400\n3,0,5";
  const Trace trace = parse_trace(text, "t.csv");
  EXPECT_EQ(trace.tracks[0].readings.size(), 2u);
  EXPECT_THAT(trace.warnings, ElementsAre("t.csv: ignored the last line, which is cut off"));
  EXPECT_EQ(parse_trace(text + "800\n", "t.csv").tracks[0].readings.size(), 3u);
}

TEST(Trace, HostsScrapeForThemselves) {
  const Trace trace = parse_trace(
      std::string(kForeign) + "1,1,0,m,0,a,10\n1,1,0,n,0,b,10\n1,2,1,m,0,a,10\n1,2,1,n,0,b,10\n", "t.csv");
  for (const Track& track : trace.tracks) EXPECT_EQ(track.readings.size(), 2u);
}

TEST(Trace, MetersOfOneHostScrapeForThemselves) {
  Trace trace;
  trace.tracks = {TrackMaker{}.make(), TrackMaker{}.make()};
  trace.tracks[1].readings.resize(50);
  trace.tracks[0].meter = "nvml";
  trace.tracks[1].meter = "rapl";
  const Trace again = parse_trace(trace_csv(trace), "t.csv");
  EXPECT_EQ(again.tracks[1].readings.size(), 50u);
  EXPECT_EQ(again.tracks[1].meter, "rapl");
}

TEST(Trace, UnknownAndMissingColumnsAreNamed) {
  const Trace trace =
      parse_trace("timestamp_unix,gpu_index,power_w,mood\n1,0,10,good\n2,0,10,bad\n", "t.csv");
  EXPECT_THAT(trace.warnings, ElementsAre("t.csv: the column \"mood\" is unknown and ignored"));
  EXPECT_EQ(refusal("gpu_index,power_w\n0,10\n"), "t.csv:1: the column \"timestamp_unix\" is missing");
  EXPECT_EQ(refusal("timestamp_unix,power_w\n0,10\n"),
            "t.csv:1: the columns \"gpu_uuid\" and \"gpu_index\" are missing; one of them is required");
  EXPECT_EQ(refusal("timestamp_unix,gpu_uuid\n0,10\n"),
            "t.csv:1: the columns \"power_w\" and \"energy_counter_j\" are missing; one of them is required");
  EXPECT_THAT(refusal("timestamp_unix;gpu_uuid;power_w\n0;a;10\n"),
              testing::StartsWith("t.csv:1: cells are separated by semicolons"));
}

TEST(Trace, TimesInMillisecondsAreRefused) {
  EXPECT_EQ(
      refusal("timestamp_unix,gpu_index,power_w\n1711903735963,0,10\n"),
      "t.csv:2:timestamp_unix: \"1711903735963\" is not a time in seconds since 1970: it would be after the "
      "year 9999; are these milliseconds?");
}

TEST(Trace, BadCellsAreNamedWithTheirPlace) {
  EXPECT_EQ(refusal(std::string(kForeign) + "1,soon,0,n,0,a,10\n"),
            "t.csv:2:timestamp_unix: \"soon\" is not a time in seconds");
  EXPECT_EQ(refusal(std::string(kForeign) + "1,,0,n,0,a,10\n"),
            "t.csv:2:timestamp_unix: the time is missing");
  EXPECT_EQ(refusal(std::string(kForeign) + "1,5,0,n,0,a,10 W\n"),
            "t.csv:2:power_w: \"10 W\" is not a power in watts");
  EXPECT_EQ(refusal(std::string(kForeign) + "2,5,0,n,0,a,10\n"),
            "t.csv:2:schema_version: \"2\" is not a schema version that is known: 1");
  EXPECT_EQ(refusal(std::string(kForeign) + "1,5,0\n1,6,0,n,0,a,10\n"),
            "t.csv:2: 3 cells, but the header has 7");
  EXPECT_EQ(refusal(kForeign), "t.csv: the recording contains no reading");
  EXPECT_EQ(refusal(""), "t.csv: the file is empty");
}

TEST(Trace, AFileThatWasCutOffLosesItsLastLineAndSaysSo) {
  const Trace trace = parse_trace(std::string(kForeign) + "1,1,0,n,0,a,10\n1,2,1,n,0,a,10\n1,3,2", "t.csv");
  EXPECT_EQ(trace.tracks[0].readings.size(), 2u);
  EXPECT_THAT(trace.warnings, ElementsAre("t.csv: ignored the last line, which is cut off"));
}

TEST(Trace, AFileOfDevicesThatComeAndGoIsRefusedBeforeItFillsTheMemory) {
  std::string text = kForeign;
  for (int i = 0; i < 3000; ++i) {
    const std::string number = std::to_string(i);
    text += "1," + number + "," + number + ",n,0,gpu" + number + ",10\n";
  }
  EXPECT_THAT(refusal(text), HasSubstr("nearly all devices are absent"));
}

}  // namespace
}  // namespace energylens::meter
