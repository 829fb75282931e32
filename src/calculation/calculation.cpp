// SPDX-License-Identifier: Apache-2.0
// A prediction from the outside in: the layout, the tokens of a request, the KV capacity, the waves, then the closed form
// once per size of wave. Expressions of the form come from parametric::formula_terms. Held by calculation_test.cpp
// against predictions.
#include "calculation/calculation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "calculation/steps.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/expr/text.hpp"
#include "energylens/predictor/facts.hpp"
#include "parametric/term_formulas.hpp"

namespace energylens::calculation {
namespace {

constexpr double kGreatest = 1e21;  // as predictor::drop_implausible

struct InputInfo {
  const char* name;
  double fallback;
  bool required;
  const char* meaning;
  double (*of)(const table::Configuration&);
};

constexpr std::array<InputInfo, 12> kInputs{{
    {"tp", kUnknown, true, "tensor-parallel degree",
     [](const table::Configuration& c) -> double { return c.layout.tp; }},
    {"pp", kUnknown, true, "pipeline stages",
     [](const table::Configuration& c) -> double { return c.layout.pp; }},
    {"batch", kUnknown, true, "requests, over all replicas",
     [](const table::Configuration& c) { return c.load.batch; }},
    {"isl", kUnknown, true, "input tokens per request",
     [](const table::Configuration& c) { return c.load.isl; }},
    {"osl", kUnknown, true, "output tokens per request",
     [](const table::Configuration& c) { return c.load.osl; }},
    {"dp", 1, false, "data-parallel replicas",
     [](const table::Configuration& c) -> double { return c.layout.dp; }},
    {"ep", 1, false, "expert-parallel degree",
     [](const table::Configuration& c) -> double { return c.layout.ep; }},
    {"kv_capacity_tokens", kUnknown, false, "KV tokens of one replica; not stated: by the model",
     [](const table::Configuration& c) { return c.kv_capacity_tokens; }},
    {"max_batch", kUnknown, false, "limit of the server on concurrent requests; not stated: none",
     [](const table::Configuration& c) { return c.load.max_batch; }},
    {"cached_tokens", 0, false, "input tokens in the prefix cache, part of isl",
     [](const table::Configuration& c) { return known(c.load.cached_tokens) ? c.load.cached_tokens : 0; }},
    {"accepted_per_step", kUnknown, false,
     "tokens per decode step with speculative decoding; not stated: one",
     [](const table::Configuration& c) { return c.load.accepted_per_step; }},
    {"steady", 0, false, "1: continuous batching, batch is the mean number of requests in flight; 0: a job",
     [](const table::Configuration& c) { return c.load.kind == table::RowKind::steady ? 1.0 : 0.0; }},
}};

/// A letter and digits, as the parameters of the law: no step and no input is called so.
bool short_name(const std::string& name) {
  return name.size() > 1 && std::isalpha(static_cast<unsigned char>(name[0])) &&
         std::all_of(name.begin() + 1, name.end(), [](unsigned char c) { return std::isdigit(c); });
}

std::string constant_name(const std::string& parameter) {
  return short_name(parameter) ? parameter : "k_" + parameter;
}

void add_constants(const parametric::Model& model, std::size_t group, Calculation& out) {
  for (const parametric::FittedParameter& one : model.parameters(group, out.metric))
    out.constants.push_back({constant_name(one.name), one.value, one.unit, one.meaning});
}

void add_request(const predictor::GroupContext& context, StepList& steps) {
  const std::string isl = context.isl_known ? "isl" : "0";
  const predictor::Facts& facts = context.facts;
  table::Load more_than_one;
  more_than_one.accepted_per_step = std::nextafter(1, 2);
  const double speculative = predictor::verified_tokens(facts, more_than_one);
  steps.add("attention_dp", "1 where attention is data parallel under expert parallelism",
            "min(1,max(0,(dp-1)*(ep-1)))");
  steps.add("ranks", "ranks of data-parallel attention", "1+attention_dp*(dp-1)");
  steps.add("replicas", "replicas whose energies add up", "dp/ranks");
  steps.add("t", "GPUs that share each step", "tp*ranks");
  steps.add("apart", "1 where experts are parallel", "min(1,max(0,ep-1))");
  steps.add_if("accepted", "tokens per decode step", steps.stated("accepted_per_step"), "accepted_per_step",
               "1");
  steps.add("steps", "decode steps of a request", "max(osl-1,0)/accepted");
  steps.add_if("verified", "tokens of a request that a decode step works on", steps.positive("accepted-1"),
               "max(accepted," + number_text(speculative) + ")", number_text(facts.verified_tokens));
  steps.add_if("step_tokens", "the same where accepted tokens are stated", steps.stated("accepted_per_step"),
               "verified", "1");
  steps.add("input", "input tokens that are computed", isl + "-cached_tokens");
  steps.add("context", "mean tokens in the cache of a request while it decodes", isl + "+osl/2");
  const std::string block = number_text(facts.memory.block_tokens);
  steps.add("request_tokens", "KV tokens of one request, in whole blocks",
            block + "*max(1,ceil((" + isl + "+osl)/" + block + "))");
}

/// Renames the parameters and factors of an expression of the form for one wave.
class WaveNames {
 public:
  WaveNames(const parametric::FormulaTerms& form, std::string wave) : form_(form), wave_(std::move(wave)) {}
  expr::Expr operator()(expr::Expr formula) const {
    for (const std::string& name : formula.parameters()) {
      if (constant_name(name) != name)
        formula = substitute(formula, name, expr::Expr::parameter(constant_name(name)));
    }
    for (const parametric::FormulaFactor& factor : form_.factors) {
      if (factor.of_wave)
        formula = substitute(formula, factor.name, expr::Expr::variable(of_wave(factor.name)));
    }
    return substitute(formula, "n", expr::Expr::variable("size_" + wave_));
  }
  std::string of_wave(const std::string& name) const { return name + "_" + wave_; }

