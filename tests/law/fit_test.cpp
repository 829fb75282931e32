// SPDX-License-Identifier: Apache-2.0
// Recovery of known laws, and what must not change an answer.
#include "energylens/law/fit.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "energylens/core/error.hpp"
#include "simulated.hpp"
#include "table/expect_error.hpp"

namespace energylens::law {
namespace {

using simulated::all_rows;
using simulated::Design;
using simulated::kEnergy;
using simulated::kTime;
using simulated::question;
using simulated::quick;

/// Loads and layouts between and beyond those of the default design.
std::vector<table::Configuration> elsewhere(double capacity = kUnknown) {
  std::vector<table::Configuration> out;
  for (const std::string_view layout : {"tp1", "tp4", "tp2pp4", "tp8pp2"}) {
    for (const double batch : {1, 5, 30, 60}) out.push_back(question(layout, batch, 300, 200, capacity));
  }
  return out;
}

TEST(Fit, NoiselessRowsGiveBackTheirLaw) {
  const table::Group group = simulated::group({});
  const Model model = fit(all_rows(group), quick());
  for (const table::Configuration& config : elsewhere()) {
    const model::Prediction p = model.predict(0, config);
    const simulated::Parts energy = simulated::job(kEnergy, config), time = simulated::job(kTime, config);
    EXPECT_NEAR(p.total_energy_j.value / energy.total(), 1, 2e-2);
    EXPECT_NEAR(p.total_time_s.value / time.total(), 1, 2e-2);
    EXPECT_NEAR(p.prefill_energy_j.value / energy.prefill, 1, 2e-2);
    EXPECT_NEAR(p.decode_energy_j.value / energy.decode, 1, 2e-2);
  }
  const Parameters& found = model.laws()[0].energy->parameters;
  for (std::size_t j = 0; j < kParameters; ++j) {
    const double tolerance = parameter_infos()[j].scale ? 0.05 * kEnergy[j] : 0.02;
    EXPECT_NEAR(found[j], kEnergy[j], tolerance) << parameter_infos()[j].name;
  }
}

}  // namespace
}  // namespace energylens::law
