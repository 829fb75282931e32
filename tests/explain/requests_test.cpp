// SPDX-License-Identifier: Apache-2.0
// Shares of requests: what they add up to, who pays for what, and logs that cannot be read.
#include "explain/requests.hpp"

#include <gtest/gtest.h>

#include "energylens/core/error.hpp"
#include "parametric/random_models.hpp"

namespace energylens::explain {
namespace {

parametric::LawModel server() {
  Rng rng(31);
  return parametric::random_law(rng, parametric::LawKind::server);
}

table::Configuration question(double batch) {
  table::Configuration config;
  config.layout = table::parse_layout("tp2");
  config.load.batch = batch;
  return config;
}

TEST(Requests, InFlightIsTheMeanWhileARequestRuns) {
  // 0-10 alone for 5 s, then with the second, which runs on alone for 5 s.
  const auto requests =
      read_requests("request_id,isl,osl,start_s,end_s\na,1,2,0,10\nb,1,2,5,15\nc,1,2,20,21\n", "log.csv");
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_DOUBLE_EQ(requests[0].in_flight, 1.5);
  EXPECT_DOUBLE_EQ(requests[1].in_flight, 1.5);
  EXPECT_DOUBLE_EQ(requests[2].in_flight, 1);
}

TEST(Requests, OneThatBeginsWhereAnotherEndsIsAlone) {
  const auto requests = read_requests("osl,start_s,end_s\n2,0,10\n2,10,20\n", "log.csv");
  EXPECT_DOUBLE_EQ(requests[0].in_flight, 1);
  EXPECT_DOUBLE_EQ(requests[1].in_flight, 1);
  EXPECT_EQ(requests[1].id, "2");
}

TEST(Requests, SharesAddUpToTheMeter) {
  const auto requests = read_requests("tenant,isl,osl\nx,100,50\ny,2000,20\nx,10,900\n", "log.csv");
  const parametric::LawModel model = server();
  const Attribution free = attribute(model, 0, question(8), requests, kUnknown, {});
  EXPECT_EQ(free.scale, 1);
  const Attribution metered = attribute(model, 0, question(8), requests, 5000, {});
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    sum += metered.requests[i].energy_j;
    EXPECT_NEAR(metered.requests[i].energy_j / free.requests[i].energy_j, metered.scale, 1e-12);
    EXPECT_GT(metered.requests[i].common_j, 0);
    EXPECT_LT(metered.requests[i].common_j, metered.requests[i].energy_j);
  }
  EXPECT_NEAR(sum, 5000, 1e-9 * 5000);
}

TEST(Requests, EqualRequestsTakeWhatTheModelPredictsForTheirBatch) {
  const auto requests = read_requests("isl,osl\n100,50\n100,50\n100,50\n100,50\n", "log.csv");
  const parametric::LawModel model = server();
  const Attribution found = attribute(model, 0, question(4), requests, kUnknown, {});
  table::Configuration together = question(4);
  together.load.kind = table::RowKind::steady;
  together.load.isl = 100;
  together.load.osl = 50;
  EXPECT_NEAR(found.predicted_j / model.predict(0, together).total_energy_j.value, 1, 1e-12);
}

TEST(Requests, ASharedBatchMakesTheCommonPartCheaper) {
  const auto requests = read_requests("isl,osl\n100,50\n", "log.csv");
  const parametric::LawModel model = server();
  const double alone = attribute(model, 0, question(1), requests, kUnknown, {}).requests[0].common_j;
  const double shared = attribute(model, 0, question(10), requests, kUnknown, {}).requests[0].common_j;
  EXPECT_LT(shared, alone);
}

TEST(Requests, RefusesLogsItCannotShare) {
  const auto message = [](const std::string& log) -> std::string {
    try {
      (void)read_requests(log, "log.csv");
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(message("isl\n5\n").find("no column osl"), std::string::npos);
  EXPECT_NE(message("osl\nmany\n").find("log.csv:2:osl"), std::string::npos) << message("osl\nmany\n");
  EXPECT_NE(message("osl\n-1\n").find("number of tokens"), std::string::npos);
  EXPECT_NE(message("osl,isl\n,4\n").find("states no osl"), std::string::npos);
  EXPECT_NE(message("osl\n").find("no requests"), std::string::npos);
  const auto requests = read_requests("isl,osl\n100,50\n", "log.csv");
  EXPECT_THROW(attribute(server(), 0, question(kUnknown), requests, kUnknown, {}), Error);
}

}  // namespace
}  // namespace energylens::explain
