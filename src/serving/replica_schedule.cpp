// SPDX-License-Identifier: Apache-2.0
// replica_schedule.cpp: which tokens the next step works on. First the requests that run: one token of each that decodes,
// then prompts in the order of admission, as far as the budget of the step reaches. If their KV blocks are not free, those
// admitted last give theirs back. Else waiting requests are admitted in order. Held by scheduler_test.cpp, and by
// simulate_test.cpp against a scheduler that handles every token by itself.
#include <algorithm>

#include "serving/replica.hpp"

namespace energylens::serving {

void Replica::plan() {
  chunks_.clear();
  std::int64_t budget = engine_.max_step_tokens - decoding_;
  continue_prompts(budget);
  made_room_ = grows() && !make_room();
  if (made_room_) return;
  for (const Chunk& chunk : chunks_) budget -= chunk.to - chunk.from;
  admit(budget);
}

/// The tokens of a prompt that a step computes: a chunk, or all of it where prompts are not divided, if need be alone.
std::int32_t Replica::most_of_prompt(std::int32_t left, std::int64_t budget) const {
  if (engine_.scheduler == Scheduler::static_batch) return left;
  if (engine_.scheduler == Scheduler::no_evict) {
    const bool alone = chunks_.empty() && left > engine_.max_step_tokens - decoding_;
    return left <= budget || alone ? left : 0;
  }
  return static_cast<std::int32_t>(std::min<std::int64_t>(left, std::max<std::int64_t>(budget, 0)));
}

void Replica::continue_prompts(std::int64_t budget) {
  for (const int index : prompts_) {
    const Slot& slot = slots_[static_cast<std::size_t>(index)];
    const std::int32_t tokens = most_of_prompt(slot.target - slot.computed, budget);
    if (tokens <= 0) continue;
    chunks_.push_back({index, slot.computed, slot.computed + tokens});
    budget -= tokens;
  }
}

/// Takes the blocks of the chunks and leaves room for those of the decode step. False if requests had to give blocks back:
/// then none is admitted.
bool Replica::make_room() {
  const auto of_chunk = [this](const Chunk& chunk) {
    return blocks_.blocks_for(chunk.to) - blocks_.blocks_for(chunk.from);
  };
  bool enough = true;
  for (;;) {
    std::int64_t needed = blocks_.needed(1, clock_);
    for (const Chunk& chunk : chunks_) needed += of_chunk(chunk);
    if (needed <= blocks_.free()) break;
    enough = false;
    const int last = last_;
    preempt_last();
    std::erase_if(chunks_, [last](const Chunk& chunk) { return chunk.slot == last; });
  }
  for (const Chunk& chunk : chunks_) blocks_.take(of_chunk(chunk));
  return enough;
}

void Replica::preempt_last() {
  const int index = last_;
  Slot& slot = slots_[static_cast<std::size_t>(index)];
  Waiting waiting = slot.of;
  const std::int64_t context = context_of(slot);
  if (slot.decoding) {
    waiting.made += static_cast<std::int32_t>(clock_ - slot.clock);
    blocks_.stop_decoding(context, clock_);
    cached_tokens_ -= context;
    --decoding_;
  } else {
    std::erase(prompts_, index);
  }
  blocks_.give_back(blocks_.blocks_for(context));
  const std::int64_t last_token = slot.decoding ? 1 : 0;  // it was made, but not yet computed
  record_.report.recomputed_tokens += static_cast<double>(context + last_token - waiting.request.cached);
  ++record_.report.preemptions;
  leave(index);
  waiting_.push_front(waiting);
}

bool Replica::has_place() const {
  if (waiting_.empty() || running() >= engine_.max_requests) return false;
  return !keeps_places() || decoding_ == 0;
}

/// Blocks that a request takes when it starts with the tokens up to `to`: those of these tokens, or all it can need.
std::int64_t Replica::blocks_to_admit(const Waiting& waiting, std::int32_t to) const {
  return blocks_.blocks_for(grows() ? to : waiting.request.prompt + waiting.request.output);
}

void Replica::admit(std::int64_t budget) {
  // Blocks that the requests which decode take in this step are not to be given away.
  const std::int64_t kept = grows() ? blocks_.needed(1, clock_) : 0;
  while (has_place()) {
    const Waiting& waiting = waiting_.front();
    const std::int32_t cached = waiting.request.cached;
    const std::int32_t tokens = most_of_prompt(waiting.request.prompt + waiting.made - cached, budget);
    if (tokens <= 0 || blocks_to_admit(waiting, cached + tokens) > blocks_.free() - kept) return;
    start(waiting, cached + tokens);
    waiting_.pop_front();
    budget -= tokens;
  }
}

void Replica::start(const Waiting& waiting, std::int32_t to) {
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<int>(slots_.size()));
    slots_.emplace_back();
  }
  const int index = free_slots_.back();
  free_slots_.pop_back();
  Slot& slot = slots_[static_cast<std::size_t>(index)];
  const std::uint32_t uses = slot.uses + 1;
  slot = {};
  slot.of = waiting;
  slot.uses = uses;
  slot.computed = waiting.request.cached;
  slot.target = waiting.request.prompt + waiting.made;
  const std::int64_t blocks = blocks_to_admit(waiting, to);
  blocks_.take(blocks);
  slot.reserved = grows() ? 0 : blocks;
  slot.before = last_;
  (last_ >= 0 ? slots_[static_cast<std::size_t>(last_)].after : first_) = index;
  last_ = index;
  prompts_.push_back(index);
  chunks_.push_back({index, slot.computed, to});
}

std::int64_t Replica::context_of(const Slot& slot) const {
  return slot.decoding ? slot.target + (clock_ - slot.clock) : slot.computed;
}

}  // namespace energylens::serving
