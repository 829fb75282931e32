// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "energylens/search/options.hpp"
#include "energylens/search/problem.hpp"
#include "search/evolve/island.hpp"

namespace energylens::search {

/// How far a search is.
struct SearchPosition {
  int seed_stage = 0;             ///< stages of seeds that were fitted, guesses being the first
  bool in_cycle = false;          ///< whether a cycle was begun
  int generation = 0;             ///< of the cycle: those that have ended
  std::uint64_t cycle_began = 0;  ///< evaluations at its beginning
  std::uint64_t cycles = 0;       ///< that have ended
};

/// The state of a search between two stages of seeds or two generations: everything that its future follows from.
struct Checkpoint {
  std::uint64_t evaluations = 0, duplicates = 0;
  SearchPosition position;
  double seconds = 0;
  std::vector<Member> archive;
  std::vector<Island::State> islands;
};

/// The problem and the options that a checkpoint belongs to. Limits, threads and the folder may change
/// between two runs.
struct CheckpointKey {
  std::string problem, options;
};
CheckpointKey key_of(const Problem& problem, const Options& options);

std::string checkpoint_text(const Checkpoint& checkpoint, const CheckpointKey& key);
/// Throws Error (bad input) if the text is truncated or comes from another version, problem or set of options, and for
/// numbers that no search writes.
Checkpoint read_checkpoint(const std::string& text, const std::string& file, const CheckpointKey& key);
/// Throws Error (bad input) for a formula that the search of this context cannot have made: a file may be damaged, or
/// edited.
void require_possible(const Checkpoint& checkpoint, const std::string& file, const SearchContext& context);

/// The path of the state in a checkpoint folder.
std::string checkpoint_file(const std::string& folder);
/// The text of the state; nothing if the folder has none.
std::optional<std::string> find_checkpoint(const std::string& folder);
/// Throws Error (io).
void make_checkpoint_folder(const std::string& folder);
/// Replaces the file as a whole: a failure leaves the previous one. Throws Error (io).
void write_checkpoint(const std::string& folder, const std::string& text);

}  // namespace energylens::search
