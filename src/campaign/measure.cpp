// SPDX-License-Identifier: Apache-2.0
// One measurement. Jobs are warmed up until two take the same time, then repeated until the window is long
// enough for the meters, counters being waited for at its beginning. Prefill is measured by a window of its
// own with jobs of one token (decode is then the rest, so that the parts sum to the total), or by splitting
// each job at its last first token. Held by loop_test.cpp.
#include "campaign/measure.hpp"

#include <algorithm>
#include <cmath>
#include <thread>

#include "campaign/rows.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/core/rounded_text.hpp"

namespace energylens::campaign {
namespace {

constexpr double kSettledWithin = 0.02;
constexpr double kMostUncertain = 0.1;  // of an energy, for what the steps of counters leave open
constexpr std::size_t kMostJobs = 10000;

std::vector<meter::Device> devices_of(std::span<const meter::NamedMeter> meters,
                                      std::vector<std::string>& names) {
  std::vector<meter::Device> devices;
  for (const meter::NamedMeter& one : meters) {
    for (const meter::Device& device : one.meter->devices()) {
      devices.push_back(device);
      names.push_back(one.name);
    }
  }
  return devices;
}

class Measuring {
 public:
  Measuring(const Context& context, Driver& driver, const Run& run)
      : context_(context), driver_(driver), run_(run), target_(context.plan.targets[run.target]) {
    record_.target = run.target;
    record_.what = target_text(target_);
    record_.attempt = run.attempt;
    record_.begin_s = meter::unix_now_s();
    record_.details = wire::Json::object();
    selection_ = selection_for(context.meters, target_.deployment.layout);
  }

  Record make(const Idle& idle) {
    const double begin_s = meter::steady_now_s();
    if (!selection_.problem.empty()) fail(selection_.problem);
    if (record_.valid()) target_.load.kind == table::RowKind::job ? measure_job() : measure_steady();
    if (!idle.problem.empty()) record_.warnings.push_back("idle power: " + idle.problem);
    if (record_.valid()) finish(idle);
    if (lost()) record_.reasons.insert(record_.reasons.begin(), driver_.end_text());
    record_.seconds = meter::steady_now_s() - begin_s;
    if (!record_.valid()) record_.row = {};
    for (auto* const lines : {&record_.reasons, &record_.warnings}) {
      for (std::string& line : *lines) line = context_.clean(line);
    }
    return std::move(record_);
  }

 private:
  /// Whether the deployment is gone; after a failure it gets a moment to be seen dying.
  bool lost() {
    for (int i = 0; i < (record_.valid() ? 1 : 20); ++i) {
      if (!driver_.alive()) return true;
      if (!record_.valid()) std::this_thread::sleep_for(std::chrono::milliseconds(15));
    }
    return false;
  }

  void fail(std::string reason) { record_.reasons.push_back(std::move(reason)); }

  Job job(int osl, int requests_per_stream = 1) {
    Job job;
    job.batch = static_cast<int>(target_.load.batch);
    job.requests = job.batch * requests_per_stream;
    job.isl = static_cast<int>(target_.load.isl);
    job.osl = osl;
    if (known(target_.load.image_tokens)) job.image_tokens = static_cast<int>(target_.load.image_tokens);
    job.seed = splitmix64(splitmix64(splitmix64(context_.plan.seed) + run_.target) +
                          static_cast<std::uint64_t>(run_.attempt) * 1000003 + jobs_run_++);
    return job;
  }
  int osl() const { return static_cast<int>(target_.load.osl); }

  /// Runs a job; a problem becomes a reason.
  JobResult run_job(const Job& wanted) {
    const JobResult result = driver_.run(wanted);
    if (context_.cancelled()) throw Error::cancelled();
    if (!result.problem.empty()) fail(result.problem);
    return result;
  }

