// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "energylens/design/design.hpp"
#include "energylens/predictor/predictor.hpp"

namespace energylens::eval {

enum class Unit { row, scenario };
enum class Axis { batch, osl, isl, layout };
std::string_view axis_name(Axis axis);
/// Throws Error (usage) for an unknown name.
Axis parse_axis(std::string_view name);

/// Which latency decides whether a candidate keeps the limit.
enum class Latency { measured, predicted };

// One struct per protocol. docs/method/evaluation.md defines each protocol.

/// Scenarios are held out; `train` rows of the others are fitted.
struct SelectionOptions {
  std::size_t train = 50;  ///< training rows per group
  int seeds = 20;          ///< samples, with the seeds 0 .. seeds-1
  /// batch or osl: hold out ranges instead of single scenarios.
  std::optional<Axis> blocked{};
  /// How the training rows are drawn: at random, or by a design that sees the result of a row once it has
  /// picked the row.
  design::Strategy sampling = design::Strategy::random;
};

/// Each row or scenario is left out once.
struct LooOptions {
  Unit unit = Unit::row;  ///< what is left out together
};

/// `selection` once for each number of training rows.
struct LearningCurveOptions {
  std::vector<std::size_t> train_sizes = {10, 25, 50, 100, 200, 300};
  int seeds = 20;
  std::optional<Axis> blocked{};
  design::Strategy sampling = design::Strategy::random;
};

/// Rows beyond a cut are held out, or each layout in turn; `train` rows of the others are fitted.
struct ExtrapolateOptions {
  std::size_t train = 50;
  int seeds = 20;
  Axis axis = Axis::batch;
  /// The last value to train on; unknown: the median of a group's distinct values. Not for the axis `layout`.
  double cut = kUnknown;
};

/// Layout and batch are picked under limits of the time per output token.
struct LimitedOptions {
  int seeds = 20;
  std::vector<double> tpot_limits_s = {0.010, 0.015, 0.020, 0.030, 0.050, 0.075, 0.100, 0.150};
  Latency latency = Latency::measured;
  /// The largest chance of breaking the limit that a pick may have; used with predicted latency.
  double breach_risk = 0.5;
};

/// `selection` in target groups, with and without source groups that are trained on as a whole.
struct TransferOptions {
  std::size_t sources = 0;  ///< the first groups are the sources; at least 1
  std::vector<std::size_t> train_sizes = {0, 5, 10, 25, 50};
  int seeds = 20;
  std::optional<Axis> blocked{};
};

/// A protocol with its options; the alternatives are in the order of Protocol.
using ProtocolOptions = std::variant<SelectionOptions, LooOptions, LearningCurveOptions, ExtrapolateOptions,
                                     LimitedOptions, TransferOptions>;

enum class Protocol { selection, loo, learning_curve, extrapolate, limited, transfer };

/// One row of the table of protocols: feeds flags and documents.
struct ProtocolInfo {
  Protocol protocol;
  std::string_view name;      ///< "learning-curve"
  std::string_view sentence;  ///< what it does, for people
};
std::span<const ProtocolInfo> protocol_infos();
const ProtocolInfo& info(Protocol protocol);
/// Throws Error (usage) for an unknown name.
Protocol parse_protocol(std::string_view name);
/// The protocol with its defaults.
ProtocolOptions default_options(Protocol protocol);

struct EvaluationOptions {
  // changes the answer
  ProtocolOptions protocol;
  bool same_gpus = false;       ///< candidates of equal GPU count only
  std::size_t min_layouts = 1;  ///< groups of fewer layouts are not tested; pooled, they are still trained on
  std::vector<std::pair<std::string, std::string>> compare;  ///< pairs of predictors to compare
  std::vector<std::string> by;  ///< columns of groups (arch, workload, ...): figures also for each value
  /// The target is set by the protocol (energy; with time where latency is predicted), and so is the seed by
  /// most protocols.
  predictor::FitOptions fit;
  // changes only the speed; a cancel ends the evaluation with the figures of what was done
  RunOptions run;

  Protocol kind() const { return static_cast<Protocol>(protocol.index()); }
  /// Throws Error (usage) naming every bad field.
  void validate() const;
};

}  // namespace energylens::eval
