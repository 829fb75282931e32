// SPDX-License-Identifier: Apache-2.0
// Fits of servers: a known law comes back, isl extrapolates, and reports name what is not used.
#include <gmock/gmock.h>

#include <algorithm>

#include "energylens/parametric/fit.hpp"
#include "parametric/fit/simulated.hpp"
#include "parametric/law/terms.hpp"

namespace energylens::parametric {
namespace {

using simulated::all_rows;
using simulated::quick;

constexpr Parameters kServer{0.5, 0.1, 0.4, 0.1, 20, 0.8, 0.3, 5, 0.5, 0.05, 1, 1e-4};

table::Configuration served(std::string_view layout, double clients, double isl, double osl) {
  table::Configuration config;
  config.layout = table::parse_layout(layout);
  config.load = {table::RowKind::steady, clients, clients, isl, osl};
  return config;
}

double per_token_j(const table::Configuration& config) {
  Reading reading;
  reading.form = Form::server;
  return evaluate(kServer, terms(config, reading)).total() / (config.load.batch * config.load.osl);
}

const std::vector<std::string_view> kLayouts{"tp1",    "tp2",    "tp4",       "tp8",
                                             "tp4ep4", "tp8ep8", "tp1dp8ep8", "tp4pp2"};

table::Group server_group(const std::vector<std::string_view>& layouts, const std::vector<double>& isls) {
  table::Group group = synthetic::group_of({});
  for (const std::string_view layout : layouts) {
    for (const double clients : {1, 4, 16, 64, 256}) {
      for (const double isl : isls) {
        for (const double osl : {200, 900}) {
          table::Row row;
          row.config = served(layout, clients, isl, osl);
          row.results.energy_per_out_token_j = per_token_j(row.config);
          row.results.total_energy_j = row.results.energy_per_out_token_j * clients * osl;
          group.rows.push_back(row);
        }
      }
    }
  }
  return group;
}

TEST(ServerFit, NoiselessRowsGiveBackTheirLaw) {
  const table::Group group = server_group(kLayouts, {200, 2000});
  const LawModel model = fit_law(all_rows(group), quick());
  ASSERT_TRUE(model.laws()[0].serving);
  for (const std::string_view layout : {"tp2", "tp8ep8", "tp2ep2", "tp1dp4ep4"}) {
    for (const double clients : {2, 30, 200}) {
      const table::Configuration config = served(layout, clients, 700, 500);
      EXPECT_NEAR(model.predict(0, config).energy_per_out_token_j.value / per_token_j(config), 1, 0.02)
          << layout << ' ' << clients;
    }
  }
  const Parameters& found = model.laws()[0].energy->parameters;
  for (const std::size_t j : {A1, B0, B3}) EXPECT_NEAR(found[j] / kServer[j], 1, 0.05) << j;
  for (const std::size_t j : {C0, C2}) EXPECT_NEAR(found[j] / kServer[j], 1, 0.1) << j;
  EXPECT_NEAR(found[B4], kServer[B4], 0.03);
}

// Decoded tokens cost what tokens of a prompt cost, so rows with one isl tell about others.
TEST(ServerFit, RowsOfOneIslReachAnother) {
  const table::Group group = server_group({"tp2", "tp4", "tp8"}, {900});
  const LawModel model = fit_law(all_rows(group), quick());
  for (const double clients : {1, 16, 256}) {
    const table::Configuration config = served("tp4", clients, 7400, 900);
    EXPECT_NEAR(model.predict(0, config).energy_per_out_token_j.value / per_token_j(config), 1, 0.25)
        << clients;
  }
}

TEST(ServerFit, UnusedNumbersAreReported) {
  const table::Group group = server_group({"tp2", "tp4"}, {200, 2000});
  const LawModel model = fit_law(all_rows(group), quick());
  EXPECT_THAT(model.laws()[0].energy->undetermined,
              testing::IsSupersetOf({std::string("no row has data-parallel attention: c1 is not used"),
                                     std::string("no row has parallel experts: c2 is not used"),
                                     std::string("all rows have pp = 1: b2 is not used")}));
}

TEST(ServerFit, FilesReadBackAsTheyWere) {
  const LawModel model = fit_law(all_rows(server_group(kLayouts, {200, 2000})), quick());
  const LawModel back = LawModel::from_json(model.to_json(), "m.json");
  const table::Configuration config = served("tp1dp8ep8", 30, 700, 500);
  EXPECT_EQ(back.predict(0, config).energy_per_out_token_j.value,
            model.predict(0, config).energy_per_out_token_j.value);
  EXPECT_EQ(back.parameters(0, Metric::energy)[C2].name, "c2");
}

TEST(ServerFit, RowsWithoutIslKeepTheLawOfJobs) {
  table::Group group = server_group({"tp2", "tp4"}, {200});
  for (table::Row& row : group.rows) row.config.load.isl = kUnknown;
  const LawModel model = fit_law(all_rows(group), quick());
  EXPECT_FALSE(model.laws()[0].serving);
  EXPECT_EQ(model.parameters(0, Metric::energy)[A0].name, "a0");
}

TEST(ServerFit, PooledServersAndJobsKeepTheirForms) {
  const table::Group servers = server_group(kLayouts, {200, 2000}), jobs = simulated::group({});
  predictor::FitOptions options = quick();
  options.pool = true;
  predictor::TrainingData data = all_rows(servers);
  const predictor::TrainingData more = all_rows(jobs);
  data.insert(data.end(), more.begin(), more.end());
  const LawModel model = fit_law(data, options);
  EXPECT_TRUE(model.laws()[0].serving);
  EXPECT_FALSE(model.laws()[1].serving);
  EXPECT_LT(model.laws()[0].energy->mape, 0.03);
  EXPECT_LT(model.laws()[1].energy->mape, 0.03);
}

}  // namespace
}  // namespace energylens::parametric
