// SPDX-License-Identifier: Apache-2.0
// learners.cpp: ensembles of trees on log features and a log target. The mean of the target is subtracted, so
// that shrinkage is towards the mean. Held by learners_test.cpp, and on public data by public_data_test.cpp
// of eval, which requires the accuracy that these learners are known to reach.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "baseline/baseline.hpp"
#include "baseline/booster.hpp"
#include "baseline/features.hpp"
#include "baseline/random_forest.hpp"

namespace energylens::baseline {
namespace {

/// A trained learner: from features to the log target.
using Regressor = std::function<double(std::span<const float>)>;

Regressor boosted(const LearningSet& set, const BoosterOptions& options) {
  return [booster = std::make_shared<const Booster>(set, options)](std::span<const float> features) {
    return static_cast<double>(booster->predict(features));
  };
}

Regressor boosted_trees(const LearningSet& set, std::uint64_t seed) {
  BoosterOptions options;
  options.rounds = 500;
  options.max_depth = 6;
  options.learning_rate = 0.05;
  options.subsample = 0.5;
  options.seed = seed;
  return boosted(set, options);
}

/// The setting with the best interval score of sixteen, on the main group with 50 rows; others are within 10
/// %.
Regressor boosted_quantile(const LearningSet& set, std::uint64_t seed, double quantile) {
  BoosterOptions options;
  options.rounds = 200;
  options.max_depth = 2;
  options.learning_rate = 0.05;
  options.subsample = 0.5;
  options.min_child_weight = 3;
  options.quantile = quantile;
  options.seed = seed;
  return boosted(set, options);
}

Regressor low_quantile(const LearningSet& set, std::uint64_t seed) {
  return boosted_quantile(set, seed, 0.05);
}
Regressor high_quantile(const LearningSet& set, std::uint64_t seed) {
  return boosted_quantile(set, seed, 0.95);
}

Regressor random_forest(const LearningSet& set, std::uint64_t seed) {
  constexpr int kTrees = 100;
  return [forest = std::make_shared<const RandomForest>(set, kTrees, seed)](std::span<const float> features) {
    return forest->predict(features);
  };
}

using Learn = Regressor (*)(const LearningSet&, std::uint64_t seed);

/// Trees of one group, or of several that are trained together.
class Ensemble {
 public:
  Ensemble(const std::vector<Sample>& samples, const FeatureMap& map, Learn learn, std::uint64_t seed) {
    std::vector<double> targets;
    LearningSet set;
    for (const Sample& sample : samples) {
      const double target = std::log(sample.energy_j) - map.log_scale(sample.group, sample.config);
      if (!known(target)) continue;
      targets.push_back(target);
      set.features.push_back(map.features(sample.group, sample.config));
    }
    if (targets.empty()) return;
    mean_ = std::accumulate(targets.begin(), targets.end(), 0.0) / static_cast<double>(targets.size());
    for (const double target : targets) set.targets.push_back(static_cast<float>(target - mean_));
    regressor_ = learn(set, seed);
  }

  /// Unknown without training rows.
  double log_energy(const std::vector<float>& features) const {
    return regressor_ ? mean_ + regressor_(features) : kUnknown;
  }

 private:
  double mean_ = 0;
  Regressor regressor_;
};

struct LearnerKind {
  std::string_view name;
  WaveKnowledge waves;
  Learn learn;
};

class Learner final : public EnergyBaseline {
 public:
  /// Requires: `kind.name` outlives the learner.
  Learner(const LearnerKind& kind, const predictor::TrainingData& data, const predictor::FitOptions& options)
      : EnergyBaseline(kind.name, data), map_(data, options, kind.waves) {
    if (options.pool) {
      ensembles_.assign(data.size(), Ensemble(samples(data), map_, kind.learn, options.seed));
      return;
    }
    for (std::size_t group = 0; group < data.size(); ++group) {
      ensembles_.emplace_back(samples(data, group), map_, kind.learn, options.seed);
    }
  }

  double scenario_energy_j(std::size_t group, const table::Configuration& config) const override {
    const double log_scale = map_.log_scale(group, config);
    return std::exp(ensembles_[group].log_energy(map_.features(group, config)) + log_scale);
  }

 private:
  FeatureMap map_;
  std::vector<Ensemble> ensembles_;  // by group
};

/// XGBoost with two more boosters for the edges of its intervals.
class QuantileLearner final : public EnergyBaseline {
 public:
  QuantileLearner(const predictor::TrainingData& data, const predictor::FitOptions& options)
      : EnergyBaseline("xgboost:quantile", data),
        centre_({"", WaveKnowledge::blind, boosted_trees}, data, options),
        low_({"", WaveKnowledge::blind, low_quantile}, data, options),
        high_({"", WaveKnowledge::blind, high_quantile}, data, options) {}

 private:
  double scenario_energy_j(std::size_t group, const table::Configuration& config) const override {
    return centre_.scenario_energy_j(group, config);
  }
  /// Edges that cross the centre are moved to it.
  predictor::Estimate scenario_estimate(std::size_t group,
                                        const table::Configuration& config) const override {
    const double centre = scenario_energy_j(group, config);
    return {centre, std::min(centre, low_.scenario_energy_j(group, config)),
            std::max(centre, high_.scenario_energy_j(group, config))};
  }

  Learner centre_, low_, high_;
};

constexpr LearnerKind kForest{"forest", WaveKnowledge::blind, random_forest};
constexpr LearnerKind kXgboost{"xgboost", WaveKnowledge::blind, boosted_trees};
constexpr LearnerKind kForestWaves{"forest+waves", WaveKnowledge::aware, random_forest};
constexpr LearnerKind kXgboostWaves{"xgboost+waves", WaveKnowledge::aware, boosted_trees};

}  // namespace

Fitted fit_forest(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  return std::make_unique<Learner>(kForest, data, options);
}
Fitted fit_xgboost(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  return std::make_unique<Learner>(kXgboost, data, options);
}
Fitted fit_xgboost_quantile(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  return std::make_unique<QuantileLearner>(data, options);
}
Fitted fit_forest_waves(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  return std::make_unique<Learner>(kForestWaves, data, options);
}
Fitted fit_xgboost_waves(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  return std::make_unique<Learner>(kXgboostWaves, data, options);
}

}  // namespace energylens::baseline
