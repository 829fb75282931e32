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
#include "energylens/predictor/metric.hpp"
#include "energylens/predictor/structure.hpp"
#include "energylens/table/group.hpp"

namespace energylens::predictor {

struct Facts;
struct GroupContext;

/// A value with its 90 % interval; unknown members are NaN.
struct Estimate {
  double value = kUnknown, lo = kUnknown, hi = kUnknown;
};

/// The estimate times a positive number that is known exactly.
Estimate scaled(const Estimate& estimate, double factor);
/// A positive value whose interval reaches from value / exp(log_half) to value * exp(log_half).
Estimate log_interval(double value, double log_half);
/// Mean power from energy and time; unknown if either is. The two errors are treated as independent, which makes the
/// interval somewhat too wide.
Estimate mean_power(const Estimate& energy_j, const Estimate& time_s);

/// The prediction for one configuration, over all GPUs of the deployment. Quantities that a predictor does not model are
/// unknown.
struct Prediction {
  Estimate total_energy_j, prefill_energy_j, decode_energy_j, energy_per_out_token_j;
  Estimate total_time_s, ttft_s, tpot_s, avg_power_w;
  double waves = kUnknown;
  double kv_capacity_tokens = kUnknown;  ///< KV cache of one replica that was assumed; unknown = unlimited
  CapacitySource kv_capacity_source = CapacitySource::not_stated;
  double kv_block_tokens = 64;  ///< blocks of that cache
  bool valid = true;            ///< false when not one request fits (M = 0)
  bool inside_domain = true;
  std::string outside;  ///< how the configuration leaves the fitted domain, as text

  /// The energy that scenarios compare: total energy for `job`, J per output token for `steady`.
  const Estimate& scenario_energy(table::RowKind kind) const {
    return kind == table::RowKind::job ? total_energy_j : energy_per_out_token_j;
  }
};

/// Makes energies unknown that no machine can show: not finite, not above 0, or beyond 1e21 J; the same for times. A
/// formula gives them far from its data, or where its numbers were edited.
void drop_implausible(Prediction& prediction);

/// Quantities that a predictor may or may not model.
enum class Quantity { energy, time, ttft, tpot };

/// The common interface of everything fitted, used by evaluation, choice and export.
/// Immutable after fitting; every member function is safe from any thread.
class Predictor {
 public:
  virtual ~Predictor() = default;
  virtual std::string_view kind() const = 0;
  /// `group` is an index into the groups given to the fit.
  virtual Prediction predict(std::size_t group, const table::Configuration& config) const = 0;
  /// Index of the chosen candidate of one scenario. By default the one with the least predicted scenario energy, the
  /// first of equal ones. Only `latency` uses measured results, and only times; the others use configurations.
  virtual std::size_t choose(std::size_t group, std::span<const table::Row> candidates) const;
  /// The groups, by the index that predict takes.
  virtual std::span<const table::GroupIdentity> groups() const = 0;
  /// The layouts of the training rows of this group; empty if the predictor does not store them.
  virtual std::vector<table::Layout> layouts(std::size_t group) const;
  /// The system specification used by the fit, with the idle power of the rows if they state it; nullptr if the
  /// predictor does not store it.
  virtual const Facts* facts(std::size_t group) const;
  /// What it stores of a group besides fitted numbers, such as the verdict of its fit; nullptr if it stores nothing.
  virtual const GroupContext* stored_context(std::size_t group) const;
  /// Whether it models this quantity of a group. By default it models all.
  virtual bool states(std::size_t group, Quantity quantity) const;
  /// `n` joint draws of the scenario energies of `configs` from the predictive distribution, row-major
  /// n x configs.size(); empty when the predictor states no uncertainty.
  virtual std::vector<double> draw(std::size_t group, std::span<const table::Configuration> configs,
                                   std::size_t n, std::uint64_t seed) const;
  /// Effective number of parameters, shared ones counted once; unknown for learners.
  virtual double effective_parameters() const { return kUnknown; }
};

/// The data of one group that a fit may use. Pointers stay valid while fitting.
struct TrainingGroup {
  const table::Group* group = nullptr;
  std::vector<std::size_t> rows;           ///< the N sampled training rows, indices into group->rows
  std::vector<table::Scenario> scenarios;  ///< all training scenarios (for rules that use more than N rows)
};
using TrainingData = std::vector<TrainingGroup>;

/// Trains on every row of every group.
TrainingData all_rows(std::span<const table::Group> groups);

/// What a fit is asked for.
enum class Target { energy, time, both };

bool wants(Target target, Metric metric);

/// Options every predictor takes; each uses what concerns it.
struct FitOptions {
  // changes the answer
  Target target = Target::both;
  bool pool = false;  ///< fit all groups together (partial pooling)
  /// The number of source groups at the beginning: the law fits each alone and derives the prior of the other groups
  /// from them (docs/method/transfer.md). With `pool`, all groups are fitted together.
  std::size_t sources = 0;
  std::uint64_t seed = 0;
  int starts = 8;                        ///< starting points of the non-linear fit
  int bootstrap = 0;                     ///< bootstrap replicates for intervals; 0 = from the covariance
  double kv_capacity_tokens = kUnknown;  ///< --kv-capacity-tokens, for rows with a blank column
  double gpu_memory_utilization =
      kUnknown;                            ///< replaces the share of memory that the engine takes by default
  const Structures* structures = nullptr;  ///< of the predictor `discovered`; nullptr: the built-in ones
  int search_evaluations = 1000;           ///< formulas that the predictor `discovered:anew` tries
  const hardware::Catalogue* catalogue = nullptr;  ///< facts of GPUs and models; nullptr: the built-in ones
  // changes only the speed
  RunOptions run;
};

}  // namespace energylens::predictor
