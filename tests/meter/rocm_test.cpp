// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "meter/backends.hpp"
#include "meter/environment.hpp"

namespace energylens::meter {
namespace {

using testing::HasSubstr;

Opened open(std::optional<std::string> visible = std::nullopt) {
  OpenOptions options;
  options.source = ENERGYLENS_FAKE_ROCM;
  options.visible = std::move(visible);
  return open_rocm(options);
}

TEST(Rocm, CountsTicksOfTheStatedResolution) {
  const Opened opened = open();
  ASSERT_TRUE(opened.meter) << opened.missing;
  const Device& device = opened.meter->devices().at(1);
  EXPECT_EQ(device.uuid, "GPU-000000000000abc1");
  EXPECT_EQ(device.name, "Fake Instinct");
  EXPECT_TRUE(device.has_counter && device.has_power);
  std::vector<Reading> readings(2);
  opened.meter->read(readings);
  EXPECT_NEAR(readings[0].energy_j, 250 * readings[0].steady_s, 250 * 0.1);
  EXPECT_EQ(readings[0].power_w, 250);
}

TEST(Rocm, WithoutAnAccumulatorPowerIsLeft) {
  const Environment radeon("FAKE_ROCM_RADEON", "1");
  const Opened opened = open("1");
  ASSERT_TRUE(opened.meter);
  ASSERT_EQ(opened.meter->devices().size(), 1u);
  EXPECT_FALSE(opened.meter->devices()[0].has_counter);
  std::vector<Reading> readings(1);
  opened.meter->read(readings);
  EXPECT_EQ(readings[0].power_w, 250);
  EXPECT_EQ(readings[0].problem, "");
}

TEST(Rocm, SaysWhatIsMissing) {
  const Environment fails("FAKE_ROCM_INIT", "8");
  EXPECT_THAT(open().missing, HasSubstr("failed to start: RSMI_STATUS_FAKE"));
}

}  // namespace
}  // namespace energylens::meter
