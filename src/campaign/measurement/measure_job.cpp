// SPDX-License-Identifier: Apache-2.0
// Jobs of requests that start together. Prefill is measured in a window of its own with jobs of one token
// (decode is then the rest, so that the parts sum to the total), or by splitting each job at the last of its
// first tokens. The journal holds the split in either case, so that both can be compared. Held by
// measure_test.cpp and loop_test.cpp.
#include <algorithm>
#include <cmath>

#include "campaign/measurement/attempt.hpp"
#include "core/rounded_text.hpp"

namespace energylens::campaign {
namespace {

/// The mean job of a window.
void take_total(Attempt& attempt, const meter::Trace& trace, const std::vector<JobResult>& jobs) {
  const double count = static_cast<double>(jobs.size());
  const WindowEnergy total = attempt.take_window("total", trace, jobs.front().begin_s, jobs.back().end_s);
  attempt.record.details["jobs"] = jobs.size();
  Figures& figures = attempt.figures;
  figures.total_j = total.joules / count;
  figures.host_j = total.host_j / count;
  figures.total_s = total.seconds() / count;
  figures.ttft_s = figures.tpot_s = 0;
  for (const JobResult& one : jobs)
    figures.ttft_s += one.ttft_s / count, figures.tpot_s += one.tpot_s / count;
}

void take_separate_prefill(Attempt& attempt, const meter::Trace& trace, const std::vector<JobResult>& jobs) {
  const double count = static_cast<double>(jobs.size());
  const WindowEnergy prefill = attempt.take_window("prefill", trace, jobs.front().begin_s, jobs.back().end_s);
  attempt.record.details["prefill_jobs"] = jobs.size();
  attempt.figures.prefill_j = prefill.joules / count;
  attempt.figures.prefill_s = prefill.seconds() / count;
}

/// Prefill by splitting each job.
struct Split {
  double joules = 0, seconds = 0;  ///< of the mean job
  std::string problem;             ///< why the joules are not valid; empty if they are
};

/// Why a job cannot be split; empty if it can.
std::string overlap(const JobResult& job) {
  double first_end_s = job.end_s;
  for (const Answer& answer : job.answers) first_end_s = std::min(first_end_s, answer.end_s);
  if (!known(job.first_s)) return "a response arrived in one piece: the time of its first token is unknown";
  if (job.first_s <= first_end_s) return {};
  return "a response ended before all requests had their first token: prefill and decode overlap";
}

Split split_at_first_token(const Attempt& attempt, const meter::Trace& trace,
                           const std::vector<JobResult>& jobs) {
  const double count = static_cast<double>(jobs.size());
  Split split;
  for (const JobResult& one : jobs) {
    if (std::string problem = overlap(one); !problem.empty()) split.problem = std::move(problem);
    const WindowEnergy part = attempt.energy_of_part(trace, one.begin_s, one.first_s);
    if (!part.reasons.empty()) split.problem = "prefill: " + part.reasons.front();
    if (part.uncertainty_j >
        meter::kMostUncertain * part.joules * std::sqrt(count))  // of the mean of `count` splits
      split.problem = "prefill is too short for the meter to split it off; use prefill osl1";
    split.joules += part.joules / count;
    split.seconds += (one.first_s - one.begin_s) / count;
  }
  return split;
}

void take_split(Attempt& attempt, const Split& split) {
  attempt.record.details["split_prefill_energy_j"] = split.problem.empty() ? split.joules : kUnknown;
  attempt.record.details["split_prefill_time_s"] = split.seconds;
  if (attempt.plan().prefill != "split") return;
  if (!split.problem.empty()) attempt.fail(split.problem);
  attempt.figures.prefill_j = split.joules;
  attempt.figures.prefill_s = split.seconds;
}

void refuse_prefill_above_total(Attempt& attempt) {
  const Figures& figures = attempt.figures;
  if (figures.prefill_j < figures.total_j && figures.prefill_s < figures.total_s) return;
  if (attempt.valid()) {
    attempt.fail("prefill took as much as prefill and decode together: " +
                 quantity_text(figures.prefill_j, "J") + " of " + quantity_text(figures.total_j, "J"));
  }
}

}  // namespace

void measure_job(Attempt& attempt) {
  const int osl = attempt.osl();
  const bool wants_prefill = attempt.plan().prefill != "none";
  const bool separately = attempt.plan().prefill == "osl1" && osl > 1;
  warm_up(attempt, osl, attempt.settings().warmup);
  if (separately && attempt.valid() && attempt.settings().warmup > 0) attempt.run_job(1);
  if (!attempt.valid()) return;
  attempt.begin_recording();
  std::vector<JobResult> prefills, jobs;
  if (separately) {
    prefills = attempt.run_jobs(1);
    attempt.align();
  }
  if (attempt.valid()) jobs = attempt.run_jobs(osl);
  const meter::Trace trace = attempt.end_recording();
  if (!attempt.valid()) return;
  take_total(attempt, trace, jobs);
  if (separately) take_separate_prefill(attempt, trace, prefills);
  if (wants_prefill && osl == 1) {
    attempt.figures.prefill_j = attempt.figures.total_j;
    attempt.figures.prefill_s = attempt.figures.total_s;
  }
  if (osl > 1) take_split(attempt, split_at_first_token(attempt, trace, jobs));
  if (wants_prefill && osl > 1) refuse_prefill_above_total(attempt);
}

}  // namespace energylens::campaign
