// SPDX-License-Identifier: Apache-2.0
// record.cpp: from outcomes to figures, by sample, then over samples. Held by evaluate_test.cpp.
#include "eval/record.hpp"

#include <cmath>
#include <map>

#include "eval/reliability.hpp"

namespace energylens::eval {
namespace {

/// The figures of rows, which are reported for each layout too.
constexpr std::array kRowMetrics = {Metric::mape, Metric::median_ape, Metric::coverage_90,
                                    Metric::interval_score, Metric::unpredicted};

void append(const Outcomes& more, Outcomes& all) {
  all.picks.insert(all.picks.end(), more.picks.begin(), more.picks.end());
  all.candidates.insert(all.candidates.end(), more.candidates.begin(), more.candidates.end());
  all.rows.insert(all.rows.end(), more.rows.begin(), more.rows.end());
}

void count_fit(const FoldOutcome& fold, GroupRecord& record) {
  ++record.fits;
  if (fold.failure.empty()) {
    record.parameters += fold.effective_parameters;
    return;
  }
  ++record.failures;
  if (record.failure.empty()) record.failure = fold.failure;
}

Score mean_and_sd(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !known(value); });
  if (values.empty()) return {};
  // Relative to the first value, so that equal values have exactly that mean and no spread.
  const double first = values.front();
  for (double& value : values) value -= first;
  const double centre = mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - centre) * (value - centre);
  const double more = static_cast<double>(values.size()) - 1;
  return {first + centre, more > 0 ? std::sqrt(squares / more) : kUnknown};
}

std::array<Score, kMetrics> over_samples(const std::vector<Outcomes>& samples) {
  std::array<std::vector<double>, kMetrics> by_metric;
  for (const Outcomes& sample : samples) {
    const std::array<double, kMetrics> figures = measure(sample);
    for (std::size_t m = 0; m < kMetrics; ++m) by_metric[m].push_back(figures[m]);
  }
  std::array<Score, kMetrics> scores;
  for (std::size_t m = 0; m < kMetrics; ++m) scores[m] = mean_and_sd(std::move(by_metric[m]));
  return scores;
}

std::vector<LayoutScores> scores_by_layout(const std::vector<Outcomes>& samples) {
  std::map<table::Layout, std::vector<Outcomes>> by_layout;
  for (std::size_t s = 0; s < samples.size(); ++s) {
    for (const RowOutcome& row : samples[s].rows) {
      std::vector<Outcomes>& own = by_layout[row.layout];
      own.resize(samples.size());
      own[s].rows.push_back(row);
    }
  }
  std::vector<LayoutScores> scores;
  for (const auto& [layout, own] : by_layout) {
    LayoutScores& one = scores.emplace_back(LayoutScores{layout, 0, {}});
    for (const Outcomes& sample : own) one.n_rows += sample.rows.size();
    const std::array<Score, kMetrics> all = over_samples(own);
    for (const Metric metric : kRowMetrics) {
      one.values[static_cast<std::size_t>(metric)] = all[static_cast<std::size_t>(metric)];
    }
  }
  return scores;
}

/// 0, 5, ... 100; empty if no regret is known.
std::vector<double> percentiles(const std::vector<double>& values) {
  constexpr int kSteps = 20;
  std::vector<double> points;
  if (!known(quantile(values, 0))) return points;
  for (int step = 0; step <= kSteps; ++step) {
    points.push_back(quantile(values, static_cast<double>(step) / kSteps));
  }
  return points;
}

Scores summarise(const std::vector<Outcomes>& samples) {
  std::vector<double> regrets;
  std::vector<CandidateOutcome> candidates;
  for (const Outcomes& sample : samples) {
    for (const PickOutcome& pick : sample.picks) regrets.push_back(pick.regret);
    candidates.insert(candidates.end(), sample.candidates.begin(), sample.candidates.end());
  }
  Scores scores;
  scores.values = over_samples(samples);
  scores[Metric::regret_p95] = {quantile(regrets, 0.95), kUnknown};
  scores.regret_percentiles = percentiles(regrets);
  scores.reliability = reliability(candidates);
  scores[Metric::calibration_error] = {calibration_error(scores.reliability), kUnknown};
  scores.by_layout = scores_by_layout(samples);
  return scores;
}

std::string failure_note(std::size_t failures, std::size_t fits, const std::string& message) {
  if (failures == 0) return "";
  return std::to_string(failures) + " of " + std::to_string(fits) + " fits failed: " + message;
}

}  // namespace

Record gather(const Plan& plan, std::size_t groups, std::span<const FoldOutcome> folds) {
  Record record(groups, GroupRecord{std::vector<Outcomes>(plan.samples()), 0, 0, 0, {}});
  for (std::size_t f = 0; f < folds.size(); ++f) {
    const std::size_t sample = folds[f].parts.empty() ? 0 : plan.fold(f).sample;
    for (const PartOutcome& part : folds[f].parts) {
      append(part.outcomes, record[part.group].samples[sample]);
      count_fit(folds[f], record[part.group]);
    }
  }
  for (std::size_t g = 0; g < groups; ++g) {
    for (Outcomes& sample : record[g].samples) {
      const std::vector<PickOutcome> picks = plan.picks_across_folds(g, sample.rows);
      sample.picks.insert(sample.picks.end(), picks.begin(), picks.end());
    }
  }
  return record;
}

Scores group_scores(const GroupRecord& record) {
  Scores scores = summarise(record.samples);
  if (record.fits > record.failures) {
    scores.effective_parameters = record.parameters / static_cast<double>(record.fits - record.failures);
  }
  scores.note = failure_note(record.failures, record.fits, record.failure);
  return scores;
}

Scores overall_scores(const Record& record, bool pool, std::span<const Scores> by_group) {
  std::vector<Outcomes> together(record.empty() ? 0 : record.front().samples.size());
  std::size_t failures = 0, fits = 0;
  std::string message;
  for (const GroupRecord& group : record) {
    for (std::size_t s = 0; s < together.size(); ++s) append(group.samples[s], together[s]);
    failures += group.failures;
    fits += group.fits;
    if (message.empty()) message = group.failure;
  }
  Scores scores = summarise(together);
  double parameters = 0, counted = 0;
  for (const Scores& group : by_group) {
    if (!known(group.effective_parameters)) continue;
    parameters += group.effective_parameters;
    ++counted;
  }
  if (counted > 0) scores.effective_parameters = pool ? parameters / counted : parameters;
  scores.note = failure_note(failures, fits, message);
  return scores;
}

}  // namespace energylens::eval
