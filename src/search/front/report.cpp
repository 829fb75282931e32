// SPDX-License-Identifier: Apache-2.0
// Tested by tests/search/front/front_test.cpp.
#include "energylens/core/number_text.hpp"
#include "energylens/expr/text.hpp"
#include "energylens/io/json.hpp"
#include "energylens/search/search.hpp"
#include "io/csv_writer.hpp"

namespace energylens::search {
namespace {

using io::Json;

Json constant_json(const Constant& c) {
  Json out =
      Json::object({{"name", c.name}, {"unit", unit_text(c.unit)}, {"values", Json::array_of(c.values)}});
  if (!c.standard_errors.empty()) out["standard_errors"] = Json::array_of(c.standard_errors);
  if (c.profile.empty()) return out;
  Json ranges = Json::array();
  for (const Bounds& b : c.profile) ranges.push_back(Json::array({b.lo, b.hi}));
  out["profile_95"] = ranges;
  return out;
}

const char* property_name(Property property) {
  switch (property) {
    case Property::positive:
      return "positive";
    case Property::rising:
      return "rising";
    case Property::concave:
      return "concave";
  }
  return "";
}

Json claim_json(const Claim& claim) {
  Json witness = nullptr;
  if (!claim.witness.empty()) {
    witness = Json::object({});
    for (const auto& [name, value] : claim.witness) witness[name] = value;
  }
  const bool proven = claim.within_errors == expr::Verdict::proven;
  return Json::object({{"claim", property_name(claim.property)},
                       {"input", claim.input.empty() ? Json(nullptr) : Json(claim.input)},
                       {"within_errors", expr::verdict_text(claim.within_errors)},
                       {"as_fitted", expr::verdict_text(claim.as_fitted)},
                       {"group", proven || claim.group.empty() ? Json(nullptr) : Json(claim.group)},
                       {"witness", witness}});
}

std::vector<std::string> all_warnings(const Front& front, const Problem& problem) {
  std::vector<std::string> out = warnings(problem);
  for (std::string& warning : warnings(front)) out.push_back(std::move(warning));
  return out;
}

}  // namespace

std::string hall_of_fame_csv(const Front& front) {
  io::CsvWriter csv;
  csv.row("pick", "complexity", "loss", "score", "description_length", "cv_loss", "cv_mape", "test_mape",
          "equation");
  for (const Formula& f : front.formulas) {
    csv.row(f.chosen ? ">>>>" : "", f.complexity, f.loss, f.score, f.description_length, f.cv_loss, f.cv_mape,
            f.test_mape, f.text());
  }
  return std::move(csv).text();
}

std::string front_json(const Front& front, const Problem& problem) {
  Json formulas = Json::array();
  for (const Formula& f : front.formulas) {
    Json constants = Json::array();
    for (const Constant& c : f.constants) constants.push_back(constant_json(c));
    Json claims = Json::array();
    for (const Claim& claim : f.claims) claims.push_back(claim_json(claim));
    formulas.push_back(Json::object({{"complexity", f.complexity},
                                     {"loss", f.loss},
                                     {"score", f.score},
                                     {"description_length", f.description_length},
                                     {"cv_loss", f.cv_loss},
                                     {"cv_mape", f.cv_mape},
                                     {"test_mape", f.test_mape},
                                     {"chosen", f.chosen},
                                     {"saturated", f.saturated},
                                     {"equation", f.text()},
                                     {"infix", expr::print(f.expr)},
                                     {"postfix", expr::print_postfix(f.expr)},
                                     {"constants", constants},
                                     {"fitted_numbers", f.fitted_numbers()},
                                     {"effective_parameters", f.effective_parameters},
                                     {"claims", claims}}));
  }
  const Json json = Json::object({{"format", "energylens-front"},
                                  {"version", 1},
                                  {"problem", problem.fingerprint()},
                                  {"target", problem.target_name},
                                  {"form", problem.form},
                                  {"groups", Json::array_of(problem.group_names)},
                                  {"rows", problem.rows()},
                                  {"test_rows", front.test_rows},
                                  {"warnings", Json::array_of(all_warnings(front, problem))},
                                  {"ended", ended_text(front.why)},
                                  {"evaluations", front.evaluations},
                                  {"formulas", formulas}});
  return io::print_json(json) + '\n';
}

}  // namespace energylens::search
