// SPDX-License-Identifier: Apache-2.0
// A slow, obvious simulator of one vLLM engine, to compare with: every step and every token by itself, blocks counted request
// by request, quantiles from sorted lists. Shares no code with the one that is tested.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <vector>

namespace energylens::serving::step_by_step {

struct Job {
  double arrival = 0;
  int prompt = 1, output = 1;
  int computed = 0;  ///< tokens in the KV cache
  int made = 0;
  double first = 0, last = 0;
};

struct Settings {
  int max_requests = 256, max_step_tokens = 8192, block_tokens = 16;
  long blocks = 1L << 40;
  /// Seconds of a step that decodes `n` requests with `context` cached tokens and computes `prefill` input tokens.
  std::function<double(int n, double context, int prefill)> seconds{};
};

struct Result {
  std::vector<double> ttft, tpot, e2e;
  long steps = 0, preemptions = 0;
  double end = 0, busy = 0;
};

inline double quantile(std::vector<double> values, double p) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(std::max(std::ceil(p * static_cast<double>(values.size())), 1.0)) -
                1];
}

inline double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double one : values) sum += one;
  return sum / static_cast<double>(values.size());
}

class Server {
 public:
  explicit Server(Settings settings) : settings_(std::move(settings)), free_(settings_.blocks) {}

  /// `jobs` by arrival.
  Result serve(const std::vector<Job>& jobs) {
    std::size_t next = 0;
    while (next < jobs.size() || !waiting_.empty() || !running_.empty()) {
      if (waiting_.empty() && running_.empty()) now_ = std::max(now_, jobs[next].arrival);
      while (next < jobs.size() && jobs[next].arrival <= now_) waiting_.push_back(jobs[next++]);
      step();
    }
    result_.end = now_;
    return result_;
  }

 private:
  long blocks_of(int tokens) const { return (tokens + settings_.block_tokens - 1) / settings_.block_tokens; }
  static bool decodes(const Job& job) { return job.made > 0 && job.computed >= job.prompt + job.made - 1; }

  using Work = std::list<std::pair<Job*, int>>;  ///< tokens of a step

  void step() {
    int budget = settings_.max_step_tokens;
    Work work;
    if (give_to_running(work, budget)) admit(work, budget);
    if (work.empty()) return;
    int decoding = 0, prefill = 0;
    double context = 0;
    for (const auto& [job, tokens] : work) {
      if (decodes(*job)) {
        ++decoding;
        context += job->computed;
      } else {
        prefill += tokens;
      }
    }
    const double seconds = settings_.seconds(decoding, context, prefill);
    now_ += seconds;
    result_.busy += seconds;
    ++result_.steps;
    for (const auto& [job, tokens] : work) {
      job->computed += tokens;
      if (job->computed < job->prompt + job->made) continue;
      if (job->made++ == 0) job->first = now_;
      job->last = now_;
    }
    end_jobs();
  }

  /// False if jobs had to give their blocks back.
  bool give_to_running(Work& work, int& budget) {
    bool enough = true;
    for (auto it = running_.begin(); it != running_.end(); ++it) {
      const int wanted = std::min(it->prompt + it->made - it->computed, budget);
      const long needed = blocks_of(it->computed + wanted) - blocks_of(it->computed);
      while (needed > free_) {
        enough = false;
        const bool itself = &running_.back() == &*it;
        preempt();
        if (itself) return false;
      }
      free_ -= needed;
      budget -= wanted;
      work.emplace_back(&*it, wanted);
    }
    return enough;
  }

  void preempt() {
    ++result_.preemptions;
    Job last = running_.back();
    free_ += blocks_of(last.computed);
    last.computed = 0;
    running_.pop_back();
    waiting_.push_front(last);
  }

  void admit(Work& work, int budget) {
    while (!waiting_.empty() && budget > 0 && static_cast<int>(running_.size()) < settings_.max_requests) {
      const Job job = waiting_.front();
      const int wanted = std::min(job.prompt + job.made, budget);
      if (blocks_of(wanted) > free_) return;
      free_ -= blocks_of(wanted);
      budget -= wanted;
      waiting_.pop_front();
      running_.push_back(job);
      work.emplace_back(&running_.back(), wanted);
    }
  }

  void end_jobs() {
    for (auto it = running_.begin(); it != running_.end();) {
      if (it->made < it->output) {
        ++it;
        continue;
      }
      free_ += blocks_of(it->computed);
      result_.ttft.push_back(it->first - it->arrival);
      result_.e2e.push_back(it->last - it->arrival);
      if (it->output > 1) result_.tpot.push_back((it->last - it->first) / (it->output - 1));
      it = running_.erase(it);
    }
  }

  Settings settings_;
  long free_;
  double now_ = 0;
  std::deque<Job> waiting_;
  std::list<Job> running_;
  Result result_;
};

}  // namespace energylens::serving::step_by_step
