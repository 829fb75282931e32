// SPDX-License-Identifier: Apache-2.0
// A search that is killed loses what it did since its last state. So states are written often, but writing takes at most
// a twentieth of the time. Tested by tests/search/evolve/resume_test.cpp.
#include "search/evolve/checkpointer.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/file.hpp"
#include "energylens/core/error.hpp"

namespace energylens::search {
namespace {

constexpr const char* kLockFile = "/search.lock";
constexpr double kWritingToSearching = 20;

double checkpoint_clock_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Checkpointer::Checkpointer(const Problem& problem, const Options& options)
    : options_(options), key_(key_of(problem, options)) {
  const std::string& folder = options.checkpoint;
  if (folder.empty()) return;
  const auto refuse_used = [&] {
    if (!options.resume && find_checkpoint(folder))
      throw Error::usage(
          checkpoint_file(folder) +
          " contains the state of a search; use --resume to continue it, or choose another folder");
  };
  refuse_used();
  make_checkpoint_folder(folder);
  lock_ = FileLock::take(folder + kLockFile);
  if (!lock_)
    throw Error::usage(folder + " is used by another search that is running: choose another folder");
  refuse_used();  // that search may have ended meanwhile
  constexpr std::string_view kOurs[] = {kCheckpointFile};
  remove_unfinished(folder, kOurs);  // what killed searches left
  check_writable(checkpoint_file(folder));
}

std::optional<Checkpoint> Checkpointer::find(const SearchContext& context) const {
  if (!options_.resume || !enabled()) return std::nullopt;
  const std::optional<std::string> text = find_checkpoint(options_.checkpoint);
  if (!text) return std::nullopt;
  const std::string file = checkpoint_file(options_.checkpoint);
  Checkpoint state = read_checkpoint(*text, file, key_);
  if (state.islands.size() != static_cast<std::size_t>(options_.islands))
    throw Error::bad_input({file, 0, {}}, "islands are missing");
  require_possible(state, file, context);
  return state;
}

void Checkpointer::store(Checkpoint state) {
  if (!enabled()) return;
  state_ = std::move(state);
  if (checkpoint_clock_s() >= due_s_) write();
}

void Checkpointer::write() {
  if (!state_) return;
  const double began_s = checkpoint_clock_s();
  try {
    write_checkpoint(options_.checkpoint, checkpoint_text(*state_, key_));
    problem_.clear();
    state_.reset();
  } catch (const Error& error) {
    problem_ = error.what();
  }
  const double ended_s = checkpoint_clock_s();
  due_s_ = ended_s + std::max(options_.checkpoint_every_s, kWritingToSearching * (ended_s - began_s));
}

}  // namespace energylens::search
