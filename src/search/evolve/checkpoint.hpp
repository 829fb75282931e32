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

/// The state of a search between chapters: all that its future follows from.
struct Checkpoint {
  std::uint64_t evaluations = 0, duplicates = 0, chapters = 0;
  double seconds = 0;
  std::vector<Member> archive;
  std::vector<Island::State> islands;
};

/// Which problem and which options a checkpoint belongs to. Limits, threads and where it is kept may differ.
struct CheckpointKey {
  std::string problem, options;
};
CheckpointKey key_of(const Problem& problem, const Options& options);

std::string checkpoint_text(const Checkpoint& checkpoint, const CheckpointKey& key);
/// Throws Error for text that is cut short, of another version, another problem or other options.
Checkpoint read_checkpoint(const std::string& text, const std::string& file, const CheckpointKey& key);

/// Where the state stands in the folder of a checkpoint.
std::string checkpoint_file(const std::string& folder);
/// Nothing if the folder has none.
std::optional<std::string> find_checkpoint(const std::string& folder);
/// Throws Error (io).
void make_checkpoint_folder(const std::string& folder);
/// The file is whole or the older one stays. Throws Error (io).
void write_checkpoint(const std::string& folder, const std::string& text);

/// Exact text of a tree, and back. Throws Error (bad input) for text that is none.
std::string tree_text(const Tree& tree);
Tree parse_tree(const std::string& text);

}  // namespace energylens::search
