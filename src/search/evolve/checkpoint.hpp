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

/// The state of a search between two cycles: everything that its future follows from.
struct Checkpoint {
  std::uint64_t evaluations = 0, duplicates = 0, cycles = 0;
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
/// Throws Error (bad input) if the text is truncated or comes from another version, problem or set of
/// options.
Checkpoint read_checkpoint(const std::string& text, const std::string& file, const CheckpointKey& key);

/// The path of the state in a checkpoint folder.
std::string checkpoint_file(const std::string& folder);
/// The text of the state; nothing if the folder has none.
std::optional<std::string> find_checkpoint(const std::string& folder);
/// Throws Error (io).
void make_checkpoint_folder(const std::string& folder);
/// Replaces the file as a whole: a failure leaves the previous one. Throws Error (io).
void write_checkpoint(const std::string& folder, const std::string& text);

}  // namespace energylens::search