 private:
  const parametric::FormulaTerms& form_;
  std::string wave_;
};

/// One wave of the form, times the number of such waves: the step `wave_W`.
void add_wave_value(const parametric::FormulaTerms& form, const std::string& wave, StepList& steps) {
  const WaveNames named(form, wave);
  for (const parametric::FormulaFactor& factor : form.factors) {
    if (factor.of_wave) steps.add(named.of_wave(factor.name), "", named(factor.formula));
  }
  expr::Expr sum = named(form.terms.front().formula);
  for (std::size_t i = 1; i < form.terms.size(); ++i) sum = sum + named(form.terms[i].formula);
  steps.add_if("wave_" + wave, "all waves of this size", steps.positive("count_" + wave),
               expr::Expr::variable("count_" + wave) * sum, expr::Expr::constant(0));
}

void add_result(int waves, bool isl_known, const Calculation& out, StepList& steps) {
  const bool energy = out.metric == predictor::Metric::energy;
  std::string sum = "wave_1";
  for (int wave = 2; wave <= waves; ++wave) sum += "+wave_" + std::to_string(wave);
  steps.add("total", "all waves", sum);
  const std::string load = isl_known ? "min(min(batch,osl),min(at_once,isl+1))+0*(batch+isl+osl)"
                                     : "min(min(batch,osl),at_once)+0*(batch+osl)";
  const expr::Expr unknown = expr::Expr::constant(kUnknown);
  steps.add_if("answer", "unknown where no request fits or the load is not above 0", steps.positive(load),
               steps.parsed("total"), unknown);
  steps.add_if(energy ? "energy_j" : "time_s",
               energy ? "joules of all requests, over all GPUs" : "seconds until all requests are done",
               steps.positive("min(answer," + number_text(kGreatest) + "-answer)"), steps.parsed("answer"),
               unknown);
}

/// Drops steps and constants that the result does not use.
void prune(Calculation& calculation) {
  std::vector<std::string> used{calculation.result()};
  std::vector<Step> kept;
  for (std::size_t i = calculation.steps.size(); i-- > 0;) {
    Step& step = calculation.steps[i];
    if (std::ranges::find(used, step.name) == used.end()) continue;
    const auto add = [&used](const expr::Expr& one) {
      for (const std::string& name : one.variables()) used.push_back(name);
    };
    add(step.value);
    add(step.otherwise);
    if (step.when) add(step.when->of);
    kept.push_back(std::move(step));
  }
  std::ranges::reverse(kept);
  calculation.steps = std::move(kept);
  std::vector<std::string> parameters;
  for (const Step& step : calculation.steps) {
    for (const std::string& name : step.value.parameters()) parameters.push_back(name);
  }
  std::erase_if(calculation.constants, [&parameters](const Constant& one) {
    return std::ranges::find(parameters, one.name) == parameters.end();
  });
}

}  // namespace

StepList::StepList(Calculation& out) : out_(out) {}

expr::Expr StepList::parsed(const std::string& text) const {
  return expr::parse(text);
}

void StepList::add(std::string name, std::string meaning, const std::string& value) {
  add(std::move(name), std::move(meaning), parsed(value));
}

void StepList::add(std::string name, std::string meaning, expr::Expr value) {
  out_.steps.push_back({std::move(name), std::move(meaning), std::move(value), std::nullopt, {}});
}

void StepList::add_if(std::string name, std::string meaning, Condition when, const std::string& value,
                      const std::string& otherwise) {
  add_if(std::move(name), std::move(meaning), std::move(when), parsed(value), parsed(otherwise));
}

void StepList::add_if(std::string name, std::string meaning, Condition when, expr::Expr value,
                      expr::Expr otherwise) {
  out_.steps.push_back(
      {std::move(name), std::move(meaning), std::move(value), std::move(when), std::move(otherwise)});
}

Calculation calculation_of(const parametric::Model& model, std::size_t group, predictor::Metric metric) {
  Calculation out;
  out.metric = metric;
  const predictor::GroupContext& context = model.context(group);
  out.subject = context.identity.text();
  out.origin = fmt::format("{}, fitted to {} rows, data {}", model.kind(), model.fit(group, metric)->rows,
                           model.record().data_hash);
  for (const InputInfo& info : kInputs) {
    const bool ignored = !context.isl_known && std::string_view(info.name) == "isl";
    out.inputs.push_back({info.name, info.fallback, info.required,
                          ignored ? "not used: the rows of this model state no input tokens" : info.meaning});
  }
  add_constants(model, group, out);
  StepList steps(out);
  add_request(context, steps);
  add_capacity(model, group, steps);
  const int waves = add_waves(metric, steps);
  const parametric::FormulaTerms form = parametric::formula_terms(model, group, metric);
  for (const parametric::FormulaFactor& factor : form.factors) {
    if (!factor.of_wave) steps.add(factor.name, "", factor.formula);
  }
  for (int wave = 1; wave <= waves; ++wave) add_wave_value(form, std::to_string(wave), steps);
  add_result(waves, context.isl_known, out, steps);
  prune(out);
  return out;
}

double input_of(const table::Configuration& config, std::string_view name) {
  return std::ranges::find(kInputs, name, [](const InputInfo& info) { return std::string_view(info.name); })
      ->of(config);
}

}  // namespace energylens::calculation
