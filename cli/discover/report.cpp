// SPDX-License-Identifier: Apache-2.0
#include "cli/discover/report.hpp"

#include <algorithm>
#include <cmath>

#include "cli/output.hpp"
#include "core/rounded_text.hpp"
#include "energylens/expr/prove.hpp"

namespace energylens::cli {
namespace {

/// "24", or "22 of 24" if the rows do not determine all numbers.
std::string numbers_text(const search::Formula& f) {
  const std::string fitted = rounded_text(static_cast<double>(f.fitted_numbers()));
  const bool all = f.effective_parameters == static_cast<double>(f.fitted_numbers());
  if (all || !known(f.effective_parameters)) return fitted;
  return rounded_text(f.effective_parameters) + " of " + fitted;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string_view shown(expr::Verdict verdict) {
  switch (verdict) {
    case expr::Verdict::proven:
      return "proved";
    case expr::Verdict::open:
      return "undecided";
    case expr::Verdict::refuted:
      return "refuted";
  }
  return "";
}

/// The input in which the formula must rise, or "sign".
std::string name_of(const search::Claim& claim) {
  return claim.property == search::Property::positive ? "sign" : claim.input;
}

/// Whether a formula without the property is impossible. A formula that is not concave is not.
bool is_required(const search::Claim& claim) {
  return claim.property != search::Property::concave;
}

/// The required properties with this verdict.
std::vector<std::string> claims_that(const search::Formula& f, bool within_errors, expr::Verdict verdict) {
  std::vector<std::string> out;
  for (const search::Claim& claim : f.claims) {
    const expr::Verdict own = within_errors ? claim.within_errors : claim.as_fitted;
    if (is_required(claim) && own == verdict) out.push_back(name_of(claim));
  }
  return out;
}

/// "yes": every required property is proved within errors; "as fitted": with the constants as fitted; else
/// the properties that are refuted or open.
std::string proven_text(const search::Formula& f) {
  using expr::Verdict;
  const auto required = static_cast<std::size_t>(std::ranges::count_if(f.claims, is_required));
  if (required == 0) return "-";
  if (claims_that(f, true, Verdict::proven).size() == required) return "yes";
  if (claims_that(f, false, Verdict::proven).size() == required) return "as fitted";
  const std::vector<std::string> wrong = claims_that(f, false, Verdict::refuted);
  if (!wrong.empty()) return "no: " + joined(wrong);
  return "undecided: " + joined(claims_that(f, false, Verdict::open));
}

std::string front_table(const search::Front& front) {
  TextTable table("lrrrrrrll", {"pick", "complexity", "error", "cross-validated", "held out", "score",
                                "constants", "proved", "formula"});
  for (const search::Formula& f : front.formulas) {
    table.add({f.chosen ? ">>>>" : "", rounded_text(f.complexity), percent_text(std::sqrt(f.loss)),
               percent_text(f.cv_mape), percent_text(f.test_mape), rounded_text(f.score), numbers_text(f),
               proven_text(f), f.text()});
  }
  return table.text();
}

std::string property_text(const search::Claim& claim) {
  switch (claim.property) {
    case search::Property::positive:
      return "is positive";
    case search::Property::rising:
      return "is non-decreasing in " + claim.input;
    case search::Property::concave:
      return "is concave in " + claim.input;
  }
  return "";
}

/// A property of the picked formula and its verdict, in one line.
std::string claim_text(const search::Claim& claim) {
  std::string text = property_text(claim) + ": " + std::string(shown(claim.as_fitted));
  if (claim.as_fitted == expr::Verdict::proven) {
    text += claim.within_errors == expr::Verdict::proven
                ? ", also with its constants within two standard errors"
                : " for the constants as fitted, " + std::string(shown(claim.within_errors)) +
                      " within two standard errors";
  }
  if (claim.witness.empty()) return text;
  std::vector<std::string> at;
  for (const auto& [name, value] : claim.witness) at.push_back(name + " = " + rounded_text(value));
  return text + " at " + joined(at) + (claim.group.empty() ? "" : " (" + claim.group + ")");
}

std::string bound_text(double bound) {
  return known(bound) ? rounded_text(bound) : "?";
}

/// The picked formula: its properties, and 95 % intervals of the constants inside its terms.
std::string picked_text(const search::Formula& f) {
  std::string text;
  for (const search::Claim& claim : f.claims) text += "  " + claim_text(claim) + '\n';
  for (const search::Constant& c : f.constants) {
    for (std::size_t g = 0; g < c.profile.size(); ++g) {
      text += "  " + c.name + (c.profile.size() > 1 ? " of group " + std::to_string(g + 1) : "") + " = " +
              rounded_text(c.values[g]) + ", 95 % interval " + bound_text(c.profile[g].lo) + " to " +
              bound_text(c.profile[g].hi) + '\n';
    }
  }
  return text.empty() ? text : "\nproperties of the picked formula\n" + text;
}

}  // namespace

std::string status_text(const search::Status& status) {
  constexpr std::size_t kMost = 6;
  std::string text = rounded_text(static_cast<double>(status.evaluations), 12) + " formulas, " +
                     rounded_text(status.formulas_per_s) + "/s";
  if (std::isfinite(status.seconds_left))
    text += ", " + rounded_text(std::max(0.0, status.seconds_left)) + " s left";
  const std::size_t count = status.best.size();
  for (std::size_t i = count > kMost ? count - kMost : 0; i < count; ++i) {
    const search::Status::Best& best = status.best[i];
    text += (i == 0 || i + kMost == count ? "; " : ", ") + rounded_text(best.complexity) + ": " +
            percent_text(std::sqrt(best.loss));
  }
  return text;
}

std::string report(const search::Front& front, const search::Problem& problem, const std::string& format) {
  if (format == "json") return front_json(front, problem);
  return format == "csv" ? hall_of_fame_csv(front) : front_table(front) + picked_text(front.chosen());
}

}  // namespace energylens::cli
