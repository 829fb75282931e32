// SPDX-License-Identifier: Apache-2.0
// Tokens pass the model in micro-batches. A pass of n tokens through the layers of one stage takes, one after
// another: matrix products (weights read once, operations against peak), attention (KV cache and state read,
// operations), two all-reduces a layer under tensor parallelism, a fixed time between the kernels of a layer,
// and a hop to the next stage. A kernel takes the larger of its arithmetic and its memory time, rounded off
// where both are alike (norm of order 4: they overlap, but not perfectly). Products of few rows waste part of
// a tile, which costs the time of kTileRows rows more. Pipelining in p stages: prefill streams its chunks through,
// chunks + p - 1 stage times. Decode cannot start a request's next token before its last has left the pipeline, and
// a batch passes as one: measured step energies of an engine with eight stages (docs/evidence/data.md) grow smoothly from
// one request to eight and beyond, where micro-batches would read the weights again for each. Energy:
// operations and bytes at their price, and awake power of every GPU all the time. If that exceeds the power
// limit, clocks fall to a speed s < 1: time is divided by s, and the price of operations falls with the
// square of the voltage, which falls in line with the clock but not below kFloorVoltage. Held by
// phases_test.cpp and plausibility_test.cpp.
#include "simulate/phases.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::simulate {
namespace {

constexpr double kBandwidthEfficiency = 0.85;  // streaming weights
constexpr double kAttentionBandwidthEfficiency = 0.65;
constexpr double kAttentionEfficiency = 0.50;  // of the matrix units' peak, in attention
constexpr double kLinkEfficiency = 0.75;
constexpr double kTileRows = 48;
constexpr double kHostSeconds = 1.0e-3;        // scheduling, sampling, launch of one engine step ...
constexpr double kHostRequestSeconds = 10e-6;  // ... and what every request in it adds
constexpr double kLayerSeconds = 20e-6;        // gaps between the kernels of one layer
constexpr double kReduceSeconds = 4e-6;        // latency of an all-reduce at once ...
constexpr double kReducePeerSeconds = 1.5e-6;  // ... and what every further GPU adds
constexpr double kRingHopSeconds = 3e-6;
constexpr double kHopSeconds = 15e-6;
constexpr double kActivationBytes = 2;
constexpr double kActivationVectors = 12;  // hidden-size vectors moved a token and layer besides weights
constexpr double kChunkTokens = 8192;      // of prompts in one engine step
constexpr double kOverlapOrder = 4;
constexpr double kFloorVoltage = 0.6;  // of the voltage at full clock

/// Work of one replica: seconds on the critical path; joules beyond awake power, over all its GPUs.
struct Work {
  double seconds = 0;
  double joules = 0;
};

/// The longer of two times that overlap.
double overlapped(double a, double b) {
  const double longer = std::max(a, b);
  if (longer <= 0) return 0;
  return longer * std::pow(1 + std::pow(std::min(a, b) / longer, kOverlapOrder), 1 / kOverlapOrder);
}

/// Share of the weights that `tokens` tokens touch: a routed expert is left alone if none of them asks for
/// it.
double touched_weights(const System& system, double tokens) {
  const double touched = 1 - std::pow(1 - system.expert_share, tokens);
  return (1 - system.routed_share) + system.routed_share * touched;
}

/// One pass of `tokens` tokens that attend with `attention_flops` operations and `cache_bytes` of reads.
struct Pass {
  double tokens = 0;
  double attention_flops = 0;
  double cache_bytes = 0;
};

Work matrix_products(const System& system, double tp, const Pass& pass) {
  const double flops = 2 * system.active_params * pass.tokens;
  const double activations =
      kActivationVectors * system.hidden * system.layers * kActivationBytes * pass.tokens;
  const double bytes = system.weight_bytes * touched_weights(system, pass.tokens) + activations;
  const double tiles = 1 + kTileRows / pass.tokens;
  return {overlapped(flops * tiles / (tp * system.weight_flops * kMatrixEfficiency),
                     bytes / (tp * system.bandwidth * kBandwidthEfficiency)),
          flops * system.joules_per_flop + bytes * system.joules_per_byte};
}

/// GPUs beyond the number of KV heads hold copies of them.
Work attention(const System& system, double tp, const Pass& pass) {
  const double shards = system.kv_heads > 0 ? std::min(tp, system.kv_heads) : tp;
  return {overlapped(pass.attention_flops / (tp * system.attention_flops * kAttentionEfficiency),
                     pass.cache_bytes / (shards * system.bandwidth * kAttentionBandwidthEfficiency)),
          pass.attention_flops * system.joules_per_attention_flop +
              pass.cache_bytes * (tp / shards) * system.joules_per_byte};
}

/// Two all-reduces a layer, each in the faster of two ways. At once: every GPU reads the whole message of its
/// t-1 peers. Ring: 2 (t-1) hops, of a t-th of the message each. Rounded off where both are alike.
Work all_reduces(const System& system, double tp, const Pass& pass) {
  if (tp == 1) return {};
  const double reduces = 2 * system.layers;
  const double message = pass.tokens * system.hidden * kActivationBytes;
  const double message_s = message / (system.link * kLinkEfficiency);
  const double at_once_s = kReduceSeconds + (tp - 1) * (kReducePeerSeconds + message_s);
  const double ring_s = 2 * (tp - 1) * (kRingHopSeconds + message_s / tp);
  const double seconds = 1 / overlapped(1 / at_once_s, 1 / ring_s);
  return {reduces * seconds, reduces * 2 * (tp - 1) * message * system.joules_per_link_byte};
}

/// The pass through all stages, one after another.
Work whole_pass(const System& system, const table::Layout& layout, const Pass& pass) {
  const double tp = layout.tp;
  Work work{kLayerSeconds * system.layers, 0};
  for (const Work& part :
       {matrix_products(system, tp, pass), attention(system, tp, pass), all_reduces(system, tp, pass)}) {
    work.seconds += part.seconds;
    work.joules += part.joules;
  }
  const double hops = layout.pp - 1;
  const double message = pass.tokens * system.hidden * kActivationBytes;
  work.seconds += hops * (kHopSeconds + message / (system.link * kLinkEfficiency));
  work.joules += hops * message * system.joules_per_link_byte;
  return work;
}

double relative_voltage(double speed) {
  return kFloorVoltage + (1 - kFloorVoltage) * speed;
}

/// W per GPU when clocks run at `speed` and the work takes `seconds` at full clocks.
double power_at(const System& system, double dynamic_w, double speed) {
  return system.awake_w + dynamic_w * speed * relative_voltage(speed) * relative_voltage(speed);
}

/// The fastest clock that keeps the power limit, by bisection: power grows with speed.
double speed_within_limit(const System& system, double dynamic_w) {
  if (power_at(system, dynamic_w, 1) <= system.limit_w) return 1;
  double slow = 0, fast = 1;
  for (int i = 0; i < 60; ++i) {
    const double middle = (slow + fast) / 2;
    (power_at(system, dynamic_w, middle) <= system.limit_w ? slow : fast) = middle;
  }
  return slow;
}

Phase at_allowed_clocks(const System& system, const table::Layout& layout, const Work& work) {
  const double gpus = layout.tp * layout.pp;
  const double dynamic_w = work.joules / (work.seconds * gpus);
  const double speed = speed_within_limit(system, dynamic_w);
  const double seconds = work.seconds / speed;
  return {seconds, power_at(system, dynamic_w, speed) * gpus * seconds};
}

Work encode_images(const System& system, const table::Layout& layout, const Prompts& prompts) {
  const double flops = system.encoder_flops * prompts.image_tokens * prompts.requests;
  return {flops / (layout.tp * system.weight_flops * kMatrixEfficiency), flops * system.joules_per_flop};
}

}  // namespace

