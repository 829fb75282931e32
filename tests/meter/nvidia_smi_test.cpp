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

/// Lines of `gpus` GPUs per second for 20 s, 3 ms apart; each line ends in what `rest` gives for a GPU.
template <class Rest>
std::string in_turn(const std::string& header, int gpus, Rest rest) {
  std::string text = header + "\n";
  for (int second = 10; second < 30; ++second) {
    for (int gpu = 0; gpu < gpus; ++gpu) {
      const std::string ms = std::to_string(100 + 3 * gpu);
      text += "2025/05/05 20:58:" + std::to_string(second) + "." + ms + ", " + rest(gpu) + "\n";
    }
  }
  return text;
}

std::string parse_refusal(const std::string& text) {
  return error_of([&] { parse(text); });
}

TEST(NvidiaSmi, SeveralGpusWithoutAColumnThatTellsThemApartAreRefused) {
  for (const int gpus : {2, 4, 8}) {
    const auto power = [](int gpu) { return std::to_string(600 + gpu) + ".00 W"; };
    const std::string by_times = parse_refusal(in_turn("timestamp, power.draw [W]", gpus, power));
    EXPECT_THAT(by_times, HasSubstr("log.csv: lines come in groups of " + std::to_string(gpus) + " within "));
    EXPECT_THAT(by_times,
                HasSubstr("these are several GPUs, and no column identifies them; record with nvidia-smi "
                          "--query-gpu=timestamp,uuid,power.draw"));
    // Neither the same name nor the same index on several hosts tells them apart.
    const auto with = [&](const std::string& column) {
      return [=](int gpu) { return column + ", " + power(gpu); };
    };
    EXPECT_THAT(parse_refusal(in_turn("timestamp, name, power.draw [W]", gpus, with("NVIDIA H100"))),
                HasSubstr("these are several GPUs"));
    for (const char* column : {"index", "pci.bus_id"}) {
      EXPECT_THAT(
          parse_refusal(in_turn("timestamp, " + std::string(column) + ", power.draw [W]", gpus, with("0"))),
          HasSubstr("no column names their hosts; record the uuid, or add a column hostname"));
    }
  }
}

TEST(NvidiaSmi, OneIndexAtOneTimeIsOfSeveralHosts) {
  EXPECT_THAT(
      parse_refusal("timestamp, index, power.draw [W]\n"
                    "2025/05/05 20:58:10.000, 0, 400.00 W\n2025/05/05 20:58:10.000, 0, 500.00 W\n"),
      HasSubstr("log.csv:3:timestamp: two readings of one time and of one GPU, 0: these are several GPUs"));
}

TEST(NvidiaSmi, AHostTellsEqualIndicesApart) {
  for (const char* host : {"hostname", "host", "node"}) {
    const Trace trace =
        parse("timestamp, " + std::string(host) +
              ", index, power.draw [W]\n"
              "2025/05/05 20:58:10.000, node1, 0, 400.00 W\n2025/05/05 20:58:10.000, node2, 0, 500 W\n"
              "2025/05/05 20:58:12.000, node1, 0, 400.00 W\n2025/05/05 20:58:12.000, node2, 0, 500 W\n");
    ASSERT_EQ(trace.tracks.size(), 2u) << host;
    EXPECT_EQ(trace.tracks[1].device.uuid, "node2/0");
    EXPECT_EQ(measure(trace.tracks[1]).energy_j, 1000);
  }
}

TEST(NvidiaSmi, WhatIdentifiesAGpuIsTakenInTheOrderOfItsWorth) {
  const auto tracks = [](const std::string& header, const std::string& a, const std::string& b) {
    return parse("timestamp, " + header + ", power.draw [W]\n2025/05/05 20:58:10.000, " + a +
                 ", 400 W\n2025/05/05 20:58:10.003, " + b + ", 500 W\n")
        .tracks.size();
  };
  EXPECT_EQ(tracks("index, uuid", "0, GPU-a", "0, GPU-b"), 2u);
  EXPECT_EQ(tracks("serial", "1650", "1651"), 2u);
  EXPECT_EQ(tracks("uuid, index", "[N/A], 0", "[N/A], 1"), 2u)
      << "a uuid that is not known identifies nothing";
  EXPECT_EQ(tracks("name", "NVIDIA A100", "Tesla T4"), 2u);
}

TEST(NvidiaSmi, TheUnitOfPowerIsReadFromTheHeaderOrTheCell) {
  const auto watts = [](const std::string& column, const std::string& cell) {
    return parse("timestamp, index, " + column + "\n2025/05/05 20:58:10.000, 0, " + cell + "\n")
        .tracks.at(0)
        .readings.at(0)
        .power_w;
  };
  EXPECT_EQ(watts("power.draw [mW]", "300000"), 300);
  EXPECT_EQ(watts("power.draw (mW)", "300000"), 300);
  EXPECT_EQ(watts("power.draw.instant [mW]", "300000 mW"), 300);
  EXPECT_EQ(watts("power.draw [kW]", "0.3"), 300);
  EXPECT_EQ(watts("power.draw", "300000 mW"), 300);
  EXPECT_EQ(watts("power.draw [W]", "300.00 W"), 300);
  EXPECT_THAT(error_of([&] { watts("power.draw [mW]", "300 W"); }), HasSubstr("in the unit of the header"));
  EXPECT_THAT(error_of([&] { watts("power.draw [hp]", "3"); }), HasSubstr("\"hp\" is not a unit of power"));
}

TEST(NvidiaSmi, AHeaderWithOtherColumnsHoldsForTheLinesAfterIt) {
  const Trace trace = parse(
      "timestamp, index, power.draw [W], power.limit [W]\n"
      "2025/05/05 20:58:10.000, 0, 300.00, 700.00\n"
      "timestamp, power.limit [W], power.draw.instant [mW], index\n"
      "2025/05/05 20:58:12.000, 700.00, 400000, 0\n");
  ASSERT_EQ(trace.tracks.size(), 1u);
  EXPECT_EQ(trace.tracks[0].readings[1].power_w, 400);
  EXPECT_FALSE(known(trace.tracks[0].device.power_average_s)) << "of two kinds of power";
  EXPECT_THAT(
      parse_refusal(
          "timestamp, power.draw\n2025/05/05 20:58:10.000, 300\ntimestamp, power.limit\n2025/05/05 20:58:11.000, 700\n"),
      HasSubstr("log.csv:3: the column \"power.draw\" is missing"));
}

TEST(NvidiaSmi, AFileWithoutHeaderAndModulePowerAreCalledThat) {
  EXPECT_THAT(
      parse_refusal("2025/05/05 20:58:10.000, 0, 24.51 W\n2025/05/05 20:58:11.000, 0, 24.51 W\n"),
      HasSubstr(
          "log.csv:1: the log has no header, as nvidia-smi --format=csv,noheader writes it; add a first "
          "line that names its columns in their order, such as: timestamp, index, power.draw [W]"));
  EXPECT_THAT(parse_refusal("timestamp, index, module.power.draw.instant [W]\n"),
              HasSubstr("the power of the whole module (CPU and GPU)"));
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
