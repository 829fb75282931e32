// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "energylens/core/number_text.hpp"
#include "energylens/serving/engine.hpp"

namespace energylens::serving {

/// The KV blocks of one replica. All decoding requests grow by one token per step, so what counts is only where each of
/// them lies in its last block: the number of requests for each place, turned by one place per step, gives the blocks that any
/// number of steps will take.
class KvBlocks {
 public:
  explicit KvBlocks(const Engine& engine)
      : block_(engine.block_tokens),
        total_(known(engine.kv_tokens) && engine.kv_tokens < kUnlimited * 0.5
                   ? static_cast<std::int64_t>(engine.kv_tokens / engine.block_tokens)
                   : static_cast<std::int64_t>(kUnlimited)),
        free_(total_),
        at_place_(static_cast<std::size_t>(block_)) {}

  std::int64_t blocks_for(std::int64_t tokens) const { return (tokens + block_ - 1) / block_; }
  bool ever_fits(std::int64_t tokens) const { return blocks_for(tokens) <= total_; }
  std::int64_t free() const { return free_; }
  void take(std::int64_t blocks) { free_ -= blocks; }
  void give_back(std::int64_t blocks) { free_ += blocks; }

  /// A request of `context` tokens that decodes from step `clock` on, or ceases to.
  void start_decoding(std::int64_t context, std::int64_t clock) { change(context, clock, 1); }
  void stop_decoding(std::int64_t context, std::int64_t clock) { change(context, clock, -1); }

  /// Blocks that the next `steps` steps of all decoding requests take.
  std::int64_t needed(std::int64_t steps, std::int64_t clock) const {
    std::int64_t blocks = steps / block_ * decoding_;
    for (std::int64_t i = 0; i < steps % block_; ++i) blocks += at_place_[place(0, clock + i)];
    return blocks;
  }
  /// The number of steps, at most `most`, for which there are free blocks.
  std::int64_t steps_that_fit(std::int64_t most, std::int64_t clock) const {
    if (decoding_ == 0 || decoding_ * (most / block_ + 1) <= free_) return most;
    std::int64_t steps = free_ / decoding_ * block_;
    if (steps >= most) return most;
    std::int64_t left = free_ - free_ / decoding_ * decoding_;
    for (; steps < most; ++steps) {
      left -= at_place_[place(0, clock + steps)];
      if (left < 0) break;
    }
    return steps;
  }

 private:
  static constexpr double kUnlimited = 1e15;

  /// Requests at one place need a new block at the same step.
  std::size_t place(std::int64_t context, std::int64_t clock) const {
    const std::int64_t turned = (context - clock) % block_;
    return static_cast<std::size_t>(turned < 0 ? turned + block_ : turned);
  }
  void change(std::int64_t context, std::int64_t clock, std::int64_t by) {
    at_place_[place(context, clock)] += by;
    decoding_ += by;
  }

  std::int64_t block_, total_, free_, decoding_ = 0;
  std::vector<std::int64_t> at_place_;
};

}  // namespace energylens::serving
