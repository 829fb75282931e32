// SPDX-License-Identifier: Apache-2.0
// gaussian_process.cpp: ln energy as a Gaussian process over log features, each measured in its own standard
// deviations over the training rows, with a length for each that varies. It has no notion of waves. Held by
// gaussian_process_test.cpp and public_data_test.cpp of eval.
#include <algorithm>
#include <cmath>
#include <optional>

#include "baseline/baseline.hpp"
#include "baseline/features.hpp"
#include "numerics/distributions.hpp"
#include "numerics/gaussian_process.hpp"

namespace energylens::baseline {
namespace {

struct MeanAndSd {
  double mean = 0, sd = 0;
};

MeanAndSd mean_and_sd(const std::vector<double>& values) {
  MeanAndSd out;
  for (const double value : values) out.mean += value / static_cast<double>(values.size());
  for (const double value : values)
    out.sd += (value - out.mean) * (value - out.mean) / static_cast<double>(values.size());
  out.sd = std::sqrt(out.sd);
  return out;
}

/// One feature that varies over the training rows.
struct Axis {
  std::size_t feature;
  MeanAndSd scale;
};

/// The features that every row has.
std::vector<Axis> axes_of(const std::vector<std::vector<float>>& rows) {
  constexpr double kConstant = 1e-6;
  std::vector<Axis> axes;
  for (std::size_t f = 0; f < rows.front().size(); ++f) {
    std::vector<double> column;
    for (const std::vector<float>& row : rows) column.push_back(static_cast<double>(row[f]));
    const MeanAndSd scale = mean_and_sd(column);
    if (scale.sd > kConstant) axes.push_back({f, scale});
  }
  return axes;
}

/// For targets of standard deviation 1. The priors are so weak that a few tens of rows override them. They
/// were chosen on the main group and the H800 groups.
numerics::Prior prior(std::size_t axes) {
  enum : std::size_t { kAmplitude, kNoise, kFirstLength };
  numerics::Prior prior;
  prior.hyperparameters = {{2, 1}, {0.05, 1}};
  prior.noise = kNoise;
  numerics::Term term{kAmplitude, {}, false};
  for (std::size_t axis = 0; axis < axes; ++axis) {
    term.factors.push_back({axis, numerics::Shape::squared_exponential, kFirstLength + axis});
    prior.hyperparameters.push_back({4, 1});
  }
  prior.terms = {std::move(term)};
  return prior;
}

/// The process of one group, or of several that are trained together.
class LogEnergy {
 public:
  LogEnergy(const std::vector<Sample>& samples, const FeatureMap& map, const CancelToken* cancel) {
    std::vector<std::vector<float>> rows;
    std::vector<double> targets;
    for (const Sample& sample : samples) {
      rows.push_back(map.features(sample.group, sample.config));
      targets.push_back(std::log(sample.energy_j));
    }
    if (rows.empty()) return;
    axes_ = axes_of(rows);
    target_ = mean_and_sd(targets);
    if (!(target_.sd > 0)) target_.sd = 1;
    std::vector<numerics::Observation> observations;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      observations.push_back({{point(rows[i])}, (targets[i] - target_.mean) / target_.sd});
    }
    numerics::FitOptions options;
    options.cancel = cancel;
    process_ = numerics::fit(prior(axes_.size()), std::move(observations), options);
  }

  /// J, with the 90 % interval of a measurement; unknown without training rows or with a blank feature.
  predictor::Estimate energy_j(const std::vector<float>& features) const {
    if (!process_) return {};
    const numerics::Forecast forecast = process_->predict({point(features)});
    const double centre = target_.mean + target_.sd * forecast.mean;
    const double half =
        numerics::kNormal90 * target_.sd * std::hypot(std::sqrt(forecast.variance), process_->noise_sd());
    if (!known(centre)) return {};
    return {std::exp(centre), std::exp(centre - half), std::exp(centre + half)};
  }

 private:
  numerics::Point point(const std::vector<float>& features) const {
    numerics::Point point;
    for (const Axis& axis : axes_) {
      point.features.push_back((static_cast<double>(features[axis.feature]) - axis.scale.mean) /
                               axis.scale.sd);
    }
    return point;
  }

  std::vector<Axis> axes_;
  MeanAndSd target_;
  std::optional<numerics::Process> process_;
};

class GaussianProcess final : public EnergyBaseline {
 public:
  GaussianProcess(const predictor::TrainingData& data, const predictor::FitOptions& options)
      : EnergyBaseline("gp", data), map_(data, options, WaveKnowledge::blind) {
    if (options.pool) {
      processes_.assign(data.size(), LogEnergy(samples(data), map_, options.run.cancel));
      return;
    }
    for (std::size_t group = 0; group < data.size(); ++group) {
      processes_.emplace_back(samples(data, group), map_, options.run.cancel);
    }
  }

 private:
  double scenario_energy_j(std::size_t group, const table::Configuration& config) const override {
    return scenario_estimate(group, config).value;
  }
  predictor::Estimate scenario_estimate(std::size_t group,
                                        const table::Configuration& config) const override {
    return processes_[group].energy_j(map_.features(group, config));
  }

  FeatureMap map_;
  std::vector<LogEnergy> processes_;  // by group
};

}  // namespace

Fitted fit_gp(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  return std::make_unique<GaussianProcess>(data, options);
}

}  // namespace energylens::baseline
