// SPDX-License-Identifier: Apache-2.0
// Held by tests/recovery/attempt_test.cpp.
#include "recovery/report.hpp"

#include <algorithm>
#include <cstdio>

#include "core/rounded_text.hpp"
#include "energylens/io/json.hpp"

namespace energylens::recovery {
namespace {

using io::Json;

constexpr double kGood = 0.999;

/// Share of those that hold among those that are known.
struct Rate {
  std::size_t yes = 0, known = 0;
  void count(std::optional<bool> value) {
    if (!value) return;
    ++known;
    yes += *value ? 1 : 0;
  }
  double share() const {
    return known == 0 ? kUnknown : static_cast<double>(yes) / static_cast<double>(known);
  }
};

struct Rates {
  Rate exact, r2, terms;
  double error = 0;
  std::size_t errors = 0;
};

/// A problem that was not judged counts as not exact, unless none was.
Rates rates(std::span<const Outcome> outcomes) {
  Rates out;
  const bool any =
      std::any_of(outcomes.begin(), outcomes.end(), [](const Outcome& o) { return o.exact.has_value(); });
  for (const Outcome& o : outcomes) {
    if (any) out.exact.count(o.exact.value_or(false));
    out.r2.count(known(o.r2) && o.r2 > kGood);
    out.terms.count(o.terms_found);
    if (!known(o.held_out_error)) continue;
    out.error += o.held_out_error;
    ++out.errors;
  }
  return out;
}

Json optional_json(std::optional<bool> value) {
  return value ? Json(*value) : Json();
}

std::string yes_no(std::optional<bool> value) {
  return value ? (*value ? "yes" : "no") : "-";
}

}  // namespace

std::string outcome_json(const std::string& suite, const AttemptOptions& options,
                         std::span<const Outcome> outcomes) {
  const Rates r = rates(outcomes);
  Json problems = Json::array();
  for (const Outcome& o : outcomes) {
    Json one = Json::object({{"name", o.name},
                             {"exact", optional_json(o.exact)},
                             {"r2", o.r2},
                             {"seconds", o.seconds},
                             {"formula", o.formula},
                             {"seed", o.seed},
                             {"complexity", o.complexity},
                             {"evaluations", o.evaluations}});
    if (!o.why.empty()) one["why"] = o.why;
    if (o.terms_found) one["terms_found"] = *o.terms_found;
    if (known(o.held_out_error)) one["held_out_error"] = o.held_out_error;
    problems.push_back(one);
  }
  Json json = Json::object({{"suite", suite},
                            {"units", options.units},
                            {"noise", options.noise},
                            {"seconds_limit", options.seconds},
                            {"threads", options.threads},
                            {"exact_rate", r.exact.share()},
                            {"r2_rate", r.r2.share()}});
  if (r.terms.known > 0) {
    json["terms_rate"] = r.terms.share();
    json["held_out_error"] = r.error / static_cast<double>(r.errors);
  }
  json["problems"] = problems;
  return io::print_json(json) + '\n';
}

std::string outcome_table(std::span<const Outcome> outcomes) {
  const bool energy = std::any_of(outcomes.begin(), outcomes.end(),
                                  [](const Outcome& o) { return o.terms_found.has_value(); });
  std::string out = energy ? "| law | exact | terms | error | s | formula |\n|---|---|---|---|---|---|\n"
                           : "| problem | exact | 1 - R2 | s | formula |\n|---|---|---|---|---|\n";
  for (const Outcome& o : outcomes) {
    char missing[32] = "-";
    if (known(o.r2)) std::snprintf(missing, sizeof missing, "%.1e", std::max(0.0, 1 - o.r2));
    out += "| " + o.name + " | " + yes_no(o.exact) + " | ";
    out += energy ? yes_no(o.terms_found) + " | " + rounded_text(100 * o.held_out_error, 2) + " %"
                  : std::string(missing);
    out += " | " + rounded_text(o.seconds, 2) + " | `" + o.formula + "` |\n";
  }
  return out;
}

std::string summary(std::span<const Outcome> outcomes) {
  const Rates r = rates(outcomes);
  std::string out = "exact " + std::to_string(r.exact.yes) + " of " + std::to_string(r.exact.known) +
                    ", R2 > 0.999 in " + std::to_string(r.r2.yes) + " of " + std::to_string(r.r2.known);
  if (r.terms.known > 0) {
    out += ", terms found in " + std::to_string(r.terms.yes) + " of " + std::to_string(r.terms.known) +
           ", mean error " + rounded_text(100 * r.error / static_cast<double>(r.errors), 2) + " %";
  }
  return out;
}

}  // namespace energylens::recovery
