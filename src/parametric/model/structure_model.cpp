// SPDX-License-Identifier: Apache-2.0
// Predictions of a formula with their intervals: the delta method on the logarithm of a row in the coordinates of
// the constants, plus the scatter of rows around the formula. Held by predict_structure_test.cpp.
#include <algorithm>
#include <cmath>

#include "numerics/delta_method.hpp"
#include "numerics/distributions.hpp"
#include "parametric/structure/compiled.hpp"
#include "predictor/latency.hpp"

namespace energylens::parametric {
namespace {

using predictor::Estimate;

std::vector<table::GroupIdentity> identities_of_groups(const std::vector<GroupStructure>& groups) {
  std::vector<table::GroupIdentity> out;
  for (const GroupStructure& group : groups) out.push_back(group.identity);
  return out;
}

/// Values of some parts of one row, with intervals.
class Answer {
 public:
  Answer(const StructureFit& fit, const CompiledTarget& target, const WaveRows& row)
      : fit_(fit), t_(numerics::student_t_quantile(0.95, fit.degrees_of_freedom)) {
    whole_ = target.whole.values(row, fit.constants)[0];
    whole_slopes_ = slopes_of(target.whole, row);
    if (!target.prefill) return;
    prefill_ = target.prefill->values(row, fit.constants)[0];
    prefill_slopes_ = slopes_of(*target.prefill, row);
  }

  Estimate whole() const { return interval(whole_, whole_slopes_); }
  Estimate prefill() const { return known(prefill_) ? interval(prefill_, prefill_slopes_) : Estimate{}; }
  Estimate decode() const {
    if (!known(prefill_)) return {};
    std::vector<double> slopes = whole_slopes_;
    for (std::size_t k = 0; k < slopes.size(); ++k) slopes[k] -= prefill_slopes_[k];
    return interval(whole_ - prefill_, slopes);
  }
  /// Another value that is as uncertain as the whole, or as the estimate given.
  static Estimate like(const Estimate& sure, double value) {
    return predictor::scaled(sure, value / sure.value);
  }

 private:
  std::vector<double> slopes_of(const FormulaPrograms& programs, const WaveRows& row) const {
    std::vector<double> out;
    for (const std::vector<double>& slope : programs.slopes(row, fit_.constants)) out.push_back(slope[0]);
    return out;
  }
  Estimate interval(double value, const std::vector<double>& slopes) const {
    if (!(value > 0)) return {value, value, value};
    const double sd =
        numerics::log_sd(numerics::bilinear(slopes, fit_.covariance, slopes), value, fit_.residual_sd);
    return predictor::log_interval(value, t_ * sd);
  }