  /// Runs at least so many jobs, and with two or more goes on until two in a row take the same time, or for
  /// settle_s. Returns the seconds of the last one.
  double warm_up(int tokens, int least) {
    double last_s = kUnknown;
    const double limit_s = meter::steady_now_s() + context_.plan.settings.settle_s;
    for (int i = 0; record_.valid() && (i < least || least > 1); ++i) {
      const double seconds = run_job(job(tokens)).seconds();
      const bool settled = std::abs(seconds / last_s - 1) <= kSettledWithin;
      last_s = seconds;
      if (i + 1 >= least && (settled || meter::steady_now_s() >= limit_s)) break;
    }
    return last_s;
  }

  /// Jobs that make a window of a steady load.
  int jobs_for(double job_s) const {
    return static_cast<int>(
        std::clamp(std::ceil(context_.plan.settings.window_s / std::max(job_s, 1e-6)), 1.0, 1e4));
  }

  /// Jobs one after the other until they have lasted as long as a window must.
  std::vector<JobResult> run_jobs(int tokens) {
    std::vector<JobResult> results;
    do {
      results.push_back(run_job(job(tokens)));
    } while (record_.valid() && results.size() < kMostJobs &&
             results.back().end_s - results.front().begin_s < context_.plan.settings.window_s);
    return results;
  }

  double to_unix(double steady_s) const { return steady_s + unix_minus_steady_; }

  WindowEnergy energy_of(const meter::Trace& trace, double begin_s, double end_s) {
    return energy_in(trace, selection_, {to_unix(begin_s), to_unix(end_s)}, context_.options.limits);
  }

  /// Takes a window over: its reasons, its warnings, and whether the meters resolve it.
  void judge(const std::string& what, const WindowEnergy& energy) {
    for (const std::string& reason : energy.reasons) fail(what + ": " + reason);
    for (const std::string& warning : energy.warnings) record_.warnings.push_back(what + ": " + warning);
    record_.details[what] = window_json(energy);
    if (not_of_run_.empty()) not_of_run_ = energy.not_of_run;
    if (energy.reasons.empty() && energy.uncertainty_j > kMostUncertain * energy.joules) {
      fail(what + ": the meter's steps leave " + rounded_text(100 * energy.uncertainty_j / energy.joules) +
           " % open in " + rounded_text(energy.seconds()) + " s; lengthen window_s");
    }
  }

  void measure_job();
  void take_prefill(const meter::Trace& trace, const std::vector<JobResult>& apart,
                    const std::vector<JobResult>& jobs);
  void split_at_first_token(const meter::Trace& trace, const std::vector<JobResult>& jobs);
  void measure_steady();
  void keep_samples(const meter::Trace& trace, const std::vector<meter::Timing>& timings);
  void finish(const Idle& idle);

