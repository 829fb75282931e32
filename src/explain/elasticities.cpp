// SPDX-License-Identifier: Apache-2.0
// Half a per cent to each side of an input. Held by elasticities_test.cpp against the exponents of simple laws.
#include <functional>

#include "explain/account.hpp"
#include "explain/wave_numbers.hpp"

namespace energylens::explain {
namespace {

constexpr double kStep = 0.005;

/// A question of which inputs are changed by factors that no integer can follow.
struct Changed {
  const TermSums& sums;
  const table::Configuration& config;
  std::vector<predictor::EqualWaves> waves = sums.waves(config);

  double requests(double factor) const {
    table::Configuration other = config;
    other.load.batch *= factor;
    return sums.total(sums.variables(config), sums.waves(other));
  }
  double length(double table::Load::*tokens, double factor) const {
    table::Configuration other = config;
    other.load.*tokens *= factor;
    return sums.total(sums.variables(other), waves);
  }
  double degree(std::initializer_list<const char*> names, double factor) const {
    calculation::Values variables = sums.variables(config);
    for (const char* name : names) variables[name] *= factor;
    return sums.total(variables, waves);
  }
};

double per_cent(const std::function<double(double)>& value) {
  return 100 * (value(1 + kStep) / value(1 - kStep) - 1);
}

struct Input {
  const char* name;
  double (*value)(const Changed&, double factor);
};

constexpr Input kExplained[] = {
    {"isl", [](const Changed& c, double factor) { return c.length(&table::Load::isl, factor); }},
    {"osl", [](const Changed& c, double factor) { return c.length(&table::Load::osl, factor); }},
    {"batch", [](const Changed& c, double factor) { return c.requests(factor); }},
    {"tp",
     [](const Changed& c, double factor) {
       return c.degree({"t", "tp"}, factor);
     }},
    {"pp", [](const Changed& c, double factor) { return c.degree({"pp"}, factor); }},
};

double elasticity(const parametric::Model& form, std::size_t group, const table::Configuration& config,
                  Metric metric, const Input& input) {
  if (!form.fit(group, metric)) return kUnknown;
  if (std::string_view(input.name) == "isl" && !known(config.load.isl)) return kUnknown;
  const TermSums sums(form, group, metric);
  const Changed changed{sums, config};
  return per_cent([&](double factor) { return input.value(changed, factor); });
}

}  // namespace

std::vector<Elasticity> elasticities(const predictor::Predictor& predictor, std::size_t group,
                                     const table::Configuration& config,
                                     const predictor::Prediction& prediction) {
  const parametric::Model& form = *form_of(predictor);
  const table::Configuration question = resolved(config, prediction);
  std::vector<Elasticity> out;
  for (const Input& input : kExplained) {
    out.push_back({input.name, elasticity(form, group, question, Metric::energy, input),
                   elasticity(form, group, question, Metric::time, input)});
  }
  return out;
}

}  // namespace energylens::explain
