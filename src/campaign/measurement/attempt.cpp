// SPDX-License-Identifier: Apache-2.0
// What every step of a measurement needs: jobs with different prompts, a recording, and the energy of its
// windows. Jobs are timed by the steady clock and recordings by the wall clock; the difference is taken when a
// recording starts, and a clock that is set meanwhile makes the window invalid. Held by measure_test.cpp and
// loop_test.cpp.
#include "campaign/measurement/attempt.hpp"

#include <algorithm>
#include <limits>

#include "core/rounded_text.hpp"
#include "energylens/core/rng.hpp"

namespace energylens::campaign {
namespace {

constexpr std::size_t kMostJobs = 10000;

}  // namespace

Attempt::Attempt(const Context& context, Driver& driver, const Run& run)
    : context_(context), driver_(driver), run_(run), target_(context.plan.targets[run.target]) {
  record.target = run.target;
  record.what = target_text(target_);
  record.attempt = run.attempt;
  record.begin_s = context.clock().wall_now_s();
  record.details = io::Json::object();
}

Job Attempt::job(int osl, int requests_per_stream) {
  Job job;
  job.batch = static_cast<int>(target_.load.batch);
  job.requests = job.batch * requests_per_stream;
  job.isl = static_cast<int>(target_.load.isl);
  job.osl = osl;
  if (known(target_.load.image_tokens)) job.image_tokens = static_cast<int>(target_.load.image_tokens);
  job.seed = splitmix64(splitmix64(splitmix64(context_.prompt_seed) + run_.target) +
                        static_cast<std::uint64_t>(run_.attempt) * 1000003 + jobs_run_++);
  return job;
}

JobResult Attempt::run_job(int osl, int requests_per_stream) {
  JobResult result = driver_.run(job(osl, requests_per_stream));
  if (context_.cancelled()) throw Error::cancelled();
  if (!result.problem.empty()) fail(result.problem);
  if (known(result.image_tokens)) figures.image_tokens = result.image_tokens;
  return result;
}

std::vector<JobResult> Attempt::run_jobs(int osl) {
  std::vector<JobResult> results;
  do {
    results.push_back(run_job(osl));
  } while (valid() && results.size() < kMostJobs &&
           results.back().end_s - results.front().begin_s < settings().window_s);
  return results;
}

void Attempt::begin_recording() {
  unix_minus_steady_ = context_.clock().wall_now_s() - context_.clock().steady_now_s();
  recorders_ = std::make_unique<meter::Recorders>(context_.meters, context_.options.record, context_.clock());
}

meter::Trace Attempt::end_recording() {
  meter::Trace trace = recorders_->stop();
  keep_samples(trace, recorders_->timings());
  recorders_.reset();
  return trace;
}

void Attempt::keep_samples(const meter::Trace& trace, const std::vector<meter::Timing>& timings) {
  double longest_s = 0;
  for (const meter::Timing& timing : timings) longest_s = std::max(longest_s, timing.longest_period_s);
  record.details["longest_sampling_period_s"] = longest_s;
  if (!context_.options.keep_samples) return;
  record.samples = "samples/c" + std::to_string(run_.target) + "_a" + std::to_string(run_.attempt) + ".csv";
  write_samples(context_.folder + '/' + record.samples, trace);
}

meter::Window Attempt::window_of(double begin_s, double end_s) const {
  return {begin_s + unix_minus_steady_, end_s + unix_minus_steady_, begin_s, end_s};
}

WindowEnergy Attempt::energy_of(const meter::Trace& trace, double begin_s, double end_s) const {
  return energy_in(trace, selection, window_of(begin_s, end_s), context_.options.limits);
}

WindowEnergy Attempt::energy_of_part(const meter::Trace& trace, double begin_s, double end_s) const {
  meter::Limits limits = context_.options.limits;
  limits.max_uncertainty = std::numeric_limits<double>::infinity();
  return energy_in(trace, selection, window_of(begin_s, end_s), limits);
}

WindowEnergy Attempt::take_window(const std::string& what, const meter::Trace& trace, double begin_s,
                                  double end_s) {
  WindowEnergy energy = energy_of(trace, begin_s, end_s);
  for (const std::string& reason : energy.reasons) fail(what + ": " + reason);
  for (const std::string& warning : energy.warnings) warn(what + ": " + warning);
  record.details[what] = window_json(energy);
  if (provenance.empty()) provenance = energy.provenance;
  return energy;
}

}  // namespace energylens::campaign
