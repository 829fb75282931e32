// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/parametric/law_model.hpp"
#include "parametric/law/random_law.hpp"
#include "parametric/structure/structures.hpp"

/// Models with random numbers and configurations with all edges, for what must equal Predictor::predict.
namespace energylens::parametric {

/// Parameters that are known exactly.
inline void set_parameters(LawFit& fit, const Parameters& parameters) {
  fit.parameters = parameters;
  fit.intervals.clear();
  for (const double value : parameters) fit.intervals.push_back({value, value, value, true});
}

inline LawFit random_fit(Rng& rng, bool server) {
  LawFit fit;
  Parameters parameters = random_parameters(rng);
  if (server) parameters[C2] = rng.uniform();  // positive, unlike what jobs have there
  set_parameters(fit, parameters);
  fit.covariance.assign(kParameters * kParameters, 0.0);
  fit.residual_sd = 0.05;
  fit.degrees_of_freedom = 20;
  fit.rows = 30;
  return fit;
}

/// Sizes of a model and a GPU, so that layouts have estimated capacities of some requests.
inline void add_memory(Rng& rng, predictor::Facts& facts) {
  facts.params = 7e9;
  facts.weight_bytes = 14e9;
  facts.gpu_memory_bytes = 24e9 + 1e9 * static_cast<double>(rng.below(56));
  facts.kv_bytes_per_token = 131072;
  if (rng.below(2) == 0) facts.kv_heads = static_cast<double>(1 << rng.below(4));
  facts.memory =
      predictor::engine_memory(std::vector<std::string>{"vllm", "tensorrt-llm", "sglang"}[rng.below(3)]);
}

inline predictor::LayoutCapacities random_capacities(Rng& rng) {
  predictor::LayoutCapacities out;
  for (const char* layout : {"tp1", "tp2", "tp4dp2", "tp2dp4ep8", "tp4"}) {
    if (rng.below(2) == 0)
      out.emplace_back(table::parse_layout(layout), 2000.0 + static_cast<double>(rng.below(60000)));
  }
  return out;
}

inline void add_context(Rng& rng, predictor::GroupContext& context) {
  context.identity.key = {{"model", "Random-7B"}, {"gpu", "Random-GPU"}};
  context.facts = random_facts(rng);
  if (rng.below(4) != 0) add_memory(rng, context.facts);
  if (rng.below(3) == 0) context.facts.verified_tokens = 4;
  if (rng.below(2) == 0) context.stated_capacity = random_capacities(rng);
  for (const char* layout : {"tp1", "tp2pp2", "tp4"})
    if (rng.below(2) == 0) context.domain.layouts.push_back(table::parse_layout(layout));
}

/// What a law may be.
enum class LawKind { job, job_without_isl, server };

inline LawModel random_law(Rng& rng, LawKind kind) {
  GroupLaw law;
  add_context(rng, law);
  law.isl_known = kind != LawKind::job_without_isl;
  law.serving = kind == LawKind::server;
  if (rng.below(3) == 0) law.fitted_capacity = random_capacities(rng);
  law.capacity_factor = law.fitted_capacity.empty() ? 1 : 0.9;
  law.energy = random_fit(rng, law.serving);
  law.time = random_fit(rng, law.serving);
  LawContent content;
  if (rng.below(4) == 0) content.flag_capacity_tokens = 40000;
  content.laws.push_back(std::move(law));
  return LawModel(std::move(content));
}

inline StructureModel random_found(Rng& rng) {
  StructureContent content;
  content.structures = smooth_structures();
  GroupStructure group;
  add_context(rng, group);
  const auto fit_of = [&rng](const predictor::Structure& structure) {
    StructureFit fit;
    for (const predictor::StructureConstant& c : structure.constants)
      fit.constants.push_back(c.logarithmic ? c.start * std::exp(rng.normal())
                                            : c.start + 0.1 * rng.normal());
    fit.covariance.assign(fit.constants.size() * fit.constants.size(), 0.0);
    fit.residual_sd = 0.05;
    fit.degrees_of_freedom = 20;
    return fit;
  };
  group.energy = fit_of(*content.structures.energy);
  group.time = fit_of(*content.structures.time);
  content.groups.push_back(std::move(group));
  return StructureModel(std::move(content));
}

/// A configuration over all edges: replicas, experts, waves, one request, one token, limits, caches, speculation.
inline table::Configuration random_configuration(Rng& rng, bool isl_known) {
  const auto pick = [&rng](std::vector<double> values) { return values[rng.below(values.size())]; };
  table::Configuration config;
  config.layout = {1 << rng.below(4), 1 << rng.below(3), 1, 1};
  if (rng.below(2) == 0) config.layout.dp = 1 + static_cast<int>(rng.below(4));
  if (rng.below(3) == 0) config.layout.ep = config.layout.tp * config.layout.dp;
  table::Load& load = config.load;
  if (rng.below(3) == 0) load.kind = table::RowKind::steady;
  load.batch = rng.below(5) == 0 ? pick({1, 0.5, 2.75, 33.3, 4096}) : static_cast<double>(1 + rng.below(300));
  if (isl_known)
    load.isl = rng.below(5) == 0 ? pick({0, 1, 63, 64, 65, 30000}) : static_cast<double>(1 + rng.below(4000));
  load.osl = rng.below(5) == 0 ? pick({1, 2, 64, 20000}) : static_cast<double>(1 + rng.below(2000));
  if (rng.below(3) == 0) config.kv_capacity_tokens = static_cast<double>(1000 + rng.below(200000));
  if (rng.below(3) == 0) load.max_batch = static_cast<double>(1 + rng.below(64));
  if (isl_known && rng.below(3) == 0) load.cached_tokens = std::floor(load.isl * rng.uniform());
  if (rng.below(3) == 0) load.accepted_per_step = pick({1, 1.5, 2.5, 6});
  return config;
}

/// Joules or seconds of the prediction; unknown where there is none.
inline double predicted(const predictor::Predictor& model, const table::Configuration& config,
                        Metric metric) {
  const predictor::Prediction all = model.predict(0, config);
  return metric == Metric::energy ? all.total_energy_j.value : all.total_time_s.value;
}

}  // namespace energylens::parametric
