// SPDX-License-Identifier: Apache-2.0
// The law states the energy with speculation for any number of accepted tokens, docs/method/law.md (5a). So for
// each pair a row of a table holds ln(predicted ratio / measured ratio) over a grid of that number, and every estimate is
// the least sum of a robust cost over rows of such tables. Held by study_test.cpp: recovery of known acceptances, and
// public data.
#include "speculation/study.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "energylens/parametric/fit.hpp"
#include "numerics/summary.hpp"

namespace energylens::speculation {
namespace {

constexpr std::size_t kGrid = 60;
constexpr double kLeastAccepted = 1.02;
constexpr double kNoise = 0.08;        ///< of a ratio, where the cost turns from quadratic to linear
constexpr double kGroupSpread = 0.25;  ///< of ln acceptance between groups, one standard deviation
constexpr std::array<std::pair<double, double>, 5> kRanges = {{{1, 1}, {1, 4}, {4, 16}, {16, 64}, {64, 1e9}}};

using Grid = std::array<double, kGrid>;

Grid grid_to(double verified) {
  Grid accepted;
  const double low = std::log(kLeastAccepted), high = std::log(std::max(verified, kLeastAccepted + 0.01));
  for (std::size_t k = 0; k < kGrid; ++k)
    accepted[k] = std::exp(low + (high - low) * static_cast<double>(k) / (kGrid - 1));
  return accepted;
}

double cost_of(double error) {
  const double u = error / kNoise;
  return std::sqrt(1 + u * u) - 1;
}

/// ln(predicted ratio / measured ratio) of the pairs of two groups, over the grid.
using Table = std::vector<Grid>;

struct Scored {
  double requests, ratio, pair_left_out, group_left_out;
};

Table costs(Table table) {
  for (Grid& line : table) std::ranges::transform(line, line.begin(), cost_of);
  return table;
}

Grid sum(Grid a, const Grid& b) {
  for (std::size_t k = 0; k < kGrid; ++k) a[k] += b[k];
  return a;
}

Grid sum_over(const Table& table) {
  Grid out{};
  for (const Grid& line : table) out = sum(out, line);
  return out;
}

std::size_t best(const Grid& cost) {
  return static_cast<std::size_t>(std::ranges::min_element(cost) - cost.begin());
}

/// Of the pairs with more than `below` and at most `to` requests; 0 and 0: all.
Errors errors(const std::vector<Scored>& all, double below, double to) {
  std::vector<double> ratios, pairs, groups;
  Errors out{0, 0, 0};
  for (const Scored& one : all) {
    if (to > 0 && !(one.requests > below && one.requests <= to)) continue;
    out.from = ratios.empty() ? one.requests : std::min(out.from, one.requests);
    out.to = std::max(out.to, one.requests);
    ratios.push_back(one.ratio);
    pairs.push_back(one.pair_left_out);
    groups.push_back(one.group_left_out);
  }
  out.pairs = ratios.size();
  out.measured_ratio = numerics::median(ratios);
  out.pairs_left_out = numerics::median(pairs);
  out.groups_left_out = numerics::median(groups);
  return out;
}

class Study {
 public:
  Study(std::span<const table::Group> groups, double drafted, const predictor::FitOptions& options)
      : groups_(groups),
        drafted_(drafted),
        options_(options),
        accepted_(grid_to(1 + drafted)),
        twins_(twins(groups)) {
    options_.target = predictor::Target::energy;
    options_.run.threads = 1;  // pairs run in parallel
    for (const Twins& two : twins_) costs_.push_back(costs(table(two, law_without(two, nullptr))));
  }

