// SPDX-License-Identifier: Apache-2.0
// RAPL and Intel's hwmon on folders made to look like /sys.
#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "meter/backends.hpp"
#include "meter/made_sources.hpp"

namespace energylens::meter {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Opened open(Opened (*backend)(const OpenOptions&), const std::filesystem::path& root) {
  OpenOptions options;
  options.source = root.string();
  return backend(options);
}

std::vector<std::string> names(const Meter& meter) {
  std::vector<std::string> all;
  for (const Device& device : meter.devices()) all.push_back(device.name);
  return all;
}

TEST(Rapl, TakesPackagesAndMemoryAndNothingTwice) {
  TemporaryFolder folder;
  make_powercap(folder.path(), 12.5);
  const Opened opened = open(open_rapl, folder.path());
  ASSERT_TRUE(opened.meter) << opened.missing;
  EXPECT_THAT(names(*opened.meter), ElementsAre("package-0", "dram of package-0", "package-1"));
  const Device& dram = opened.meter->devices()[1];
  EXPECT_EQ(dram.scope, Scope::dram);
  EXPECT_NEAR(dram.counter_wrap_j, 262143.32885, 1e-9);
  std::vector<Reading> readings(3);
  opened.meter->read(readings);
  EXPECT_DOUBLE_EQ(readings[2].energy_j, 12.5);
}

/// Root may read everything: as long as this lives, the test is nobody.
class Nobody {
 public:
  Nobody() : root_(::geteuid() == 0) {
    if (root_ && ::seteuid(65534) != 0) throw std::runtime_error("seteuid");
  }
  Nobody(const Nobody&) = delete;
  Nobody& operator=(const Nobody&) = delete;
  ~Nobody() {
    if (root_ && ::seteuid(0) != 0) std::abort();
  }

 private:
  bool root_;
};

TEST(Rapl, WithoutPermissionItSaysHowToGetIt) {
  TemporaryFolder folder;
  make_powercap(folder.path(), 1);
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(folder.path() / "class/powercap/intel-rapl:0/energy_uj",
                               std::filesystem::perms::none);
  const Nobody nobody;
  const Opened opened = open(open_rapl, folder.path());
  EXPECT_THAT(opened.missing, HasSubstr("energy_uj: Permission denied"));
  EXPECT_THAT(opened.remedy, HasSubstr("chmod a+r"));
}

TEST(Rapl, AMachineWithoutItSaysSo) {
  TemporaryFolder folder;
  EXPECT_THAT(open(open_rapl, folder.path()).missing, HasSubstr("no processor package in "));
  EXPECT_THAT(open(open_rapl, folder.path()).remedy, HasSubstr("virtual machines"));
}

TEST(Rapl, AFileThatGoesOrHoldsNonsenseIsAProblemOfTheReading) {
  TemporaryFolder folder;
  make_powercap(folder.path(), 1);
  const Opened opened = open(open_rapl, folder.path());
  put(folder.path() / "class/powercap/intel-rapl:0/energy_uj", "nonsense\n");
  std::filesystem::remove(folder.path() / "class/powercap/intel-rapl:1/energy_uj");
  std::vector<Reading> readings(3);
  opened.meter->read(readings);
  EXPECT_THAT(readings[0].problem, HasSubstr("energy_uj does not contain an energy"));
  EXPECT_EQ(readings[1].problem, "");
  EXPECT_THAT(readings[2].problem, HasSubstr("No such file"));
}

TEST(Intel, TakesCardsAndNotTheirTiles) {
  TemporaryFolder folder;
  make_hwmon(folder.path(), 3.5);
  std::filesystem::create_directory_symlink("../../../0000:03:00.0",
                                            folder.path() / "class/hwmon/hwmon1/device");
  const Opened opened = open(open_intel, folder.path());
  ASSERT_TRUE(opened.meter) << opened.missing;
  ASSERT_EQ(opened.meter->devices().size(), 1u);
  EXPECT_EQ(opened.meter->devices()[0].uuid, "0000:03:00.0");
  std::vector<Reading> readings(1);
  opened.meter->read(readings);
  EXPECT_DOUBLE_EQ(readings[0].energy_j, 3.5);
}

TEST(Intel, SaysWhetherThereIsNoCardOrNoCounter) {
  TemporaryFolder folder;
  EXPECT_THAT(open(open_intel, folder.path()).missing, HasSubstr("no Intel GPU"));
  put(folder.path() / "class/hwmon/hwmon0/name", "xe\n");
  EXPECT_THAT(open(open_intel, folder.path()).missing, HasSubstr("shows no energy1_input"));
}

}  // namespace
}  // namespace energylens::meter
