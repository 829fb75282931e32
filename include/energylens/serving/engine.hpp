// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::serving {

/// Time and energy of work on all GPUs of one replica.
struct Cost {
  double s = 0, j = 0;
};

/// A decode step of a given number of requests: a part of its own, and one per token in their KV caches together.
struct DecodeCost {
  Cost base, per_cached_token;
};

/// What the steps of one replica cost. A step decodes one token of each of some requests and computes input tokens of
/// others; the costs of both add up. A step that decodes nothing reads the weights all the same and costs `start` more.
class StepCosts {
 public:
  /// Work of the first `tokens` input tokens of one prompt.
  struct PrefillPoint {
    double tokens = 0;
    Cost work;
  };

  StepCosts() = default;
  /// `decode[i]` is the step of i + 1 requests; larger steps follow the line through the last two. `prefill` has growing tokens
  /// from 0 on; between two points, and beyond the last, work grows linearly. Throws Error (usage) for a table that is empty, or
  /// a cost that is negative.
  StepCosts(std::vector<DecodeCost> decode, std::vector<PrefillPoint> prefill, Cost start, double idle_w);

  /// Requires: requests >= 1.
  DecodeCost decode(std::int64_t requests) const {
    return requests <= static_cast<std::int64_t>(decode_.size())
               ? decode_[static_cast<std::size_t>(requests - 1)]
               : beyond(requests);
  }
  /// Input tokens `from` to `to` of one prompt.
  Cost prefill(double from, double to) const;
  const Cost& start() const { return start_; }
  /// Power of the replica while no step runs.
  double idle_w() const { return idle_w_; }

  /// The same steps, each of which takes `factor` times as long, at the same energy.
  StepCosts slower(double factor) const;

 private:
  DecodeCost beyond(std::int64_t requests) const;
  Cost work(double tokens) const;

  std::vector<DecodeCost> decode_;
  std::vector<PrefillPoint> prefill_;
  Cost start_;
  double idle_w_ = 0;
};

/// How an engine fills its steps.
enum class Scheduler {
  /// vLLM: a step has a budget of tokens. Requests that decode take one each, prompts the rest, in chunks. KV blocks are taken as
  /// tokens come; where none is free, the request that was admitted last gives its blocks back and is computed again.
  vllm,
  /// TensorRT-LLM, in-flight batching that guarantees no eviction: a request starts when all blocks that it can need are free.
  /// Prompts are not divided.
  no_evict,
  /// A batch of the requests that wait, which runs until the longest is done; finished requests keep their places.
  static_batch,
};
/// "vllm", "trtllm", "static"; throws Error (usage) for another name.
Scheduler parse_scheduler(std::string_view name);
std::string_view scheduler_name(Scheduler scheduler);

struct Engine {
  Scheduler scheduler = Scheduler::vllm;
  int max_requests = 256;       ///< max_num_seqs: requests that run at once
  int max_step_tokens = 8192;   ///< max_num_batched_tokens: tokens of one step
  double kv_tokens = kUnknown;  ///< KV cache of a replica; unknown: unlimited
  int block_tokens = 16;        ///< of a KV block

  /// Throws Error (usage) naming the first invalid member.
  void validate() const;
};

/// Which replica a request is sent to: each in turn; the one with the fewest requests; or the better one of two picked at
/// random.
enum class Routing { round_robin, least_requests, two_choices };
/// "round-robin", "least-requests", "two-choices"; throws Error (usage) for another name.
Routing parse_routing(std::string_view name);

/// Replicas of one kind that share the traffic.
struct Deployment {
  StepCosts costs;
  Engine engine{};
  int replicas = 1;
  Routing routing = Routing::round_robin;
};

}  // namespace energylens::serving
