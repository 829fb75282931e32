// SPDX-License-Identifier: Apache-2.0
// How wrong the prior is on systems that the library does not hold: every group in turn is predicted from the entries that
// are not of its model, not on its GPU or not of its vendor. Two names of one shape count as one model, so that
// Llama-3.1-70B does not teach Llama-3.3-70B. Held by evaluate_test.cpp.
#include "energylens/library/evaluate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "energylens/core/rng.hpp"
#include "parametric/transfer_likeness.hpp"

namespace energylens::library {
namespace {

constexpr std::array kAllLeftOut{LeftOut::model, LeftOut::gpu, LeftOut::vendor};

bool near_equal(double a, double b) {
  return std::abs(a / b - 1) < 0.01;
}

/// What a group and an entry are compared by.
struct Compared {
  parametric::Kinship kin;
  double params = kUnknown, active = kUnknown;
};

Compared compared(const table::GroupIdentity& identity, const predictor::Facts& facts) {
  return {parametric::kinship_of(identity, facts), facts.params, facts.active_params};
}

bool shares(const Compared& a, const Compared& b, LeftOut what) {
  if (what == LeftOut::gpu) return a.kin.gpu == b.kin.gpu;
  if (what == LeftOut::vendor)
    return a.kin.vendor.empty() || b.kin.vendor.empty() || a.kin.vendor == b.kin.vendor;
  return a.kin.model == b.kin.model || (near_equal(a.params, b.params) && near_equal(a.active, b.active));
}

double energy_of(const table::Row& row) {
  return row.scenario_energy_j();
}

/// One drawing of training rows.
struct Split {
  table::Group train;
  std::vector<std::size_t> test;
};

Split split(const table::Group& group, std::size_t count, Rng& rng) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < group.rows.size(); ++i) {
    if (known(energy_of(group.rows[i]))) order.push_back(i);
  }
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  Split out{{group.identity, {}}, {}};
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i < count) {
      out.train.rows.push_back(group.rows[order[i]]);
    } else {
      out.test.push_back(order[i]);
    }
  }
  return out;
}

void score_rows(const predictor::Predictor& model, const table::Group& group,
                const std::vector<std::size_t>& test, GroupScore& score) {
  for (const std::size_t index : test) {
    const table::Row& row = group.rows[index];
    const predictor::Prediction prediction = model.predict(0, row.config);
    const predictor::Estimate& e = prediction.scenario_energy(row.config.load.kind);
    if (!known(e.value)) continue;
    const double measured = energy_of(row);
    score.errors.push_back(std::abs(e.value / measured - 1));
    score.inside.push_back(e.lo <= measured && measured <= e.hi);
  }
}

void score_choices(const predictor::Predictor& model, const table::Group& group, GroupScore& score) {
  for (const table::Scenario& scenario : table::scenarios(group)) {
    std::vector<table::Row> candidates;
    for (const std::size_t row : scenario.rows) candidates.push_back(group.rows[row]);
    const auto least = std::ranges::min_element(candidates, {}, energy_of);
    const table::Row& chosen = candidates[model.choose(0, candidates)];
    ++score.scenarios;
    score.right += chosen.config.layout == least->config.layout;
    score.regret += energy_of(chosen) / energy_of(*least) - 1;
  }
}

std::optional<GroupScore> score(const Library& library, const table::Group& group, std::size_t index,
                                LeftOut what, std::size_t train, const EvaluateOptions& options) {
  const hardware::Catalogue& catalogue =
      options.fit.catalogue ? *options.fit.catalogue : hardware::Catalogue::builtin();
  const predictor::Facts facts = predictor::facts(group.identity, catalogue);
  const predictor::PreparedRows whole =
      predictor::prepared_rows(predictor::all_rows(std::span(&group, 1)).front(), options.fit, &facts);
  const Compared target = compared(group.identity, facts);
  PriorQuestion question;
  question.facts = facts;
  question.relation = options.relation;
  question.reading = reading_of(whole.context);
  question.allowed = [&](const Entry& entry) {
    return !shares(target, compared(entry.law.identity, entry.law.facts), what);
  };
  const table::Group nothing{group.identity, {}};
  question.group = &nothing;
  if (library.sources(question, options.fit).empty()) return std::nullopt;
  GroupScore out{index, what, train, {}, {}, 0, 0, 0};
  Rng rng(options.seed + 7919 * index + train);
  for (int draw = 0; draw < (train == 0 ? 1 : options.seeds); ++draw) {
    const Split rows = split(group, train, rng);
    if (rows.test.size() < 2 || rows.train.rows.size() < train) return std::nullopt;
    question.group = &rows.train;
    const parametric::LawModel model = library.prior(question, options.fit);
    if (!model.fit(0, predictor::Metric::energy)) return std::nullopt;
    score_rows(model, group, rows.test, out);
    score_choices(model, group, out);
  }
  return out;
}

}  // namespace

std::string_view left_out_text(LeftOut what) {
  constexpr std::array<std::string_view, 3> kTexts = {"model", "gpu", "vendor"};
  return kTexts[static_cast<std::size_t>(what)];
}

std::vector<GroupScore> evaluate(const Library& library, std::span<const table::Group> groups,
                                 const EvaluateOptions& options) {
  struct Task {
    std::size_t group;
    LeftOut what;
    std::size_t train;
  };
  std::vector<Task> tasks;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const LeftOut what : kAllLeftOut) {
      for (const std::size_t train : options.train) tasks.push_back({g, what, train});
    }
  }
  std::vector<std::optional<GroupScore>> scores(tasks.size());
  predictor::FitOptions fit = options.fit;
  fit.target = predictor::Target::energy;
  EvaluateOptions inner = options;
  inner.fit = fit;
  inner.fit.run = {};
  parallel_for(tasks.size(), options.fit.run, [&](std::size_t i) {
    scores[i] = score(library, groups[tasks[i].group], tasks[i].group, tasks[i].what, tasks[i].train, inner);
  });
  std::vector<GroupScore> out;
  for (std::optional<GroupScore>& one : scores) {
    if (one) out.push_back(std::move(*one));
  }
  return out;
}

}  // namespace energylens::library