  const Context& context_;
  Driver& driver_;
  const Run& run_;
  const Target& target_;
  Record record_;
  Selection selection_;
  Figures figures_;
  std::string not_of_run_;
  std::uint64_t jobs_run_ = 0;
  double unix_minus_steady_ = meter::unix_now_s() - meter::steady_now_s();
};

void Measuring::measure_job() {
  const Settings& settings = context_.plan.settings;
  const bool apart = context_.plan.prefill == "osl1" && osl() > 1;
  warm_up(osl(), settings.settle_s > 0 ? std::max(settings.warmup, 2) : settings.warmup);
  if (apart && record_.valid() && settings.warmup > 0) run_job(job(1));
  if (!record_.valid()) return;
  unix_minus_steady_ = meter::unix_now_s() - meter::steady_now_s();
  meter::Recorders recorders(context_.meters, context_.options.record);
  std::vector<JobResult> prefills;
  if (apart) {
    prefills = run_jobs(1);
    recorders.align();
  }
  std::vector<JobResult> jobs;
  if (record_.valid()) jobs = run_jobs(osl());
  const meter::Trace trace = recorders.stop();
  keep_samples(trace, recorders.timings());
  if (!record_.valid()) return;
  const double count = static_cast<double>(jobs.size());
  const WindowEnergy total = energy_of(trace, jobs.front().begin_s, jobs.back().end_s);
  judge("total", total);
  record_.details["jobs"] = jobs.size();
  figures_.total_j = total.joules / count;
  figures_.host_j = total.host_j / count;
  figures_.total_s = total.seconds() / count;
  figures_.ttft_s = figures_.tpot_s = 0;
  for (const JobResult& one : jobs)
    figures_.ttft_s += one.ttft_s / count, figures_.tpot_s += one.tpot_s / count;
  take_prefill(trace, prefills, jobs);
}

void Measuring::take_prefill(const meter::Trace& trace, const std::vector<JobResult>& apart,
                             const std::vector<JobResult>& jobs) {
  if (!apart.empty()) {
    const double count = static_cast<double>(apart.size());
    const WindowEnergy prefill = energy_of(trace, apart.front().begin_s, apart.back().end_s);
    judge("prefill", prefill);
    record_.details["prefill_jobs"] = apart.size();
    figures_.prefill_j = prefill.joules / count;
    figures_.prefill_s = prefill.seconds() / count;
  } else if (context_.plan.prefill != "none" && osl() == 1) {
    figures_.prefill_j = figures_.total_j;
    figures_.prefill_s = figures_.total_s;
  }
  if (osl() > 1) split_at_first_token(trace, jobs);
  if (osl() == 1 || context_.plan.prefill == "none") return;
  if (!(figures_.prefill_j < figures_.total_j) || !(figures_.prefill_s < figures_.total_s)) {
    if (record_.valid())
      fail("prefill took as much as prefill and decode together: " + quantity_text(figures_.prefill_j, "J") +
           " of " + quantity_text(figures_.total_j, "J"));
  }
}

void Measuring::split_at_first_token(const meter::Trace& trace, const std::vector<JobResult>& jobs) {
  const bool wanted = context_.plan.prefill == "split";
  const double count = static_cast<double>(jobs.size());
  double joules = 0, seconds = 0;
  std::string problem;
  for (const JobResult& one : jobs) {
    double first_end_s = one.end_s;
    for (const Answer& answer : one.answers) first_end_s = std::min(first_end_s, answer.end_s);
    if (one.first_s > first_end_s)
      problem = "an answer ended before the last one began: prefill and decode overlap";
    const WindowEnergy part = energy_of(trace, one.begin_s, one.first_s);
    if (!part.reasons.empty()) problem = "prefill: " + part.reasons.front();
    if (part.uncertainty_j > kMostUncertain * part.joules * std::sqrt(count))  // of the mean of `count` cuts
      problem = "prefill is too short for the meter to be split off; use prefill osl1";
    joules += part.joules;
    seconds += one.first_s - one.begin_s;
  }
  record_.details["split_prefill_energy_j"] = problem.empty() ? joules / count : kUnknown;
  record_.details["split_prefill_time_s"] = seconds / count;
  if (!wanted) return;
  if (!problem.empty()) fail(problem);
  figures_.prefill_j = joules / count;
  figures_.prefill_s = seconds / count;
}

/// Tokens of an answer that came within the window, if they came evenly.
double tokens_within(const Answer& answer, double begin_s, double end_s) {
  const double decode_s = answer.end_s - answer.first_s;
  const double inside_s = std::min(end_s, answer.end_s) - std::max(begin_s, answer.first_s);
  const double share = decode_s > 0 ? std::clamp(inside_s / decode_s, 0.0, 1.0) : 0;
  const bool first_inside = answer.first_s >= begin_s && answer.first_s < end_s;
  return share * (answer.output_tokens - 1) + (first_inside ? 1 : 0);
}

void Measuring::measure_steady() {
  const double job_s = warm_up(osl(), std::max(context_.plan.settings.warmup, 1));
  if (!record_.valid()) return;
  unix_minus_steady_ = meter::unix_now_s() - meter::steady_now_s();
  meter::Recorders recorders(context_.meters, context_.options.record);
  const JobResult held = run_job(job(osl(), jobs_for(job_s) + 3));
  const meter::Trace trace = recorders.stop();
  keep_samples(trace, recorders.timings());
  if (!record_.valid()) return;
  // From the end of the first batch of requests to the beginning of the last request: in flight all the time.
  std::vector<double> ends, begins;
  for (const Answer& answer : held.answers) ends.push_back(answer.end_s), begins.push_back(answer.begin_s);
  std::ranges::sort(ends);
  const double begin_s = ends[static_cast<std::size_t>(target_.load.batch) - 1];
  const double end_s = *std::ranges::max_element(begins);
  if (!(end_s > begin_s)) return fail("the load was never steady; lengthen window_s");
  const WindowEnergy energy = energy_of(trace, begin_s, end_s);
  judge("total", energy);
  double tokens = 0, in_flight_s = 0;
  for (const Answer& answer : held.answers) {
    tokens += tokens_within(answer, begin_s, end_s);
    in_flight_s += std::max(0.0, std::min(end_s, answer.end_s) - std::max(begin_s, answer.begin_s));
  }
  figures_.window_s = end_s - begin_s;
  figures_.total_j = energy.joules;
  figures_.host_j = energy.host_j;
  figures_.tokens = tokens;
  figures_.in_flight = in_flight_s / figures_.window_s;
  figures_.ttft_s = held.ttft_s;
  figures_.tpot_s = held.tpot_s;
  if (!(tokens > 0)) fail("no token came within the window");
}

void Measuring::keep_samples(const meter::Trace& trace, const std::vector<meter::Timing>& timings) {
  double longest_s = 0;
  for (const meter::Timing& timing : timings) longest_s = std::max(longest_s, timing.longest_period_s);
  record_.details["longest_sampling_period_s"] = longest_s;
  if (!context_.options.keep_samples) return;
  record_.samples = "samples/c" + std::to_string(run_.target) + "_a" + std::to_string(run_.attempt) + ".csv";
  write_samples(context_.folder + '/' + record_.samples, trace);
}

void Measuring::finish(const Idle& idle) {
  RowFacts facts;
  facts.idle_w = idle.watts;
  facts.scope = selection_.scope;
  facts.repeat = run_.repeat;
  facts.simulated = driver_.simulated();
  facts.not_of_run = not_of_run_;
  std::vector<std::string> names;
  const std::vector<meter::Device> devices = devices_of(context_.meters, names);
  facts.device = devices[selection_.tracks.front()].name;
  const wire::Json about = driver_.about();
  if (about.is_object() && about.find("version") && about.at("version").is_text())
    facts.version = about.text("version");
  record_.row = row_of(context_.plan, target_, figures_, facts);
  record_.repeat = run_.repeat;
  if (const std::string problem = table_problem(record_.row); !problem.empty()) fail(problem);
}

}  // namespace

Selection selection_for(std::span<const meter::NamedMeter> meters, const table::Layout& layout) {
  std::vector<std::string> names;
  const std::vector<meter::Device> devices = devices_of(meters, names);
  return select(devices, names, layout.gpus());
}

Idle measure_idle(const Context& context, const Deployment& deployment) {
  Idle idle;
  const Selection selection = selection_for(context.meters, deployment.layout);
  if (context.plan.settings.idle_s <= 0 || !selection.problem.empty()) return idle;
  meter::Recorders recorders(context.meters, context.options.record);
  meter::Window window{meter::unix_now_s(), kUnknown};
  for (const double end_s = meter::steady_now_s() + context.plan.settings.idle_s;
       meter::steady_now_s() < end_s;) {
    if (context.cancelled()) throw Error::cancelled();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  window.end_s = meter::unix_now_s();
  const WindowEnergy energy = energy_in(recorders.stop(), selection, window, context.options.limits);
  if (energy.reasons.empty()) idle.watts = energy.joules / energy.seconds();
  if (!energy.reasons.empty()) idle.problem = energy.reasons.front();
  return idle;
}

Record measure(const Context& context, Driver& driver, const Run& run, const Idle& idle) {
  return Measuring(context, driver, run).make(idle);
}

}  // namespace energylens::campaign
