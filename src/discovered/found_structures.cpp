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
  out.energy = structure("c0*batch*isl", "c1*pp^c2 + c3*batch^c4*tp^c5 + c6*batch^c7*L", "J",
                         {{"c0", 2.7, false},
                          {"c1", 43.8, false},
                          {"c2", 0.45, true},
                          {"c3", 3.85, false},
                          {"c4", 0.75, true},
                          {"c5", 0.25, true},
                          {"c6", 5.4e-4, false},
                          {"c7", 0.8, true}});
  return out;
}

}  // namespace

const model::Structures& found_structures() {
  static const model::Structures kFound = found();
  return kFound;
}

}  // namespace energylens::discovered
