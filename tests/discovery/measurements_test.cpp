// SPDX-License-Identifier: Apache-2.0
// A table whose energies follow from a formula, waves and replicas included, is its problem.
#include "discovery/measurements.hpp"

#include <gtest/gtest.h>

#include "energylens/core/error.hpp"
#include "energylens/table/table.hpp"
#include "predictor/waves.hpp"
#include "search/samples.hpp"

namespace energylens::discovery {
namespace {

using namespace search;
using namespace predictor;

double one_wave_j(double tp, double batch, double isl, double osl) {
  return 2 * batch * isl + osl * (50 / tp + 6 * std::pow(batch, 0.8) + 0.001 * batch * (isl + osl / 2));
}

std::string table_text() {
  std::string text = "model,gpu,tp,dp,batch,isl,osl,kv_capacity_tokens,total_energy_j\n";
  for (const int tp : {1, 2, 4}) {
    for (const double batch : {1.0, 3.0, 8.0, 20.0}) {
      for (const double isl : {64.0, 512.0}) {
        for (const double osl : {64.0, 256.0}) {
          const double dp = tp == 1 ? 2 : 1, requests = batch / dp, capacity = 4096;
          if (requests != std::floor(requests)) continue;
          const double m = predictor::requests_at_once(capacity, isl, osl), full = std::floor(requests / m);
          const double rest = requests - full * m;
          double energy = full > 0 ? full * one_wave_j(tp, m, isl, osl) : 0;
          if (rest > 0) energy += one_wave_j(tp, rest, isl, osl);
          text += "toy,box," + number_text(tp) + ',' + number_text(dp) + ',' + number_text(batch) + ',' +
                  number_text(isl) + ',' + number_text(osl) + ',' + number_text(capacity) + ',' +
                  number_text(dp * energy) + '\n';
        }
      }
    }
  }
  return text;
}

TEST(Measurements, AreRowsMadeOfWaves) {
  const std::vector<table::Group> groups = table::groups(table::parse_csv(table_text(), "toy.csv"));
  const Measurements data = measurements(groups, {});
  const Problem& p = data.problem;
  EXPECT_NO_THROW(check(p));
  EXPECT_GT(p.points(), p.rows());
  std::vector<std::string> names;
  for (const Input& input : p.inputs) names.push_back(input.name);
  EXPECT_EQ(names, (std::vector<std::string>{"tp", "batch", "isl", "osl", "L"}));
  ASSERT_EQ(p.constants.size(), 2u);
  EXPECT_EQ(p.constants[0].name, "pp");

  // The formula that made the table is exact on every row.
  Options o = measurement_options(data);
  o.guesses = {"a*batch*isl + osl*(b/tp + c*batch^d + e*batch*L)"};
  o.evaluations = 1;
  o.time_limit_s = 1e9;
  o.target_loss = 1e-18;
  const Front front = ::energylens::search::search(p, o);
  EXPECT_LT(front.formulas.back().loss, 1e-16) << front.formulas.back().text();
}

TEST(Measurements, RefuseATableWithoutTheTarget) {
  const std::vector<table::Group> groups = table::groups(table::parse_csv(table_text(), "toy.csv"));
  MeasurementOptions time;
  time.energy = false;
  try {
    measurements(groups, time);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "no group has 3 rows with a total time, batch, isl and osl");
  }
}

}  // namespace
}  // namespace energylens::discovery