  StudyResult result() const {
    StudyResult out;
    if (twins_.empty()) return out;
    out.drafted_per_step = drafted_;
    out.accepted_per_step = accepted_[best(sum_of_others(twins_.size()))];
    std::vector<Scored> all;
    for (std::size_t t = 0; t < twins_.size(); ++t) {
      const std::vector<Scored> own = scored(t);
      const Grid with_prior = sum(sum_over(costs_[t]), prior(best(sum_of_others(t))));
      out.groups.push_back({groups_[twins_[t].plain].identity.text(),
                            groups_[twins_[t].speculative].identity["workload"], accepted_[best(with_prior)],
                            errors(own, 0, 0)});
      all.insert(all.end(), own.begin(), own.end());
    }
    double below = 0;
    for (const auto& [from, to] : kRanges) {
      if (Errors some = errors(all, below, to); some.pairs > 0) out.by_requests.push_back(some);
      below = to;
    }
    out.by_requests.push_back(errors(all, 0, 0));
    return out;
  }

 private:
  /// The law of the rows without speculation, but the row of one pair.
  parametric::LawModel law_without(const Twins& two, const Pair* pair) const {
    predictor::TrainingGroup training{&groups_[two.plain], {}, {}};
    for (std::size_t r = 0; r < groups_[two.plain].rows.size(); ++r) {
      if (!pair || r != pair->plain) training.rows.push_back(r);
    }
    return parametric::fit_law({training}, options_);
  }

  Grid line(const Twins& two, const Pair& pair, const parametric::LawModel& law) const {
    const table::Configuration& plain = groups_[two.plain].rows[pair.plain].config;
    const double stated = groups_[two.speculative].rows[pair.speculative].config.load.accepted_per_step;
    const double without = law.predict(0, plain).scenario_energy(plain.load.kind).value;
    Grid out;
    for (std::size_t k = 0; k < kGrid; ++k) {
      table::Configuration with = plain;
      with.load.accepted_per_step = known(stated) ? stated : accepted_[k];
      with.load.drafted_per_step = drafted_;
      const double ratio = law.predict(0, with).scenario_energy(plain.load.kind).value / without;
      out[k] = std::log(ratio) - pair.log_ratio;
    }
    return out;
  }

  Table table(const Twins& two, const parametric::LawModel& law) const {
    Table out;
    for (const Pair& pair : two.pairs) out.push_back(line(two, pair, law));
    return out;
  }

  Grid sum_of_others(std::size_t left_out) const {
    Grid out{};
    for (std::size_t t = 0; t < costs_.size(); ++t) {
      if (t != left_out) out = sum(out, sum_over(costs_[t]));
    }
    return out;
  }

  Grid prior(std::size_t centre) const {
    Grid out;
    for (std::size_t k = 0; k < kGrid; ++k) {
      const double u = std::log(accepted_[k] / accepted_[centre]) / kGroupSpread;
      out[k] = u * u / 2;
    }
    return out;
  }

  std::vector<Scored> scored(std::size_t t) const {
    const Twins& two = twins_[t];
    const std::size_t shared = best(sum_of_others(t));
    std::vector<Scored> out(two.pairs.size());
    parallel_for(two.pairs.size(), run(), [&](std::size_t i) {
      const Pair& pair = two.pairs[i];
      const Table own = table(two, law_without(two, &pair));
      Table others = costs(own);
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
      const std::size_t accepted = best(sum(sum_over(others), prior(shared)));
      const auto error = [](double log_error) { return std::abs(std::exp(log_error) - 1); };
      out[i] = {groups_[two.plain].rows[pair.plain].config.load.batch, std::exp(pair.log_ratio),
                error(own[i][accepted]), error(own[i][shared])};
    });
    return out;
  }

  RunOptions run() const {
    RunOptions out = options_.run;
    out.threads = 0;
    out.progress = {};
    return out;
  }

  std::span<const table::Group> groups_;
  double drafted_;
  predictor::FitOptions options_;
  Grid accepted_;
  std::vector<Twins> twins_;
  std::vector<Table> costs_;
};

}  // namespace

StudyResult study(std::span<const table::Group> groups, double drafted_per_step,
                  const predictor::FitOptions& options) {
  return Study(groups, drafted_per_step, options).result();
}

}  // namespace energylens::speculation
