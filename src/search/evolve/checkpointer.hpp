// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>

#include "core/file_lock.hpp"
#include "search/evolve/checkpoint.hpp"

namespace energylens::search {

/// Writes the state of a search to a folder from time to time. Does nothing if no folder is given.
class Checkpointer {
 public:
  /// Prepares and locks the folder, so that one that cannot be written is reported before the search, and no other
  /// search writes into it. Throws Error (usage) if the folder has a state and the search is not to be resumed, or if
  /// another search uses it; (io) if it cannot be written.
  Checkpointer(const Problem& problem, const Options& options);

  bool enabled() const { return !options_.checkpoint.empty(); }
  /// The state to resume from; nothing if there is none. Throws Error (bad input) if it belongs to another
  /// search, or is damaged.
  std::optional<Checkpoint> find(const SearchContext& context) const;
  /// Keeps the state, and writes it if the last one is old enough.
  void store(Checkpoint state);
  /// Writes the state that was kept last, so that a search that ends can go on from it.
  void write();
  /// Why the last state could not be written; empty if it was. A full disk costs the checkpoint, not the
  /// search.
  const std::string& problem() const { return problem_; }

 private:
  const Options& options_;
  CheckpointKey key_;
  std::optional<FileLock> lock_;
  std::optional<Checkpoint> state_;  ///< kept and not written yet
  std::string problem_;
  double due_s_ = 0;  ///< by the steady clock
};

}  // namespace energylens::search
