// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <vector>

#include "energylens/serving/engine.hpp"
#include "energylens/serving/report.hpp"
#include "energylens/serving/traffic.hpp"
#include "serving/kv_blocks.hpp"
#include "serving/power_windows.hpp"

namespace energylens::serving {

/// What the replicas of a simulation write to.
struct Record {
  Report report;
  PowerWindows windows;
  RequestLimits limits;
};

/// One engine that serves requests step by step.
class Replica {
 public:
  /// Everything must outlive the replica. `next` is asked for another request whenever one is completed: a closed loop; nullptr:
  /// requests come from outside alone.
  Replica(const Deployment& deployment, Record& record, Traffic* next);

  /// A request arrives now; false if it is refused because it never fits. Requires: run_until(request.arrival_s).
  bool arrive(const Request& request);
  /// Ends all steps that end by `time`, and starts those that start before it.
  void run_until(double time);
  /// Serves everything that has arrived; returns when the last step ends.
  double finish();
  /// The end of the step in progress; infinite without one.
  double step_end() const { return in_step_ ? step_end_s_ : std::numeric_limits<double>::infinity(); }
  /// Requests that have arrived and are not completed.
  std::int64_t in_system() const { return in_system_; }

 private:
  /// A request that waits, with what preemption has left of it.
  struct Waiting {
    Request request;
    std::int32_t made = 0;  ///< output tokens so far
    double first_s = 0;     ///< time of the first of them
  };
  /// A request that runs.
  struct Slot {
    Waiting of;
    std::int32_t computed = 0;    ///< tokens in the KV cache, while the prompt is computed
    std::int32_t target = 0;      ///< tokens to compute before decoding
    std::int64_t clock = 0;       ///< decode clock at the start of decoding
    std::int64_t reserved = 0;    ///< KV blocks taken at the start, if they do not grow
    std::uint32_t uses = 0;       ///< how often the slot was given away
    int before = -1, after = -1;  ///< in the order of admission
    bool decoding = false;
  };
  struct Chunk {
    int slot;
    std::int32_t from, to;
  };
  struct Finish {
    std::int64_t clock;
    int slot;
    std::uint32_t uses;
    bool operator>(const Finish& other) const {
      return clock != other.clock ? clock > other.clock : slot > other.slot;
    }
  };

  // replica_schedule.cpp: what the next step does
  void plan();
  void continue_prompts(std::int64_t budget);
  bool make_room();
  void preempt_last();
  void admit(std::int64_t budget);
  std::int64_t blocks_to_admit(const Waiting& waiting, std::int32_t to) const;
  bool has_place() const;
  std::int32_t most_of_prompt(std::int32_t left, std::int64_t budget) const;
  void start(const Waiting& waiting, std::int32_t to);
  bool grows() const { return engine_.scheduler == Scheduler::vllm; }
  bool keeps_places() const { return engine_.scheduler == Scheduler::static_batch; }
  std::int64_t running() const { return decoding_ + static_cast<std::int64_t>(prompts_.size()); }
  std::int64_t context_of(const Slot& slot) const;

  // replica.cpp: what it costs and leads to
  void decode_steps(double time);
  void mixed_step();
  Cost decode_cost(std::int64_t steps) const;
  std::int64_t steps_by(double time, std::int64_t most) const;
  void spend(std::int64_t steps, const Cost& cost);
  void complete_step();
  void after_decoding(std::int64_t steps);
  void first_token(int slot);
  void end_request(int slot);
  void end_alone(int slot);
  void end_in_batch(int slot);
  void leave(int slot);
  void idle_until(double time);
  void count_in_system(double time, std::int64_t change);

  const StepCosts& costs_;
  const Engine& engine_;
  Record& record_;
  Traffic* next_;
  KvBlocks blocks_;

  double now_s_ = 0;
  std::deque<Waiting> waiting_;
  std::vector<Slot> slots_;
  std::vector<int> free_slots_;
  int first_ = -1, last_ = -1;      ///< of the slots in use, by admission
  std::vector<int> prompts_;        ///< slots whose prompt is being computed, by admission
  std::int64_t decoding_ = 0;       ///< places in the batch that decode
  std::int64_t cached_tokens_ = 0;  ///< in the KV caches of the requests that decode
  std::int64_t clock_ = 0;          ///< decode steps so far
  std::vector<Finish> finishes_;    ///< heap; entries of preempted requests are skipped
  std::vector<int> done_;           ///< slots of a static batch that are completed

  bool in_step_ = false, made_room_ = false;  ///< requests gave blocks back for this step
  double step_end_s_ = 0;
  std::vector<Chunk> chunks_;  ///< prompts of the step

  std::int64_t in_system_ = 0;
  double in_system_since_s_ = 0;
};

}  // namespace energylens::serving
