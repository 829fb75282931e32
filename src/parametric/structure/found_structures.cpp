// SPDX-License-Identifier: Apache-2.0
// found_structures.cpp: what discovery found in public measurements. docs/method/discovery.md has the search, its
// rows and the meaning of each term; tests/parametric/fit/fit_structure_test.cpp holds that the units are right and the
// terms those of the text.
#include "energylens/expr/text.hpp"
#include "parametric/structure_fit.hpp"

namespace energylens::parametric {
namespace {

struct Start {
  const char* name;
  double value;
  bool exponent;
};

predictor::Structure structure(const std::string& prefill, const std::string& decode, const char* unit,
                               std::initializer_list<Start> starts) {
  predictor::Structure out;
  out.form = "prefill(batch, isl, tp, pp) + osl*decode(batch, tp, pp, L)";
  std::vector<std::string> names;
  for (const Start& start : starts) {
    names.emplace_back(start.name);
    out.constants.push_back({start.name, start.exponent ? Unit() : parse_unit(unit), !start.exponent,
                             !start.exponent, start.value});
  }
  out.formula = expr::parse(prefill + " + osl*(" + decode + ")", {names, {}, "found formula"});
  out.prefill = expr::parse(prefill, {names, {}, "found formula"});
  return out;
}

predictor::Structures found() {
  predictor::Structures out;
  out.energy =
      structure("c0*batch*tp^1.5*isl", "c1*batch^0.75 + c2*batch*tp^2 + c3*pp^c4 + c5*tp + c6*batch*L", "J",
                {{"c0", 0.1, false},
                 {"c1", 0.22, false},
                 {"c2", 5e-3, false},
                 {"c3", 19, false},
                 {"c4", 0.44, true},
                 {"c5", 0.85, false},
                 {"c6", 7.7e-5, false}});
  out.time = structure("c0*batch*tp*isl", "c1*batch^0.5 + c2*L^c3 + c4/tp + c5*pp*batch*tp", "s",
                       {{"c0", 1.8e-4, false},
                        {"c1", 1.2e-3, false},
                        {"c2", 1.8e-3, false},
                        {"c3", 0.17, true},
                        {"c4", 0.034, false},
                        {"c5", 2.8e-5, false}});
  return out;
}

/// One constant of the single form with its prior.
struct Believed {
  const char* name;
  const char* unit;
  double value, sd;
  bool exponent = false;
};

predictor::Structure believed(const std::string& prefill, const std::string& decode,
                              std::initializer_list<Believed> all) {
  predictor::Structure out;
  std::vector<std::string> names;
  for (const Believed& one : all) {
    names.emplace_back(one.name);
    out.constants.push_back({one.name, parse_unit(one.unit), true, !one.exponent, one.value, one.sd});
  }
  out.formula = expr::parse(prefill + " + osl*(" + decode + ")", {names, {}, "single form"});
  out.prefill = expr::parse(prefill, {names, {}, "single form"});
  return out;
}

/// docs/method/power-time.md, "The single form", gives the reasons for each term and each prior.
predictor::Structures power_time() {
  const std::string layout = "(1 + x*(tp - 1)*tp^b)/tp", work = "token_flops/peak_flops*";
  const std::string prefill = "c*" + work + "batch*isl*" + layout,
                    decode =
                        "d + a*L + e*(weight_bytes*weights_read + kv_bytes*batch*L)/(bandwidth*tp) + k*" +
                        work + "batch^g*" + layout;
  const std::string power = "q*tdp*tp*pp^0.9*", bytes = "weight_bytes*weights_read + h*kv_bytes*batch*L",
                    energy = "w*(" + bytes + ") + v*token_flops*batch^g*tp^0.5";
  const Believed d{"d", "s", 6e-3, 1.2}, a{"a", "s", 4e-7, 0.2}, e{"e", "1", 1, 0.1}, k{"k", "1", 1.5, 1},
      g{"g", "1", 0.7, 0.15, true}, x{"x", "1", 2.5, 0.7}, b{"b", "1", 0.1, 0.3, true}, c{"c", "1", 1.5, 1};
  predictor::Structures out;
  out.joint = true;
  out.time = believed(prefill, decode, {d, a, e, k, g, x, b, c});
  out.energy = believed(power + "(" + prefill + ")", power + "(" + decode + ") + " + energy,
                        {d,
                         a,
                         e,
                         k,
                         g,
                         x,
                         b,
                         c,
                         {"q", "1", 0.22, 0.15},
                         {"w", "J/byte", 1.8e-10, 0.3},
                         {"h", "1", 1, 0.2},
                         {"v", "J/flop", 5e-13, 1}});
  return out;
}

}  // namespace

const predictor::Structures& power_time_structures() {
  static const predictor::Structures kPowerTime = power_time();
  return kPowerTime;
}

const predictor::Structures& found_structures() {
  static const predictor::Structures kFound = found();
  return kFound;
}

}  // namespace energylens::parametric
