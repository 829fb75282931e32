// SPDX-License-Identifier: Apache-2.0
// search_steps.cpp: the islands run in parallel for one generation, in which each fits the same number of
// formulas and none hears of the others; then the best migrate, in the order of the islands. So the result
// does not depend on which thread ran which island. A cycle is a few generations; at its beginning islands clear
// their visited sets. Checkpoints are taken before every stage of seeds and every generation. Tested by tests/search/evolve/search_test.cpp
// (recovery, threads, cancel) and tests/search/evolve/resume_test.cpp.
#include "search/evolve/search_steps.hpp"

#include <algorithm>

#include "energylens/core/error.hpp"
#include "energylens/expr/text.hpp"
#include "search/front/describe.hpp"
#include "search/front/units.hpp"
#include "search/generate/guesses.hpp"
#include "search/generate/local_search.hpp"
#include "search/generate/seeds.hpp"
#include "search/normalised_inputs.hpp"

namespace energylens::search {
namespace {

constexpr std::uint64_t kPerGeneration = 400;  // formulas that an island fits in one generation
constexpr int kGenerationsPerCycle = 5;

/// Sends what every island found since the last migration to the archive and to the next island.
void migrate(SearchState& s) {
  for (std::size_t i = 0; i < s.islands.size(); ++i) {
    for (const Member* member : s.islands[i].migrants().front()) {
      s.archive.admit(*member);
      s.islands[(i + 1) % s.islands.size()].admit(*member);
    }
    s.islands[i].migrants() = Archive();
  }
}

void run_generation(SearchState& s) {
  const std::uint64_t each = std::min(kPerGeneration, s.evaluations_left() / s.islands.size() + 1);
  parallel_for(s.islands.size(), s.run, [&](std::size_t i) {
    s.islands[i].run(each, [&] { return s.budget.cancelled() || s.budget.out_of_time(); });
  });
  migrate(s);
  count_evaluations(s);
  report_status(s, false);
}

Checkpoint checkpoint_of(const SearchState& s) {
  Checkpoint out{s.evaluations, s.duplicates, s.position, s.budget.seconds(), {}, {}};
  for (const auto& [complexity, member] : s.archive.by_complexity()) out.archive.push_back(member);
  for (const Island& island : s.islands) out.islands.push_back(island.state());
  return out;
}

void keep_state(SearchState& s) {
  if (s.checkpointer.enabled()) s.checkpointer.store(checkpoint_of(s));
}

/// A cycle, or the rest of the one that a checkpoint was taken in. Returns false if there are no other formulas.
bool run_cycle(SearchState& s) {
  SearchPosition& at = s.position;
  if (!at.in_cycle) {
    for (Island& island : s.islands) island.begin_cycle();
    at.in_cycle = true;
    at.generation = 0;
    at.cycle_began = s.evaluations;
  }
  for (; at.generation < kGenerationsPerCycle && !limit_reached(s); ++at.generation) {
    keep_state(s);
    run_generation(s);
  }
  at.in_cycle = false;
  ++at.cycles;
  return s.evaluations - at.cycle_began > s.islands.size();
}

/// Every guess as it is written, and with its brackets multiplied out.
std::vector<Tree> guess_trees(const SearchState& s) {
  std::vector<Tree> out;
  for (const std::string& guess : s.options.guesses) {
    out.push_back(guess_tree(guess, s.form, s.primitives));
    out.push_back(out.back());
    expand(out.back(), s.primitives.positive);
  }
  return out;
}

/// The trees of a stage of seeds, guesses being the first; nothing if the stage is left out, as all after it.
std::optional<std::vector<Tree>> stage_trees(const SearchState& s, int stage, const RunOptions& run) {
  if (stage == 0) return guess_trees(s);
  const std::uint64_t share = s.evaluations_left() / 2;
  if (stage > 1 && share < kFewestEvaluations) return std::nullopt;
  std::vector<Tree> small = seeds(s.context, s.problem, stage - 1, run);
  small.resize(std::min<std::uint64_t>(small.size(), share));
  return small;
}

}  // namespace

SearchState::SearchState(const Problem& searched, const Options& given)
    : problem(searched),
      options(given),
      form(read_form(searched)),
      dataset(searched, form, given.loss),
      primitives(make_primitive_set(searched, form, given)),
      context(make_context(dataset, primitives, options, problem, form)),
      budget(given),
      checkpointer(searched, given) {
  run.threads = options.threads;
  run.cancel = options.cancel;
  for (int i = 0; i < options.islands; ++i)
    islands.emplace_back(context, options.seed * 1000003 + static_cast<std::uint64_t>(i));
}

void resume(SearchState& s) {
  const std::optional<Checkpoint> state = s.checkpointer.find(s.context);
  if (!state) return;
  for (const Member& member : state->archive) s.archive.admit(member);
  for (std::size_t i = 0; i < s.islands.size(); ++i) s.islands[i].restore(state->islands[i]);
  s.islands[0].evaluator().set_counts(state->evaluations, state->duplicates);
  s.position = state->position;
  s.budget.add_earlier_seconds(state->seconds);
  count_evaluations(s);
}

/// Making the trees of a stage costs as much as thousands of fits. So a stage that would get few of the
/// evaluations is left out, and the time limit holds within stages, too.
void seed(SearchState& s) {
  constexpr double kShareOfTime = 0.7;
  int& stage = s.position.seed_stage;
  if (stage > kSeedStages) return;
  const CancelToken enough(
      [&s] { return s.budget.cancelled() || s.budget.seconds() >= kShareOfTime * s.options.time_limit_s; });
  RunOptions in_stage = s.run;
  in_stage.cancel = &enough;
  for (; stage <= kSeedStages && (stage == 0 || (!limit_reached(s) && !enough.cancelled())); ++stage) {
    if (stage > 0) keep_state(s);
    const std::optional<std::vector<Tree>> trees = stage_trees(s, stage, in_stage);
    if (!trees) break;
    fit_trees(*trees, s);
    if (stage > 0) report_status(s, false);
  }
  if (limit_reached(s) == Ended::cancelled) return;
  stage = kSeedStages + 1;
  for (Island& island : s.islands) {
    for (const Member* member : s.archive.front()) island.admit(*member);
  }
}

void evolve(SearchState& s) {
  for (bool more = true; !limit_reached(s) && more;) more = run_cycle(s);
  s.checkpointer.write();
  s.ended = limit_reached(s).value_or(Ended::evaluations);
}

void refine_front(SearchState& s) {
  constexpr int kRounds = 30;
  if (s.ended == Ended::cancelled || s.ended == Ended::target_loss) return;
  s.budget.release_reserve();
  if (s.evaluations_left() < kFewestEvaluations || s.budget.out_of_time()) return;
  LocalSearch local(s.context, s.run);
  const auto may_continue = [&s] {
    return !s.budget.cancelled() && !s.budget.out_of_time() && s.evaluations_left() > 0;
  };
  for (int round = 0; round < kRounds && may_continue(); ++round) {
    const std::vector<Tree> trees = local.around(s.archive.front(), s.evaluations_left());
    if (trees.empty()) return;
    fit_trees(trees, s);
    report_status(s, false);
  }
  if (s.budget.cancelled()) s.ended = Ended::cancelled;
}

Front summarise(SearchState& s) {
  report_status(s, true);
  Front out;
  out.formulas = describe(s.archive, s.context, s.problem, s.form, s.run);
  out.remarks = unfitted_guesses(s.context, s.form);
  for (std::string& remark : units_without_inputs(out.formulas, s.context, s.problem))
    out.remarks.push_back(std::move(remark));
  expand_normalised_inputs(s.problem, out);
  out.why = s.ended;
  out.evaluations = s.evaluations;
  out.duplicates = s.duplicates;
  out.seconds = s.budget.seconds();
  if (!s.checkpointer.problem().empty())
    out.remarks.push_back("cannot write a checkpoint: " + s.checkpointer.problem());
  if (out.formulas.empty() && s.budget.cancelled()) throw Error::cancelled();
  if (out.formulas.empty())
    throw Error::bad_input({}, "no formula could be fitted: every candidate has a value that is not finite");
  return out;
}

std::optional<Ended> limit_reached(const SearchState& s) {
  if (s.budget.cancelled()) return Ended::cancelled;
  if (s.archive.least_loss() <= s.options.target_loss) return Ended::target_loss;
  if (s.options.enough && s.options.enough->cancelled()) return Ended::enough;
  if (s.evaluations_left() == 0) return Ended::evaluations;
  if (s.budget.out_of_time()) return Ended::time_limit;
  return std::nullopt;
}

void fit_trees(const std::vector<Tree>& trees, SearchState& s) {
  std::vector<std::optional<Member>> members(trees.size());
  parallel_for(s.islands.size(), s.run, [&](std::size_t i) {
    for (std::size_t t = i; t < trees.size(); t += s.islands.size()) {
      if (s.budget.cancelled() || s.budget.out_of_time()) return;
      members[t] = s.islands[i].evaluator().evaluate(trees[t], nullptr);
    }
  });
  for (std::size_t t = 0; t < members.size(); ++t) {
    if (!members[t]) continue;
    s.archive.admit(*members[t]);
    s.islands[t % s.islands.size()].admit(*members[t]);
  }
  count_evaluations(s);
}

void count_evaluations(SearchState& s) {
  s.evaluations = s.duplicates = 0;
  for (Island& island : s.islands) {
    s.evaluations += island.evaluator().evaluations();
    s.duplicates += island.evaluator().duplicates();
  }
}

void report_status(SearchState& s, bool always) {
  const double seconds = s.budget.seconds();
  if (!s.options.watch || (!always && seconds - s.reported_at < s.options.watch_every_s)) return;
  s.reported_at = seconds;
  Status status;
  status.evaluations = s.evaluations;
  status.seconds = seconds;
  status.formulas_per_s = static_cast<double>(s.evaluations) / std::max(seconds, 1e-9);
  status.seconds_left = s.options.time_limit_s - seconds;
  if (s.options.evaluations != 0) {
    status.seconds_left = std::min(status.seconds_left, static_cast<double>(s.evaluations_left()) /
                                                            std::max(status.formulas_per_s, 1e-9));
  }
  for (const Member* member : s.archive.front())
    status.best.push_back(
        {member->complexity, member->loss(), formula_of(*member, s.context, s.form).text()});
  s.options.watch(status);
}

}  // namespace energylens::search
