// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "meter/backends.hpp"
#include "meter/environment.hpp"
#include "table/expect_error.hpp"

namespace energylens::meter {
namespace {

using testing::HasSubstr;

Opened open(std::optional<std::string> visible = std::nullopt) {
  OpenOptions options;
  options.source = ENERGYLENS_FAKE_NVML;
  options.visible = std::move(visible);
  return open_nvml(options);
}

std::vector<Reading> read(Meter& meter) {
  std::vector<Reading> readings(meter.devices().size());
  EXPECT_TRUE(meter.read(readings));
  return readings;
}

TEST(Nvml, TakesCounterAndInstantaneousPower) {
  const Opened opened = open();
  ASSERT_TRUE(opened.meter) << opened.missing;
  const Device& device = opened.meter->devices().at(1);
  EXPECT_EQ(device.name, "Fake GPU");
  EXPECT_EQ(device.uuid, "GPU-fake-1");
  EXPECT_TRUE(device.has_counter && device.has_power);
  EXPECT_EQ(device.power_average_s, 0);
  EXPECT_EQ(device.scope, Scope::gpu);
  EXPECT_EQ(read(*opened.meter)[1].power_w, 600);
}

TEST(Nvml, EveryReadingHasTheTemperature) {
  const Opened opened = open();
  ASSERT_TRUE(opened.meter) << opened.missing;
  for (int i = 0; i < 2; ++i) EXPECT_EQ(read(*opened.meter)[1].temperature_c, 42);
}

TEST(Nvml, ReadingFastAsksForTheCounterAloneWhereThereIsOne) {
  const auto fast = [] {
    const Opened opened = open();
    std::vector<Reading> readings(opened.meter->devices().size());
    EXPECT_TRUE(opened.meter->read_counters(readings));
    return readings.at(1);
  };
  EXPECT_TRUE(known(fast().energy_j));
  EXPECT_FALSE(known(fast().power_w) || known(fast().temperature_c));
  const Environment none("FAKE_NVML_NO_COUNTER", "1");
  EXPECT_EQ(fast().power_w, 600);
}

TEST(Nvml, OldDriversGiveAnUnstatedMean) {
  const Environment old("FAKE_NVML_OLD", "1");
  const Opened opened = open();
  ASSERT_TRUE(opened.meter);
  EXPECT_FALSE(known(opened.meter->devices()[0].power_average_s));
  EXPECT_EQ(read(*opened.meter)[0].power_w, 300);
}

TEST(Nvml, WithoutACounterPowerIsLeftAndItIsSaid) {
  const Environment none("FAKE_NVML_NO_COUNTER", "1");
  const Opened opened = open();
  ASSERT_TRUE(opened.meter);
  EXPECT_FALSE(opened.meter->devices()[0].has_counter);
  EXPECT_THAT(opened.meter->devices()[0].note, HasSubstr("no energy counter"));
  EXPECT_EQ(read(*opened.meter)[0].problem, "");
}

TEST(Nvml, PowerOfTheWholeModuleIsMarkedAsSuch) {
  const Environment module("FAKE_NVML_MODULE", "1");
  const Opened opened = open();
  ASSERT_TRUE(opened.meter);
  EXPECT_EQ(opened.meter->devices()[0].power_scope, Scope::module);
  EXPECT_EQ(opened.meter->devices()[0].scope, Scope::gpu);
}

TEST(Nvml, TheCounterOfGraceHopperIsOfItsModule) {
  const Environment name("FAKE_NVML_NAME", "NVIDIA GH200 480GB");
  {
    const Environment both("FAKE_NVML_BOTH", "1");
    const Device device = open().meter->devices().at(0);
    EXPECT_EQ(device.scope, Scope::module);
    EXPECT_EQ(device.power_scope, Scope::module) << "it is compared with the counter";
    EXPECT_THAT(device.note, HasSubstr("that of the module, CPU and GPU together"));
  }
  const Device gpu_power_only = open().meter->devices().at(0);
  EXPECT_EQ(gpu_power_only.scope, Scope::module);
  EXPECT_EQ(gpu_power_only.power_scope, Scope::gpu);
  const Environment none("FAKE_NVML_NO_COUNTER", "1");
  EXPECT_EQ(open().meter->devices().at(0).scope, Scope::gpu) << "power is of the GPU";
}

TEST(Nvml, IndicesOfUnlikeGpusNeedTheOrderOfTheBus) {
  const auto refusal = [](const std::string& visible, const std::string& order) {
    return table::error_of([&] {
      OpenOptions options;
      options.source = ENERGYLENS_FAKE_NVML;
      options.visible = visible;
      options.device_order = order;
      open_nvml(options);
    });
  };
  EXPECT_EQ(refusal("1", ""), "no error") << "they are alike";
  const Environment unlike("FAKE_NVML_UNLIKE", "1");
  for (const char* order : {"", "FASTEST_FIRST"}) {
    EXPECT_THAT(refusal("1", order), HasSubstr("index 1 may be of any GPU: the GPUs differ"));
    EXPECT_THAT(refusal("GPU-fake-0,0", order), HasSubstr("set CUDA_DEVICE_ORDER=PCI_BUS_ID"));
    EXPECT_EQ(refusal("1,0", order), "no error") << "all of them";
    EXPECT_EQ(refusal("GPU-fake-1", order), "no error");
    EXPECT_EQ(refusal("", order), "no error");
  }
  EXPECT_EQ(refusal("1", "PCI_BUS_ID"), "no error");
}

TEST(Nvml, VisibleDevicesByIndexUuidAndSlice) {
  const Environment mig("FAKE_NVML_MIG", "1");
  EXPECT_EQ(open("1").meter->devices().at(0).uuid, "GPU-fake-1");
  EXPECT_EQ(open("GPU-fake-1").meter->devices().at(0).index, 1);
  const Opened slice = open("MIG-slice-1,MIG-slice-0");
  ASSERT_EQ(slice.meter->devices().size(), 1u);
  EXPECT_EQ(slice.meter->devices()[0].uuid, "GPU-fake-0");
  EXPECT_EQ(slice.meter->devices()[0].note,
            "MIG-slice-1 is a part of this board: its energy is the whole board's; "
            "MIG-slice-0 is a part of this board: its energy is the whole board's");
  EXPECT_EQ(open("").missing, "CUDA_VISIBLE_DEVICES hides all GPUs");
  EXPECT_EQ(table::error_of([] { open("5"); }), "CUDA_VISIBLE_DEVICES: \"5\" names no device: there are 2");
}

TEST(Nvml, ALostGpuIsAProblemInNvmlsWords) {
  const Opened opened = open();
  const Environment lost("FAKE_NVML_LOST", "1");
  const std::vector<Reading> readings = read(*opened.meter);
  EXPECT_EQ(readings[0].problem, "GPU is lost");
  EXPECT_FALSE(known(readings[0].energy_j) || known(readings[0].power_w));
}

TEST(Nvml, AGpuThatIsLostBeforeIsSaidInNvmlsWords) {
  const Environment lost("FAKE_NVML_LOST", "1");
  EXPECT_EQ(open().missing, "Fake GPU reports neither energy nor power: GPU is lost");
}

TEST(Nvml, SaysWhatIsMissingAndHowToGetIt) {
  {
    const Environment unloaded("FAKE_NVML_INIT", "9");
    EXPECT_EQ(open().missing, "NVML failed to start: Driver Not Loaded");
    EXPECT_THAT(open().remedy, HasSubstr("modprobe nvidia"));
  }
  const Environment none("FAKE_NVML_GPUS", "0");
  EXPECT_EQ(open().missing, "NVML finds no GPU");
  OpenOptions other;
  other.source = ENERGYLENS_FAKE_ROCM;
  EXPECT_THAT(open_nvml(other).missing, HasSubstr("lacks functions of NVML"));
}

}  // namespace
}  // namespace energylens::meter
