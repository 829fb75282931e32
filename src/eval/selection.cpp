// SPDX-License-Identifier: Apache-2.0
// selection.cpp: the protocol `selection`, and `transfer`, which is the same with other groups known already.
// Held by folds_test.cpp: the worked example of docs/method/evaluation.md, and that no held-out row is trained on.
#include "eval/selection.hpp"

#include "eval/held_out.hpp"

namespace energylens::eval {
namespace {

/// One fold per seed and target: all rows of the sources, then the target as in `selection`.
class Transfer final : public Selection {
 public:
  using Selection::Selection;

  std::size_t size() const override { return samples() * asked().size(); }

  Fold fold(std::size_t index) const override {
    const std::size_t sample = index / asked().size();
    Fold fold{sample, sample, {}};
    for (std::size_t source = 0; setting().with_sources && source < options().sources; ++source) {
      fold.parts.push_back(whole(source));
    }
    fold.parts.push_back(asked_part(asked()[index % asked().size()], fold.seed));
    return fold;
  }
};

}  // namespace

std::size_t Selection::size() const {
  return samples() * (options().fit.pool ? 1 : asked().size());
}

Fold Selection::fold(std::size_t index) const {
  const std::size_t per_sample = size() / samples();
  Fold fold{index / per_sample, index / per_sample, {}};
  if (!options().fit.pool) {
    fold.parts.push_back(asked_part(asked()[index % per_sample], fold.seed));
    return fold;
  }
  for (std::size_t g = 0; g < groups(); ++g) {
    fold.parts.push_back(asks(g) ? asked_part(g, fold.seed) : teaching_part(g, fold.seed));
  }
  return fold;
}

Part Selection::asked_part(std::size_t index, std::uint64_t seed) const {
  const std::vector<table::Scenario>& all = scenarios(index);
  const HeldOut held_out = options().blocked ? held_out_block(seed, group(index), all, *options().blocked)
                                             : held_out_scenarios(seed, all.size());
  Part part;
  part.group = index;
  std::vector<table::Scenario> asked;
  for (const std::size_t scenario : held_out.scenarios) {
    asked.push_back(all[scenario]);
    part.test.insert(part.test.end(), all[scenario].rows.begin(), all[scenario].rows.end());
  }
  part.questions = layout_questions(asked);
  part.withheld = held_out.withheld;
  std::vector<bool> may_train(group(index).rows.size(), true);
  for (const std::size_t row : part.test) may_train[row] = false;
  for (const std::size_t row : part.withheld) may_train[row] = false;
  part.scenarios = remaining(group(index), all, may_train);
  part.train = options().sampling == design::Strategy::random
                   ? drawn(seed, may_train)
                   : sampler_.rows({index, seed}, may_train, part.scenarios);
  return part;
}

Part Selection::teaching_part(std::size_t index, std::uint64_t seed) const {
  Part part = whole(index);
  part.train = drawn(seed, std::vector<bool>(part.train.size(), true));
  return part;
}

std::unique_ptr<Plan> selection_plan(std::span<const table::Group> groups, const Setting& setting) {
  return std::make_unique<Selection>(groups, setting);
}

std::unique_ptr<Plan> transfer_plan(std::span<const table::Group> groups, const Setting& setting) {
  return std::make_unique<Transfer>(groups, setting);
}

}  // namespace energylens::eval
