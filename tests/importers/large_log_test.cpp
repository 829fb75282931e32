// SPDX-License-Identifier: Apache-2.0
// The reader for large logs against the one for small logs, on the same file.
#include "importers/power/large_log.hpp"

#include <gmock/gmock.h>

#include <cstdio>

#include "importers/files.hpp"

namespace energylens::importers {
namespace {

class LargeLog : public Files {
 protected:
  /// Two GPUs whose power changes, a reading every 0.5 s across midnight.
  std::string log(int readings, int hole_at = -1) const {
    std::string text = "timestamp, uuid, name, power.draw [W]\n";
    for (int i = 0; i < readings; ++i) {
      if (i >= hole_at && i < hole_at + 20 && hole_at >= 0) continue;
      const int second = (86390 + i / 2) % 86400, day = 86390 + i / 2 >= 86400 ? 2 : 1;
      for (int gpu = 0; gpu < 2; ++gpu) {
        char line[120];
        std::snprintf(line, sizeof line, "2026/01/%02d %02d:%02d:%02d.%03d, GPU-%d, Toy GPU, %d.25 W\n", day,
                      second / 3600, second / 60 % 60, second % 60, 500 * (i % 2), gpu,
                      100 + (i * 37 + gpu * 11) % 200);
        text += line;
      }
    }
    return put("log.csv", text);
  }
};

TEST_F(LargeLog, IsMeasuredAsASmallOne) {
  Request request = of(log(2000));
  const GpuEnergy large = energy_of_large_log(request.files[0], request);
  const GpuEnergy small = energy_of(read_trace(request.files[0], request), request.files[0], {}, request);
  EXPECT_NEAR(large.energy_j / small.energy_j, 1, 1e-9);
  EXPECT_NEAR(large.duration_s, small.duration_s, 1e-6);
  EXPECT_EQ(large.gpus, 2u);
  EXPECT_EQ(large.gpu_name, "Toy GPU");
}

TEST_F(LargeLog, AWindowIsCutOut) {
  Request request = of(log(2000));
  request.window = {1767311990.0 + 100, 1767311990.0 + 200};
  const GpuEnergy large = energy_of_large_log(request.files[0], request);
  const GpuEnergy small =
      energy_of(read_trace(request.files[0], request), request.files[0], request.window, request);
  EXPECT_EQ(large.energy_j, small.energy_j);
  EXPECT_EQ(large.duration_s, small.duration_s);
}

TEST_F(LargeLog, GapsAndSelectedGpusCount) {
  Request request = of(log(2000, 700));
  EXPECT_THAT(table::error_of([&] { energy_of_large_log(request.files[0], request); }),
              testing::HasSubstr("no reading for 10.5 s"));
  Request one = of(log(400));
  one.gpus = {"GPU-1"};
  EXPECT_EQ(energy_of_large_log(one.files[0], one).gpus, 1u);
  EXPECT_FALSE(is_large_log(one.files[0]));
  EXPECT_TRUE(is_large_log(one.files[0], 100));
}

}  // namespace
}  // namespace energylens::importers
