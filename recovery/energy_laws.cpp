// SPDX-License-Identifier: Apache-2.0
// energy_laws.cpp: forty laws of the shape that the energy of serving has: two to four terms, each a product
// of powers of layout, batch and lengths. Exponents are shared by the groups, coefficients are their own: up
// to twelve numbers in a law of one group. Kinds of terms, exponents and shares are drawn from a fixed seed.
// A term is scaled so that it makes a stated share of the whole at the middle of the ranges.
#include <algorithm>
#include <array>
#include <cmath>

#include "energylens/core/number_text.hpp"
#include "energylens/core/rng.hpp"
#include "recovery/known.hpp"

namespace energylens::recovery {
namespace {

constexpr std::size_t kLaws = 40, kInputs = 5;
constexpr std::array<const char*, kInputs> kNames = {"tp", "pp", "batch", "isl", "osl"};
constexpr std::array<double, kInputs> kMiddle = {2.8, 2, 10, 180, 130};

/// What a term does, with the range of its exponent of each input; 0 0: it has none of it.
struct Kind {
  std::array<std::pair<double, double>, kInputs> exponents;
};
constexpr std::array kKinds = {
    Kind{{{{-0.3, 0.2}, {0, 0}, {1, 1}, {1, 1}, {0, 0}}}},        // prefill, in proportion to tokens
    Kind{{{{0.4, 1}, {0.3, 1}, {0, 0}, {0, 0}, {1, 1}}}},         // what a decode step takes anyway
    Kind{{{{-0.2, 0.4}, {0, 0}, {0.5, 0.95}, {0, 0}, {1, 1}}}},   // work that grows with the batch
    Kind{{{{-0.4, 0}, {0, 0}, {1, 1}, {1, 1}, {1, 1}}}},          // reading the cache of the prompt
    Kind{{{{0, 0}, {-0.3, 0.3}, {0.7, 1}, {0, 0}, {2, 2}}}},      // and that of the answer
    Kind{{{{0.8, 1.6}, {0, 0}, {0.2, 0.5}, {0, 0}, {1, 1}}}},     // traffic between the GPUs of a layer
    Kind{{{{0, 0}, {1, 1.5}, {0.4, 0.8}, {0.3, 0.6}, {0, 0}}}}};  // bubbles of the pipeline

double rounded(double x) {
  return std::round(x * 100) / 100;
}

double between(double low, double high, Rng& rng) {
  return rounded(low + (high - low) * rng.uniform());
}

std::string factor_text(std::size_t input, double exponent) {
  if (exponent == 1) return std::string("*") + kNames[input];
  return std::string("*") + kNames[input] + "^" + number_text(exponent);
}

/// One term, "c0*batch*isl", and its value in the middle without the coefficient.
std::string term_text(const Kind& kind, std::size_t number, Rng& rng, double& middle) {
  std::string text = "c" + std::to_string(number);
  middle = 1;
  for (std::size_t i = 0; i < kInputs; ++i) {
    const auto [low, high] = kind.exponents[i];
    const double e = low == high ? low : between(low, high, rng);
    if (e == 0) continue;
    text += factor_text(i, e);
    middle *= std::pow(kMiddle[i], e);
  }
  return text;
}

std::vector<KnownInput> inputs() {
  std::vector<KnownInput> out(kInputs);
  for (std::size_t i = 0; i < kInputs; ++i) out[i].name = kNames[i];
  out[0].counts = {1, 2, 4, 8};
  out[1].counts = {1, 2, 4};
  out[2].counts = {1, 2, 4, 8, 16, 32, 64};
  for (const std::size_t i : {3, 4}) {
    out[i].low = 16;
    out[i].high = i == 3 ? 2048 : 1024;
    out[i].whole = true;
  }
  return out;
}

Known law(std::size_t index) {
  static constexpr std::array<double, 5> kNoise = {0, 0.01, 0.02, 0.03, 0.05};
  static constexpr std::array<std::size_t, 4> kRows = {25, 60, 100, 300};
  Rng rng(splitmix64(2026 + index));
  Known out;
  out.name = "energy-" + std::to_string(index + 1);
  out.unit = parse_unit("J");
  out.inputs = inputs();
  out.relative = true;
  out.noise = kNoise[index % kNoise.size()];
  const std::size_t groups = 1 + rng.below(5), terms = 2 + index % 3;
  out.rows = kRows[index % kRows.size()] * groups;
  out.parameters.assign(groups, std::vector<double>(terms));
  const std::vector<std::size_t> kinds = shuffled_order(rng(), kKinds.size());
  for (std::size_t t = 0; t < terms; ++t) {
    double middle = 1;
    out.formula += (t > 0 ? " + " : "") + term_text(kKinds[kinds[t]], t, rng, middle);
    for (std::vector<double>& own : out.parameters) {
      const double share = 300 * std::exp(0.5 * rng.normal());  // joules in the middle
      own[t] = share / middle;
    }
  }
  return out;
}

}  // namespace

std::vector<Known> energy_laws() {
  std::vector<Known> out;
  for (std::size_t i = 0; i < kLaws; ++i) out.push_back(law(i));
  return out;
}

}  // namespace energylens::recovery
