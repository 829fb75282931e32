// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "meter/backends.hpp"
#include "meter/environment.hpp"
#include "table/expect_error.hpp"

namespace energylens::meter {
namespace {

using testing::ElementsAre;
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

/// Indices of the devices that are metered.
std::vector<int> metered(std::optional<std::string> rocr, std::optional<std::string> hip,
                         const std::string& variable = "HIP_VISIBLE_DEVICES") {
  OpenOptions options;
  options.source = ENERGYLENS_FAKE_ROCM;
  options.visible = std::move(hip);
  options.visible_first = std::move(rocr);
  options.visible_name = variable;
  const Opened opened = open_rocm(options);
  std::vector<int> indices;
  if (!opened.meter) return indices;
  for (const Device& device : opened.meter->devices()) indices.push_back(device.index);
  return indices;
}

TEST(Rocm, HipCountsTheDevicesThatRocrShows) {
  const Environment eight("FAKE_ROCM_GPUS", "8");
  EXPECT_THAT(metered("2,3", std::nullopt), ElementsAre(2, 3));
  EXPECT_THAT(metered("2,3", "0,1"), ElementsAre(2, 3));
  EXPECT_THAT(metered("2,3", "1"), ElementsAre(3));
  EXPECT_THAT(metered("GPU-000000000000abc5,0", "0"), ElementsAre(5));
  EXPECT_THAT(metered("", std::nullopt), ElementsAre());
  EXPECT_THAT(metered("6,7", "1", "CUDA_VISIBLE_DEVICES"), ElementsAre(7));
  EXPECT_EQ(table::error_of([] { metered("2,3", "2"); }),
            "HIP_VISIBLE_DEVICES: \"2\" names no device: there are 2");
  EXPECT_EQ(table::error_of([] { metered("8", "0"); }),
            "ROCR_VISIBLE_DEVICES: \"8\" names no device: there are 8");
  EXPECT_THAT(metered(std::nullopt, "GPU-of-another-vendor", "CUDA_VISIBLE_DEVICES"), ElementsAre())
      << "no error";
}

TEST(Rocm, ABoardIsMeteredOnceWhicheverOfItsDiesTheWorkUses) {
  const Environment four("FAKE_ROCM_GPUS", "4"), two_dies("FAKE_ROCM_DIES", "2");
  EXPECT_THAT(open().missing, HasSubstr("(device 1) reports neither energy nor power"))
      << "of one die, it is broken";
  const auto expect_boards = [] {
    EXPECT_THAT(metered(std::nullopt, std::nullopt), ElementsAre(0, 2));
    EXPECT_THAT(metered("1", std::nullopt), ElementsAre(0));
    EXPECT_THAT(metered("3,2,1", std::nullopt), ElementsAre(2, 0));
    EXPECT_THAT(open().meter->devices().at(1).note, HasSubstr("the whole board's, with device 3 on it"));
  };
  {
    const Environment name("FAKE_ROCM_NAME", "AMD Instinct MI250X");
    expect_boards();
  }
  const Environment one_id("FAKE_ROCM_ID", "1");
  expect_boards();
  const Environment all("FAKE_ROCM_ALL", "1");
  expect_boards();  // every die reports the same counter
  const Environment radeon("FAKE_ROCM_RADEON", "1");
  expect_boards();  // every die reports the same power
}

TEST(Rocm, SaysWhatIsMissing) {
  const Environment fails("FAKE_ROCM_INIT", "8");
  EXPECT_THAT(open().missing, HasSubstr("failed to start: RSMI_STATUS_FAKE"));
}

}  // namespace
}  // namespace energylens::meter
