// SPDX-License-Identifier: Apache-2.0
// analytic.cpp: baselines that are formulas. Wilkins and sweetspot differ in their terms and in the sign they
// allow; both are fitted per layout with rows divided by the measured energy, so that squares are of relative
// errors. Held by analytic_test.cpp, which makes data from known coefficients.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "baseline/baseline.hpp"
#include "numerics/dense.hpp"

namespace energylens::baseline {
namespace {

using Terms = std::vector<double> (*)(double isl, double osl);

/// A linear problem of few columns.
struct LinearProblem {
  std::vector<std::vector<double>> rows;
  std::vector<double> targets;

  std::vector<double> column_major() const {
    std::vector<double> matrix;
    for (std::size_t column = 0; column < rows.front().size(); ++column) {
      for (const std::vector<double>& row : rows) matrix.push_back(row[column]);
    }
    return matrix;
  }
};
using Solution = std::vector<double> (*)(const LinearProblem&);

std::vector<double> unconstrained(const LinearProblem& problem) {
  return numerics::linear_least_squares(problem.column_major(), problem.rows.size(),
                                        problem.rows.front().size(), problem.targets);
}
std::vector<double> tiny_ridge(const LinearProblem& problem) {
  constexpr double kRidge = 1e-6;
  return numerics::linear_least_squares(problem.column_major(), problem.rows.size(),
                                        problem.rows.front().size(), problem.targets, kRidge);
}
std::vector<double> nonnegative(const LinearProblem& problem) {
  return numerics::nonnegative_least_squares(problem.column_major(), problem.rows.size(),
                                             problem.rows.front().size(), problem.targets);
}

std::vector<double> wilkins_terms(double isl, double osl) {
  return {isl, osl, isl * osl};
}
std::vector<double> sweetspot_terms(double isl, double osl) {
  return {isl, isl * isl, osl, isl * osl, osl * osl};
}

/// A formula for the energy per request, one set of coefficients per layout.
class PerLayout final : public EnergyBaseline {
 public:
  PerLayout(std::string_view kind, const predictor::TrainingData& data, Terms terms, Solution solution)
      : EnergyBaseline(kind, data), terms_(terms) {
    for (std::size_t group = 0; group < data.size(); ++group) {
      std::map<LayoutKind, LinearProblem> problems;
      for (const Sample& sample : samples(data, group)) {
        LinearProblem& problem = problems[layout_kind(sample.config)];
        const double measured = sample.energy_j / energies_per_request(sample.config.load);
        std::vector<double> row = terms_of(sample.config.load);
        for (double& value : row) value /= measured;
        problem.rows.push_back(std::move(row));
        problem.targets.push_back(1);
      }
      auto& fitted = coefficients_.emplace_back();
      for (const auto& [layout, problem] : problems) fitted[layout] = solution(problem);
    }
  }

 private:
  /// Scenario energy of a load over its energy per request: requests of the job, or 1 / tokens of a request.
  static double energies_per_request(const table::Load& load) {
    if (load.kind == table::RowKind::job) return load.batch;
    return known(load.osl) ? 1 / load.osl : 1;
  }
  std::vector<double> terms_of(const table::Load& load) const {
    return terms_(load.isl_or(0), known(load.osl) ? load.osl : 1);
  }

  double scenario_energy_j(std::size_t group, const table::Configuration& config) const override {
    const auto found = coefficients_[group].find(layout_kind(config));
    if (found == coefficients_[group].end()) return kUnknown;
    const std::vector<double> terms = terms_of(config.load);
    double per_request = 0;
    for (std::size_t i = 0; i < terms.size(); ++i) per_request += found->second[i] * terms[i];
    return per_request * energies_per_request(config.load);
  }

  Terms terms_;
  std::vector<std::map<LayoutKind, std::vector<double>>> coefficients_;  // by group
};

/// The logarithms that the log-linear law and the nearest neighbour use; unknown where the load is blank.
std::vector<double> log_load(const table::Load& load) {
  return {std::log(load.batch), std::log(load.max_batch), std::log1p(load.isl), std::log(load.osl)};
}

std::vector<double> log_features(const table::Configuration& config) {
  std::vector<double> features = log_load(config.load);
  features.erase(features.begin() + 1);  // max_batch only bounds the batch, which is a feature itself
  const table::Layout& layout = config.layout;
  for (const int degree : {layout.tp, layout.pp, layout.dp, layout.ep}) features.push_back(std::log(degree));
  return features;
}

/// One log-linear law, over one group or several with an intercept each.
class LogLinearFit {
 public:
  /// Requires: samples are not empty.
  explicit LogLinearFit(const std::vector<Sample>& samples) {
    used_.assign(log_features(samples.front().config).size(), true);
    for (const Sample& sample : samples) {
      const std::vector<double> features = log_features(sample.config);
      for (std::size_t i = 0; i < used_.size(); ++i) used_[i] = used_[i] && known(features[i]);
      intercepts_.try_emplace({sample.group, sample.config.load.kind}, intercepts_.size());
    }
    LinearProblem problem;
    for (const Sample& sample : samples) {
      problem.rows.push_back(*row_of(sample.group, sample.config));
      problem.targets.push_back(std::log(sample.energy_j));
    }
    coefficients_ = tiny_ridge(problem);
  }

