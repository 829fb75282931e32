// SPDX-License-Identifier: Apache-2.0
// Every term of the form, summed over the waves of the row. What a model adds to its form, and a power limit, are parts of
// their own: the rest to the total. Held by account_test.cpp.
#include "explain/account.hpp"

#include <algorithm>
#include <numeric>

#include "energylens/predictor/facts.hpp"
#include "explain/wave_numbers.hpp"
#include "residual/model.hpp"

namespace energylens::explain {
namespace {

const residual::CorrectedModel* corrected(const predictor::Predictor& predictor) {
  return dynamic_cast<const residual::CorrectedModel*>(&predictor);
}

}  // namespace

TermSums::TermSums(const parametric::Model& model, std::size_t group, Metric metric)
    : context_(model.context(group)),
      metric_(metric),
      form_(parametric::formula_terms(model, group, metric)) {
  for (const parametric::FittedParameter& one : model.parameters(group, metric))
    constants_[one.name] = one.value;
  for (const parametric::FormulaFactor& one : form_.factors) factors_.emplace_back(one.formula);
  for (const parametric::FormulaTerm& one : form_.terms) terms_.emplace_back(one.formula);
}

calculation::Values TermSums::variables(const table::Configuration& config) const {
  const table::Layout& layout = config.layout;
  const table::Load& load = config.load;
  const double ranks = layout.attention_data_parallel() ? layout.dp : 1, isl = load.isl_or(0);
  const double verified = predictor::verified_tokens(context_.facts, load);
  calculation::Values out = constants_;
  out["tp"] = layout.tp;
  out["t"] = layout.tp * ranks;
  out["pp"] = layout.pp;
  out["isl"] = isl;
  out["osl"] = load.osl;
  out["input"] = isl - (known(load.cached_tokens) ? load.cached_tokens : 0);
  out["steps"] = load.decode_steps();
  out["context"] = isl + load.osl / 2;
  out["ranks"] = ranks;
  out["apart"] = layout.ep > 1 ? 1 : 0;
  out["verified"] = verified;
  out["step_tokens"] = known(load.accepted_per_step) ? verified : 1;
  return out;
}

std::vector<predictor::EqualWaves> TermSums::waves(const table::Configuration& config) const {
  std::vector<predictor::EqualWaves> out;
  if (metric_ == Metric::energy) {
    for (const predictor::EqualWaves& one : predictor::waves_of_all_replicas(config)) out.push_back(one);
  } else {
    const predictor::Waves longest = predictor::waves(config);
    out = {{longest.full, longest.size}, {longest.remainder > 0 ? 1.0 : 0.0, longest.remainder}};
  }
  std::erase_if(out, [](const predictor::EqualWaves& one) { return !(one.count > 0) || !(one.size > 0); });
  return out;
}

std::vector<double> TermSums::values(const calculation::Values& variables,
                                     const std::vector<predictor::EqualWaves>& waves) const {
  std::vector<double> out(form_.terms.size(), 0.0);
  calculation::Values at = variables;
  for (const predictor::EqualWaves& wave : waves) {
    at["n"] = wave.size;
    for (std::size_t i = 0; i < factors_.size(); ++i) at[form_.factors[i].name] = factors_[i].at(at);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += wave.count * terms_[i].at(at);
  }
  return out;
}

double TermSums::total(const calculation::Values& variables,
                       const std::vector<predictor::EqualWaves>& waves) const {
  const std::vector<double> parts = values(variables, waves);
  return std::accumulate(parts.begin(), parts.end(), 0.0);
}

table::Configuration resolved(table::Configuration config, const predictor::Prediction& prediction) {
  config.kv_capacity_tokens = prediction.kv_capacity_tokens;
  config.kv_block_tokens = prediction.kv_block_tokens;
  return config;
}

const parametric::Model* form_of(const predictor::Predictor& predictor) {
  if (const residual::CorrectedModel* const model = corrected(predictor)) return &model->form();
  return dynamic_cast<const parametric::Model*>(&predictor);
}

std::optional<Account> account_of(const predictor::Predictor& predictor, std::size_t group,
                                  const table::Configuration& config, const predictor::Prediction& prediction,
                                  Metric metric) {
  const parametric::Model& form = *form_of(predictor);
  Account out{
      metric, (metric == Metric::energy ? prediction.total_energy_j : prediction.total_time_s).value, {}};
  if (!known(out.total) || !form.fit(group, metric)) return std::nullopt;
  const TermSums sums(form, group, metric);
  const std::vector<double> values =
      sums.values(sums.variables(config), sums.waves(resolved(config, prediction)));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const parametric::FormulaTerm& term = sums.terms()[i];
    out.parts.push_back({term.name, term.meaning, term.prefill, values[i]});
  }
  const residual::CorrectedModel* const model = corrected(predictor);
  if (model && metric == Metric::energy && model->corrections()[group])
    add_part(out, "correction", "how measured rows nearby differ from the formula", out.total);
  return out;
}

void add_part(Account& account, const std::string& name, const std::string& meaning, double total) {
  double sum = 0;
  for (const Part& part : account.parts) sum += part.value;
  account.parts.push_back({name, meaning, false, total - sum});
  account.total = total;
}

}  // namespace energylens::explain