Phase& Phase::operator+=(const Phase& other) {
  seconds += other.seconds;
  joules += other.joules;
  return *this;
}

Phase prefill(const System& system, const table::Layout& layout, const Prompts& prompts) {
  const double pp = layout.pp;
  const double computed = (prompts.tokens - prompts.cached) * prompts.requests;
  const double chunks = std::max({1.0, std::min(prompts.requests, pp), computed / kChunkTokens});
  // Token i attends to i tokens before it: half of tokens^2 - cached^2 pairs, two products, two operations
  // each.
  const double pairs = (prompts.tokens * prompts.tokens - prompts.cached * prompts.cached) / 2;
  const double attended = 4 * system.attention_width * system.attention_layers * pairs * prompts.requests;
  const double cache =
      (system.kv_bytes * (prompts.tokens + computed / prompts.requests) + system.state_bytes) *
      prompts.requests;
  const Work pass = whole_pass(system, layout, {computed / chunks, attended / chunks, cache / chunks});
  const Work images = encode_images(system, layout, prompts);
  const double host = kHostSeconds * chunks + kHostRequestSeconds * prompts.requests;
  return at_allowed_clocks(
      system, layout,
      {host + images.seconds + (chunks + pp - 1) / pp * pass.seconds, images.joules + chunks * pass.joules});
}

Phase decode_step(const System& system, const table::Layout& layout, double requests, double context) {
  const double flops = 4 * system.attention_width * system.attention_layers * context * requests;
  const double cache = (system.kv_bytes * context + 2 * system.state_bytes) * requests;
  const Work pass = whole_pass(system, layout, {requests, flops, cache});
  const double host = kHostSeconds + kHostRequestSeconds * requests;
  return at_allowed_clocks(system, layout, {host + pass.seconds, pass.joules});
}

Phase decode(const System& system, const table::Layout& layout, double requests, double first_context,
             double steps) {
  // Three-point Gauss-Legendre rule over the growing context, which a step's cost follows smoothly.
  constexpr double kNode = 0.7745966692414834;
  constexpr double kOuterWeight = 5.0 / 18, kInnerWeight = 8.0 / 18;
  const double middle = first_context + (steps - 1) / 2;
  const double reach = kNode * (steps - 1) / 2;
  const auto weighted = [&](double context, double weight) {
    const Phase step = decode_step(system, layout, requests, context);
    return Phase{weight * steps * step.seconds, weight * steps * step.joules};
  };
  if (steps <= 0) return {};
  Phase sum = weighted(middle, kInnerWeight);
  sum += weighted(middle - reach, kOuterWeight);
  sum += weighted(middle + reach, kOuterWeight);
  return sum;
}

}  // namespace energylens::simulate
