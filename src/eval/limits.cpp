// SPDX-License-Identifier: Apache-2.0
// limits.cpp: sentences about what a benchmark cannot test. Held by limits_test.cpp.
#include <algorithm>
#include <map>
#include <set>

#include "core/rounded_text.hpp"
#include "energylens/eval/evaluate.hpp"
#include "energylens/predictor/group_context.hpp"

namespace energylens::eval {
namespace {

using Rows = std::vector<const table::Row*>;

/// The rows of every scenario, the one of least energy first.
std::vector<Rows> sorted_questions(const table::Group& group, std::span<const table::Scenario> scenarios) {
  std::vector<Rows> questions;
  for (const table::Scenario& scenario : scenarios) {
    Rows& rows = questions.emplace_back();
    for (const std::size_t row : scenario.rows) rows.push_back(&group.rows[row]);
    std::ranges::stable_sort(rows, {}, [](const table::Row* row) { return row->scenario_energy_j(); });
  }
  return questions;
}

/// The value all rows share, or nothing. A blank that all share is a value.
template <typename Value>
std::optional<double> shared(const std::vector<Rows>& questions, const Value& value) {
  const double first = value(*questions.front().front());
  for (const Rows& rows : questions) {
    for (const table::Row* row : rows) {
      const double other = value(*row);
      if (other != first && (known(other) || known(first))) return std::nullopt;
    }
  }
  return first;
}

void add_lengths(const std::vector<Rows>& questions, std::vector<std::string>& sentences) {
  const auto isl = shared(questions, [](const table::Row& row) { return row.config.load.isl; });
  const auto osl = shared(questions, [](const table::Row& row) { return row.config.load.osl; });
  if (isl && known(*isl)) {
    sentences.push_back("every scenario has isl = " + number_text(*isl) + ": prefill is not tested");
  } else if (isl) {
    sentences.push_back("isl is blank in every scenario: prefill is not tested");
  }
  if (osl && known(*osl)) {
    sentences.push_back("every scenario has osl = " + number_text(*osl) + ": growth with osl is not tested");
  } else if (osl) {
    sentences.push_back("osl is blank in every scenario: growth with osl is not tested");
  }
}

void add_degrees(const std::vector<Rows>& questions, std::vector<std::string>& sentences) {
  const auto tp = shared(questions, [](const table::Row& row) { return row.config.layout.tp; });
  const auto pp = shared(questions, [](const table::Row& row) { return row.config.layout.pp; });
  const auto product =
      shared(questions, [](const table::Row& row) { return row.config.layout.tp * row.config.layout.pp; });
  if (tp)
    sentences.push_back("every scenario has tp = " + number_text(*tp) + ": tensor parallelism is not tested");
  if (pp)
    sentences.push_back("every scenario has pp = " + number_text(*pp) +
                        ": pipeline parallelism is not tested");
  if (product && !tp && !pp) {
    sentences.push_back("every scenario has tp*pp = " + number_text(*product) +
                        ": tp and pp are not tested separately");
  }
}

void add_winners(const std::vector<Rows>& questions, std::vector<std::string>& sentences) {
  std::set<table::Layout> layouts;
  std::map<table::Layout, std::size_t> wins;
  for (const Rows& rows : questions) {
    for (const table::Row* row : rows) layouts.insert(row->config.layout);
    ++wins[rows.front()->config.layout];
  }
  std::string names;
  for (const table::Layout& layout : layouts)
    names += (names.empty() ? "" : ", ") + table::layout_text(layout);
  sentences.push_back(std::to_string(layouts.size()) + " layouts are compared: " + names);
  const auto most = std::ranges::max_element(wins, {}, [](const auto& win) { return win.second; });
  const std::string winner = table::layout_text(most->first);
  if (wins.size() == 1) {
    sentences.push_back(winner + " has the least energy in every scenario: the choice is not tested");
  } else {
    sentences.push_back(winner + " has the least energy in " + std::to_string(most->second) + " of " +
                        std::to_string(questions.size()) + " scenarios");
  }
}

/// Of the second-best layout above the best one.
void add_margin(const std::vector<Rows>& questions, std::vector<std::string>& sentences) {
  std::vector<double> margins;
  for (const Rows& rows : questions) {
    const auto second = std::ranges::find_if(
        rows, [&](const table::Row* row) { return row->config.layout != rows.front()->config.layout; });
    margins.push_back((*second)->scenario_energy_j() / rows.front()->scenario_energy_j() - 1);
  }
  sentences.push_back("the second-best layout uses " + rounded_text(100 * quantile(margins, 0.5), 2) +
                      " % more energy than the best one (median)");
}

/// Where the waves of jobs without a stated KV capacity come from: what a fit takes for each of their rows.
std::string capacity_sentence(const table::Group& group, const std::vector<Rows>& questions,
                              const predictor::FitOptions& fit) {
  predictor::Facts facts =
      predictor::facts(group.identity, fit.catalogue ? *fit.catalogue : hardware::Catalogue::builtin());
  predictor::set_memory_share(facts, fit.gpu_memory_utilization);
  bool estimated = false, unlimited = false;
  for (const Rows& rows : questions) {
    for (const table::Row* row : rows) {
      const predictor::CapacitySource source =
          predictor::resolve_kv_capacity(row->config, {facts, fit.kv_capacity_tokens, true}).source;
      if (source == predictor::CapacitySource::flag)
        return "the data do not state the KV capacity: waves are computed from --kv-capacity-tokens";
      if (source == predictor::CapacitySource::catalogue) {
        estimated = true;
      } else {
        unlimited = true;
      }
    }
  }
  if (!estimated)
    return "the KV capacity is neither stated in the data nor estimated from the catalogue: all requests are assumed to run at once";
  return std::string(
             "the data do not state the KV capacity: waves are computed from an estimate with the catalogue") +
         (unlimited ? ", except where it cannot hold a single request" : "");
}

void add_capacities(const table::Group& group, const std::vector<Rows>& questions,
                    const predictor::FitOptions& fit, std::vector<std::string>& sentences) {
  bool given = false, job = false;
  for (const Rows& rows : questions) {
    for (const table::Row* row : rows) {
      given = given || known(row->config.kv_capacity_tokens);
      job = job || row->config.load.kind == table::RowKind::job;
    }
  }
  if (given) {
    sentences.push_back(
        "the data state KV capacities (kv_capacity_tokens): if they were derived from the same measurements, "
        "held-out rows contributed to them; law:fitted-capacity does not use them");
  } else if (job) {
    sentences.push_back(capacity_sentence(group, questions, fit));
  }
}

}  // namespace

std::vector<std::string> benchmark_limits(const table::Group& group,
                                          std::span<const table::Scenario> scenarios,
                                          const predictor::FitOptions& fit) {
  std::vector<std::string> sentences;
  if (group.identity.simulated) sentences.push_back("the rows are simulated");
  if (scenarios.empty()) {
    sentences.push_back("no scenario has two layouts: the choice is not tested");
    return sentences;
  }
  const std::vector<Rows> questions = sorted_questions(group, scenarios);
  add_winners(questions, sentences);
  add_margin(questions, sentences);
  add_lengths(questions, sentences);
  add_degrees(questions, sentences);
  add_capacities(group, questions, fit, sentences);
  return sentences;
}

LatencyCost latency_cost(const table::Group& group, std::span<const table::Scenario> scenarios) {
  double differ = 0, extra = 0, count = 0;
  for (const table::Scenario& scenario : scenarios) {
    std::vector<table::Row> rows;
    for (const std::size_t row : scenario.rows) rows.push_back(group.rows[row]);
    const auto timed = [](const table::Row& row) { return known(row.scenario_time_s()); };
    if (!std::ranges::all_of(rows, timed)) continue;
    const auto fastest = std::ranges::min_element(rows, {}, &table::Row::scenario_time_s);
    const double cost = regret(rows, static_cast<std::size_t>(fastest - rows.begin()));
    differ += cost > 0 ? 1 : 0;
    extra += cost;
    ++count;
  }
  return count > 0 ? LatencyCost{differ / count, extra / count} : LatencyCost{};
}

}  // namespace energylens::eval
