// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::serving {

/// The distribution of many positive numbers in little memory: how many lie in each of many narrow classes, whose bounds
/// grow by 1 %. A quantile is within 0.5 % of one of the numbers; count, mean, least and largest are exact. Numbers below 1e-9 count
/// as 0.
class Histogram {
 public:
  void add(double value, std::uint64_t times = 1);
  /// Adds all numbers of another one: the result is that of one histogram of all numbers.
  void merge(const Histogram& other);

  std::uint64_t count() const { return count_; }
  /// Unknown without numbers, like all of the following.
  double mean() const { return count_ > 0 ? sum_ / static_cast<double>(count_) : kUnknown; }
  double largest() const { return count_ > 0 ? largest_ : kUnknown; }
  /// The least number that at least the share `p` of all does not exceed. Requires: 0 <= p <= 1.
  double quantile(double p) const;

 private:
  std::vector<std::uint64_t> classes_;  ///< class 0 holds zeros
  std::uint64_t count_ = 0;
  double sum_ = 0, largest_ = 0;
};

/// Limits of single requests; unknown: none.
struct RequestLimits {
  double ttft_s = kUnknown, tpot_s = kUnknown, e2e_s = kUnknown;
};

/// What a simulation saw. Everything adds up over runs.
struct Report {
  Histogram ttft_s, e2e_s;
  Histogram tpot_s;            ///< of requests with more than one output token
  Histogram power_w;           ///< mean power of all replicas in windows of equal length
  std::uint64_t requests = 0;  ///< completed
  std::uint64_t refused = 0;   ///< needed more KV cache than a replica has
  std::uint64_t within = 0;    ///< completed within all limits of single requests
  std::uint64_t preemptions = 0;
  std::uint64_t steps = 0;        ///< of all replicas
  double prompt_tokens = 0;       ///< of completed requests
  double cached_tokens = 0;       ///< of these, found in the prefix cache
  double output_tokens = 0;       ///< of completed requests
  double computed_tokens = 0;     ///< input tokens that steps computed, repeats included
  double decoded_tokens = 0;      ///< output tokens made, without the first of each request
  double recomputed_tokens = 0;   ///< tokens to be computed again because of preemption
  double busy_j = 0, idle_j = 0;  ///< energy of steps, and of replicas without one
  double busy_s = 0, idle_s = 0;  ///< the same as times, summed over replicas
  double duration_s = 0;          ///< from 0 to the last completion
  double requests_s = 0;          ///< integral of the requests in the system over time
  double most_waiting = 0;        ///< longest queue of a replica

  void merge(const Report& other);

  double share_busy() const { return busy_s / (busy_s + idle_s); }
  double energy_per_request_j() const { return (busy_j + idle_j) / static_cast<double>(requests); }
  double mean_power_w() const { return (busy_j + idle_j) / duration_s; }
  double throughput_rps() const { return static_cast<double>(requests) / duration_s; }
  /// Share of all requests, refused ones included, that were completed within the limits.
  double goodput() const { return static_cast<double>(within) / static_cast<double>(requests + refused); }
};

}  // namespace energylens::serving
