// SPDX-License-Identifier: Apache-2.0
// predict.cpp: the delta method on the logarithm of a row in the coordinates of the constants, plus the
// spread of rows around the formula; joint draws of constants, then of that spread. Held by model_test.cpp.
#include <algorithm>
#include <cmath>

#include "energylens/numerics/delta_method.hpp"
#include "energylens/numerics/distributions.hpp"
#include "energylens/numerics/joint_normal.hpp"
#include "energylens/predictor/latency.hpp"
#include "energylens/predictor/spread.hpp"
#include "parametric/structure/compiled.hpp"

namespace energylens::discovered {
namespace {

using predictor::Estimate;

std::vector<table::GroupIdentity> identities_of(const std::vector<GroupFit>& groups) {
  std::vector<table::GroupIdentity> out;
  for (const GroupFit& group : groups) out.push_back(group.identity);
  return out;
}

/// Values of some parts of one row, with intervals.
class Answer {
 public:
  Answer(const TargetFit& fit, const CompiledTarget& target, const WaveRows& row)
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

  const TargetFit& fit_;
  double t_, whole_ = kUnknown, prefill_ = kUnknown;
  std::vector<double> whole_slopes_, prefill_slopes_;
};

WaveRows one_row(const table::Configuration& config, const predictor::Facts& facts, bool energy) {
  WaveRows row(energy);
  row.add(config, facts);
  return row;
}

/// Seconds of one wave of `batch` requests: prefill, then decode.
predictor::TimedWave timed_wave(const TargetFit& fit, const CompiledTarget& target,
                                table::Configuration config, const predictor::Facts& facts, double batch) {
  config.load.batch = batch * predictor::replicas(config.layout);
  config.kv_capacity_tokens = kUnknown;
  const WaveRows row = one_row(config, facts, false);
  const double prefill = target.prefill->values(row, fit.constants)[0];
  return {1, batch, prefill, target.whole.values(row, fit.constants)[0] - prefill};
}

void predict_energy(const TargetFit& fit, const CompiledTarget& target, const predictor::Facts& facts,
                    const table::Configuration& config, predictor::Prediction& out) {
  const Answer answer(fit, target, one_row(config, facts, true));
  out.total_energy_j = answer.whole();
  out.energy_per_out_token_j =
      predictor::scaled(out.total_energy_j, 1 / (config.load.batch * config.load.osl));
  out.prefill_energy_j = answer.prefill();
  out.decode_energy_j = answer.decode();
}

/// Latencies need prefill apart; under continuous batching the time per token does not.
void predict_time(const TargetFit& fit, const CompiledTarget& target, const GroupFit& group,
                  const table::Configuration& config, predictor::Prediction& out) {
  const Answer answer(fit, target, one_row(config, group.facts, false));
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

Model::Model(Content content) : content_(std::move(content)), identities_(identities_of(content_.groups)) {
  auto compiled = std::make_unique<Compiled>();
  if (content_.structures.energy) compiled->energy.emplace(*content_.structures.energy);
  if (content_.structures.time) compiled->time.emplace(*content_.structures.time);
  compiled_ = std::move(compiled);
}

Model::~Model() = default;
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;

bool Model::states(std::size_t group, predictor::Quantity quantity) const {
  const GroupFit& fit = content_.groups[group];
  if (quantity == predictor::Quantity::energy) return fit.energy.has_value();
  if (!fit.time) return false;
  if (quantity == predictor::Quantity::time) return true;
  return compiled_->time->prefill.has_value() && (quantity == predictor::Quantity::tpot || fit.isl_known);
}

predictor::Prediction Model::predict(std::size_t group, const table::Configuration& config) const {
  const GroupFit& fit = content_.groups[group];
  predictor::Prediction out;
  const predictor::Capacity capacity = predictor::resolve_kv_capacity(
      config, predictor::capacity_rules(fit, config.layout, content_.flag_capacity_tokens));
  const table::Configuration asked = predictor::resolved(fit, config, capacity, out);
  if (!out.valid || !predictor::answerable(fit, config.load)) return out;
  if (fit.energy) predict_energy(*fit.energy, *compiled_->energy, fit.facts, asked, out);
  if (fit.time) predict_time(*fit.time, *compiled_->time, fit, asked, out);
  out.avg_power_w = predictor::mean_power(out.total_energy_j, out.total_time_s);
  return out;
}

std::vector<double> Model::draw(std::size_t group, std::span<const table::Configuration> configs,
                                std::size_t n, std::uint64_t seed) const {
  const GroupFit& fit = content_.groups[group];
  if (!fit.energy) return {};
  const predictor::Structure& structure = *content_.structures.energy;
  WaveRows rows(true);
  std::vector<std::size_t> answered;
  std::vector<double> divisor;
  for (std::size_t c = 0; c < configs.size(); ++c) {
    predictor::Prediction said;
    const predictor::Capacity capacity = predictor::resolve_kv_capacity(
        configs[c], predictor::capacity_rules(fit, configs[c].layout, content_.flag_capacity_tokens));
    const table::Configuration asked = predictor::resolved(fit, configs[c], capacity, said);
    if (!said.valid || !predictor::answerable(fit, configs[c].load)) continue;
    rows.add(asked, fit.facts);
    answered.push_back(c);
    const table::Load& load = configs[c].load;
    divisor.push_back(load.kind == table::RowKind::steady ? load.batch * load.osl : 1);
  }
  const numerics::JointNormal uncertainty(to_coordinates(structure, fit.energy->constants),
                                          fit.energy->covariance);
  const predictor::RowNoise noise(configs);
  Rng rng(seed);
  std::vector<double> out(n * configs.size(), kUnknown);
  for (std::size_t i = 0; i < n; ++i) {
    const std::vector<double> z = uncertainty.draw(rng);
    const std::vector<double> residual = noise.draw(rng);
    const std::vector<double> energy = compiled_->energy->whole.values(rows, from_coordinates(structure, z));
    for (std::size_t r = 0; r < answered.size(); ++r) {
      out[i * configs.size() + answered[r]] =
          energy[r] / divisor[r] * std::exp(fit.energy->residual_sd * residual[answered[r]]);
    }
  }
  return out;
}

}  // namespace energylens::discovered
