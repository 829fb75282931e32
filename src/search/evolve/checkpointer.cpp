// SPDX-License-Identifier: Apache-2.0
// Tested by tests/search/evolve/resume_test.cpp.
#include "search/evolve/checkpointer.hpp"

#include "core/file.hpp"
#include "energylens/core/error.hpp"

namespace energylens::search {

Checkpointer::Checkpointer(const Problem& problem, const Options& options)
    : options_(options), key_(key_of(problem, options)) {
  const std::string& folder = options.checkpoint;
  if (folder.empty()) return;
  if (!options.resume && find_checkpoint(folder))
    throw Error::usage(checkpoint_file(folder) +
                       " holds the state of a search: continue it with --resume, or choose another folder");
  make_checkpoint_folder(folder);
  check_writable(checkpoint_file(folder));
}

std::optional<Checkpoint> Checkpointer::find() const {
  if (!options_.resume) return std::nullopt;
  const std::optional<std::string> text = find_checkpoint(options_.checkpoint);
  if (!text) return std::nullopt;
  Checkpoint state = read_checkpoint(*text, checkpoint_file(options_.checkpoint), key_);
  if (state.islands.size() != static_cast<std::size_t>(options_.islands))
    throw Error::bad_input({checkpoint_file(options_.checkpoint), 0, {}}, "islands are missing");
  return state;
}

void Checkpointer::store(const Checkpoint& state, double seconds) {
  state_ = checkpoint_text(state, key_);
  write(seconds, false);
}

void Checkpointer::write(double seconds, bool always) {
  if (!enabled() || state_.empty()) return;
  if (!always && seconds - written_at_ < options_.checkpoint_every_s) return;
  written_at_ = seconds;
  try {
    write_checkpoint(options_.checkpoint, state_);
    problem_.clear();
  } catch (const Error& error) {
    problem_ = error.what();
  }
}

}  // namespace energylens::search
