// SPDX-License-Identifier: Apache-2.0
// Held by tests/recovery/suites_test.cpp.
#include "recovery/known.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <numbers>
#include <optional>
#include <sstream>

#include "core/named_table.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/expr/text.hpp"

namespace energylens::recovery {
namespace {

constexpr std::array kSuites = {
    Suite{"feynman",
          "Udrescu and Tegmark, AI Feynman, Science Advances 6 (2020): 100 equations of the Feynman Lectures "
          "and 20 of other textbooks, as used by La Cava et al., SRBench (2021)",
          feynman},
    Suite{"nguyen", "Uy et al., Genetic Programming and Evolvable Machines 12 (2011)", nguyen},
    Suite{"strogatz", "La Cava, Danai and Spector (2016): systems of Strogatz, Nonlinear Dynamics and Chaos",
          strogatz},
    Suite{"empirical", "Cranmer, Interpretable machine learning for science with PySR (2023)", empirical},
    Suite{"energy", "laws of the shape of serving energy, drawn from a fixed seed", energy_laws}};

std::string read_word(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  while (at < text.size() && std::isalpha(static_cast<unsigned char>(text[at]))) ++at;
  return std::string(text.substr(begin, at - begin));
}

}  // namespace

std::vector<std::string> Known::parameter_names() const {
  std::vector<std::string> out;
  for (std::size_t i = 0; !parameters.empty() && i < parameters[0].size(); ++i)
    out.push_back("c" + std::to_string(i));
  return out;
}

expr::Expr Known::expr(std::size_t group) const {
  const std::vector<std::string> names = parameter_names();
  expr::Expr out = expr::parse(formula, {names, {}, name});
  out = expr::substitute(out, "pi", expr::Expr::constant(std::numbers::pi));
  for (std::size_t i = 0; i < names.size(); ++i)
    out = expr::substitute(out, names[i], expr::Expr::constant(parameters[group][i]));
  return out;
}

std::span<const Suite> suites() {
  return kSuites;
}

const Suite& find_suite(std::string_view name) {
  return find_named(kSuites, name, "suite");
}

Unit physical_unit(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kStandIns = {
      {{"m", "byte"}, {"kg", "token"}, {"s", "s"}, {"K", "request"}, {"V", "gpu"}}};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (!std::isalpha(static_cast<unsigned char>(text[i]))) {
      out += text[i++];
      continue;
    }
    const std::string word = read_word(text, i);
    const auto same = [&](const auto& pair) { return pair.first == word; };
    const auto found = std::find_if(kStandIns.begin(), kStandIns.end(), same);
    if (found == kStandIns.end()) throw Error::bad_input({}, "\"" + word + "\" is not a unit of physics");
    out += found->second;
  }
  return parse_unit(out);
}

std::vector<KnownInput> read_inputs(std::string_view text, Unit (*unit_of)(std::string_view name)) {
  std::vector<KnownInput> out;
  std::istringstream items{std::string(text)};
  for (std::string item; std::getline(items, item, ',');) {
    std::istringstream words(item);
    KnownInput input;
    words >> input.name;
    input.unit = unit_of(input.name);
    if (words >> input.low && !(words >> input.high))
      throw Error::bad_input({}, "\"" + item + "\" is not a name and its range");
    out.push_back(std::move(input));
  }
  return out;
}

}  // namespace energylens::recovery
