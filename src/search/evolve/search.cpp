// SPDX-License-Identifier: Apache-2.0
// search.cpp: guesses and small formulas first, then islands in parallel. Time is cut into epochs, in which
// every island fits as many formulas and hears of nobody; between epochs the best are exchanged in the order
// of islands. So the outcome does not depend on which thread ran what. A chapter is some epochs; checkpoints
// are taken between chapters, where islands forget which structures they fitted. Held by
// tests/search/evolve/search_test.cpp (recovery, threads, cancel) and tests/search/evolve/resume_test.cpp.
#include "energylens/search/search.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <deque>

#include "energylens/core/error.hpp"
#include "energylens/core/file.hpp"
#include "energylens/expr/text.hpp"
#include "energylens/search/relative.hpp"
#include "search/evolve/checkpoint.hpp"
#include "search/evolve/island.hpp"
#include "search/front/describe.hpp"
#include "search/front/units.hpp"
#include "search/generate/finish.hpp"
#include "search/generate/guesses.hpp"
#include "search/generate/seeds.hpp"

namespace energylens::search {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kEpoch = 400;  // formulas that an island fits in one epoch
constexpr std::uint64_t kEpochsPerChapter = 5;
constexpr std::uint64_t kFinish = 32;  // of the limits, one part in so many is for finishing the front
constexpr std::uint64_t kFewestOfStage = 64;

class Search {
 public:
  Search(const Problem& problem, const Options& options)
      : problem_(problem),
        options_(options),
        form_(read_form(problem)),
        sheet_(problem, form_, options.loss),
        vocabulary_(vocabulary_of(problem, form_, options)),
        setting_(setting_of(sheet_, vocabulary_, options, problem, form_)),
        key_(key_of(problem, options)),
        began_(Clock::now()) {
    run_.threads = options.threads;
    run_.cancel = options.cancel;
    for (int i = 0; i < options.islands; ++i) {
      islands_.emplace_back(setting_, options.seed * 1000003 + static_cast<std::uint64_t>(i));
    }
  }

  Front find() {
    prepare_checkpoint();
    if (!resumed()) begin();
    for (bool more = true; !ended() && more;) {
      const std::uint64_t before = evaluations_;
      chapter();
      save(false);
      more = evaluations_ - before > islands_.size();  // else there are no other formulas
    }
    save(true);
    if (why_ != Ended::cancelled && why_ != Ended::target_loss) finish();
    return front();
  }

 private:
  double seconds() const {
    if (options_.processor_time) return seconds_before_ + processor_seconds() - processor_began_;
    return seconds_before_ + std::chrono::duration<double>(Clock::now() - began_).count();
  }
  double processor_seconds() const {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC / std::max(1, options_.threads);
  }
  bool cancelled() const { return options_.cancel && options_.cancel->cancelled(); }
  bool out_of_time() const {
    const double share = finishing_ ? 1 : 1 - 1.0 / kFinish;
    return seconds() >= share * options_.time_limit_s;
  }
  std::uint64_t left() const {
    if (options_.evaluations == 0) return ~std::uint64_t{0};
    const std::uint64_t kept = finishing_ ? 0 : options_.evaluations / kFinish;
    const std::uint64_t limit = options_.evaluations - (kept < kFewestOfStage ? 0 : kept);
    return limit > evaluations_ ? limit - evaluations_ : 0;
  }

  bool ended() {
    if (cancelled()) return why_ = Ended::cancelled, true;
    if (archive_.least_loss() <= options_.target_loss) return why_ = Ended::target_loss, true;
    if (options_.enough && options_.enough->cancelled()) return why_ = Ended::enough, true;
    if (left() == 0) return why_ = Ended::evaluations, true;
    if (out_of_time()) return why_ = Ended::time_limit, true;
    return false;
  }

  void take(const std::vector<Tree>& trees);
  void begin();
  void prepare_checkpoint();
  bool resumed();
  void chapter();
  void epoch();
  void finish();
  void exchange();
  void count();
  void save(bool last);
  void tell(bool now);
  Front front();

