// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "campaign/measurement/energy.hpp"
#include "campaign/measurement/rows.hpp"
#include "campaign/schedule.hpp"
#include "campaign/serving/driver.hpp"

namespace energylens::campaign {

/// One measurement while it is made: what its steps share, and the record that results. Used by one thread.
class Attempt {
 public:
  Attempt(const Context& context, Driver& driver, const Run& run);

  Clock& clock() const { return context_.clock(); }
  std::span<const meter::NamedMeter> meters() const { return context_.meters; }
  const Plan& plan() const { return context_.plan; }
  const Settings& settings() const { return context_.plan.settings; }
  const Target& target() const { return target_; }
  int osl() const { return static_cast<int>(target_.load.osl); }

  /// A reason makes the measurement invalid; a warning does not.
  void fail(std::string reason) { record.reasons.push_back(std::move(reason)); }
  void warn(std::string warning) { record.warnings.push_back(std::move(warning)); }
  bool valid() const { return record.valid(); }

  /// One job of the target's requests; a problem becomes a reason. Throws Error (cancelled).
  JobResult run_job(int osl, int requests_per_stream = 1);
  /// Jobs one after the other, for at least `window_s`.
  std::vector<JobResult> run_jobs(int osl);

  /// Starts recording the meters. Requires: not recording.
  void begin_recording();
  void align() { recorders_->align(); }  ///< so that the work that follows starts at a counter update
  /// Stops, writes the samples, and returns the recording.
  meter::Trace end_recording();
  /// Energy between two moments of the steady clock in a recording.
  WindowEnergy energy_of(const meter::Trace& trace, double begin_s, double end_s) const;
  /// The same for a part of a window, whatever its uncertainty.
  WindowEnergy energy_of_part(const meter::Trace& trace, double begin_s, double end_s) const;
  /// The same for the record's window `what`, with its reasons and warnings.
  WindowEnergy take_window(const std::string& what, const meter::Trace& trace, double begin_s, double end_s);

  Record record;
  Figures figures;
  Selection selection;
  std::string provenance;  ///< where the energy comes from if not from this run; empty if it does

 private:
  Job job(int osl, int requests_per_stream);
  void keep_samples(const meter::Trace& trace, const std::vector<meter::Timing>& timings);

  const Context& context_;
  Driver& driver_;
  const Run& run_;
  const Target& target_;
  std::unique_ptr<meter::Recorders> recorders_;
  std::uint64_t jobs_run_ = 0;
  /// A window between two moments of the steady clock.
  meter::Window window_of(double begin_s, double end_s) const;

  double unix_minus_steady_ = kUnknown;
};

/// Runs jobs before the windows until the machine is stable (docs/method/measuring.md). Returns the duration of the
/// last one, s.
double warm_up(Attempt& attempt, int osl, int least);

/// The windows of a job of requests that start together, and of requests that are held in flight.
void measure_job(Attempt& attempt);
void measure_steady(Attempt& attempt);

}  // namespace energylens::campaign