  double energy_j(std::size_t group, const table::Configuration& config) const {
    const std::optional<std::vector<double>> row = row_of(group, config);
    if (!row) return kUnknown;
    double log_energy = 0;
    for (std::size_t i = 0; i < row->size(); ++i) log_energy += (*row)[i] * coefficients_[i];
    return std::exp(log_energy);
  }

 private:
  /// None for a group, or kind of rows, without a training row.
  std::optional<std::vector<double>> row_of(std::size_t group, const table::Configuration& config) const {
    const auto intercept = intercepts_.find({group, config.load.kind});
    if (intercept == intercepts_.end()) return std::nullopt;
    std::vector<double> row(intercepts_.size());
    row[intercept->second] = 1;
    const std::vector<double> features = log_features(config);
    for (std::size_t i = 0; i < features.size(); ++i) {
      if (used_[i]) row.push_back(features[i]);
    }
    return row;
  }

  std::vector<bool> used_;
  std::map<std::pair<std::size_t, table::RowKind>, std::size_t> intercepts_;
  std::vector<double> coefficients_;
};

class LogLinear final : public EnergyBaseline {
 public:
  LogLinear(const predictor::TrainingData& data, bool pool)
      : EnergyBaseline("loglinear", data), fits_(data.size()) {
    for (std::size_t group = 0; group < data.size(); ++group) {
      const std::vector<Sample> own = samples(data, group);
      if (!pool && !own.empty()) fits_[group].emplace(own);
    }
    const std::vector<Sample> all = samples(data);
    if (pool && !all.empty()) fits_.assign(data.size(), LogLinearFit(all));
  }

 private:
  double scenario_energy_j(std::size_t group, const table::Configuration& config) const override {
    return fits_[group] ? fits_[group]->energy_j(group, config) : kUnknown;
  }

  std::vector<std::optional<LogLinearFit>> fits_;  // by group
};

class Nearest final : public EnergyBaseline {
 public:
  explicit Nearest(const predictor::TrainingData& data) : EnergyBaseline("nearest", data) {
    for (std::size_t group = 0; group < data.size(); ++group) rows_.push_back(samples(data, group));
  }

 private:
  double scenario_energy_j(std::size_t group, const table::Configuration& config) const override {
    const Sample* nearest = nullptr;
    double least = 0;
    for (const Sample& sample : rows_[group]) {
      if (layout_kind(sample.config) != layout_kind(config)) continue;
      const double distance = squared_distance(sample.config.load, config.load);
      if (!nearest || distance < least) {
        nearest = &sample;
        least = distance;
      }
    }
    if (!nearest) return kUnknown;
    const double ratio = config.load.osl / nearest->config.load.osl;
    const bool scaled = config.load.kind == table::RowKind::job && known(ratio);
    return nearest->energy_j * (scaled ? ratio : 1);
  }

  /// Over the coordinates that both have.
  static double squared_distance(const table::Load& a, const table::Load& b) {
    const std::vector<double> x = log_load(a), y = log_load(b);
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double difference = x[i] - y[i];
      if (known(difference)) sum += difference * difference;
    }
    return sum;
  }

  std::vector<std::vector<Sample>> rows_;  // by group
};

}  // namespace

Fitted fit_wilkins(const predictor::TrainingData& data, const predictor::FitOptions&) {
  return std::make_unique<PerLayout>("wilkins", data, wilkins_terms, unconstrained);
}
Fitted fit_sweetspot(const predictor::TrainingData& data, const predictor::FitOptions&) {
  return std::make_unique<PerLayout>("sweetspot", data, sweetspot_terms, nonnegative);
}
Fitted fit_loglinear(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  return std::make_unique<LogLinear>(data, options.pool);
}
Fitted fit_nearest(const predictor::TrainingData& data, const predictor::FitOptions&) {
  return std::make_unique<Nearest>(data);
}

}  // namespace energylens::baseline
