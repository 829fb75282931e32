// SPDX-License-Identifier: Apache-2.0
// found_structures.cpp: what discovery found in public measurements. docs/discovery.md has the search, its
// rows and the meaning of each term; tests/discovered/fit_test.cpp holds that the units are right and the
// terms those of the text.
#include "energylens/discovered/fit.hpp"
#include "energylens/expr/text.hpp"

namespace energylens::discovered {
namespace {

struct Start {
  const char* name;
  double value;
  bool exponent;
};

model::Structure structure(const std::string& prefill, const std::string& decode, const char* unit,
                           std::initializer_list<Start> starts) {
  model::Structure out;
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

model::Structures found() {
  model::Structures out;
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

}  // namespace

const model::Structures& found_structures() {
  static const model::Structures kFound = found();
  return kFound;
}

}  // namespace energylens::discovered
