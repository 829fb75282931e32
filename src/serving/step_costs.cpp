// SPDX-License-Identifier: Apache-2.0
// step_costs.cpp: the law of whole jobs, read as a law of steps, docs/method/serving.md (28) and (29). A job with two output tokens has one
// decode step; at two contexts it gives the part per cached token. Sizes up to 64 are asked one by one, larger ones on a geometric
// grid with a line in between, which is within 1e-4 of a power of the batch. Held by step_costs_test.cpp against the law itself.
#include "energylens/serving/step_costs.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "energylens/core/error.hpp"

namespace energylens::serving {
namespace {

constexpr double kNoLimitTokens = 1e15;
constexpr int kSingly = 64;
constexpr double kSizeStep = 1.05;
constexpr double kLongestPrompt = 1 << 20;
/// Below this share of a decode step, a step without decoding is taken to have no start-up of its own.
constexpr double kNoStart = 1e-3;

class Probe {
 public:
  Probe(const predictor::Predictor& predictor, const StepQuestion& question)
      : predictor_(predictor), question_(question), replica_(one_replica_of(question.layout)) {}

  /// One decode step of `requests` requests with `context` cached tokens each; nothing if they do not fit.
  std::optional<Cost> decode(int requests, double context) const {
    const predictor::Prediction p = ask(requests, std::max(context - 1, 1.0), 2);
    if (p.waves > 1) return std::nullopt;
    return usable({p.tpot_s.value, p.decode_energy_j.value});
  }
  /// A prompt alone.
  std::optional<Cost> prefill(double tokens) const {
    const predictor::Prediction p = ask(1, tokens, 1);
    return usable({p.ttft_s.value, p.prefill_energy_j.value});
  }

 private:
  predictor::Prediction ask(int requests, double isl, double osl) const {
    table::Configuration config{replica_, question_.request, kNoLimitTokens};
    config.load.kind = table::RowKind::job;
    config.load.batch = requests;
    config.load.max_batch = config.load.cached_tokens = config.load.image_tokens = kUnknown;
    config.load.isl = isl;
    config.load.osl = osl;
    return predictor_.predict(question_.group, config);
  }
  std::optional<Cost> usable(const Cost& cost) const {
    if (!(cost.s > 0) || !(cost.j > 0)) return std::nullopt;
    return question_.limited ? question_.limited(cost) : cost;
  }

  const predictor::Predictor& predictor_;
  const StepQuestion& question_;
  table::Layout replica_;
};

/// The line through two contexts; flat where it would fall or start below 0.
double slope(double low, double high, double distance) {
  const double rise = (high - low) / distance;
  return rise > 0 ? rise : 0;
}

std::optional<DecodeCost> decode_line(const Probe& probe, const StepQuestion& question, int requests) {
  const double near = std::max(question.request.isl_or(0), 2.0);
  const double far = near + std::max(question.request.osl, 16.0);
  const std::optional<Cost> low = probe.decode(requests, near), high = probe.decode(requests, far);
  if (!low || !high) return std::nullopt;
  const double tokens = requests * (far - near);
  DecodeCost line{*low, {slope(low->s, high->s, tokens), slope(low->j, high->j, tokens)}};
  line.base.s = std::max(low->s - line.per_cached_token.s * requests * near, 0.0);
  line.base.j = std::max(low->j - line.per_cached_token.j * requests * near, 0.0);
  return line;
}

Cost between(const Cost& a, const Cost& b, double share) {
  return {a.s + share * (b.s - a.s), a.j + share * (b.j - a.j)};
}

/// Adds sizes up to `size`, whose cost is `cost`, along the line from the last one.
void extend(std::vector<DecodeCost>& table, int size, const DecodeCost& cost) {
  const auto from = static_cast<int>(table.size());
  const DecodeCost last = from > 0 ? table.back() : cost;
  for (int n = from + 1; n <= size; ++n) {
    const double share = static_cast<double>(n - from) / (size - from);
    table.push_back(
        {between(last.base, cost.base, share), between(last.per_cached_token, cost.per_cached_token, share)});
  }
}

std::vector<DecodeCost> decode_table(const Probe& probe, const StepQuestion& question) {
  std::vector<DecodeCost> table;
  for (int size = 1; size <= question.max_requests;) {
    const std::optional<DecodeCost> cost = decode_line(probe, question, size);
    if (!cost) break;
    extend(table, size, *cost);
    if (size == question.max_requests) break;
    const int next = size < kSingly ? size + 1 : static_cast<int>(size * kSizeStep);
    size = std::min(next, question.max_requests);
  }
  if (table.empty()) {
    throw Error::usage(
        "the model predicts no energy and time of a decode step, which a simulation of traffic needs");
  }
  return table;
}

std::vector<StepCosts::PrefillPoint> prefill_table(const Probe& probe) {
  std::vector<StepCosts::PrefillPoint> table;
  for (double tokens = 1; tokens <= kLongestPrompt; tokens *= 2) {
    if (const std::optional<Cost> cost = probe.prefill(tokens)) table.push_back({tokens, *cost});
  }
  if (table.size() < 2) {
    throw Error::usage(
        "the model predicts no energy and time of prefill, which a simulation of traffic needs; fit it to rows that state isl");
  }
  return table;
}

}  // namespace

table::Layout one_replica_of(const table::Layout& layout) {
  table::Layout replica = layout;
  if (!layout.attention_data_parallel()) replica.dp = 1;
  return replica;
}

StepCosts step_costs(const predictor::Predictor& predictor, const StepQuestion& question) {
  const Probe probe(predictor, question);
  const std::vector<DecodeCost> decode = decode_table(probe, question);
  std::vector<StepCosts::PrefillPoint> prefill = prefill_table(probe);

  // What prefill takes before its first token is the start of a step; the rest is the work of tokens.
  const StepCosts::PrefillPoint first = prefill.front();
  const Cost token = between({0, 0}, {prefill[1].work.s - first.work.s, prefill[1].work.j - first.work.j},
                             1 / (prefill[1].tokens - first.tokens));
  Cost start{std::max(first.work.s - token.s, 0.0), std::max(first.work.j - token.j, 0.0)};
  for (StepCosts::PrefillPoint& one : prefill)
    one.work = {std::max(one.work.s - start.s, 0.0), std::max(one.work.j - start.j, 0.0)};
  prefill.insert(prefill.begin(), {0, {0, 0}});

  // The law of servers has no start-up of prefill: a step without decoding costs what one with a single request does.
  const Cost& step = decode.front().base;
  if (start.s < kNoStart * step.s) start = {std::max(step.s - token.s, 0.0), std::max(step.j - token.j, 0.0)};
  return {decode, std::move(prefill), start, question.idle_w};
}

}  // namespace energylens::serving
