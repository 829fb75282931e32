// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "campaign/measurement/energy.hpp"
#include "campaign/measurement/rows.hpp"
#include "campaign/serving/driver.hpp"
#include "energylens/campaign/schedule.hpp"

namespace energylens::campaign {

/// One measurement in the making: what its steps share, and the record that comes of them. Made and used by
/// one thread.
class Attempt {
 public:
  Attempt(const Context& context, Driver& driver, const Run& run);

  std::span<const meter::NamedMeter> meters() const { return context_.meters; }
  const Plan& plan() const { return context_.plan; }
  const Settings& settings() const { return context_.plan.settings; }
  const Target& target() const { return target_; }
  int osl() const { return static_cast<int>(target_.load.osl); }

  /// A reason makes the measurement invalid; a warning does not.
  void fail(std::string reason) { record.reasons.push_back(std::move(reason)); }
  void warn(std::string warning) { record.warnings.push_back(std::move(warning)); }
  bool valid() const { return record.valid(); }

  /// One job of the target's batch; a problem becomes a reason. Throws Error (cancelled).
  JobResult run_job(int osl, int requests_per_stream = 1);
  /// Jobs one after the other until they have lasted as long as a window must.
  std::vector<JobResult> run_jobs(int osl);

  /// The meters, from now on. Requires: not recording.
  void begin_recording();
  void align() { recorders_->align(); }  ///< the work that follows begins at an edge of the counters
  /// What was read; kept beside the record.
  meter::Trace end_recording();
  /// Energy between two moments of the steady clock in a recording.
  WindowEnergy energy_of(const meter::Trace& trace, double begin_s, double end_s) const;
  /// The same of a part, however much of it is left open.
  WindowEnergy energy_of_part(const meter::Trace& trace, double begin_s, double end_s) const;
  /// The same, taken over as the window `what`: its reasons, its warnings, and whether the meters resolve it.
  WindowEnergy judge(const std::string& what, const meter::Trace& trace, double begin_s, double end_s);

  Record record;
  Figures figures;
  Selection selection;
  std::string not_of_run;  ///< why the energy of a window is not of this run; empty if it is

 private:
  Job job(int osl, int requests_per_stream);
  void keep_samples(const meter::Trace& trace, const std::vector<meter::Timing>& timings);

  const Context& context_;
  Driver& driver_;
  const Run& run_;
  const Target& target_;
  std::unique_ptr<meter::Recorders> recorders_;
  std::uint64_t jobs_run_ = 0;
  double unix_minus_steady_ = kUnknown;
};

/// Jobs before the windows, until the machine is in its steady state (docs/method/measuring.md). Returns the seconds
/// of the last one.
double warm_up(Attempt& attempt, int osl, int least);

/// The windows of a job of requests that start together, and of requests that are held in flight.
void measure_job(Attempt& attempt);
void measure_steady(Attempt& attempt);

}  // namespace energylens::campaign
