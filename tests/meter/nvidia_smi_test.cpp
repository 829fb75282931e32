// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "core/file.hpp"
#include "energylens/meter/window.hpp"
#include "table/expect_error.hpp"

namespace energylens::meter {
namespace {

using table::error_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Trace parse(const std::string& text, double offset_s = 0) {
  return parse_nvidia_smi(text, "log.csv", offset_s);
}

TEST(NvidiaSmi, ReadsUnitsBlanksAndLocalTime) {
  const Trace trace = parse(
      "timestamp, index, uuid, name, power.draw [W]\n"
      "2024/03/31 16:48:55.500, 0, GPU-a, NVIDIA A40, 100.00 W\n"
      "2024/03/31 16:48:55.500, 3, GPU-b, NVIDIA A40, 50.00 W\n"
      "2024/03/31 16:48:56.500, 0, GPU-a, NVIDIA A40, 200.00 W\n"
      "2024/03/31 16:48:56.500, 3, GPU-b, NVIDIA A40, [N/A]\n",
      7200);
  ASSERT_EQ(trace.tracks.size(), 2u);
  EXPECT_EQ(trace.tracks[0].device.name, "NVIDIA A40");
  EXPECT_EQ(trace.tracks[1].device.uuid, "GPU-b");
  EXPECT_EQ(trace.tracks[1].device.index, 3);
  EXPECT_EQ(trace.tracks[0].readings[0].time_s, 1711903735.5 - 7200);
  EXPECT_EQ(measure(trace.tracks[0]).energy_j, 150);
  EXPECT_EQ(trace.tracks[1].readings[1].problem, "power is [N/A]");
}

TEST(NvidiaSmi, ReadsLogsWithoutUnitsAndWithoutDevice) {
  const Trace trace =
      parse("timestamp, power.draw.average, power.draw.instant\n2024/03/31 16:48:55, 10.5, 11.5\n");
  ASSERT_EQ(trace.tracks.size(), 1u);
  EXPECT_EQ(trace.tracks[0].readings[0].power_w, 11.5) << "the instantaneous one comes first";
  EXPECT_EQ(trace.tracks[0].device.power_average_s, 0);
}

TEST(NvidiaSmi, AColumnThatIsNeverReadGivesWayToTheNext) {
  const Trace trace = parse(
      "timestamp, index, power.draw.instant [W], power.draw [W], power.draw.average [W]\n"
      "2024/03/31 16:48:55.500, 0, [N/A], 100.00 W, 90.00 W\n2024/03/31 16:48:55.500, 1, 50.00 W, 40.00 W, 30.00 W\n"
      "2024/03/31 16:48:56.500, 0, [N/A], 100.00 W, 90.00 W\n2024/03/31 16:48:56.500, 1, [N/A], 40.00 W, 30.00 W\n");
  EXPECT_EQ(trace.tracks[0].readings[1].power_w, 100);
  EXPECT_EQ(trace.tracks[0].device.note,
            "power is power.draw, not power.draw.instant and power.draw.average");
  EXPECT_FALSE(known(trace.tracks[0].device.power_average_s));
  EXPECT_EQ(trace.tracks[1].readings[0].power_w, 50) << "one that is read now and then is kept";
  EXPECT_EQ(trace.tracks[1].readings[1].problem, "power is [N/A]");
}

TEST(NvidiaSmi, SeveralGpusWithoutNamesAreRefused) {
  const std::string text =
      "timestamp, power.draw [W]\n2024/03/31 16:48:55.100, 200.00 W\n2024/03/31 16:48:55.100, 300.00 W\n";
  try {
    parse_nvidia_smi(text, "two.csv", 0);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("two.csv:3"),
                                             testing::HasSubstr("two readings of one time")));
  }
}

TEST(NvidiaSmi, WhatIsInBracketsIsAProblemInItsWords) {
  for (const std::string cell : {"[N/A]", "[Not Supported]", "[Unknown Error]", "[GPU is lost]", "N/A", ""}) {
    const Trace trace = parse("timestamp, power.draw [W]\n2024/03/31 16:48:55.963, " + cell + "\n");
    EXPECT_EQ(trace.tracks[0].readings[0].problem, "power is " + (cell.empty() ? "blank" : cell));
    EXPECT_FALSE(known(trace.tracks[0].readings[0].power_w));
  }
}

TEST(NvidiaSmi, AppendedLogsAndCutOffLinesAreRead) {
  const Trace trace = parse(
      "timestamp, power.draw [W]\n2024/03/31 16:48:55.963, 24.51 W\n"
      "timestamp, power.draw [W]\n2024/03/31 16:49:55.963, 24.51 W\n2024/03/31 16:4");
  EXPECT_EQ(trace.tracks[0].readings.size(), 2u);
  EXPECT_THAT(trace.warnings, ElementsAre("log.csv: ignored the last line, which is cut off"));
}

TEST(NvidiaSmi, AnHourThatComesTwiceInAutumnIsAClockStep) {
  const Trace trace =
      parse("timestamp, power.draw [W]\n2024/10/27 02:59:59.9, 24 W\n2024/10/27 02:00:00.0, 24 W\n");
  EXPECT_THAT(measure(trace.tracks[0]).reasons, ElementsAre("the clock was set back by 3.60 ks"));
}

TEST(NvidiaSmi, RefusesWithPlaceAndName) {
  const auto refusal = [](const std::string& text) { return error_of([&] { parse(text); }); };
  EXPECT_THAT(refusal("timestamp, utilization.gpu [%]\n"),
              HasSubstr("log.csv:1: the column \"power.draw\" is missing"));
  EXPECT_THAT(refusal("index, power.draw [W]\n"), HasSubstr("the column \"timestamp\" is missing"));
  EXPECT_EQ(refusal("timestamp, power.draw [W]\n2024/03/31 16:48:55.963, much\n"),
            "log.csv:2:power.draw [W]: \"much\" is not a power in watts");
  for (const char* time : {"2024-03-31 16:48:55", "2024/13/31 16:48:55", "2024/02/30 16:48:55",
                           "2024/03/31 24:48:55", "2024/03/31 16:60:55", "2024/03/31 16:48:61",
                           "2024/03/31 16:48:-5", "yesterday", "", "2024/03/31 16:48:5x.12"}) {
    EXPECT_EQ(
        refusal("timestamp, power.draw [W]\n" + std::string(time) + ", 24 W\n"),
        "log.csv:2:timestamp: \"" + std::string(time) + "\" is not a time such as 2024/03/31 16:48:55.963");
  }
  EXPECT_EQ(refusal("timestamp, power.draw [W]\n"), "log.csv: the log contains no reading");
}

TEST(NvidiaSmi, ARealLogIsMeasured) {
  const char* folder = std::getenv("ENERGYLENS_DATA");
  const std::filesystem::path path =
      std::filesystem::path(folder ? folder : "") / ".." / "raw" / "nvidia-smi_log.csv";
  if (!folder || !std::filesystem::exists(path)) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
  const Trace trace = parse(read_file(path.string()));
  ASSERT_EQ(trace.tracks.size(), 1u);
  EXPECT_EQ(trace.tracks[0].readings.size(), 533u);
  const Measurement m = measure(trace.tracks[0]);
  EXPECT_THAT(m.reasons, IsEmpty());
  EXPECT_NEAR(m.duration_s, 54.904, 1e-3);
  EXPECT_GT(m.mean_power_w, 24);
  EXPECT_LT(m.largest_gap_s, 1);
}

}  // namespace
}  // namespace energylens::meter
