// SPDX-License-Identifier: Apache-2.0
// Two ways to answer the same question. The design shows why a parameter cannot be determined (a column that never varies, a
// product that never varies); the spectrum of the information matrix shows which directions are left to the priors.
// Held by identifiability_test.cpp.
#include "parametric/fit/identifiability.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace energylens::parametric {
namespace {

/// A coordinate belongs to an undetermined direction if its weight in it is at least this.
constexpr double kNotable = 0.35;

template <typename Value>
std::set<double> distinct(const predictor::PreparedRows& prepared, Value value) {
  std::set<double> out;
  for (const table::Row& row : prepared.rows) {
    const double v = value(row.config);
    if (known(v)) out.insert(v);
  }
  return out;
}

void add_constant(const std::set<double>& values, const std::string& column, const std::string& consequence,
                  std::vector<std::string>& out) {
  if (values.size() == 1)
    out.push_back("all rows have " + column + " = " + number_text(*values.begin()) + ": " + consequence);
}

void server_sentences(const predictor::PreparedRows& prepared, std::vector<std::string>& out) {
  using C = const table::Configuration&;
  const auto ranks =
      distinct(prepared, [](C c) { return c.layout.attention_data_parallel() ? c.layout.dp : 1; });
  const auto experts = distinct(prepared, [](C c) { return c.layout.ep > 1 ? 1 : 0; });
  if (ranks == std::set<double>{1}) out.push_back("no row has data-parallel attention: c1 is not used");
  if (experts == std::set<double>{0}) out.push_back("no row has parallel experts: c2 is not used");
  if (experts == std::set<double>{1})
    out.push_back("all rows have parallel experts: their cost (c2) is unknown");
}

void layout_sentences(const predictor::PreparedRows& prepared, std::vector<std::string>& out) {
  using C = const table::Configuration&;
  const auto tps = distinct(prepared, [](C c) { return c.layout.tp; });
  const auto pps = distinct(prepared, [](C c) { return c.layout.pp; });
  const auto products = distinct(prepared, [](C c) { return c.layout.tp * c.layout.pp; });
  const bool server = prepared.context.serving;
  add_constant(tps, "tp",
               server ? "only other layouts show the effect of tp (b1, b5, b6)"
                      : "the effect of tp (a2, b1, b5, b6) is unknown",
               out);
  add_constant(pps, "pp", server ? "b2 is not used" : "the effect of pp (a3, b2) is unknown", out);
  if (server) server_sentences(prepared, out);
  if (products.size() == 1 && tps.size() > 1) {
    out.push_back("all rows have tp*pp = " + number_text(*products.begin()) +
                  ": only the form of the law separates the effects of tp and pp");
  }
}

void load_sentences(const predictor::PreparedRows& prepared, std::vector<std::string>& out) {
  using C = const table::Configuration&;
  if (!prepared.context.isl_known) {
    out.push_back(
        "isl is blank: prefill is one constant per request, and the model refuses questions about isl");
  } else {
    add_constant(distinct(prepared, [](C c) { return c.load.isl; }), "isl",
                 prepared.context.serving
                     ? "the cost of an input token is known from that of output tokens alone"
                     : "the cost of an input token is not separate from the start-up of prefill",
                 out);
  }
  add_constant(distinct(prepared, [](C c) { return c.load.osl; }), "osl",
               "prefill is not separate from decode, and the cost of a longer context is unknown", out);
  add_constant(distinct(prepared, [](C c) { return c.load.batch; }), "batch",
               "the growth with the batch (b4) is unknown", out);
}

bool prefill_measured(std::span<const Observation> observations) {
  return std::any_of(observations.begin(), observations.end(), [](const Observation& o) {
    return o.part == Part::prefill || (o.part == Part::total && o.terms.steps <= 0);
  });
}

/// The parameters that make up a direction: "b3, b7".
std::vector<std::string_view> members(const Coordinates& direction, Form form) {
  std::vector<std::string_view> out;
  for (std::size_t j = 0; j < kParameters; ++j) {
    if (std::abs(direction[j]) >= kNotable) out.push_back(parameter_infos(form)[j].name);
  }
  return out;
}

std::string list(const std::vector<std::string_view>& names) {
  std::string out;
  for (const std::string_view name : names) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

void prior_sentences(const std::vector<Coordinates>& directions, Form form, std::vector<std::string>& out) {
  std::vector<std::string_view> alone;
  for (const Coordinates& direction : directions) {
    const std::vector<std::string_view> names = members(direction, form);
    if (names.size() == 1) alone.push_back(names[0]);
  }
  std::sort(alone.begin(), alone.end());
  if (!alone.empty()) out.push_back("determined by the prior: " + list(alone));
  std::map<std::string, int> combinations;
  for (const Coordinates& direction : directions) {
    const std::vector<std::string_view> names = members(direction, form);
    if (names.size() > 1) ++combinations[list(names)];
  }
  for (const auto& [names, count] : combinations) {
    out.push_back("determined by the prior: " +
                  (count == 1 ? "a combination of " : std::to_string(count) + " combinations of ") + names);
  }
}

}  // namespace

std::vector<std::string> undetermined_sentences(const predictor::PreparedRows& prepared,
                                                std::span<const Observation> observations,
                                                const Uncertainty& uncertainty) {
  std::vector<std::string> out;
  layout_sentences(prepared, out);
  load_sentences(prepared, out);
  if (prepared.context.isl_known && !prefill_measured(observations)) {
    out.push_back("prefill was never measured separately from decode");
  }
  prior_sentences(uncertainty.undetermined, form_of(prepared.context), out);
  return out;
}

}  // namespace energylens::parametric
