// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <atomic>

#include "loopback_server.hpp"
#include "meter/backends.hpp"
#include "meter/made_sources.hpp"
#include "table/expect_error.hpp"

namespace energylens::meter {
namespace {

using testing::HasSubstr;

Opened open(const std::string& source) {
  OpenOptions options;
  options.source = source;
  return open_dcgm(options);
}

TEST(Dcgm, ReadsAPageFromAServerAgainAndAgain) {
  std::atomic<int> scrapes{0};
  const LoopbackServer server(
      [&](const std::string&) { return LoopbackServer::ok(dcgm_page(1000 + 10 * ++scrapes, 250)); });
  const Opened opened = open(server.url("/metrics"));
  ASSERT_TRUE(opened.meter) << opened.missing;
  ASSERT_EQ(opened.meter->devices().size(), 2u);
  EXPECT_EQ(opened.meter->devices()[1].uuid, "GPU-page-1");
  EXPECT_EQ(opened.meter->devices()[1].name, "Page GPU");
  std::vector<Reading> readings(2);
  for (const double energy_j : {1020.0, 1030.0}) {
    ASSERT_TRUE(opened.meter->read(readings));
    EXPECT_DOUBLE_EQ(readings[1].energy_j, energy_j);
    EXPECT_DOUBLE_EQ(readings[1].power_w, 250);
    EXPECT_EQ(readings[1].problem, "");
  }
}

TEST(Dcgm, AServerThatFailsLaterIsAProblemOfTheReading) {
  std::atomic<int> scrapes{0};
  const LoopbackServer server([&](const std::string&) {
    return ++scrapes == 1 ? LoopbackServer::ok(dcgm_page(1, 250))
           : scrapes == 2 ? LoopbackServer::ok("<html>")
                          : LoopbackServer::ok("", "503 Busy");
  });
  const Opened opened = open(server.url());
  ASSERT_TRUE(opened.meter);
  std::vector<Reading> readings(2);
  ASSERT_TRUE(opened.meter->read(readings));
  EXPECT_THAT(readings[0].problem, HasSubstr(":1:1: expected a name"));
  ASSERT_TRUE(opened.meter->read(readings));
  EXPECT_THAT(readings[0].problem, HasSubstr("responded with status 503"));
}

TEST(Dcgm, EqualIndicesAreToldApartByHostOrRefused) {
  const auto opened = [](const std::string& first, const std::string& second) {
    TemporaryFolder folder;
    put(folder.path() / "page", "DCGM_FI_DEV_POWER_USAGE{gpu=\"0\"" + first +
                                    "} 400\nDCGM_FI_DEV_POWER_USAGE{gpu=\"0\"" + second + "} 500\n");
    return open(folder / "page");
  };
  for (const char* label : {"Hostname", "instance"}) {
    const auto host = [&](const std::string& name) { return "," + std::string(label) + "=\"" + name + "\""; };
    const Opened two = opened(host("n1"), host("n2"));
    ASSERT_TRUE(two.meter) << two.missing;
    ASSERT_EQ(two.meter->devices().size(), 2u);
    EXPECT_EQ(two.meter->devices()[1].uuid, "n2/0");
    EXPECT_THAT(opened(host("n1"), host("n1")).missing, HasSubstr("the page has several figures of GPU 0"));
  }
  EXPECT_THAT(opened("", "").missing, HasSubstr("no label UUID or Hostname to distinguish them"));
}

TEST(Dcgm, SlicesOfABoardAreOneDevice) {
  TemporaryFolder folder;
  std::string page;
  for (const char* slice : {"1", "2"}) {
    page += "DCGM_FI_DEV_POWER_USAGE{gpu=\"0\",UUID=\"GPU-a\",GPU_I_ID=\"" + std::string(slice) + "\"} 200\n";
  }
  put(folder.path() / "page", page);
  const Opened opened = open(folder / "page");
  ASSERT_TRUE(opened.meter);
  EXPECT_EQ(opened.meter->devices().size(), 1u);
}

TEST(Dcgm, SaysWhatIsMissingAndRefusesWhatIsBroken) {
  TemporaryFolder folder;
  EXPECT_THAT(open(folder / "none").missing, HasSubstr("no such file"));
  put(folder.path() / "page", "up 1\n");
  EXPECT_THAT(open(folder / "page").missing, HasSubstr("no DCGM_FI_DEV_POWER_USAGE or "));
  put(folder.path() / "page", "up one\n");
  EXPECT_THAT(table::error_of([&] { open(folder / "page"); }), HasSubstr("page:1:4: expected a number"));
}

}  // namespace
}  // namespace energylens::meter
