// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "importers/files.hpp"

namespace energylens::importers {
namespace {

using table::Column;
using testing::HasSubstr;

/// Two GPUs of 100 W and 50 W, a reading per second from 12:00:00 on.
std::string log(int seconds, int lost_from = 1000) {
  std::string text = "timestamp, index, uuid, name, power.draw [W]\n";
  for (int i = 0; i <= seconds; ++i) {
    const std::string time =
        "2024/03/31 12:00:" + std::string(i < 10 ? "0" : "") + std::to_string(i) + ".000, ";
    text += time + "0, GPU-aaaa, Toy GPU, 100.00 W\n";
    text += time + "1, GPU-bbbb, Toy GPU, " + (i < lost_from ? "50.00 W" : "[GPU is lost]") + "\n";
  }
  return text;
}
constexpr double kNoon_s = 1711886400;

class NvidiaSmiLog : public Files {
 protected:
  Request request(const std::string& content) const {
    Request request = of(put("smi.csv", content));
    request.set = {{"batch", "8"}, {"osl", "256"}, {"model", "toy"}};
    return request;
  }
};

TEST_F(NvidiaSmiLog, TheWholeLogIsARow) {
  const Imported imported = import("nvidia-smi", request(log(10)));
  ASSERT_EQ(imported.table.rows(), 1u);
  EXPECT_NEAR(number(imported, Column::total_energy_j), 1500, 1e-6);
  EXPECT_NEAR(number(imported, Column::total_time_s), 10, 1e-6);
  EXPECT_NEAR(number(imported, Column::avg_power_w), 150, 1e-6);
  EXPECT_EQ(number(imported, Column::num_gpus), 2);
  EXPECT_EQ(imported.table.text(Column::gpu, 0), "Toy GPU");
  EXPECT_EQ(number(imported, Column::batch), 8);
}

TEST_F(NvidiaSmiLog, AWindowAndTheGpusThatCountCanBeNamed) {
  Request r = request(log(10));
  r.utc_offset_s = 7200;
  r.window = {kNoon_s - 7200 + 2.5, kNoon_s - 7200 + 6.5};
  r.gpus = {"GPU-bb"};
  const Imported imported = import("nvidia-smi", r);
  EXPECT_NEAR(number(imported, Column::total_energy_j), 200, 1e-6);
  EXPECT_EQ(number(imported, Column::num_gpus), 1);
  r.gpus = {"0", "1"};
  EXPECT_NEAR(number(import("nvidia-smi", r), Column::total_energy_j), 600, 1e-6);
  r.gpus = {"7"};
  EXPECT_EQ(refusal("nvidia-smi", r), "smi.csv: no GPU \"7\" in this file");
}

TEST_F(NvidiaSmiLog, WhatIsNotValidlyMeasuredIsNoRow) {
  EXPECT_THAT(
      refusal("nvidia-smi", request(log(10, 7))),
      HasSubstr(
          "smi.csv: invalid measurement of GPU GPU-bbbb: lost 4 s before the end: power is [GPU is lost]"));
  Request outside = request(log(10));
  outside.window = {kNoon_s + 5, kNoon_s + 50};
  EXPECT_THAT(refusal("nvidia-smi", outside), HasSubstr("no reading for 40 s"));
}

TEST_F(NvidiaSmiLog, TheNotesSayWhichOfSeveralPowersWasTaken) {
  std::string several = "timestamp, power.draw.average [W], power.draw.instant [W]\n";
  for (const std::string second : {"10", "11", "12"})
    several += "2024/03/31 12:00:" + second + ".000, 90.00 W, 100.00 W\n";
  Request r = request(several);
  r.set.emplace_back("gpu", "toy");
  const Imported imported = import("nvidia-smi", r);
  EXPECT_NEAR(number(imported, Column::total_energy_j), 200, 1e-6);
  EXPECT_THAT(imported.table.text(Column::notes, 0),
              testing::EndsWith("; power is power.draw.instant, not power.draw.average"));
  EXPECT_THAT(import("nvidia-smi", request(log(10))).table.text(Column::notes, 0),
              testing::Not(HasSubstr("power is")));
}

TEST_F(NvidiaSmiLog, WhatTheLogCannotKnowIsAskedFor) {
  Request r = request(log(10));
  r.set.clear();
  EXPECT_EQ(refusal("nvidia-smi", r),
            "smi.csv: the number of requests that run at once is missing; add it with --set batch=N");
}

TEST_F(NvidiaSmiLog, TheGpuIsAskedForOnlyWhereNobodyNamesIt) {
  using testing::Contains;
  using testing::Not;
  EXPECT_THAT(warnings(import("nvidia-smi", request(log(10)))), Not(Contains(HasSubstr("--set gpu"))));
  std::string several = log(10);
  for (std::size_t at; (at = several.find("bbbb, Toy GPU")) != std::string::npos;)
    several.replace(at, 13, "bbbb, Big GPU");
  Request r = request(several);
  EXPECT_THAT(warnings(import("nvidia-smi", r)),
              Contains("smi.csv: its GPUs have different names; name them with --set gpu=NAME"));
  r.set.emplace_back("gpu", "Both");
  EXPECT_THAT(warnings(import("nvidia-smi", r)), Not(Contains(HasSubstr("--set gpu"))));
  std::string unnamed = log(10);
  for (std::size_t at; (at = unnamed.find(" Toy GPU,")) != std::string::npos;) unnamed.erase(at, 9);
  unnamed.erase(unnamed.find(" name,"), 6);
  EXPECT_THAT(warnings(import("nvidia-smi", request(unnamed))),
              Contains("smi.csv: the log does not name the GPU; name it with --set gpu=NAME"));
}

TEST_F(NvidiaSmiLog, ARecordingOfOursIsReadToo) {
  const std::string recording =
      "timestamp_unix,scrape_seq,gpu_index,gpu_uuid,power_w\n1,0,0,GPU-a,100\n2,1,0,GPU-a,100\n3,2,0,GPU-a,"
      "110\n";
  EXPECT_NEAR(number(import("nvidia-smi", request(recording)), Column::total_energy_j), 205, 1e-9);
}

TEST_F(NvidiaSmiLog, ACounterThatMovedOnceInTheWindowIsNoRow) {
  std::string recording = "timestamp_unix,scrape_seq,gpu_index,gpu_uuid,energy_counter_j\n";
  for (int i = 0; i <= 300; ++i)  // 600 W, renewed every 30 s
    recording += std::to_string(i) + ',' + std::to_string(i) + ",0,GPU-a," +
                 std::to_string(5000 + i / 30 * 18000) + '\n';
  Request r = request(recording);
  r.window = {110, 150};
  EXPECT_THAT(refusal("nvidia-smi", r),
              testing::HasSubstr("counter resolution leaves 75 % uncertainty over 40 s"));
  r.window = {};
  EXPECT_NEAR(number(import("nvidia-smi", r), Column::avg_power_w), 600, 1);
}

TEST_F(NvidiaSmiLog, AWindowThatIsNoneIsNamed) {
  Request r = request(log(10));
  r.window = {kNoon_s + 5, kNoon_s + 2};
  EXPECT_EQ(
      refusal("nvidia-smi", r),
      "smi.csv: the window ends before it begins: it is from 2024-03-31 12:00:05 to 2024-03-31 12:00:02 UTC");
  r.window = {kNoon_s * 1000, kNoon_s * 1000 + 5000};
  EXPECT_EQ(refusal("nvidia-smi", r),
            "smi.csv: the window is at 1711886400000 s since 1970; is it in milliseconds by mistake?");
  r.window = {kNoon_s + 3600, kNoon_s + 3605};
  EXPECT_THAT(
      refusal("nvidia-smi", r),
      HasSubstr("; its readings are from 2024-03-31 12:00:00 to 2024-03-31 12:00:10 UTC, outside of the "
                "window"));
}

TEST_F(NvidiaSmiLog, AColumnOfPowerThatIsNeverReadGivesWay) {
  std::string text = "timestamp, index, name, power.draw.instant [W], power.draw [W]\n";
  for (int i = 10; i <= 20; ++i)
    text += "2024/03/31 12:00:" + std::to_string(i) + ".000, 0, Toy, [N/A], 200.00 W\n";
  const Imported imported = import("nvidia-smi", request(text));
  EXPECT_NEAR(number(imported, Column::total_energy_j), 2000, 1e-6);
  EXPECT_THAT(imported.table.text(Column::notes, 0),
              HasSubstr("power is power.draw, not power.draw.instant"));
}

TEST_F(NvidiaSmiLog, AGpuWhoseReadingsEndBeforeTheOthersIsRefused) {
  std::string text = "timestamp, index, uuid, name, power.draw [W]\n";
  for (int i = 10; i <= 30; ++i) {
    const std::string time = "2024/03/31 12:00:" + std::to_string(i) + ".000, ";
    text += time + "0, GPU-aaaa, Toy, 100.00 W\n";
    if (i <= 22) text += time + "1, GPU-bbbb, Toy, 50.00 W\n";
  }
  Request r = request(text);
  EXPECT_EQ(refusal("nvidia-smi", r),
            "smi.csv: the readings of GPU GPU-bbbb end 8 s before those of the others; select a "
            "window with --begin and --end");
  r.window.end_s = kNoon_s + 22;
  EXPECT_NEAR(number(import("nvidia-smi", r), Column::total_energy_j), 1800, 1e-6);
}

TEST_F(NvidiaSmiLog, TwoHostsAreTwoGpus) {
  std::string text = "timestamp, hostname, index, power.draw [W]\n";
  for (int i = 10; i <= 20; ++i) {
    for (const char* rest : {", node1, 0, 400.00 W\n", ", node2, 0, 500.00 W\n"})
      text += "2024/03/31 12:00:" + std::to_string(i) + ".000" + rest;
  }
  Request r = request(text);
  const Imported imported = import("nvidia-smi", r);
  EXPECT_EQ(number(imported, Column::num_gpus), 2);
  EXPECT_NEAR(number(imported, Column::total_energy_j), 9000, 1e-6);
  r.gpus = {"node2/0"};
  EXPECT_NEAR(number(import("nvidia-smi", r), Column::total_energy_j), 5000, 1e-6);
}

TEST_F(NvidiaSmiLog, EnergyOfModulesKeepsItsScopeAndNamesNoGpus) {
  std::string text = "timestamp_unix,gpu_index,scope,energy_counter_j\n";
  for (int second = 1; second <= 60; ++second)
    text += std::to_string(second) + ",0,module," + std::to_string(400 * second) + "\n";
  const Imported imported = import("nvidia-smi", request(text));
  EXPECT_EQ(imported.table.text(Column::energy_scope, 0), "module");
  EXPECT_FALSE(known(number(imported, Column::num_gpus)));
  EXPECT_THAT(warnings(imported),
              testing::Contains("smi.csv: the energy is that of the module, more than that of the GPUs"));
}

TEST_F(NvidiaSmiLog, ARealLogIsARow) {
  const std::string real = public_file("../raw/nvidia-smi_log.csv");
  if (real.empty()) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
  Request r = of(real);
  r.set = {{"batch", "1"}};
  const Imported imported = import("nvidia-smi", r);
  EXPECT_NEAR(number(imported, Column::total_time_s), 54.904, 1e-3);
  EXPECT_NEAR(number(imported, Column::avg_power_w) * 54.904, number(imported, Column::total_energy_j), 0.1);
}

}  // namespace
}  // namespace energylens::importers
