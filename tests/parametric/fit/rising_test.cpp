// SPDX-License-Identifier: Apache-2.0
// Energy and time of one wave by power times time rise with batch, isl and osl, whatever the constants are
// fitted to (docs/method/power-time.md, "The single form"): proven over boxes of constants and configurations at
// once, and seen in values at random ones.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "energylens/core/rng.hpp"
#include "energylens/expr/prove.hpp"
#include "energylens/expr/text.hpp"
#include "expr/algebra.hpp"
#include "expr/program.hpp"
#include "parametric/structure_fit.hpp"

namespace energylens::parametric {
namespace {

using expr::Interval;

/// Configurations and published figures far beyond those that exist. Nothing is 0 but isl: what is divided
/// by, or has an exponent, is not.
const std::map<std::string, Interval>& inputs() {
  static const std::map<std::string, Interval> kInputs = {{"tp", {1, 64}},
                                                          {"pp", {1, 64}},
                                                          {"batch", {1, 1e5}},
                                                          {"isl", {0, 1e7}},
                                                          {"osl", {1, 1e7}},
                                                          {"weights_read", {1e-3, 1}},
                                                          {"weight_bytes", {1e6, 1e13}},
                                                          {"kv_bytes", {1, 1e8}},
                                                          {"token_flops", {1e6, 1e14}},
                                                          {"bandwidth", {1e9, 1e14}},
                                                          {"peak_flops", {1e9, 1e17}},
                                                          {"tdp", {1, 1e4}}};
  return kInputs;
}

/// Of a constant: any number of its sign within a factor of 1e6 of its belief; g > 0; b of either sign.
Interval range_of(const predictor::StructureConstant& c) {
  if (c.logarithmic) return {c.start / 1e6, c.start * 1e6};
  return c.name == "g" ? Interval{1e-6, 4} : Interval{-4, 4};
}

/// With the context that the lengths make; constants are names like any other.
expr::Expr of_lengths(const predictor::Structure& structure) {
  return expr::parse(expr::print(expr::substitute(structure.formula, "L", expr::parse("isl + osl/2"))));
}

std::vector<std::pair<std::string, Interval>> box_of(const predictor::Structure& structure) {
  std::vector<std::pair<std::string, Interval>> out(inputs().begin(), inputs().end());
  for (const predictor::StructureConstant& c : structure.constants) out.emplace_back(c.name, range_of(c));
  return out;
}

const predictor::Structure& form_of(bool energy) {
  return energy ? *power_time_structures().energy : *power_time_structures().time;
}

class PowerTimeRises : public testing::TestWithParam<bool> {};

TEST_P(PowerTimeRises, ForAllConstantsOfTheirSigns) {
  std::vector<std::string> names;
  std::vector<Interval> box;
  for (const auto& [name, range] : box_of(form_of(GetParam()))) {
    names.push_back(name);
    box.push_back(range);
  }
  // weights_read rises with batch (experts of a mixture) and is held while batch moves.
  for (const char* input : {"batch", "isl", "osl", "weights_read"}) {
    const expr::Proof proof = prove_rising(of_lengths(form_of(GetParam())), input, names, box);
    EXPECT_EQ(proof.verdict, expr::Verdict::proven) << input << ": " << verdict_text(proof.verdict);
  }
}

TEST_P(PowerTimeRises, AtRandomConstantsAndConfigurations) {
  const auto box = box_of(form_of(GetParam()));
  std::vector<std::string> names;
  for (const auto& [name, range] : box) names.push_back(name);
  const expr::Program program(of_lengths(form_of(GetParam())), names);
  expr::Workspace workspace;
  const auto value = [&](const std::vector<double>& at) {
    std::vector<std::span<const double>> columns;
    for (const double& number : at) columns.emplace_back(&number, 1);
    double out = kUnknown;
    program.evaluate(columns, {}, {&out, 1}, workspace);
    return out;
  };
  Rng rng(7);
  for (int draw = 0; draw < 2000; ++draw) {
    std::vector<double> at;
    for (const auto& [name, range] : box) {
      const double u = rng.uniform();
      at.push_back(range.lo > 0 ? range.lo * std::pow(range.hi / range.lo, u)
                                : range.lo + (range.hi - range.lo) * u);
    }
    const double before = value(at);
    ASSERT_TRUE(before > 0) << "draw " << draw;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] != "batch" && names[i] != "isl" && names[i] != "osl") continue;
      std::vector<double> more = at;
      more[i] += 1 + more[i] * rng.uniform();
      EXPECT_GE(value(more), before) << names[i] << ", draw " << draw;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EnergyAndTime, PowerTimeRises, testing::Bool(),
                         [](const auto& energy) { return energy.param ? "Energy" : "Time"; });

}  // namespace
}  // namespace energylens::parametric
