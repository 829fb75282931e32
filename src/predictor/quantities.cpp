// SPDX-License-Identifier: Apache-2.0
// Held by tests/predictor/quantities_test.cpp.
#include "predictor/quantities.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/named_table.hpp"
#include "energylens/core/error.hpp"

namespace energylens::predictor {
namespace {

double token_flops(const Facts& facts) {
  return 2 * (known(facts.active_params) ? facts.active_params : facts.params);
}

constexpr std::array<PublishedQuantity, 7> kQuantities{{
    {"weight_bytes", "byte", "weights of one replica", [](const Facts& f) { return f.weight_bytes; }},
    {"kv_bytes", "byte", "KV cache of one token", [](const Facts& f) { return f.kv_bytes_per_token; }},
    {"token_flops", "flop", "a multiplication and an addition per active weight", token_flops},
    {"bandwidth", "byte/s", "of the memory of one GPU",
     [](const Facts& f) { return f.gpu_bandwidth_bytes_s; }},
    {"peak_flops", "flop/s", "of one GPU in the type that it computes in",
     [](const Facts& f) { return f.gpu_peak_flops; }},
    {"tdp", "W", "greatest power of one GPU", [](const Facts& f) { return f.gpu_tdp_w; }},
    {"link", "byte/s", "of one GPU to its peers, one direction",
     [](const Facts& f) { return f.gpu_link_bytes_s; }},
}};

bool occurs(const PublishedQuantity& quantity, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), quantity.name) != names.end();
}

}  // namespace

std::span<const PublishedQuantity> quantities() {
  return kQuantities;
}

std::vector<std::string> checked_quantities(const std::vector<std::string>& names) {
  std::vector<std::string_view> all;
  for (const PublishedQuantity& quantity : kQuantities) all.push_back(quantity.name);
  if (names.size() == 1 && names[0] == "all") return {all.begin(), all.end()};
  for (const std::string& name : names) choose_named(all, name, "quantity");
  return names;
}

std::string unknown_quantity(const expr::Expr& formula, const Facts& facts) {
  const std::vector<std::string> names = formula.variables();
  for (const PublishedQuantity& quantity : kQuantities) {
    if (occurs(quantity, names) && !known(quantity.of(facts))) return std::string(quantity.name);
  }
  return {};
}

bool has_quantity(const expr::Expr& formula) {
  const std::vector<std::string> names = formula.variables();
  return std::any_of(kQuantities.begin(), kQuantities.end(),
                     [&](const PublishedQuantity& q) { return occurs(q, names); });
}

std::vector<Unit> quantity_coefficients(Metric metric) {
  std::vector<Unit> out;
  if (metric == Metric::energy) {
    for (const char* unit : {"J", "W", "s", "J/byte", "J/flop"}) out.push_back(parse_unit(unit));
  } else {
    out.push_back(parse_unit("s"));
  }
  return out;
}

}  // namespace energylens::predictor
