// SPDX-License-Identifier: Apache-2.0
#include "fleet/file.hpp"

#include <gmock/gmock.h>

#include "energylens/core/error.hpp"

namespace energylens::fleet {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

std::string fleet_text(const std::string& pool = "", const std::string& request = "",
                       const std::string& more = "") {
  return R"({"pools": [{"name": "h100", "model": "m.json", "gpus": 8)" + pool +
         R"(}],
"classes": [{"name": "chat", "isl": 512, "osl": 128, "rate_rps": 2)" +
         request + "}]" + more + "}";
}

std::string refusal(const std::string& text) {
  try {
    parse_fleet(text, "f.json");
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(FleetFile, NumbersStandForAllHoursAndListsForEach) {
  const FleetFile file = parse_fleet(
      fleet_text(R"(, "layouts": ["tp4", "tp2pp2"], "power_limits_w": [300, 500], "where": {"quant": "fp8"})",
                 R"(, "ttft_ms": 500, "tpot_ms": 50)", R"(, "price_per_kwh": [0.1, 0.2, 0.3], "pue": 1.3)"),
      "f.json");
  EXPECT_EQ(file.fleet.hours(), 3u);
  EXPECT_THAT(file.fleet.classes[0].rate_rps, ElementsAre(2, 2, 2));
  EXPECT_EQ(file.fleet.classes[0].limits.ttft_s, 0.5);
  EXPECT_EQ(file.fleet.classes[0].limits.tpot_s, 0.05);
  EXPECT_EQ(file.fleet.prices_at(1).per_kwh, 0.2);
  EXPECT_EQ(file.fleet.prices_at(2).pue, 1.3);
  EXPECT_FALSE(known(file.fleet.prices_at(0).carbon_g_per_kwh));
  EXPECT_THAT(file.pools[0].where, ElementsAre("quant=fp8"));
  EXPECT_EQ(file.pools[0].layouts.size(), 2u);
}

TEST(FleetFile, MistakesAreNamedWhereTheyStand) {
  EXPECT_THAT(refusal(fleet_text(R"(, "gpu": "H100")")), StartsWith("f.json:1:"));
  EXPECT_THAT(refusal(fleet_text("", R"(, "ttft": 500)")), StartsWith("f.json:2:"));
  EXPECT_THAT(refusal(fleet_text(R"(, "layouts": ["tp0"])")), StartsWith("f.json:1:"));
  EXPECT_THAT(refusal(fleet_text("", R"(, "pools": ["a100"])")), testing::HasSubstr("unknown pool \"a100\""));
  EXPECT_THAT(refusal(fleet_text("", R"(, "cached_tokens": 600)")), testing::HasSubstr("out of range"));
  EXPECT_THAT(refusal(fleet_text("", "", R"(, "price_per_kwh": [1, 2], "carbon_g_per_kwh": [1, 2, 3])")),
              testing::HasSubstr("lists with one value per hour differ in length"));
  EXPECT_THAT(refusal(fleet_text("", "", R"(, "pue": 0.9)")), testing::HasSubstr("\"pue\" is out of range"));
  EXPECT_THAT(refusal(R"({"pools": [], "classes": []})"), testing::HasSubstr("no pool"));
  EXPECT_THAT(refusal("{"), StartsWith("f.json:"));
  EXPECT_THAT(
      refusal(
          R"({"pools": [{"name": "a", "model": "m", "gpus": 1}, {"name": "a", "model": "m", "gpus": 1}], "classes": []})"),
      testing::HasSubstr("duplicate name \"a\""));
}

}  // namespace
}  // namespace energylens::fleet
