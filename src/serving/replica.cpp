// SPDX-License-Identifier: Apache-2.0
// replica.cpp: one engine in time. Between two events (an arrival that may start, the end of a request, a lack of KV blocks)
// a replica repeats decode steps of the same requests, whose costs grow linearly with their KV caches: all of them are one sum,
// and how many fit into a time is the solution of a quadratic equation. So the work is proportional to the
// requests, not to the steps. A step that is in progress when its replica is left is completed later, so that routing sees
// the requests that are unanswered at that time. Held by simulate_test.cpp against closed-form queues and against a simulator
// that takes every step by itself.
#include "serving/replica.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace energylens::serving {

Replica::Replica(const Deployment& deployment, Record& record, Traffic* next)
    : costs_(deployment.costs),
      engine_(deployment.engine),
      record_(record),
      next_(next),
      blocks_(deployment.engine) {}

bool Replica::arrive(const Request& request) {
  idle_until(request.arrival_s);
  if (!blocks_.ever_fits(std::int64_t{request.prompt} + request.output)) {
    ++record_.report.refused;
    return false;
  }
  count_in_system(request.arrival_s, 1);
  waiting_.push_back({request});
  record_.report.most_waiting = std::max(record_.report.most_waiting, static_cast<double>(waiting_.size()));
  return true;
}

void Replica::run_until(double time) {
  for (;;) {
    if (in_step_) {
      if (step_end_s_ > time) return;
      complete_step();
    }
    if (now_s_ >= time) return;
    if (running() == 0 && waiting_.empty()) return idle_until(time);
    plan();
    if (chunks_.empty() && decoding_ == 0) continue;  // all were preempted; the first of them starts again
    chunks_.empty() ? decode_steps(time) : mixed_step();
  }
}

/// A step with prompts in it, which takes the decode tokens along.
void Replica::mixed_step() {
  Cost cost = decoding_ > 0 ? decode_cost(1) : costs_.start();
  for (const Chunk& chunk : chunks_) {
    const Cost work = costs_.prefill(chunk.from, chunk.to);
    cost.s += work.s;
    cost.j += work.j;
    record_.report.computed_tokens += chunk.to - chunk.from;
  }
  spend(1, cost);
  in_step_ = true;
}

double Replica::finish() {
  run_until(std::numeric_limits<double>::infinity());
  return now_s_;
}

Cost Replica::decode_cost(std::int64_t steps) const {
  const DecodeCost cost = costs_.decode(decoding_);
  const auto n = static_cast<double>(steps);
  const double tokens =
      n * static_cast<double>(cached_tokens_) + static_cast<double>(decoding_) * (n * (n - 1) / 2);
  return {n * cost.base.s + tokens * cost.per_cached_token.s,
          n * cost.base.j + tokens * cost.per_cached_token.j};
}

/// How many decode steps, at most `most`, end by `time`.
std::int64_t Replica::steps_by(double time, std::int64_t most) const {
  const DecodeCost cost = costs_.decode(decoding_);
  const double per_token = cost.per_cached_token.s, each = static_cast<double>(decoding_);
  const double a = 0.5 * per_token * each;
  const double b = cost.base.s + per_token * (static_cast<double>(cached_tokens_) - 0.5 * each);
  const double room = time - now_s_;
  const double root = 2 * room / (b + std::sqrt(b * b + 4 * a * room));
  if (!(root < static_cast<double>(most))) return most;
  auto steps = static_cast<std::int64_t>(root);
  while (steps > 0 && now_s_ + decode_cost(steps).s > time) --steps;
  while (steps < most && now_s_ + decode_cost(steps + 1).s <= time) ++steps;
  return steps;
}

/// Decode steps of the same requests: all that end by `time`, else the one that is in progress then.
void Replica::decode_steps(double time) {
  const std::int64_t to_finish = finishes_.front().clock - clock_;
  std::int64_t possible = grows() ? blocks_.steps_that_fit(to_finish, clock_) : to_finish;
  if (made_room_) possible = 1;  // the requests that gave blocks back may start at the next step
  const std::int64_t steps = steps_by(time, possible);
  spend(std::max<std::int64_t>(steps, 1), decode_cost(std::max<std::int64_t>(steps, 1)));
  if (steps == 0) {
    in_step_ = true;
    return;
  }
  now_s_ = step_end_s_;
  after_decoding(steps);
}

void Replica::spend(std::int64_t steps, const Cost& cost) {
  Report& report = record_.report;
  report.steps += static_cast<std::uint64_t>(steps);
  report.busy_s += cost.s;
  report.busy_j += cost.j;
  step_end_s_ = now_s_ + cost.s;
  record_.windows.add(now_s_, step_end_s_, cost.j);
}

