// SPDX-License-Identifier: Apache-2.0
#include "baseline/features.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "predictor/waves.hpp"

namespace energylens::baseline {
namespace {

/// By group, parameter counts and, for every identity value that some but not all groups have, whether the
/// group has it; of values that the same groups have, one.
std::vector<std::vector<float>> features_of_groups(const predictor::TrainingData& data) {
  std::set<std::pair<std::string, std::string>> values;
  for (const predictor::TrainingGroup& group : data) {
    values.insert(group.group->identity.key.begin(), group.group->identity.key.end());
  }
  std::set<std::vector<float>> patterns;
  for (const auto& value : values) {
    std::vector<float> pattern;
    for (const predictor::TrainingGroup& group : data) {
      pattern.push_back(std::ranges::count(group.group->identity.key, value) > 0 ? 1.0F : 0.0F);
    }
    if (std::ranges::count(pattern, 0.0F) > 0) patterns.insert(std::move(pattern));
  }
  std::vector<std::vector<float>> features;
  for (std::size_t group = 0; group < data.size(); ++group) {
    const table::GroupIdentity& identity = data[group].group->identity;
    std::vector<float>& own = features.emplace_back();
    own.push_back(static_cast<float>(std::log(identity.params_b)));
    own.push_back(static_cast<float>(std::log(identity.active_params_b)));
    for (const std::vector<float>& pattern : patterns) own.push_back(pattern[group]);
  }
  return features;
}

}  // namespace

FeatureMap::FeatureMap(const predictor::TrainingData& data, const predictor::FitOptions& options,
                       WaveKnowledge waves)
    : waves_(waves), flag_capacity_tokens_(options.kv_capacity_tokens) {
  const hardware::Catalogue& catalogue = catalogue_of(options);
  for (const predictor::TrainingGroup& group : data) {
    facts_.push_back(predictor::facts(group.group->identity, catalogue));
    predictor::set_memory_share(facts_.back(), options.gpu_memory_utilization);
  }
  group_features_.resize(data.size());
  if (options.pool) group_features_ = features_of_groups(data);
}

std::vector<float> FeatureMap::features(std::size_t group, const table::Configuration& config) const {
  const table::Load& load = config.load;
  const table::Layout& layout = config.layout;
  std::vector<float> features = group_features_[group];
  const auto append = [&](double value) { features.push_back(static_cast<float>(value)); };
  append(load.kind == table::RowKind::steady ? 1 : 0);
  for (const double value : {load.batch, load.max_batch, load.osl, load.accepted_per_step})
    append(std::log(value));
  for (const double value : {load.isl, load.image_tokens, load.cached_tokens}) append(std::log1p(value));
  append(std::log(load.batch * load.osl));  // tokens: a product that trees are slow to find
  for (const int degree : {layout.tp, layout.pp, layout.dp, layout.ep, layout.gpus()})
    append(std::log(degree));
  if (waves_ == WaveKnowledge::aware) append_waves(group, config, features);
  return features;
}

void FeatureMap::append_waves(std::size_t group, const table::Configuration& config,
                              std::vector<float>& features) const {
  const table::Configuration full = with_capacity(group, config);
  const double at_once = predictor::requests_at_once(full);
  const double batch = full.load.batch / predictor::replicas(full.layout);
  const predictor::Waves waves = predictor::waves(full);
  const auto append = [&](double value) {
    features.push_back(std::isfinite(value) ? static_cast<float>(value) : static_cast<float>(kUnknown));
  };
  append(std::log(full.kv_capacity_tokens));
  append(std::log(at_once));
  append(std::log(std::min(batch, at_once)));
  append(std::log(batch / at_once));
  append(waves.count());
  append(waves.remainder / at_once);
}

double FeatureMap::log_scale(std::size_t group, const table::Configuration& config) const {
  if (waves_ == WaveKnowledge::blind || config.load.kind == table::RowKind::steady) return 0;
  const table::Configuration full = with_capacity(group, config);
  const double at_once = predictor::requests_at_once(full);
  if (at_once < 1) return kUnknown;
  const double waves = std::max(1.0, full.load.batch / predictor::replicas(full.layout) / at_once);
  return std::log(waves * (known(full.load.osl) ? full.load.osl : 1));
}

table::Configuration FeatureMap::with_capacity(std::size_t group, const table::Configuration& config) const {
  return predictor::with_capacity(
      config, predictor::resolve_kv_capacity(config, {facts_[group], flag_capacity_tokens_}));
}

}  // namespace energylens::baseline
