// SPDX-License-Identifier: Apache-2.0
// Predictions of laws whose parameters are known, without a fit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "energylens/core/error.hpp"
#include "energylens/parametric/law_model.hpp"
#include "numerics/summary.hpp"
#include "parametric/fit/simulated.hpp"
#include "table/expect_error.hpp"

namespace energylens::parametric {
namespace {

using simulated::kEnergy;
using simulated::kTime;
using simulated::question;
using testing::HasSubstr;

LawFit certain(const Parameters& parameters) {
  LawFit fit;
  fit.parameters = parameters;
  fit.intervals.resize(kParameters);
  fit.covariance.assign(kParameters * kParameters, 0.0);
  fit.residual_sd = 0.05;
  fit.degrees_of_freedom = 100;
  return fit;
}

GroupLaw known_law() {
  GroupLaw law;
  law.identity = synthetic::group_of({}).identity;
  law.domain.layouts = {table::parse_layout("tp4"), table::parse_layout("tp4pp2")};
  law.domain.batch = {1, 64};
  law.domain.isl = {16, 1024};
  law.domain.osl = {32, 512};
  law.energy = certain(kEnergy);
  law.time = certain(kTime);
  return law;
}

LawModel model_of(GroupLaw law) {
  LawContent content;
  content.laws.push_back(std::move(law));
  return LawModel(std::move(content));
}

LawModel known_model() {
  return model_of(known_law());
}

double wave_time(const table::Configuration& c, double batch) {
  return simulated::one_wave(kTime, c.layout, batch, c.load, false).total();
}

TEST(Predict, APrefillAloneIsOneQuantityWithOneInterval) {
  GroupLaw law = known_law();
  law.energy->prefill_sd = law.time->prefill_sd = 0.3;  // of phases measured apart: wider than whole rows
  const predictor::Prediction p = model_of(law).predict(0, question("tp4", 8, 300, 1));
  EXPECT_EQ(p.prefill_energy_j.lo, p.total_energy_j.lo);
  EXPECT_EQ(p.prefill_energy_j.hi, p.total_energy_j.hi);
  EXPECT_DOUBLE_EQ(p.ttft_s.hi, p.total_time_s.hi);
  EXPECT_EQ(p.decode_energy_j.value, 0);
}

RC_GTEST_PROP(Predict, IsTheLawOfTheWholeJob, (std::uint64_t seed)) {
  Rng rng(seed);
  const auto config = question("tp4pp2", 1.0 + static_cast<double>(rng.below(200)), 300, 100, 3000);
  const predictor::Prediction p = known_model().predict(0, config);
  const simulated::Parts energy = simulated::job(kEnergy, config),
                         time = simulated::job(kTime, config, false);
  RC_ASSERT(std::abs(p.total_energy_j.value / energy.total() - 1) < 1e-12);
  RC_ASSERT(std::abs(p.prefill_energy_j.value / energy.prefill - 1) < 1e-12);
  RC_ASSERT(std::abs(p.decode_energy_j.value / energy.decode - 1) < 1e-12);
  RC_ASSERT(std::abs(p.total_time_s.value / time.total() - 1) < 1e-12);
  RC_ASSERT(std::abs(p.avg_power_w.value / (energy.total() / time.total()) - 1) < 1e-12);
  RC_ASSERT(std::abs(p.energy_per_out_token_j.value * config.load.batch * 100 / energy.total() - 1) < 1e-12);
}

RC_GTEST_PROP(Predict, MeanTtftAndTpotAreThoseOfTheRequestsOneByOne, (std::uint64_t seed)) {
  Rng rng(seed);
  const auto config = question("tp4", 1.0 + static_cast<double>(rng.below(60)), 300, 100, 3000);
  const double at_once = predictor::requests_at_once(3000, 300, 100);
  double ttft = 0, tpot = 0, waited = 0;
  for (double first = 0; first < config.load.batch; first += at_once) {
    const double size = std::min(at_once, config.load.batch - first);
    const simulated::Parts wave = simulated::one_wave(kTime, config.layout, size, config.load, false);
    for (int request = 0; request < size; ++request) {
      ttft += (waited + wave.prefill) / config.load.batch;
      tpot += wave.decode / 99 / config.load.batch;
    }
    waited += wave.total();
  }
  const predictor::Prediction p = known_model().predict(0, config);
  RC_ASSERT(std::abs(p.ttft_s.value / ttft - 1) < 1e-12);
  RC_ASSERT(std::abs(p.tpot_s.value / tpot - 1) < 1e-12);
}

TEST(Predict, InOneWaveTtftAndTpotMakeUpTheTime) {
  const predictor::Prediction p = known_model().predict(0, question("tp4", 8, 300, 100));
  EXPECT_NEAR(p.ttft_s.value + 99 * p.tpot_s.value, p.total_time_s.value, 1e-12);
  EXPECT_NEAR(p.ttft_s.value,
              simulated::one_wave(kTime, {4, 1, 1, 1}, 8, question("tp4", 8, 300, 100).load, false).prefill,
              1e-12);
}

TEST(Predict, SpeculationShortensTheTimeBetweenTokens) {
  table::Configuration config = question("tp4", 8, 300, 101);
  const predictor::Prediction plain = known_model().predict(0, config);
  config.load.accepted_per_step = 2;
  const predictor::Prediction fast = known_model().predict(0, config);
  EXPECT_NEAR(fast.tpot_s.value, plain.tpot_s.value / 2, 1e-12);
  EXPECT_NEAR(fast.decode_energy_j.value, plain.decode_energy_j.value / 2, 1e-9);
  EXPECT_DOUBLE_EQ(fast.ttft_s.value, plain.ttft_s.value);
  EXPECT_NEAR(fast.ttft_s.value + 100 * fast.tpot_s.value, fast.total_time_s.value, 1e-12);
}

TEST(Predict, CachedTokensSavePrefillOnly) {
  table::Configuration config = question("tp4", 8, 1000, 101);
  const predictor::Prediction cold = known_model().predict(0, config);
  config.load.cached_tokens = 800;
  const predictor::Prediction warm = known_model().predict(0, config);
  EXPECT_LT(warm.prefill_energy_j.value, cold.prefill_energy_j.value);
  EXPECT_LT(warm.ttft_s.value, cold.ttft_s.value);
  EXPECT_DOUBLE_EQ(warm.decode_energy_j.value, cold.decode_energy_j.value);
}

TEST(Predict, OneOutputTokenIsPrefillAlone) {
  const predictor::Prediction p = known_model().predict(0, question("tp4", 8, 300, 1));
  EXPECT_EQ(p.decode_energy_j.value, 0);
  EXPECT_DOUBLE_EQ(p.total_energy_j.value, p.prefill_energy_j.value);
  EXPECT_FALSE(known(p.tpot_s.value));
}

TEST(Predict, ReplicasAddEnergyAndKeepTime) {
  const predictor::Prediction one = known_model().predict(0, question("tp4", 8, 300, 100));
  const predictor::Prediction three = known_model().predict(0, question("tp4dp3", 24, 300, 100));
  EXPECT_NEAR(three.total_energy_j.value, 3 * one.total_energy_j.value, 1e-9);
  EXPECT_NEAR(three.total_time_s.value, one.total_time_s.value, 1e-12);
  EXPECT_TRUE(three.inside_domain) << three.outside;
}

TEST(Predict, ACacheForNotOneRequestIsInvalid) {
  const predictor::Prediction p = known_model().predict(0, question("tp4", 8, 1000, 500, 512));
  EXPECT_FALSE(p.valid);
  EXPECT_EQ(p.waves, 0);
  EXPECT_FALSE(known(p.total_energy_j.value));
}

TEST(Predict, CapacityComesFromTheQuestionElseTheFlagElseIsUnlimited) {
  LawContent content;
  content.laws.push_back(known_law());
  content.flag_capacity_tokens = 1000;
  const LawModel flagged{content};
  EXPECT_EQ(flagged.predict(0, question("tp4", 8, 300, 100, 3000)).kv_capacity_source,
            predictor::CapacitySource::column);
  EXPECT_EQ(flagged.predict(0, question("tp4", 8, 300, 100)).kv_capacity_source,
            predictor::CapacitySource::flag);
  EXPECT_EQ(flagged.predict(0, question("tp4", 8, 300, 100)).waves, 4);
  EXPECT_EQ(known_model().predict(0, question("tp4", 8, 300, 100)).kv_capacity_source,
            predictor::CapacitySource::unlimited);
}

TEST(Predict, SaysWhatLiesOutsideTheDomain) {
  const LawModel model = known_model();
  EXPECT_TRUE(model.predict(0, question("tp4", 64, 1024, 512)).inside_domain);
  const auto outside = [&](std::string_view layout, double batch, double isl, double osl) {
    const predictor::Prediction p = model.predict(0, question(layout, batch, isl, osl));
    EXPECT_FALSE(p.inside_domain);
    return p.outside;
  };
  EXPECT_THAT(outside("tp8", 8, 100, 100), HasSubstr("tp8"));
  EXPECT_THAT(outside("tp4", 65, 100, 100), HasSubstr("batch 65"));
  EXPECT_THAT(outside("tp4", 8, 2000, 100), HasSubstr("isl 2,000"));
  EXPECT_THAT(outside("tp4", 8, 1025, 100), HasSubstr("isl 1,025 is outside the fitted 16 to 1,024"));
  EXPECT_THAT(outside("tp4", 8, 100, 1000), HasSubstr("osl 1,000"));
  EXPECT_THAT(outside("tp2", 8, 2000, 100), testing::AllOf(HasSubstr("tp2"), HasSubstr("isl 2,000")));
  EXPECT_THAT(outside("tp4dp2ep4", 8, 100, 100), HasSubstr("tp4dp2ep4"));
}

TEST(Predict, WithoutIslQuestionsAboutItAreRefused) {
  GroupLaw law = known_law();
  law.isl_known = false;
  law.domain.isl = {};
  const LawModel model = model_of(law);
  EXPECT_THAT(table::error_of([&] { model.predict(0, question("tp4", 8, 100, 100)); }), HasSubstr("isl"));
  const predictor::Prediction p = model.predict(0, question("tp4", 8, kUnknown, 100));
  const auto same = question("tp4", 8, kUnknown, 100);
  EXPECT_NEAR(p.total_energy_j.value, simulated::job(kEnergy, same).total(), 1e-9);
  EXPECT_FALSE(known(p.ttft_s.value));  // one constant per request is no time to the first token
}

TEST(Predict, AQuestionWithoutItsNumbersHasNoAnswer) {
  for (double table::Load::*member : {&table::Load::batch, &table::Load::isl, &table::Load::osl}) {
    table::Configuration config = question("tp4", 8, 100, 100);
    config.load.*member = kUnknown;
    EXPECT_FALSE(known(known_model().predict(0, config).total_energy_j.value));
  }
}

TEST(Predict, SteadyRequestsAreOneWaveAndTpotHoldsThePrefillOfNewcomers) {
  table::Configuration config = question("tp4", 20, 300, 100, 8000);
  config.load.kind = table::RowKind::steady;
  const predictor::Prediction p = known_model().predict(0, config);
  EXPECT_EQ(p.waves, 1);
  EXPECT_NEAR(p.tpot_s.value, wave_time(config, 20) / 99, 1e-12);
  const double own_prefill = simulated::one_wave(kTime, config.layout, 1, config.load, false).prefill;
  EXPECT_GE(p.ttft_s.value, own_prefill);
  EXPECT_LE(p.ttft_s.value, own_prefill + wave_time(config, 20) / 99 + 1e-12);
}

TEST(Predict, IntervalsHoldTheValueAndWidenWithTheCovariance) {
  GroupLaw vague = known_law();
  for (std::size_t j = 0; j < kParameters; ++j) vague.energy->covariance[j * (kParameters + 1)] = 0.04;
  const table::Configuration config = question("tp4", 8, 300, 100);
  const predictor::Prediction sharp = known_model().predict(0, config),
                              wide = model_of(vague).predict(0, config);
  for (const predictor::Prediction& p : {sharp, wide}) {
    for (const predictor::Estimate& e :
         {p.total_energy_j, p.prefill_energy_j, p.decode_energy_j, p.energy_per_out_token_j, p.total_time_s,
          p.ttft_s, p.tpot_s, p.avg_power_w}) {
      EXPECT_LT(e.lo, e.value);
      EXPECT_GT(e.hi, e.value);
    }
  }
  EXPECT_NEAR(std::log(sharp.total_energy_j.hi / sharp.total_energy_j.value), 1.66 * 0.05, 1e-3);
  EXPECT_GT(wide.total_energy_j.hi, sharp.total_energy_j.hi);
}

TEST(Predict, ATargetThatWasNotFittedIsUnknown) {
  GroupLaw law = known_law();
  law.time.reset();
  const LawModel model = model_of(law);
  const predictor::Prediction p = model.predict(0, question("tp4", 8, 300, 100));
  EXPECT_TRUE(known(p.total_energy_j.value));
  EXPECT_FALSE(known(p.total_time_s.value));
  EXPECT_FALSE(known(p.avg_power_w.value));
  law = known_law();
  law.energy.reset();
  const auto config = question("tp4", 8, 300, 100);
  EXPECT_TRUE(model_of(law).draw(0, std::span(&config, 1), 5, 1).empty());
}

TEST(Draw, SpreadsAsTheIntervalsSay) {
  GroupLaw law = known_law();
  for (std::size_t j = 0; j < kParameters; ++j) law.energy->covariance[j * (kParameters + 1)] = 0.01;
  const LawModel model = model_of(law);
  const auto config = question("tp4pp2", 20, 300, 100, 3000);
  const std::vector<double> drawn = model.draw(0, std::span(&config, 1), 4000, 9);
  const predictor::Estimate e = model.predict(0, config).total_energy_j;
  ASSERT_EQ(drawn.size(), 4000u);
  EXPECT_NEAR(numerics::quantile(drawn, 0.05) / e.lo, 1, 0.02);
  EXPECT_NEAR(numerics::median(drawn) / e.value, 1, 0.02);
  EXPECT_NEAR(numerics::quantile(drawn, 0.95) / e.hi, 1, 0.02);
}

TEST(Draw, IsJointRepeatableAndUnknownForWhatCannotRun) {
  const LawModel model = known_model();
  const std::vector<table::Configuration> configs{question("tp4", 8, 300, 100),
                                                  question("tp4", 8, 1000, 500, 512)};
  const std::vector<double> a = model.draw(0, configs, 50, 3), b = model.draw(0, configs, 50, 3);
  ASSERT_EQ(a.size(), 100u);
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(known(a[i]), i % 2 == 0);
    EXPECT_TRUE(a[i] == b[i] || i % 2 == 1);
  }
  EXPECT_NE(a, model.draw(0, configs, 50, 4));
}

TEST(Draw, LoadsThatAreNotStatedAreUnknownBesideThoseThatAre) {
  std::vector<table::Configuration> configs{question("tp4", 8, 300, 100), question("tp4pp2", 8, 300, 100)};
  configs[0].load.osl = kUnknown;
  const std::vector<double> drawn = known_model().draw(0, configs, 20, 3);
  ASSERT_EQ(drawn.size(), 40u);
  for (std::size_t i = 0; i < drawn.size(); ++i) EXPECT_EQ(known(drawn[i]), i % 2 == 1);
  configs[1].load.batch = kUnknown;
  for (const double value : known_model().draw(0, configs, 20, 3)) EXPECT_FALSE(known(value));
}

/// Correlation of the logarithms of the first and the second configuration over joint draws.
double drawn_correlation(const LawModel& model, const std::vector<table::Configuration>& configs) {
  const std::vector<double> drawn = model.draw(0, configs, 4000, 11);
  double a = 0, b = 0, aa = 0, bb = 0, ab = 0, n = 0;
  for (std::size_t i = 0; i + 1 < drawn.size(); i += 2, ++n) {
    const double x = std::log(drawn[i]), y = std::log(drawn[i + 1]);
    a += x, b += y, aa += x * x, bb += y * y, ab += x * y;
  }
  return (ab - a * b / n) / std::sqrt((aa - a * a / n) * (bb - b * b / n));
}

TEST(Draw, LayoutsOfOneLoadShareHalfOfTheResidualVariance) {
  const LawModel model = known_model();
  const auto tp4 = question("tp4", 8, 300, 100);
  EXPECT_NEAR(drawn_correlation(model, {tp4, question("tp4pp2", 8, 300, 100)}), 0.5, 0.05);
  EXPECT_NEAR(drawn_correlation(model, {tp4, question("tp4pp2", 9, 300, 100)}), 0, 0.05);
  EXPECT_NEAR(drawn_correlation(model, {tp4, question("tp4pp2", 8, 300, 101)}), 0, 0.05);
}

TEST(Draw, SteadyDrawsAreJoulesPerToken) {
  table::Configuration config = question("tp4", 20, 300, 100);
  config.load.kind = table::RowKind::steady;
  const LawModel model = known_model();
  const std::vector<double> drawn = model.draw(0, std::span(&config, 1), 2000, 5);
  EXPECT_NEAR(numerics::median(drawn) / model.predict(0, config).energy_per_out_token_j.value, 1, 0.01);
}

}  // namespace
}  // namespace energylens::parametric