void Replica::complete_step() {
  in_step_ = false;
  now_s_ = step_end_s_;
  // Prompts that are complete make their first token now and decode from the next step on.
  const std::vector<Chunk> chunks = std::move(chunks_);
  chunks_.clear();
  if (decoding_ > 0) after_decoding(1);
  for (const Chunk& chunk : chunks) {
    Slot& slot = slots_[static_cast<std::size_t>(chunk.slot)];
    slot.computed = chunk.to;
    if (slot.computed == slot.target) first_token(chunk.slot);
  }
}

void Replica::after_decoding(std::int64_t steps) {
  if (grows()) blocks_.take(blocks_.needed(steps, clock_));
  clock_ += steps;
  cached_tokens_ += steps * decoding_;
  record_.report.decoded_tokens +=
      static_cast<double>(steps * (decoding_ - static_cast<std::int64_t>(done_.size())));
  while (!finishes_.empty() && finishes_.front().clock <= clock_) {
    const Finish finish = finishes_.front();
    std::ranges::pop_heap(finishes_, std::greater<>());
    finishes_.pop_back();
    if (slots_[static_cast<std::size_t>(finish.slot)].uses == finish.uses) end_request(finish.slot);
  }
}

void Replica::first_token(int index) {
  std::erase(prompts_, index);
  Slot& slot = slots_[static_cast<std::size_t>(index)];
  // A preempted request has had its first token; computing it again makes the next one.
  if (slot.of.made == 0) slot.of.first_s = now_s_;
  if (slot.of.made > 0) ++record_.report.decoded_tokens;
  ++slot.of.made;
  slot.decoding = true;
  slot.clock = clock_;
  ++decoding_;
  cached_tokens_ += slot.target;
  if (grows()) blocks_.start_decoding(slot.target, clock_);
  const std::int32_t left = slot.of.request.output - slot.of.made;
  if (left == 0) return end_request(index);
  finishes_.push_back({clock_ + left, index, slot.uses});
  std::ranges::push_heap(finishes_, std::greater<>());
}

void Replica::end_request(int index) {
  const Slot& slot = slots_[static_cast<std::size_t>(index)];
  const Request& request = slot.of.request;
  const double ttft = slot.of.first_s - request.arrival_s, e2e = now_s_ - request.arrival_s;
  Report& report = record_.report;
  report.ttft_s.add(ttft);
  report.e2e_s.add(e2e);
  const double tpot = request.output > 1 ? (now_s_ - slot.of.first_s) / (request.output - 1) : 0;
  if (request.output > 1) report.tpot_s.add(tpot);
  const RequestLimits& limits = record_.limits;
  const bool broken = ttft > limits.ttft_s || tpot > limits.tpot_s || e2e > limits.e2e_s;
  if (!broken) ++report.within;
  ++report.requests;
  report.prompt_tokens += request.prompt;
  report.cached_tokens += request.cached;
  report.output_tokens += request.output;
  count_in_system(now_s_, -1);

  keeps_places() ? end_in_batch(index) : end_alone(index);
  Request again;
  while (next_ && next_->next(again)) {
    again.arrival_s = now_s_;
    if (arrive(again)) break;
  }
}

void Replica::end_alone(int index) {
  const Slot& slot = slots_[static_cast<std::size_t>(index)];
  const std::int64_t context = context_of(slot);
  if (grows()) blocks_.stop_decoding(context, clock_);
  blocks_.give_back(grows() ? blocks_.blocks_for(context) : slot.reserved);
  cached_tokens_ -= context;
  --decoding_;
  leave(index);
}

/// The places of a static batch are free once all its requests are completed.
void Replica::end_in_batch(int index) {
  done_.push_back(index);
  if (static_cast<std::int64_t>(done_.size()) < running()) return;
  for (const int one : done_) {
    blocks_.give_back(slots_[static_cast<std::size_t>(one)].reserved);
    leave(one);
  }
  done_.clear();
  decoding_ = cached_tokens_ = 0;
}

void Replica::leave(int index) {
  Slot& slot = slots_[static_cast<std::size_t>(index)];
  ++slot.uses;
  (slot.before >= 0 ? slots_[static_cast<std::size_t>(slot.before)].after : first_) = slot.after;
  (slot.after >= 0 ? slots_[static_cast<std::size_t>(slot.after)].before : last_) = slot.before;
  free_slots_.push_back(index);
}

void Replica::idle_until(double time) {
  if (in_step_ || running() > 0 || !waiting_.empty() || time <= now_s_ || std::isinf(time)) return;
  const double idle_s = time - now_s_, joules = idle_s * costs_.idle_w();
  record_.report.idle_s += idle_s;
  record_.report.idle_j += joules;
  record_.windows.add(now_s_, time, joules);
  now_s_ = time;
}

void Replica::count_in_system(double time, std::int64_t change) {
  record_.report.requests_s += static_cast<double>(in_system_) * (time - in_system_since_s_);
  in_system_since_s_ = time;
  in_system_ += change;
}

}  // namespace energylens::serving
