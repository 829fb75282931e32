// SPDX-License-Identifier: Apache-2.0
#include "meter/visible.hpp"

#include <gmock/gmock.h>

#include "table/expect_error.hpp"

namespace energylens::meter {
namespace {

using testing::ElementsAre;

const std::vector<Nameable> kDevices = {
    {"GPU-aa11", {}}, {"GPU-aa22", {"MIG-77aa", "MIG-77bb"}}, {"GPU-bb33", {}}};

std::vector<std::size_t> selected(std::optional<std::string> visible) {
  std::vector<std::size_t> devices;
  for (const Selected& one : select_devices(kDevices, visible, "V")) devices.push_back(one.device);
  return devices;
}

std::string refusal(const std::string& visible) {
  return table::error_of([&] { selected(visible); });
}

TEST(VisibleDevices, AllWithoutTheVariableAndNoneForAnEmptyOne) {
  EXPECT_THAT(selected(std::nullopt), ElementsAre(0, 1, 2));
  EXPECT_THAT(selected(""), ElementsAre());
  EXPECT_THAT(selected("-1"), ElementsAre());
}

TEST(VisibleDevices, ByIndexUuidAndItsBeginningInTheirOrder) {
  EXPECT_THAT(selected("2,0"), ElementsAre(2, 0));
  EXPECT_THAT(selected(" GPU-bb33 , GPU-aa1"), ElementsAre(2, 0));
  EXPECT_THAT(selected("1,1,GPU-aa22"), ElementsAre(1)) << "each once";
  EXPECT_THAT(selected("0,-1,2"), ElementsAre(0)) << "as CUDA does";
}

TEST(VisibleDevices, SlicesLeadToTheirBoard) {
  const auto all = select_devices(kDevices, "MIG-77b,0,MIG-77aa", "V");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].device, 1u);
  EXPECT_THAT(all[0].slices, ElementsAre("MIG-77bb", "MIG-77aa"));
  EXPECT_EQ(all[1].device, 0u);
}

TEST(VisibleDevices, WhatNamesNoneOrSeveralIsRefused) {
  EXPECT_EQ(refusal("3"), "V: \"3\" names no device: there are 3");
  EXPECT_EQ(refusal("0,GPU-cc"), "V: \"GPU-cc\" names no device");
  EXPECT_EQ(refusal("GPU-aa"), "V: \"GPU-aa\" names several devices");
  EXPECT_EQ(refusal("0x1"), "V: \"0x1\" names no device");
  EXPECT_EQ(refusal("99999999999999999999"), "V: \"99999999999999999999\" names no device");
}

}  // namespace
}  // namespace energylens::meter
