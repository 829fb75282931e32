// SPDX-License-Identifier: Apache-2.0
// selection.cpp: the protocol `selection`, and `transfer`, which is the same after training on source groups.
// Held by folds_test.cpp: the worked example of docs/method/evaluation.md, and that no held-out row is
// trained on.
#include "eval/selection.hpp"

#include "eval/held_out.hpp"

namespace energylens::eval {
namespace {

/// One fold per seed and target: all rows of the sources, then the target as in `selection`.
class Transfer final : public Selection {
 public:
  Transfer(std::span<const table::Group> groups, const Setting& setting, const TransferOptions& own)
      : Selection(groups, setting, {setting.train, own.blocked, design::Strategy::random}) {}

  std::size_t size() const override { return samples() * tested().size(); }

  Fold fold(std::size_t index) const override {
    const std::size_t sample = index / tested().size();
    Fold fold{sample, sample, {}};
    const std::size_t sources = setting().with_sources ? own<TransferOptions>().sources : 0;
    for (std::size_t source = 0; source < sources; ++source) fold.parts.push_back(whole(source));
    fold.parts.push_back(tested_part(tested()[index % tested().size()], fold.seed));
    return fold;
  }
};

design::DesignOptions design_options(const Selection::Draw& draw, const EvaluationOptions& options) {
  design::DesignOptions out;
  out.strategy = draw.sampling;
  out.rows = draw.train;
  out.fit = options.fit;
  out.fit.run = {.threads = 1, .progress = {}, .cancel = options.run.cancel};
  return out;
}

}  // namespace

Selection::Selection(std::span<const table::Group> groups, const Setting& setting, const Draw& draw)
    : Plan(groups, setting), draw_(draw), sampler_(groups, design_options(draw, setting.options)) {}

std::size_t Selection::size() const {
  return samples() * (options().fit.pool ? 1 : tested().size());
}

Fold Selection::fold(std::size_t index) const {
  const std::size_t per_sample = size() / samples();
  Fold fold{index / per_sample, index / per_sample, {}};
  if (!options().fit.pool) {
    fold.parts.push_back(tested_part(tested()[index % per_sample], fold.seed));
    return fold;
  }
  for (std::size_t g = 0; g < groups(); ++g) {
    fold.parts.push_back(tests(g) ? tested_part(g, fold.seed) : training_part(g, fold.seed));
  }
  return fold;
}

Part Selection::tested_part(std::size_t index, std::uint64_t seed) const {
  const std::vector<table::Scenario>& all = scenarios(index);
  const HeldOut held_out = draw_.blocked ? held_out_block(seed, group(index), all, *draw_.blocked)
                                         : held_out_scenarios(seed, all.size());
  Part part;
  part.group = index;
  std::vector<table::Scenario> tested;
  for (const std::size_t scenario : held_out.scenarios) {
    tested.push_back(all[scenario]);
    part.test.insert(part.test.end(), all[scenario].rows.begin(), all[scenario].rows.end());
  }
  part.questions = layout_questions(tested);
  part.withheld = held_out.withheld;
  std::vector<bool> may_train(group(index).rows.size(), true);
  for (const std::size_t row : part.test) may_train[row] = false;
  for (const std::size_t row : part.withheld) may_train[row] = false;
  part.scenarios = remaining(group(index), all, may_train);
  if (draw_.sampling == design::Strategy::random) {
    part.train = drawn(seed, draw_.train, may_train);
  } else {
    part.train = sampler_.rows({index, seed}, may_train, part.scenarios);
  }
  return part;
}

Part Selection::training_part(std::size_t index, std::uint64_t seed) const {
  Part part = whole(index);
  part.train = drawn(seed, draw_.train, std::vector<bool>(part.train.size(), true));
  return part;
}

std::unique_ptr<Plan> selection_plan(std::span<const table::Group> groups, const Setting& setting) {
  const auto& own = std::get<SelectionOptions>(setting.options.protocol);
  return std::make_unique<Selection>(groups, setting, Selection::Draw{own.train, own.blocked, own.sampling});
}

std::unique_ptr<Plan> transfer_plan(std::span<const table::Group> groups, const Setting& setting) {
  return std::make_unique<Transfer>(groups, setting, std::get<TransferOptions>(setting.options.protocol));
}

}  // namespace energylens::eval