  const Problem& problem_;
  const Options& options_;
  const Form form_;
  const Sheet sheet_;
  const Vocabulary vocabulary_;
  const Setting setting_;
  const CheckpointKey key_;
  RunOptions run_;
  std::deque<Island> islands_;
  Archive archive_;
  std::uint64_t evaluations_ = 0, duplicates_ = 0, chapters_ = 0, seeds_evaluated_ = 0;
  Ended why_ = Ended::evaluations;
  bool finishing_ = false;
  Clock::time_point began_;
  double processor_began_ = processor_seconds();
  double seconds_before_ = 0, saved_at_ = 0, told_at_ = 0;
  std::string checkpoint_problem_;  // of the last one; empty if it was written
  std::string state_;               // at the begin of this chapter
};

/// Fits some trees, a share of them on every island, and keeps the good ones.
void Search::take(const std::vector<Tree>& trees) {
  std::vector<std::optional<Member>> members(trees.size());
  parallel_for(islands_.size(), run_, [&](std::size_t i) {
    for (std::size_t t = i; t < trees.size() && !cancelled() && !out_of_time(); t += islands_.size()) {
      members[t] = islands_[i].judge().judge(trees[t], nullptr);
    }
  });
  for (std::size_t t = 0; t < members.size(); ++t) {
    if (!members[t]) continue;
    archive_.admit(*members[t]);
    islands_[t % islands_.size()].admit(*members[t]);
  }
  count();
}

/// Guesses and small formulas, as far as a part of the limits goes: to make those of a stage costs as much as
/// thousands of fits, so a stage whose share of the evaluations is small is left to the islands, and time is
/// looked at within stages, too.
void Search::begin() {
  constexpr double kShareOfTime = 0.7;
  std::vector<Tree> guesses;
  for (const std::string& guess : options_.guesses) {
    guesses.push_back(guess_tree(guess, form_, vocabulary_));
    guesses.push_back(guesses.back());
    expand(guesses.back(), vocabulary_.positive);
  }
  take(guesses);
  const CancelToken enough(
      [this] { return cancelled() || seconds() >= kShareOfTime * options_.time_limit_s; });
  RunOptions in_stage = run_;
  in_stage.cancel = &enough;
  for (int stage = 0; stage < kSeedStages && !ended() && !enough.cancelled(); ++stage) {
    const std::uint64_t share = left() / 2;
    if (stage > 0 && share < kFewestOfStage) break;
    std::vector<Tree> small = seeds(setting_, problem_, stage, in_stage);
    small.resize(std::min<std::uint64_t>(small.size(), share));
    take(small);
    tell(false);
  }
  for (Island& island : islands_) {
    for (const Member* member : archive_.front()) island.admit(*member);
  }
}

/// Another search's state is not written over, and a folder that cannot be written is named before the
/// search.
void Search::prepare_checkpoint() {
  const std::string& folder = options_.checkpoint;
  if (folder.empty()) return;
  if (!options_.resume && find_checkpoint(folder))
    throw Error::usage(checkpoint_file(folder) +
                       " is the state of a search: --resume goes on with it; else name another folder");
  make_checkpoint_folder(folder);
  check_writable(checkpoint_file(folder));
}

bool Search::resumed() {
  if (!options_.resume) return false;
  const std::optional<std::string> text = find_checkpoint(options_.checkpoint);
  if (!text) return false;
  const Checkpoint state = read_checkpoint(*text, checkpoint_file(options_.checkpoint), key_);
  if (state.islands.size() != islands_.size())
    throw Error::bad_input({checkpoint_file(options_.checkpoint), 0, {}}, "islands are missing");
  for (const Member& member : state.archive) archive_.admit(member);
  for (std::size_t i = 0; i < islands_.size(); ++i) islands_[i].restore(state.islands[i]);
  islands_[0].judge().count(state.evaluations, state.duplicates);
  chapters_ = state.chapters;
  seconds_before_ = state.seconds;
  saved_at_ = state.seconds;
  count();
  return true;
}

void Search::count() {
  evaluations_ = duplicates_ = 0;
  for (Island& island : islands_) {
    evaluations_ += island.judge().evaluations();
    duplicates_ += island.judge().duplicates();
  }
}

void Search::chapter() {
  for (Island& island : islands_) island.begin_chapter();
  if (!options_.checkpoint.empty()) {
    Checkpoint state{evaluations_, duplicates_, chapters_, seconds(), {}, {}};
    for (const auto& [complexity, member] : archive_.by_complexity()) state.archive.push_back(member);
    for (const Island& island : islands_) state.islands.push_back(island.state());
    state_ = checkpoint_text(state, key_);
    save(false);
  }
  for (std::uint64_t e = 0; e < kEpochsPerChapter && !ended(); ++e) epoch();
  ++chapters_;
}

void Search::epoch() {
  const std::uint64_t each = std::min(kEpoch, left() / islands_.size() + 1);
  parallel_for(islands_.size(), run_, [&](std::size_t i) {
    islands_[i].run(each, [this] { return cancelled() || out_of_time(); });
  });
  exchange();
  count();
  tell(false);
}

/// The news of every island go to the archive and to its neighbour.
void Search::exchange() {
  for (std::size_t i = 0; i < islands_.size(); ++i) {
    for (const Member* member : islands_[i].news().front()) {
      archive_.admit(*member);
      islands_[(i + 1) % islands_.size()].admit(*member);
    }
    islands_[i].news() = Archive();
  }
}

/// Tries the formulas next to those of the front, and next to those that this puts there, until the front
/// stands or the share of the limits kept for this is used up. What it finds enters no checkpoint: a resumed
/// search does it again.
void Search::finish() {
  constexpr int kRounds = 30;
  finishing_ = true;
  if (left() < kFewestOfStage || out_of_time()) return;
  Finisher finisher(setting_, run_);
  for (int round = 0; round < kRounds && !cancelled() && !out_of_time() && left() > 0; ++round) {
    const std::vector<Tree> trees = finisher.around(archive_.front(), left());
    if (trees.empty()) return;
    take(trees);
    tell(false);
  }
  if (cancelled()) why_ = Ended::cancelled;
}

void Search::save(bool last) {
  if (options_.checkpoint.empty() || state_.empty()) return;
  if (!last && seconds() - saved_at_ < options_.checkpoint_every_s) return;
  saved_at_ = seconds();
  try {
    write_checkpoint(options_.checkpoint, state_);
    checkpoint_problem_.clear();
  } catch (const Error& error) {  // a disk that is full meanwhile costs the checkpoint, not the search
    checkpoint_problem_ = error.what();
  }
}

void Search::tell(bool now) {
  if (!options_.watch || (!now && seconds() - told_at_ < options_.watch_every_s)) return;
  told_at_ = seconds();
  Status status;
  status.evaluations = evaluations_;
  status.seconds = seconds();
  status.formulas_per_s = static_cast<double>(evaluations_) / std::max(status.seconds, 1e-9);
  status.seconds_left = options_.time_limit_s - status.seconds;
  if (options_.evaluations != 0) {
    status.seconds_left =
        std::min(status.seconds_left, static_cast<double>(left()) / std::max(status.formulas_per_s, 1e-9));
  }
  for (const Member* member : archive_.front()) {
    status.best.push_back({member->complexity, member->loss(), formula_of(*member, setting_, form_).text()});
  }
  options_.watch(status);
}

Front Search::front() {
  tell(true);
  Front out;
  out.formulas = describe(archive_, setting_, problem_, form_, run_);
  out.remarks = unfitted_guesses(setting_, form_);
  for (std::string& remark : units_without_inputs(out.formulas, setting_, problem_))
    out.remarks.push_back(std::move(remark));
  write_out_relatives(problem_, out);
  out.why = why_;
  out.evaluations = evaluations_;
  out.duplicates = duplicates_;
  out.seconds = seconds();
  if (!checkpoint_problem_.empty()) out.remarks.push_back("no checkpoint is kept: " + checkpoint_problem_);
  if (out.formulas.empty() && cancelled()) throw Error::cancelled();
  if (out.formulas.empty())
    throw Error::bad_input({}, "no formula could be fitted: every one tried has a value that is not finite");
  return out;
}

void check_together(const Problem& problem, const Options& options) {
  check(problem);
  check(options);
  if (options.loss != Loss::absolute) {
    for (std::size_t i = 0; i < problem.rows(); ++i) {
      if (!(problem.target[i] > 0)) {
        throw Error::bad_input({}, "\"" + problem.target_name + "\" is " + number_text(problem.target[i]) +
                                       " in row " + std::to_string(i + 1) +
                                       ": relative errors need targets above 0");
      }
    }
  }
  const std::size_t least = options.coefficients == Scope::per_group ? problem.group_count() : 1;
  if (problem.rows() <= least) {
    throw Error::bad_input(
        {}, std::to_string(problem.rows()) + " rows cannot fix " + std::to_string(least) + " constants");
  }
  for (const std::string& name : options.rising) {
    const auto same = [&](const Input& input) { return input.name == name; };
    if (std::none_of(problem.inputs.begin(), problem.inputs.end(), same))
      throw Error::usage("there is no column \"" + name + "\" to rise in");
  }
}

}  // namespace

Front search(const Problem& problem, const Options& options) {
  check_together(problem, options);
  return Search(problem, options).find();
}

}  // namespace energylens::search
