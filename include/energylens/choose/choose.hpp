// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "energylens/choose/traffic.hpp"
#include "energylens/powercap/curve.hpp"
#include "energylens/predictor/facts.hpp"
#include "energylens/predictor/predictor.hpp"

namespace energylens::choose {

/// How requests arrive: as a job of `amount` requests that start together; from `amount` clients that each
/// send the next request when the last is answered; or at `amount` requests per second, independent of answers: evenly
/// spaced, unless the question describes the traffic.
enum class Arrival { batch, concurrency, rate };

/// Limits of mean latency and mean power; unknown: no limit.
struct Limits {
  double ttft_s = kUnknown;
  double tpot_s = kUnknown;
  double power_w = kUnknown;

  bool any() const { return known(ttft_s) || known(tpot_s) || known(power_w); }
};

/// Restrictions of the layouts to consider; every member changes the answer.
struct LayoutFilter {
  std::vector<table::Layout> only;  ///< these alone; empty: all
  bool measured_only = false;       ///< measured layouts and their replicas
  int max_pp = 0;                   ///< most pipeline stages; 0: no limit
};

/// One question "which configuration?".
struct Question {
  std::size_t group = 0;
  table::Load
      request;  ///< isl, osl, image_tokens, cached_tokens, accepted_per_step, drafted_per_step of one request
  Arrival arrival = Arrival::batch;
  double amount = kUnknown;
  double max_per_replica = kUnknown;  ///< limit of the server: requests in flight per replica
  double kv_capacity_tokens =
      kUnknown;  ///< KV cache of one replica; unknown: that of the predictor or the facts
  double gpu_memory_utilization =
      kUnknown;  ///< known: the estimate of the facts holds, not that of the predictor
  int total_gpus = 0;
  LayoutFilter layouts;
  std::vector<double> power_limits_w;  ///< of each GPU, each tried with every layout; empty: that of the rows
  powercap::Curve power_curve;         ///< how the GPU follows them
  bool idle_gpus_count = false;        ///< whether unused GPUs draw idle power
  Limits limits;
  /// With a rate: how requests arrive and differ, and the limits of single requests. Layouts are then simulated. Nothing: requests
  /// arrive evenly, all are alike, and nothing is known of percentiles.
  std::optional<TrafficQuestion> traffic;
  /// The largest accepted chance of breaking a limit; 0.5: the predicted value decides.
  double risk = 0.5;
  std::size_t draws = 2000;  ///< joint draws behind chance_best and ties
  std::uint64_t seed = 0;

  /// Throws Error (usage) naming the first invalid field.
  void validate() const;
};

/// One layout under the load of the question. `prediction` is that of the predictor, corrected for what it
/// cannot see: of simulated traffic, TTFT, TPOT and time are the means of the simulation; TTFT includes the wait of closed-loop clients for a free place; mean power, energy per output
/// token and the energy of a job include idle GPUs (pauses of GPUs in use, and unused GPUs if they count).
struct Configuration {
  table::Layout layout;
  double power_limit_w = kUnknown;  ///< of each GPU; unknown: that of the rows
  powercap::Factors power_factors;  ///< over the same load without that limit
  bool measured = false;            ///< rows of the layout, or of one replica of it, were fitted
  /// Factors of the layout that no row varies (predictor::unmeasured_directions).
  std::vector<std::string_view> unmeasured_directions;
  double in_flight = kUnknown;  ///< requests over all replicas: of the job, or the mean while busy
  double busy = 1;              ///< share of time in which at least one request is in flight
  double throughput_rps = kUnknown;
  double wait_s = 0;  ///< mean wait for a free place, part of ttft_s (closed loop)
  double energy_per_request_j = kUnknown;
  double idle_energy_j = 0;          ///< part of `energy_j` that idle GPUs draw
  double request_time_s = kUnknown;  ///< mean end-to-end latency of one request (of the job, for jobs)
  predictor::Prediction prediction;

  double energy_j = kUnknown;                             ///< the ranked energy: of the job, or per request
  double energy_j_lo = kUnknown, energy_j_hi = kUnknown;  ///< its 90 % interval
  std::optional<int> rank;                                ///< 1 = least energy; none if rejected
  /// Share of joint draws in which it needs the least energy of the accepted. In one draw of ten, a direction that no
  /// row varies does not follow the prior of the form, and layouts in it do not win. Unknown beyond rank 256.
  double chance_best = kUnknown;
  std::optional<bool> tied_with_best;  ///< 90 % interval of the difference to the best contains 0
  /// The chance to keep the limit that is most likely to be broken; unknown without limits, or without a
  /// prediction of the limited quantity.
  double chance_within_limits = kUnknown;
  std::optional<TrafficFigures> traffic;  ///< if it was simulated
  std::string rejected;                   ///< reason, empty if accepted
};

/// The answer: accepted configurations by rank, then rejected ones in the order of their layouts.
struct Choice {
  std::vector<Configuration> configurations;
  /// Energy per request of the first configuration in each joint draw; empty without uncertainty.
  std::vector<double> best_draws_j;
  std::size_t accepted = 0;                   ///< number of accepted configurations, which come first
  std::optional<std::size_t> energy_optimal;  ///< index; none if nothing is accepted
  std::optional<std::size_t> best_measured, best_unmeasured;  ///< of least energy; only if there are both
  std::optional<std::size_t> latency_optimal;                 ///< least request_time_s among the accepted
  double latency_optimal_extra_energy = kUnknown;    ///< energy of the latency-optimal one / best - 1
  double latency_optimal_extra_energy_j = kUnknown;  ///< the same as a difference in `energy_j`
};

/// Ranks every layout that fits, at every power limit asked for, by predicted energy under the load and the limits of the question. Closed
/// loop: B = min(amount/dp, M, max_per_replica) requests per replica are in flight, the others wait. Open
/// loop: the smallest B that solves B = (amount/dp) S(B), S the mean service time with prefill; if there is
/// none up to min(M, max_per_replica), the layout saturates. With traffic, the layouts of least energy that this leaves are simulated
/// (docs/method/serving.md). Pure and deterministic; safe from any thread if
/// the predictor is, which all cores ask at once. Throws Error (usage) for an invalid question, or if an idle power is needed and unknown.
Choice rank(const predictor::Predictor& predictor, const predictor::Facts& facts, const Question& question);

}  // namespace energylens::choose
