// SPDX-License-Identifier: Apache-2.0
// The prior: weak on scales, whose centres are read off the data as medians of what each term would be if it
// alone made up a share of the energy, informative on shares and exponents, where physics and other deployments speak
// (docs/method/law.md (8) lists them). The prior of traffic is the same share of work in prefill as in decode: both are the
// same matrix products. Held by priors_test.cpp and by the figures of docs/evidence/results.md.
#include "parametric/law/priors.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/dense.hpp"
#include "numerics/summary.hpp"
#include "predictor/waves.hpp"

namespace energylens::parametric {
namespace {

/// Shares of the total that the centres of the scales stand for.
constexpr double kWeightsShare = 1.0 / 3, kWorkShare = 1.0 / 3, kCacheShare = 1.0 / 5, kInputShare = 1.0 / 10;
constexpr double kCentreBatchExponent = 0.75;
/// Power of a GPU that waits over that of one that reads weights, and the time of a hop over that of a step.
constexpr double kWaitingShare = 0.35, kHopShare = 0.05;
/// Traffic over work of one decode step on two GPUs.
constexpr double kTrafficToWork = 0.2;
/// Start-up against the work of one request where rows without isl cannot separate them.
constexpr double kNoStartUp = 1e-3;

/// Medians, over the rows, of ln(energy of one wave / size of the term without its scale).
struct Medians {
  double step = 0, work = 0, cache = 0, input = 0;
};

struct WaveView {
  double per_wave, size, size_ratio, steps;
};

WaveView view(const Observation& o) {
  const Terms& x = o.terms;
  const WaveTerms& wave = *std::ranges::find_if(x.waves, [](const WaveTerms& w) { return w.count > 0; });
  double waves = 0;
  for (const WaveTerms& one : x.waves) waves += one.count;
  const double steps = o.part == Part::decode_step ? 1 : std::max(1.0, x.steps);
  return {std::exp(o.log_measured) / waves, wave.size, std::exp(wave.log_size), steps};
}

double median_or(std::vector<double> values, double fallback) {
  return values.empty() ? fallback : numerics::median(values);
}

Medians medians(std::span<const Observation> observations) {
  std::vector<double> step, work, cache, input;
  for (const Observation& o : observations) {
    const WaveView v = view(o);
    const double alone = v.per_wave / o.terms.shared;  // what is shared out, as if by one GPU
    input.push_back(std::log(alone / (v.size * (o.terms.input + v.steps))));
    if (o.part == Part::prefill || o.terms.steps <= 0) continue;
    const double growth = v.steps * std::pow(v.size_ratio, kCentreBatchExponent);
    step.push_back(std::log(v.per_wave / growth));
    work.push_back(std::log(alone / growth));
    const bool server = o.terms.form == Form::server;  // whose cache grows as the batch
    cache.push_back(std::log(alone / ((server ? v.steps * v.size : growth) * o.terms.context)));
  }
  const double l1 = numerics::median(input);
  return {median_or(step, l1), median_or(work, l1), median_or(cache, l1), l1};
}

/// Servers: what a step takes without reading over what it takes to read all weights, the unevenness of ranks, what
/// expert parallelism adds, traffic over work on two GPUs.
constexpr double kWaitsToReading = 0.55, kUnevenRanks = 0.3, kExpertsApart = 0.05, kServerTraffic = 0.06;
constexpr double kServerInputShare = 0.2, kServerCacheShare = 0.05;

/// Mean of ln of the GPUs that share work out.
double mean_log_gpus(std::span<const Observation> observations) {
  double sum = 0;
  for (const Observation& o : observations) sum -= std::log(o.terms.shared);
  return sum / static_cast<double>(observations.size());
}

Priors server_priors(std::span<const Observation> observations, Metric metric) {
  const Medians m = medians(observations);
  const bool energy = metric == Metric::energy;
  constexpr std::size_t kNone = kParameters;
  // In time GPUs share the reading out, so waiting is less of all the reading that there is.
  const double apart = energy ? 0 : mean_log_gpus(observations);
  return {{},
          {{C0, kNone, std::log(kWaitsToReading) - apart, 1},
           {A1, kNone, m.input + std::log(kServerInputShare), 2},
           {C1, kNone, std::log(kUnevenRanks), 1.5},
           {C2, kNone, std::log(kExpertsApart), 1},
           {B0, kNone, m.step + apart + std::log(kWeightsShare), 2},
           {B1, kNone, energy ? 0.8 : -0.2, 0.3},
           // Pipelines of servers keep micro-batches in flight; no public rows show what a stage adds.
           {B2, kNone, std::log(energy ? kWaitingShare : kHopShare), 1},
           {B3, kNone, m.work + std::log(kWorkShare), 2},
           {B4, kNone, 0.52, 0.15},
           {B5, kNone, std::log(kServerTraffic), 1},
           {B6, kNone, 0, 0.15},
           {B7, kNone, m.cache + std::log(kServerCacheShare), 2}}};
}

}  // namespace

Priors priors_for(std::span<const Observation> observations, const Reading& reading) {
  if (reading.form == Form::server) return server_priors(observations, reading.metric);
  const Medians m = medians(observations);
  const bool energy = reading.metric == Metric::energy;
  constexpr std::size_t kNone = kParameters;
  Priors priors{{},
                {{A0, kNone, m.input, 2},
                 {A1, kNone, m.input + std::log(kInputShare), 2},
                 {A2, B5, 0, 0.7},
                 {A3, kNone, 0, 0.3},
                 {B0, kNone, m.step + std::log(kWeightsShare), 2},
                 {B1, kNone, energy ? 0.1 : -0.5, energy ? 0.15 : 0.3},
                 {B2, kNone, std::log(energy ? kWaitingShare : kHopShare), energy ? 0.25 : 1},
                 {B3, kNone, m.work + std::log(kWorkShare), 2},
                 {B4, kNone, 0.85, 0.15},
                 {B5, kNone, std::log(kTrafficToWork), 1},
                 {B6, kNone, 0, 0.15},
                 {B7, kNone, m.cache + std::log(kCacheShare), 3}}};
  if (!reading.isl_known) {
    // One constant of prefill per request: no separate start-up, and another share of traffic.
    priors.loss = {0.03, 1, numerics::Tail::linear};
    priors.terms[A0] = {A0, kNone, m.input + std::log(kNoStartUp), 0.1};
    priors.terms[A2] = {A2, kNone, std::log(kTrafficToWork), 1};
  }
  return priors;
}

namespace {

/// The least sum of squares of terms and directions together.
Coordinates balance(const Priors& priors) {
  Coordinates pull{}, z{};
  for (const PriorTerm& b : priors.terms) {
    const double p = 1 / (b.sd * b.sd);
    pull[b.coordinate] += p * b.mean;
    if (b.minus != kParameters) pull[b.minus] -= p * b.mean;
  }
  for (const PriorDirection& d : priors.directions) {
    for (std::size_t i = 0; i < kParameters; ++i) pull[i] += d.weights[i] * d.mean;
  }
  const std::vector<double> inverse = numerics::invert_spd(precision(priors), kParameters);
  for (std::size_t i = 0; i < kParameters; ++i) {
    for (std::size_t j = 0; j < kParameters; ++j) z[i] += inverse[i * kParameters + j] * pull[j];
  }
  return z;
}

}  // namespace

Coordinates centre(const Priors& priors) {
  if (!priors.directions.empty()) return balance(priors);
  Coordinates z{};
  for (const PriorTerm& term : priors.terms) {
    if (term.minus == kParameters) z[term.coordinate] = term.mean;
  }
  for (const PriorTerm& term : priors.terms) {
    if (term.minus != kParameters) z[term.coordinate] = z[term.minus] + term.mean;
  }
  return z;
}

std::vector<double> precision(const Priors& priors) {
  std::vector<double> matrix(kParameters * kParameters, 0.0);
  for (const PriorTerm& term : priors.terms) {
    const double p = 1 / (term.sd * term.sd);
    const std::size_t i = term.coordinate, j = term.minus;
    matrix[i * kParameters + i] += p;
    if (j == kParameters) continue;
    matrix[j * kParameters + j] += p;
    matrix[i * kParameters + j] -= p;
    matrix[j * kParameters + i] -= p;
  }
  for (const PriorDirection& d : priors.directions) {
    for (std::size_t i = 0; i < kParameters; ++i) {
      for (std::size_t j = 0; j < kParameters; ++j)
        matrix[i * kParameters + j] += d.weights[i] * d.weights[j];
    }
  }
  return matrix;
}

Reference reference_of(std::span<const table::Row> rows) {
  Reference sum;
  double n = 0;
  for (const table::Row& row : rows) {
    const predictor::Waves waves = predictor::waves(row.config);
    const double size = waves.full > 0 ? waves.size : waves.remainder;
    if (!(size > 0)) continue;
    const table::Layout& l = row.config.layout;
    sum.log_tp += std::log(l.attention_data_parallel() ? l.tp * l.dp : l.tp);
    sum.log_pp += std::log(l.pp);
    sum.log_wave_size += std::log(size);
    ++n;
  }
  return n > 0 ? Reference{sum.log_tp / n, sum.log_pp / n, sum.log_wave_size / n} : sum;
}

}  // namespace energylens::parametric
