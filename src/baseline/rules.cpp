// SPDX-License-Identifier: Apache-2.0
// rules.cpp: baselines that pick without predicting. Each computes a key of every candidate and picks the
// least one, the first of equal ones. Held by rules_test.cpp with scenarios counted by hand.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "baseline/baseline.hpp"
#include "energylens/predictor/facts.hpp"
#include "predictor/waves.hpp"

namespace energylens::baseline {
namespace {

using Rows = std::span<const table::Row>;

/// Index of the candidate with the least key. Requires: candidates are not empty.
template <typename Key>
std::size_t least(Rows candidates, const Key& key) {
  return static_cast<std::size_t>(std::ranges::min_element(candidates, {}, key) - candidates.begin());
}

std::vector<table::Row> rows_of(const table::Scenario& scenario, const table::Group& group) {
  std::vector<table::Row> rows;
  for (const std::size_t row : scenario.rows) rows.push_back(group.rows[row]);
  return rows;
}

const table::Row& winner(Rows rows) {
  return *std::ranges::min_element(rows, {}, &table::Row::scenario_energy_j);
}

/// Layouts by the number of training scenarios they won.
class Ranking {
 public:
  explicit Ranking(const predictor::TrainingGroup& training) {
    std::map<table::Layout, int> wins;
    for (const table::Scenario& scenario : training.scenarios) {
      const std::vector<table::Row> rows = rows_of(scenario, *training.group);
      ++wins[winner(rows).config.layout];
    }
    for (const auto& [layout, count] : wins) order_.push_back(layout);
    std::ranges::stable_sort(order_, std::ranges::greater{}, [&](const table::Layout& l) { return wins[l]; });
  }

  /// 0 for the most frequent winner; layouts that never won come last.
  std::size_t place(const table::Layout& layout) const {
    return static_cast<std::size_t>(std::ranges::find(order_, layout) - order_.begin());
  }
  const std::vector<table::Layout>& order() const { return order_; }

 private:
  std::vector<table::Layout> order_;
};

class Majority final : public Rule {
 public:
  explicit Majority(const predictor::TrainingData& data) : Rule("majority", data) {
    for (const predictor::TrainingGroup& group : data) rankings_.emplace_back(group);
  }
  std::size_t choose(std::size_t group, Rows candidates) const override {
    return least(candidates, [&](const table::Row& row) {
      return std::pair(rankings_[group].place(row.config.layout), row.config.layout);
    });
  }

 private:
  std::vector<Ranking> rankings_;
};

class FewestGpus final : public Rule {
 public:
  explicit FewestGpus(const predictor::TrainingData& data) : Rule("fewest-gpus", data) {
    for (const predictor::TrainingGroup& group : data) rankings_.emplace_back(group);
  }
  std::size_t choose(std::size_t group, Rows candidates) const override {
    return least(candidates, [&](const table::Row& row) {
      return std::tuple(row.config.layout.gpus(), rankings_[group].place(row.config.layout),
                        row.config.layout);
    });
  }

 private:
  std::vector<Ranking> rankings_;
};

class Latency final : public Rule {
 public:
  explicit Latency(const predictor::TrainingData& data) : Rule("latency", data) {}
  std::size_t choose(std::size_t, Rows candidates) const override {
    return least(candidates, [](const table::Row& row) {
      const double time = row.scenario_time_s();
      return known(time) ? time : std::numeric_limits<double>::infinity();
    });
  }
};

/// The rule of one group.
class Cut {
 public:
  Cut(const predictor::TrainingGroup& training, const predictor::FitOptions& options)
      : ranking_(training),
        facts_(predictor::facts(training.group->identity, catalogue_of(options))),
        flag_capacity_tokens_(options.kv_capacity_tokens) {
    predictor::set_memory_share(facts_, options.gpu_memory_utilization);
    std::vector<Question> questions;
    std::set<double> sizes{0};
    for (const table::Scenario& scenario : training.scenarios) {
      Question& question = questions.emplace_back();
      for (const std::size_t row : scenario.rows) question.push_back(candidate(training.group->rows[row]));
      sizes.insert(question.front().size);
    }
    place_cut(questions, sizes);
  }

  std::size_t choose(Rows candidates) const {
    return least(candidates, [&](const table::Row& row) { return key(candidate(row)); });
  }

 private:
  /// The properties of a candidate that the rule uses.
  struct Candidate {
    bool second_wave;
    std::size_t place;  ///< in the ranking
    table::Layout layout;
    double size;  ///< batch or max_batch, the same for all candidates of a question
    double energy_j;
  };
  using Question = std::vector<Candidate>;

  Candidate candidate(const table::Row& row) const {
    const table::Configuration config = predictor::with_capacity(
        row.config, predictor::resolve_kv_capacity(row.config, {facts_, flag_capacity_tokens_}));
    const bool steady = config.load.kind == table::RowKind::steady;
    return {predictor::waves(config).count() > 1, ranking_.place(config.layout), config.layout,
            steady ? config.load.server_limit() : config.load.batch, row.scenario_energy_j()};
  }

  /// Least for the candidate to pick. The most frequent winner and the second one change places at the cut.
  std::tuple<bool, std::size_t, table::Layout> key(const Candidate& one) const {
    const bool swapped = (one.size <= at_) != commonest_is_small_;
    const std::size_t place = one.place > 1 || !swapped ? one.place : std::size_t{1} - one.place;
    return {one.second_wave, place, one.layout};
  }

  void place_cut(const std::vector<Question>& questions, const std::set<double>& sizes) {
    std::ptrdiff_t most = -1;
    Cut best = *this;
    for (const bool commonest_is_small : {true, false}) {
      for (const double at : sizes) {
        commonest_is_small_ = commonest_is_small;
        at_ = at;
        const std::ptrdiff_t right =
            std::ranges::count_if(questions, [&](const Question& question) { return picks_right(question); });
        if (right <= most) continue;
        most = right;
        best.commonest_is_small_ = commonest_is_small;
        best.at_ = at;
      }
    }
    *this = std::move(best);
  }

  bool picks_right(const Question& question) const {
    const Candidate& picked =
        *std::ranges::min_element(question, {}, [&](const Candidate& c) { return key(c); });
    return std::ranges::none_of(question, [&](const Candidate& c) { return c.energy_j < picked.energy_j; });
  }

  Ranking ranking_;
  predictor::Facts facts_;
  double flag_capacity_tokens_;
  double at_ = 0;  ///< the last size that counts as small
  bool commonest_is_small_ = true;
};

class Threshold final : public Rule {
 public:
  Threshold(const predictor::TrainingData& data, const predictor::FitOptions& options)
      : Rule("threshold", data) {
    for (const predictor::TrainingGroup& group : data) cuts_.emplace_back(group, options);
  }
  std::size_t choose(std::size_t group, Rows candidates) const override {
    return cuts_[group].choose(candidates);
  }

 private:
  std::vector<Cut> cuts_;
};

}  // namespace

Fitted fit_majority(const predictor::TrainingData& data, const predictor::FitOptions&) {
  return std::make_unique<Majority>(data);
}
Fitted fit_fewest_gpus(const predictor::TrainingData& data, const predictor::FitOptions&) {
  return std::make_unique<FewestGpus>(data);
}
Fitted fit_threshold(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  return std::make_unique<Threshold>(data, options);
}
Fitted fit_latency(const predictor::TrainingData& data, const predictor::FitOptions&) {
  return std::make_unique<Latency>(data);
}

}  // namespace energylens::baseline
