// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/parallel.hpp"
#include "energylens/hardware/catalogue.hpp"
#include "energylens/predictor/kv_capacity.hpp"
#include "energylens/predictor/structure.hpp"
#include "energylens/table/group.hpp"

namespace energylens::predictor {

struct Facts;

/// A value with its 90 % interval; unknown members are NaN.
struct Estimate {
  double value = kUnknown, lo = kUnknown, hi = kUnknown;
};

/// The estimate times a positive number that is known exactly.
Estimate scaled(const Estimate& estimate, double factor);
/// A positive value whose interval reaches from value / exp(log_half) to value * exp(log_half).
Estimate log_interval(double value, double log_half);
/// Watts of joules over seconds; unknown if either is. The two errors are taken as independent, which makes the
/// interval rather too wide.
Estimate mean_power(const Estimate& energy_j, const Estimate& time_s);

/// What a predictor says of one configuration, over all GPUs of the deployment. Members that a predictor has
/// no opinion on are unknown.
struct Prediction {
  Estimate total_energy_j, prefill_energy_j, decode_energy_j, energy_per_out_token_j;
  Estimate total_time_s, ttft_s, tpot_s, avg_power_w;
  double waves = kUnknown;
  double kv_capacity_tokens = kUnknown;  ///< KV cache of one replica that was assumed; unknown = unlimited
  CapacitySource kv_capacity_source = CapacitySource::not_stated;
  bool valid = true;  ///< false when not one request fits (M = 0)
  bool inside_domain = true;
  std::string outside;  ///< what lies outside the fitted domain, for people

  /// What scenarios compare: total energy for `job`, J per output token for `steady`.
  const Estimate& scenario_energy(table::RowKind kind) const {
    return kind == table::RowKind::job ? total_energy_j : energy_per_out_token_j;
  }
};

/// What a predictor may know or not, whatever the configuration.
enum class Quantity { energy, time, ttft, tpot };

/// The narrow waist: how evaluation, choice and export see any fitted thing.
/// Immutable after fitting; every member function is safe from any thread.
class Predictor {
 public:
  virtual ~Predictor() = default;
  virtual std::string_view kind() const = 0;
  /// `group` is an index into the groups given to the fit.
  virtual Prediction predict(std::size_t group, const table::Configuration& config) const = 0;
  /// Index of the picked candidate of one scenario. By default the least predicted scenario energy, ties by
  /// order. Only `latency` looks at measured results, and only at times; the others see configurations.
  virtual std::size_t choose(std::size_t group, std::span<const table::Row> candidates) const;
  /// Who the groups are, by the index that predict takes.
  virtual std::span<const table::GroupIdentity> groups() const = 0;
  /// The layouts whose rows a fit of this group has seen; empty when it does not keep them.
  virtual std::vector<table::Layout> layouts(std::size_t group) const;
  /// What the fit knew of the group's GPU and model, idle power as its rows stated it; nullptr if the predictor does not
  /// keep it.
  virtual const Facts* facts(std::size_t group) const;
  /// Whether it can say anything of this of a group. By default all.
  virtual bool states(std::size_t group, Quantity quantity) const;
  /// `n` joint draws of the scenario energies of `configs` from the predictive distribution, row-major
  /// n x configs.size(); empty when the predictor states no uncertainty.
  virtual std::vector<double> draw(std::size_t group, std::span<const table::Configuration> configs,
                                   std::size_t n, std::uint64_t seed) const;
  /// Number of parameters the data pay for, shared ones counted once; unknown for learners.
  virtual double effective_parameters() const { return kUnknown; }
};

/// What a fit may see of one group. Pointers stay valid while fitting.
struct TrainingGroup {
  const table::Group* group = nullptr;
  std::vector<std::size_t> rows;           ///< the N sampled training rows, indices into group->rows
  std::vector<table::Scenario> scenarios;  ///< all training scenarios (for rules that see more than N rows)
};
using TrainingData = std::vector<TrainingGroup>;

/// Trains on every row of every group.
TrainingData all_rows(std::span<const table::Group> groups);

enum class Target { energy, time, both };

bool wants(Target target, bool energy);

/// Options every predictor takes; each uses what concerns it.
struct FitOptions {
  // changes the answer
  Target target = Target::both;
  bool pool = false;  ///< fit all groups together (partial pooling)
  /// The first so many groups are known already: the law fits each alone and takes from them what it believes of the
  /// others (docs/transfer.md); who pools does that with all.
  std::size_t sources = 0;
  std::uint64_t seed = 0;
  int starts = 8;                          ///< starting points of the non-linear fit
  int bootstrap = 0;                       ///< bootstrap replicates for intervals; 0 = from the covariance
  double kv_capacity_tokens = kUnknown;    ///< --kv-capacity-tokens, for rows whose column is blank
  const Structures* structures = nullptr;  ///< of the predictor `discovered`; nullptr: the built-in ones
  int search_evaluations = 1000;           ///< formulas that the predictor `discovered:anew` tries
  const hardware::Catalogue* catalogue = nullptr;  ///< facts of GPUs and models; nullptr: the built-in ones
  // changes only the speed
  RunOptions run;
};

}  // namespace energylens::predictor
