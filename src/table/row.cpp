// SPDX-License-Identifier: Apache-2.0
// Held by row_test.cpp.
#include "energylens/table/row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "table/layout_of.hpp"

namespace energylens::table {
namespace {

struct LayoutFactor {
  std::string_view letters;
  int Layout::*degree;
};
constexpr std::array<LayoutFactor, 4> kFactors = {
    {{"tp", &Layout::tp}, {"pp", &Layout::pp}, {"dp", &Layout::dp}, {"ep", &Layout::ep}}};

/// Characters between factors, "tp4-pp2" or "TP8/EP8", and between a factor and its degree, "tp=4" or "TP: 4".
constexpr std::string_view kBetweenFactors = " \t-_/,;+*x&|", kBeforeDegree = " \t_=:";

bool starts_with_letters(std::string_view text, std::string_view letters) {
  return text.size() >= letters.size() && lower_case(text.substr(0, letters.size())) == letters;
}

void skip(std::string_view& text, std::string_view characters) {
  text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
}

/// Takes one factor such as "tp4" off the front; false if there is none or it occurs twice.
bool take_factor(std::string_view& text, Layout& layout, std::array<bool, kFactors.size()>& seen) {
  for (std::size_t i = 0; i < kFactors.size(); ++i) {
    if (!starts_with_letters(text, kFactors[i].letters) || seen[i]) continue;
    text.remove_prefix(kFactors[i].letters.size());
    skip(text, kBeforeDegree);
    int& degree = layout.*kFactors[i].degree;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), degree);
    if (error != std::errc() || degree < 1 || degree > kMostGpus) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return seen[i] = true;
  }
  return false;
}

}  // namespace

std::string layout_text(const Layout& layout) {
  std::string text;
  for (const LayoutFactor& factor : kFactors) {
    const int degree = layout.*factor.degree;
    if (degree != 1 || factor.degree == &Layout::tp) text += fmt::format("{}{}", factor.letters, degree);
  }
  return text;
}

Layout parse_layout(std::string_view text) {
  Layout layout;
  std::array<bool, kFactors.size()> seen{};
  std::string_view rest = text;
  bool good = !text.empty();
  while (good && !rest.empty()) {
    good = take_factor(rest, layout, seen);
    const std::string_view after = rest;
    if (good) skip(rest, kBetweenFactors);
    good = good && rest.empty() == after.empty();  // a separator has a factor after it
  }
  good = good && static_cast<double>(layout.tp) * layout.pp * layout.dp <= kMostGpus;
  if (!good) throw Error::bad_cell({}, shown(text), "a layout such as tp4pp2");
  return layout;
}

double Load::decode_steps() const {
  return std::max(osl - 1, 0.0) / (known(accepted_per_step) ? accepted_per_step : 1);
}

double Load::computed_isl() const {
  return isl - (known(cached_tokens) ? cached_tokens : 0);
}

double Row::scenario_energy_j() const {
  return config.load.kind == RowKind::job ? results.total_energy_j : results.energy_per_out_token_j;
}

double Row::scenario_time_s() const {
  return config.load.kind == RowKind::job ? results.total_time_s : results.tpot_s;
}

}  // namespace energylens::table
