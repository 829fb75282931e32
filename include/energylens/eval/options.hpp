// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "energylens/design/design.hpp"
#include "energylens/predictor/predictor.hpp"

namespace energylens::eval {

/// How predictors are asked. docs/method/evaluation.md defines each.
enum class Protocol { selection, loo, learning_curve, extrapolate, limited, transfer };

/// One row of the table of protocols: feeds flags and documents.
struct ProtocolInfo {
  Protocol protocol;
  std::string_view name;      ///< "learning-curve"
  std::string_view sentence;  ///< what it does, for people
};
std::span<const ProtocolInfo> protocol_infos();
const ProtocolInfo& info(Protocol protocol);
/// Throws Error (usage) for a name that is none.
Protocol parse_protocol(std::string_view name);

enum class Unit { row, scenario };
enum class Axis { batch, osl, isl, layout };
std::string_view axis_name(Axis axis);
/// Throws Error (usage) for a name that is none.
Axis parse_axis(std::string_view name);

/// Which latency decides whether a candidate keeps the limit (limited).
enum class Latency { measured, predicted };

struct Options {
  // changes the answer
  Protocol protocol = Protocol::selection;
  std::size_t train = 50;  ///< N rows per group (selection, extrapolate)
  std::vector<std::size_t>
      train_sizes;              ///< N of each report (learning-curve, transfer); empty: the usual ones
  int seeds = 20;               ///< samples, seeds 0 .. seeds-1; loo has one
  Unit unit = Unit::row;        ///< what is left out together (loo)
  bool same_gpus = false;       ///< candidates of equal GPU count only
  std::size_t min_layouts = 1;  ///< groups of fewer layouts are not asked; pooled, they train all the same
  /// batch or osl: hold out ranges instead of single scenarios (selection, learning-curve, transfer).
  std::optional<Axis> blocked;
  /// How the training rows of the groups that are asked come about (selection, learning-curve): at random, or
  /// by a design that is shown their results once it has picked them.
  design::Strategy sampling = design::Strategy::random;
  Axis axis = Axis::batch;  ///< beyond what is tested (extrapolate)
  double cut =
      kUnknown;  ///< last value to train on; unknown: the median of a group's distinct values (extrapolate)
  std::vector<double> tpot_limits_s = {0.010, 0.015, 0.020, 0.030, 0.050, 0.075, 0.100, 0.150};  ///< limited
  Latency latency = Latency::measured;                                                           ///< limited
  double breach_risk =
      0.5;  ///< the largest chance of breaking the limit that a pick may have (predicted latency)
  std::size_t sources = 0;  ///< the first groups, which are known already and never asked (transfer)
  std::vector<std::pair<std::string, std::string>>
      compare;                  ///< pairs of predictors to set against each other
  std::vector<std::string> by;  ///< columns of groups (arch, workload, ...): figures also for each value
  /// The target is energy whatever it says, and time too where latency is predicted; most protocols set the
  /// seed.
  predictor::FitOptions fit;
  // changes only the speed; a cancel ends the evaluation with the figures of what was done
  RunOptions run;

  /// Throws Error (usage) naming every bad field.
  void validate() const;
};

}  // namespace energylens::eval
