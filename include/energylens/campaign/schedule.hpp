// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "energylens/campaign/record.hpp"

namespace energylens::campaign {

/// One measurement to make.
struct Run {
  std::size_t target = 0;
  int attempt = 0;  ///< of this target, from 0
  int repeat = 0;   ///< number of its row if it is valid
};

/// What has been measured of a target.
struct Progress {
  int attempts = 0, failures_here = 0;  ///< the latter since this schedule was made
  std::vector<double> energies;         ///< of valid rows: J of the job, or J per token
  std::set<int> repeats;                ///< their numbers
  std::vector<double> seconds;          ///< that measurements took, valid or not
};

/// Half the width of the 95 % interval of the mean as a fraction of it (Student's t); unknown for fewer than
/// two.
double relative_half_width(std::span<const double> values);

/// Which measurement comes next. A pure function of plan and records, so that a campaign that was killed goes
/// on as if it had not been.
///
/// Rounds over all deployments, each in an order of its own; within a deployment passes over its
/// configurations, each pass in an order of its own: repeats of one configuration lie as far apart as one
/// start of its server allows, and slow drifts do not fall on one of them.
class Schedule {
 public:
  /// `plan` must outlive this. Throws Error (bad input) for records of another plan.
  Schedule(const Plan& plan, std::span<const Record> records);
  /// One that was just made. A failed start counts against every configuration of its deployment.
  void add(const Record& record);
  /// The next measurement. Nothing: all is done.
  std::optional<Run> next() const;

  bool complete(std::size_t target) const;  ///< enough valid rows
  bool given_up(std::size_t target) const;  ///< too many failures since this schedule was made
  const Progress& progress(std::size_t target) const { return progress_[target]; }
  /// Measurements that are certainly still to come (repeats up to a width may follow).
  std::size_t least_left() const;
  /// Seconds that those take: by what this target took so far, else others, else what the plan expects (at
  /// least window and settling). `known_part`, if given: the fraction of them that is not a lower bound.
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