  const StructureFit& fit_;
  double t_, whole_ = kUnknown, prefill_ = kUnknown;
  std::vector<double> whole_slopes_, prefill_slopes_;
};

WaveRows one_row(const table::Configuration& config, const predictor::Facts& facts, Metric metric) {
  WaveRows row(metric);
  row.add(config, facts);
  return row;
}

/// Seconds of one wave of `size` requests: prefill, then decode.
predictor::TimedWave timed_wave(const StructureFit& fit, const CompiledTarget& target,
                                table::Configuration config, const predictor::Facts& facts, double size) {
  config.load.batch = size * predictor::replicas(config.layout);
  config.load.max_batch = kUnknown;
  config.kv_capacity_tokens = kUnknown;
  const WaveRows row = one_row(config, facts, Metric::time);
  const double prefill = target.prefill->values(row, fit.constants)[0];
  return {1, size, prefill, target.whole.values(row, fit.constants)[0] - prefill};
}

void structure_energy(const StructureFit& fit, const CompiledTarget& target, const predictor::Facts& facts,
                      const table::Configuration& config, predictor::Prediction& out) {
  const Answer answer(fit, target, one_row(config, facts, Metric::energy));
  out.total_energy_j = answer.whole();
  out.energy_per_out_token_j =
      predictor::scaled(out.total_energy_j, 1 / (config.load.batch * config.load.osl));
  out.prefill_energy_j = answer.prefill();
  out.decode_energy_j = answer.decode();
}

/// Latencies need prefill alone; under continuous batching the time per token does not.
void structure_time(const StructureFit& fit, const CompiledTarget& target, const GroupStructure& group,
                    const table::Configuration& config, predictor::Prediction& out) {
  const Answer answer(fit, target, one_row(config, group.facts, Metric::time));
  const double tokens = std::max(config.load.osl - 1, 0.0);
  const bool steady = config.load.kind == table::RowKind::steady;
  out.total_time_s = answer.whole();
  if (steady && tokens > 0) out.tpot_s = predictor::scaled(out.total_time_s, 1 / tokens);
  if (!target.prefill) return;
  const predictor::Waves waves = predictor::waves(config);
  std::vector<predictor::TimedWave> timed;
  if (waves.full > 0) timed.push_back(timed_wave(fit, target, config, group.facts, waves.size));
  if (waves.full > 0) timed.back().count = waves.full;
  if (waves.remainder > 0) timed.push_back(timed_wave(fit, target, config, group.facts, waves.remainder));
  if (!steady && tokens > 0)
    out.tpot_s = Answer::like(answer.decode(), predictor::mean_tpot_s(timed, tokens));
  if (!group.isl_known) return;
  // Under continuous batching a newcomer waits for the step in flight, then for its own prefill.
  const double ttft = steady ? timed_wave(fit, target, config, group.facts, 1).prefill_s +
                                   out.total_time_s.value / std::max(tokens, 1.0)
                             : predictor::mean_ttft_s(timed);
  out.ttft_s = Answer::like(answer.whole(), ttft);
}

}  // namespace

StructureModel::StructureModel(StructureContent content)
    : Model(identities_of_groups(content.groups)), content_(std::move(content)) {
  auto compiled = std::make_shared<Compiled>();
  if (content_.structures.energy) compiled->energy.emplace(*content_.structures.energy);
  if (content_.structures.time) compiled->time.emplace(*content_.structures.time);
  compiled_ = std::move(compiled);
}

bool StructureModel::states(std::size_t group, predictor::Quantity quantity) const {
  const GroupStructure& fit = content_.groups[group];
  if (quantity == predictor::Quantity::energy) return fit.energy.has_value();
  if (!fit.time) return false;
  if (quantity == predictor::Quantity::time) return true;
  return compiled_->time->prefill.has_value() && (quantity == predictor::Quantity::tpot || fit.isl_known);
}

const StructureFit* StructureModel::fit(std::size_t group, Metric metric) const {
  const GroupStructure& of_group = content_.groups[group];
  const std::optional<StructureFit>& fit = metric == Metric::energy ? of_group.energy : of_group.time;
  return fit ? &*fit : nullptr;
}

std::vector<FittedParameter> StructureModel::parameters(std::size_t group, Metric metric) const {
  const StructureFit& of_metric = *fit(group, metric);
  const std::size_t n = of_metric.constants.size();
  const double t = numerics::student_t_quantile(0.95, of_metric.degrees_of_freedom);
  std::vector<FittedParameter> out;
  for (std::size_t k = 0; k < n; ++k) {
    const predictor::StructureConstant& constant = structure(metric).constants[k];
    const double value = of_metric.constants[k];
    const double half = t * std::sqrt(std::max(of_metric.covariance[k * n + k], 0.0));
    const double lo = constant.logarithmic ? value * std::exp(-half) : value - half;
    const double hi = constant.logarithmic ? value * std::exp(half) : value + half;
    out.push_back({constant.name, unit_text(constant.unit), value, lo, hi, std::nullopt, ""});
  }
  return out;
}

expr::Expr StructureModel::formula(std::size_t, Metric metric) const {
  return structure(metric).formula;
}

const predictor::Structure& StructureModel::structure(Metric metric) const {
  return metric == Metric::energy ? *content_.structures.energy : *content_.structures.time;
}

bool StructureModel::joint() const {
  return content_.structures.joint;
}

void StructureModel::predict_metrics(std::size_t group, const table::Configuration& config,
                                     predictor::Prediction& out) const {
  const GroupStructure& fit = content_.groups[group];
  if (fit.energy) structure_energy(*fit.energy, *compiled_->energy, fit.facts, config, out);
  if (fit.time) structure_time(*fit.time, *compiled_->time, fit, config, out);
}

Model::Energies StructureModel::energies_of(std::size_t group,
                                            std::span<const table::Configuration> configs) const {
  WaveRows rows(Metric::energy);
  for (const table::Configuration& config : configs) rows.add(config, content_.groups[group].facts);
  return [this, rows = std::move(rows)](std::span<const double> coordinates) {
    const predictor::Structure& formula = structure(Metric::energy);
    return compiled_->energy->whole.values(rows, from_coordinates(formula, coordinates));
  };
}

std::vector<double> StructureModel::energy_coordinates(std::size_t group) const {
  return to_coordinates(structure(Metric::energy), content_.groups[group].energy->constants);
}

}  // namespace energylens::parametric
