// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>

#include "search/evolve/checkpoint.hpp"

namespace energylens::search {

/// Writes the state of a search to a folder from time to time. Does nothing if no folder is given.
class Checkpointer {
 public:
  /// Prepares the folder, so that one that cannot be written is reported before the search. Throws Error
  /// (usage) if the folder has a state and the search is not to be resumed; (io) if it cannot be written.
  Checkpointer(const Problem& problem, const Options& options);

  bool enabled() const { return !options_.checkpoint.empty(); }
  /// The state to resume from; nothing if there is none. Throws Error (bad input) if it belongs to another
  /// search.
  std::optional<Checkpoint> find() const;
  /// Stores the state at the beginning of a cycle, and writes it if the last one is old enough.
  void store(const Checkpoint& state, double seconds);
  /// Writes the stored state if the last one is old enough, or in any case.
  void write(double seconds, bool always);
  void set_written(double seconds) { written_at_ = seconds; }
  /// Why the last state could not be written; empty if it was. A full disk costs the checkpoint, not the
  /// search.
  const std::string& problem() const { return problem_; }

 private:
  const Options& options_;
  CheckpointKey key_;
  std::string state_;
  std::string problem_;
  double written_at_ = 0;
};

}  // namespace energylens::search
