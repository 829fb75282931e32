// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "campaign/record.hpp"

namespace energylens::campaign {

/// One measurement to make.
struct Run {
  std::size_t target = 0;
  int attempt = 0;  ///< of this target, from 0
  int repeat = 0;   ///< number of its row if it is valid
};

/// The measurements of a target up to now.
struct Progress {
  int attempts = 0, failures_here = 0;  ///< the latter since this schedule was made
  std::vector<double> energies;         ///< of valid rows: J of the job, or J per token
  std::set<int> repeats;                ///< their numbers
  std::vector<double> seconds;          ///< that measurements took, valid or not
};

/// Half the width of the 95 % interval of the mean as a fraction of it (Student's t); unknown for fewer than
/// two.
double relative_half_width(std::span<const double> values);

/// Chooses the next measurement. A pure function of plan and records, so that a campaign that was killed
/// continues as if it had not been.
///
/// Makes rounds over all deployments, each in a random order, and within a deployment passes over its
/// configurations, each in a random order: the repeats of one configuration are as far apart as one start of
/// its server allows, so that a slow drift does not affect one configuration alone.
class Schedule {
 public:
  /// `plan` must outlive this. Throws Error (bad input) for records of another plan.
  Schedule(const Plan& plan, std::span<const Record> records);
  /// Adds a new record. A failed start counts against every configuration of its deployment.
  void add(const Record& record);
  /// The next measurement; nothing if there is none.
  std::optional<Run> next() const;

  bool complete(std::size_t target) const;  ///< enough valid rows
  bool given_up(std::size_t target) const;  ///< too many failures since this schedule was made
  const Progress& progress(std::size_t target) const { return progress_[target]; }
  /// Measurements that are certainly still to come (repeats up to a width may follow).
  std::size_t least_left() const;
  /// Their estimated time, s: by earlier measurements of the target, else of others, else by the plan (at least
  /// window and warm-up). `known_part`, if given: the fraction of it that is not a lower bound.
  double seconds_left(double* known_part = nullptr) const;

 private:
  struct Key;
  Key key(std::size_t target) const;
  void enter(const Record& record);

  const Plan& plan_;
  std::vector<std::size_t> deployment_;
  std::vector<Progress> progress_;
};

}  // namespace energylens::campaign
