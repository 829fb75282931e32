// SPDX-License-Identifier: Apache-2.0
// Published figures as inputs: one formula with one set of coefficients for groups of different models and
// GPUs.
#include "predictor/quantities.hpp"

#include <gtest/gtest.h>

#include <map>

#include "discovery/measurements.hpp"
#include "energylens/core/error.hpp"
#include "energylens/table/table.hpp"
#include "expr/check_units.hpp"
#include "predictor/wave_features.hpp"
#include "search/samples.hpp"

namespace energylens::discovery {
namespace {

using namespace search;
using namespace predictor;

const std::vector<std::pair<std::string, std::string>> kSystems = {
    {"Llama-3-8B", "A100-80GB-SXM"}, {"Llama-3-70B", "H100-80GB-SXM"}, {"Llama-3-8B", "RTX4090"}};

predictor::Facts facts_of(const table::Group& group) {
  return predictor::facts(group.identity, hardware::Catalogue::builtin());
}

/// Reading weights and cache costs joules per byte, multiplying joules per flop, and GPUs a share of their
/// power.
double energy_j(const predictor::Facts& f, double tp, double batch, double isl, double osl) {
  const double step_s = f.weight_bytes / (f.gpu_bandwidth_bytes_s * tp);
  return 2e-12 * batch * isl * f.params * 2 +
         osl * (9e-11 * f.weight_bytes + 6e-11 * batch * (isl + osl / 2) * f.kv_bytes_per_token +
                0.4 * tp * f.gpu_tdp_w * step_s);
}

std::vector<table::Group> groups_with_energy() {
  std::string bare = "model,gpu,quant,tp,batch,isl,osl,total_energy_j\n";
  std::string text = bare;
  for (const auto& [model, gpu] : kSystems) {
    const auto row = [&](double tp, double batch, double isl, double osl, double energy) {
      return model + ',' + gpu + ",FP16," + number_text(tp) + ',' + number_text(batch) + ',' +
             number_text(isl) + ',' + number_text(osl) + ',' + number_text(energy) + '\n';
    };
    const table::Table one = table::parse_csv(bare + row(1, 1, 1, 1, 1), "one.csv");
    const predictor::Facts f = facts_of(table::groups(one)[0]);
    for (const double tp : {4.0, 8.0}) {
      for (const double batch : {1.0, 4.0, 9.0, 16.0}) {
        for (const double osl : {32.0, 200.0}) {
          const double isl = 100 + 20 * batch;
          text += row(tp, batch, isl, osl, energy_j(f, tp, batch, isl, osl));
        }
      }
    }
  }
  return table::groups(table::parse_csv(text, "toy.csv"));
}

TEST(Quantities, StandBehindTheCounts) {
  ASSERT_EQ(kCountInputs + quantities().size(), kWaveInputs.size());
  for (std::size_t q = 0; q < quantities().size(); ++q)
    EXPECT_EQ(kWaveInputs[kCountInputs + q], quantities()[q].name);
}

TEST(Quantities, AreThoseOfTheCatalogue) {
  const std::vector<table::Group> groups = groups_with_energy();
  MeasurementOptions wanted;
  wanted.quantities = checked_quantities({"all"});
  const Measurements data = measurements(groups, wanted);
  std::map<std::string, const Input*> inputs;
  for (const Input& input : data.problem.inputs) inputs[input.name] = &input;
  for (std::size_t i = 0; i < data.problem.rows(); ++i) {
    const predictor::Facts f = facts_of(*data.groups[data.problem.group_of(i)]);
    EXPECT_EQ(inputs.at("weight_bytes")->values[i], f.params * 2);
    EXPECT_EQ(inputs.at("token_flops")->values[i], f.params * 2);
    EXPECT_EQ(inputs.at("kv_bytes")->values[i], f.kv_bytes_per_token);
    EXPECT_EQ(inputs.at("bandwidth")->values[i], f.gpu_bandwidth_bytes_s);
    EXPECT_EQ(inputs.at("peak_flops")->values[i], f.gpu_peak_flops);
    EXPECT_EQ(inputs.at("tdp")->values[i], f.gpu_tdp_w);
    EXPECT_EQ(inputs.at("link")->values[i], f.gpu_link_bytes_s);
  }
  EXPECT_EQ(unit_text(inputs.at("bandwidth")->unit), "byte/s");
  EXPECT_EQ(measurements(groups, {}).problem.inputs.size() + 7, data.problem.inputs.size())
      << "only if asked for";
}

TEST(Quantities, MakeOneSetOfCoefficientsDoForAllGroups) {
  const std::vector<table::Group> groups = groups_with_energy();
  MeasurementOptions wanted;
  wanted.quantities = {"weight_bytes", "kv_bytes", "token_flops", "bandwidth", "tdp"};
  wanted.form =
      "prefill(batch, isl, token_flops) + osl*decode(batch, L, weight_bytes, kv_bytes, tdp, bandwidth)";
  const Measurements data = measurements(groups, wanted);
  Options o = measurement_options(data);
  EXPECT_EQ(o.coefficients, Scope::shared);
  o.guesses = {
      "prefill = a*batch*isl*token_flops; decode = b*weight_bytes + c*batch*L*kv_bytes + "
      "d*tdp*weight_bytes/bandwidth"};
  o.evaluations = 100;
  o.time_limit_s = 1e9;
  const Front front = ::energylens::search::search(data.problem, o);
  EXPECT_LT(front.formulas.back().loss, 1e-16) << front.formulas.back().text();
  std::vector<expr::NamedUnit> units;
  for (const Input& input : data.problem.inputs) units.push_back({input.name, input.unit});
  for (const Formula& f : front.formulas) {
    std::vector<expr::NamedUnit> all = units;
    for (const Constant& c : f.constants) {
      EXPECT_EQ(c.values.size(), 1u);
      all.push_back({c.name, c.unit});
    }
    const expr::UnitCheck check = expr::check_units(f.expr, all, expr::ConstantUnits::dimensionless);
    EXPECT_TRUE(check.consistent) << f.text() << ": " << check.why;
    EXPECT_EQ(check.unit, parse_unit("J")) << f.text();
  }
}

TEST(Quantities, ThatAreNotKnownAreRefusedByName) {
  EXPECT_THROW(checked_quantities({"weights"}), Error);
  const std::vector<table::Group> groups = table::groups(
      table::parse_csv("model,gpu,quant,tp,batch,isl,osl,total_energy_j\nLlama-3-8B,Abacus,FP16,1,1,9,9,1\n"
                       "Llama-3-8B,Abacus,FP16,1,2,9,9,3\nLlama-3-8B,Abacus,FP16,1,3,9,9,4\n",
                       "toy.csv"));
  MeasurementOptions wanted;
  wanted.quantities = {"weight_bytes", "tdp"};
  try {
    measurements(groups, wanted);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "Llama-3-8B, Abacus, FP16: tdp (greatest power of one GPU) is unknown; leave it out of "
                 "--quantities or add it with --catalogue");
  }
  const expr::Expr formula = expr::parse("weight_bytes*tdp/bandwidth");
  EXPECT_TRUE(has_quantity(formula));
  EXPECT_FALSE(has_quantity(expr::parse("batch*isl")));
  EXPECT_EQ(unknown_quantity(formula, facts_of(groups[0])), "bandwidth");
}

}  // namespace
}  // namespace energylens::discovery
