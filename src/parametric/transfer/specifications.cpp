// SPDX-License-Identifier: Apache-2.0
// Ratios of published figures, docs/method/transfer.md (14). What reads weights or cache takes bytes over bandwidth,
// what computes takes operations over the peak, what is sent takes activations over the link; joules are
// seconds times the power limit. A figure that is not known counts as equal, is named, and widens the prior
// (prior.cpp). Held by specifications_test.cpp.
#include "parametric/transfer/specifications.hpp"

#include <algorithm>
#include <cmath>

#include "energylens/core/number_text.hpp"
#include "energylens/parametric/transfer.hpp"

namespace energylens::parametric {
namespace {

/// One figure of both groups as a ratio, with its name.
struct Quotient {
  const char* name;
  double ratio;  ///< unknown where a figure is
};

/// Every ratio that parameters are made of.
struct Quotients {
  Quotient weights, cache, active, bandwidth, peak, link, power;
};

/// `same`: the groups agree in what the figure is about, so it is equal even where nobody published it.
Quotient quotient(const char* name, double source, double target, bool same) {
  const double ratio = source > 0 && target > 0 ? target / source : kUnknown;
  return {name, !known(ratio) && same ? 1 : ratio};
}

Quotients quotients(const Described& s, const Described& t) {
  const auto same = [&](const char* column) { return s.identity[column] == t.identity[column]; };
  const bool gpu = same("gpu"), model = same("model"), quant = same("quant"), kv = same("kv_dtype");
  const predictor::Facts &a = s.facts, &b = t.facts;
  return {quotient("weight bytes", a.weight_bytes, b.weight_bytes, model && quant),
          quotient("KV bytes per token", a.kv_bytes_per_token, b.kv_bytes_per_token, model && quant && kv),
          quotient("active parameters", a.active_params, b.active_params, model),
          quotient("memory bandwidth", a.gpu_bandwidth_bytes_s, b.gpu_bandwidth_bytes_s, gpu),
          quotient("peak operations", a.gpu_peak_flops, b.gpu_peak_flops, gpu && quant),
          quotient("link bandwidth", a.gpu_link_bytes_s, b.gpu_link_bytes_s, gpu),
          quotient("power limit", a.gpu_tdp_w, b.gpu_tdp_w, gpu)};
}

/// A product of powers of quotients, the first not a negative one: ratio_rule writes them in this order.
struct Rule {
  std::size_t parameter;
  std::vector<std::pair<Quotient, double>> factors;
};

std::vector<Rule> rules(const Quotients& q, Metric metric, Form form) {
  const std::pair<Quotient, double> joules{q.power, metric == Metric::energy ? 1.0 : 0.0};
  const std::vector<std::pair<Quotient, double>> read{{q.weights, 1}, {q.bandwidth, -1}, joules};
  const std::vector<std::pair<Quotient, double>> work{{q.active, 1}, {q.peak, -1}, joules};
  // Activations of a token grow with layers times width, weights with layers times width squared.
  const std::vector<std::pair<Quotient, double>> traffic{{q.peak, 1}, {q.link, -1}, {q.active, -1.0 / 3}};
  const std::vector<std::pair<Quotient, double>> cache{{q.cache, 1}, {q.bandwidth, -1}, joules};
  if (form == Form::server) return {{A1, work}, {B0, read}, {B3, work}, {B5, traffic}, {B7, cache}};
  return {{A0, read}, {A1, work}, {A2, traffic}, {B0, read}, {B3, work}, {B5, traffic}, {B7, cache}};
}

}  // namespace

PriorSource moved_by_specifications(const Described& source, const Described& target, Metric metric,
                                    Form form) {
  PriorSource out;
  out.group = source.identity.text();
  out.ratios.fill(1);
  for (const Rule& rule : rules(quotients(source, target), metric, form)) {
    for (const auto& [figure, power] : rule.factors) {
      if (power == 0) continue;
      if (known(figure.ratio)) {
        out.ratios[rule.parameter] *= std::pow(figure.ratio, power);
      } else if (std::find(out.unknown.begin(), out.unknown.end(), figure.name) == out.unknown.end()) {
        out.unknown.emplace_back(figure.name);
      }
    }
  }
  return out;
}

std::string ratio_rule(std::size_t parameter, Metric metric, Form form) {
  const table::GroupIdentity nobody;
  const predictor::Facts nothing;
  const Described any{nobody, nothing};
  std::string text;
  for (const Rule& rule : rules(quotients(any, any), metric, form)) {
    if (rule.parameter != parameter) continue;
    for (const auto& [figure, power] : rule.factors) {
      if (power == 0) continue;
      text += text.empty() ? "" : power > 0 ? " x " : " / ";
      text += figure.name;
      if (std::abs(power) != 1) text += "^(1/" + number_text(std::round(1 / std::abs(power))) + ")";
    }
  }
  return text;
}

std::array<int, kParameters> unknown_figures(const Described& source, const Described& target, Metric metric,
                                             Form form) {
  std::array<int, kParameters> out{};
  for (const Rule& rule : rules(quotients(source, target), metric, form)) {
    for (const auto& [figure, power] : rule.factors)
      out[rule.parameter] += power != 0 && !known(figure.ratio);
  }
  return out;
}

}  // namespace energylens::parametric
