// SPDX-License-Identifier: Apache-2.0
#include "importers/run_window.hpp"

#include <gmock/gmock.h>

#include "table/expect_error.hpp"

namespace energylens::importers {
namespace {

using table::error_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double kNoon_s = 1711886400;  // 2024-03-31 12:00:00 UTC

/// A run of 20 s whose result was written at 12:00:30 of its local time.
const RunTime kRun{20, "20240331-120030"};

class Reports : public testing::Test {
 protected:
  Reports() { request.energy_file = "report.json"; }
  std::string refusal(double begin_s, double duration_s = 20.5) {
    GpuEnergy report;
    report.begin_s = begin_s;
    report.duration_s = duration_s;
    warnings.clear();
    return error_of([&] { check_report(report, kRun, request, warnings); });
  }
  Request request;
  std::vector<std::string> warnings;
};

TEST_F(Reports, OfTheTimeOfTheRunPass) {
  EXPECT_EQ(refusal(kNoon_s + 10), "no error");
  EXPECT_THAT(warnings, IsEmpty());
  EXPECT_EQ(refusal(kUnknown), "no error") << "it does not say when it was";
}

TEST_F(Reports, OfAnotherLengthAreRefused) {
  EXPECT_EQ(refusal(kNoon_s + 10, 20.9), "no error");
  EXPECT_THAT(refusal(kNoon_s + 10, 21.1),
              HasSubstr("the report covers 21.1 s, but the run took 20 s; it contains energy from outside"));
  EXPECT_THAT(refusal(kUnknown, 40), HasSubstr("--begin and --end"));
  EXPECT_THAT(refusal(kNoon_s + 10, 19), HasSubstr("it is not the report of this run"));
}

TEST_F(Reports, OfAnotherTimeAreRefusedOnlyIfNoZoneExplainsIt) {
  EXPECT_EQ(refusal(kNoon_s + 10 - 2 * 3600), "no error") << "local time is UTC+2";
  EXPECT_THAT(warnings,
              ElementsAre(HasSubstr("\"date\" is 2 h ahead of UTC; confirm with --utc-offset-h 2")));
  EXPECT_EQ(refusal(kNoon_s + 10 - 5.75 * 3600), "no error") << "Nepal";
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("5.75 h ahead of UTC")));
  request.utc_offset_s = 7200;
  EXPECT_EQ(refusal(kNoon_s + 10 - 2 * 3600), "no error");
  EXPECT_THAT(warnings, IsEmpty());
  EXPECT_EQ(refusal(kNoon_s + 100),
            "report.json: the report is from 2024-03-31 12:01:40 to 2024-03-31 12:02:00 UTC; by its date, "
            "20240331-120030, the "
            "run did not end then in any time zone");
  EXPECT_THAT(refusal(kNoon_s + 10 + 13 * 3600), HasSubstr("in any time zone"))
      << "further west than there are zones";
  EXPECT_THAT(refusal(kNoon_s + 10 - 86400), HasSubstr("in any time zone"));
}

TEST_F(Reports, HaveOneWindow) {
  request.window.begin_s = kNoon_s;
  EXPECT_THAT(refusal(kNoon_s + 10), HasSubstr("--begin and --end are for logs and recordings"));
}

TEST(RunWindow, IsWhatTheRequestSaysElseTheTimeBeforeTheDate) {
  Request request;
  std::vector<std::string> warnings;
  request.utc_offset_s = 3600;
  const meter::Window window = window_of(kRun, request, "run.json", warnings);
  EXPECT_EQ(window.begin_s, kNoon_s + 10 - 3600);
  EXPECT_EQ(window.end_s, kNoon_s + 30 - 3600);
  EXPECT_EQ(warnings.size(), 1u);
  request.window.begin_s = kNoon_s;
  EXPECT_EQ(window_of(kRun, request, "run.json", warnings).begin_s, kNoon_s);
  for (const char* none : {"", "yesterday", "20240331-240030", "20240331-126030", "20240230-120030"}) {
    EXPECT_THAT(error_of([&] {
                  window_of({20, none}, request, "run.json", warnings);
                }),
                HasSubstr("run.json:date: the end of the run is unknown"));
  }
}

}  // namespace
}  // namespace energylens::importers
