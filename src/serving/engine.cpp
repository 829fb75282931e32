// SPDX-License-Identifier: Apache-2.0
// Held by engine_test.cpp.
#include "energylens/serving/engine.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "core/text.hpp"
#include "energylens/core/error.hpp"

namespace energylens::serving {
namespace {

constexpr std::array<std::pair<std::string_view, Scheduler>, 3> kSchedulers{
    {{"vllm", Scheduler::vllm}, {"trtllm", Scheduler::no_evict}, {"static", Scheduler::static_batch}}};
constexpr std::array<std::pair<std::string_view, Routing>, 3> kRoutings{
    {{"round-robin", Routing::round_robin},
     {"least-requests", Routing::least_requests},
     {"two-choices", Routing::two_choices}}};

template <class Table>
auto value_named(const Table& table, std::string_view name, std::string_view what) {
  std::string names;
  for (const auto& [known_name, value] : table) {
    if (name == known_name) return value;
    names += (names.empty() ? "" : ", ") + std::string(known_name);
  }
  throw Error::usage("unknown " + std::string(what) + ' ' + quote(name) + "; use one of " + names);
}

void require_engine(bool holds, const char* message) {
  if (!holds) throw Error::usage(message);
}

Cost operator+(const Cost& a, const Cost& b) {
  return {a.s + b.s, a.j + b.j};
}
Cost operator-(const Cost& a, const Cost& b) {
  return {a.s - b.s, a.j - b.j};
}
Cost operator*(double factor, const Cost& cost) {
  return {factor * cost.s, factor * cost.j};
}

bool possible(const Cost& cost) {
  return cost.s >= 0 && cost.j >= 0;
}

void slow_down(Cost& cost, double factor) {
  cost.s *= factor;
}

}  // namespace

StepCosts::StepCosts(std::vector<DecodeCost> decode, std::vector<PrefillPoint> prefill, Cost start,
                     double idle_w)
    : decode_(std::move(decode)), prefill_(std::move(prefill)), start_(start), idle_w_(idle_w) {
  require_engine(!decode_.empty() && prefill_.size() >= 2, "the costs of steps are incomplete");
  bool sound = possible(start_) && idle_w_ >= 0;
  for (const DecodeCost& one : decode_) sound = sound && possible(one.base) && possible(one.per_cached_token);
  for (const PrefillPoint& one : prefill_) sound = sound && possible(one.work);
  require_engine(sound, "the cost of a step is negative or unknown");
}

DecodeCost StepCosts::beyond(std::int64_t requests) const {
  const DecodeCost& last = decode_.back();
  if (decode_.size() == 1) return last;
  const DecodeCost& before = decode_[decode_.size() - 2];
  const auto further = static_cast<double>(requests - static_cast<std::int64_t>(decode_.size()));
  const Cost base = last.base + further * (last.base - before.base);
  return {{std::max(base.s, last.base.s), std::max(base.j, last.base.j)}, last.per_cached_token};
}

Cost StepCosts::work(double tokens) const {
  const auto after = std::ranges::upper_bound(prefill_, tokens, {}, &PrefillPoint::tokens);
  const auto right = std::clamp(after, prefill_.begin() + 1, prefill_.end() - 1);
  const PrefillPoint &a = *(right - 1), &b = *right;
  return a.work + (tokens - a.tokens) / (b.tokens - a.tokens) * (b.work - a.work);
}

Cost StepCosts::prefill(double from, double to) const {
  const Cost cost = work(to) - work(from);
  return {std::max(cost.s, 0.0), std::max(cost.j, 0.0)};
}

StepCosts StepCosts::slower(double factor) const {
  StepCosts out = *this;
  for (DecodeCost& one : out.decode_) {
    slow_down(one.base, factor);
    slow_down(one.per_cached_token, factor);
  }
  for (PrefillPoint& one : out.prefill_) slow_down(one.work, factor);
  slow_down(out.start_, factor);
  return out;
}

Scheduler parse_scheduler(std::string_view name) {
  return value_named(kSchedulers, name, "scheduler");
}

std::string_view scheduler_name(Scheduler scheduler) {
  return std::ranges::find(kSchedulers, scheduler, [](const auto& one) { return one.second; })->first;
}

Routing parse_routing(std::string_view name) {
  return value_named(kRoutings, name, "routing");
}

void Engine::validate() const {
  require_engine(max_requests >= 1, "a replica must run at least one request at once");
  require_engine(max_step_tokens >= max_requests,
                 "the tokens of a step must be at least the requests that run at once");
  require_engine(block_tokens >= 1, "a KV block must have at least one token");
  require_engine(!known(kv_tokens) || kv_tokens >= block_tokens, "the KV cache must hold at least one block");
}

}  // namespace energylens::serving
