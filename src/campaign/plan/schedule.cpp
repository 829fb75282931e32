// SPDX-License-Identifier: Apache-2.0
// The order is a key per target, made of hashes of the random seed: the smallest key is next. The only state is
// the records. Held by schedule_test.cpp, which stops and resumes at every point.
#include "campaign/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "energylens/core/rng.hpp"
#include "io/sheet.hpp"
#include "numerics/distributions.hpp"
#include "numerics/summary.hpp"

namespace energylens::campaign {
namespace {

std::uint64_t mixed(std::uint64_t seed, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  return splitmix64(splitmix64(splitmix64(splitmix64(seed) + a) + b) + c);
}

double energy_of(const Record& record) {
  const double total_j = record.row.number(table::Column::total_energy_j);
  return known(total_j) ? total_j : record.row.number(table::Column::energy_per_out_token_j);
}

}  // namespace

struct Schedule::Key {
  int round = 0;
  std::uint64_t deployment_order = 0;
  std::size_t deployment = 0;
  int attempt = 0;
  std::uint64_t order = 0;
  std::size_t target = 0;
  auto operator<=>(const Key&) const = default;
};

double relative_half_width(std::span<const double> values) {
  if (values.size() < 2) return kUnknown;
  const double n = static_cast<double>(values.size());
  return numerics::student_t_quantile(0.975, n - 1) * numerics::sd(values) / std::sqrt(n) /
         numerics::mean(values);
}

Schedule::Schedule(const Plan& plan, std::span<const Record> records)
    : plan_(plan), deployment_(plan.deployment_of_target()), progress_(plan.targets.size()) {
  for (const Record& record : records) {
    if (record.target >= plan.targets.size() || record.what != target_text(plan.targets[record.target]))
      throw Error::bad_input({}, "the journal belongs to another plan: \"" + io::shown(record.what) +
                                     "\" is not its configuration " + std::to_string(record.target));
    enter(record);
  }
}

void Schedule::enter(const Record& record) {
  Progress& progress = progress_[record.target];
  progress.attempts = std::max(progress.attempts, record.attempt + 1);
  if (record.valid()) {
    progress.energies.push_back(energy_of(record));
    progress.repeats.insert(record.repeat);
  }
  if (known(record.seconds) && !record.start_failed) progress.seconds.push_back(record.seconds);
}

void Schedule::add(const Record& record) {
  enter(record);
  for (std::size_t target = 0; target < progress_.size(); ++target) {
    const bool concerned =
        target == record.target || (record.start_failed && deployment_[target] == deployment_[record.target]);
    if (concerned && !record.valid()) ++progress_[target].failures_here;
  }
}

bool Schedule::complete(std::size_t target) const {
  const Settings& settings = plan_.settings;
  const std::vector<double>& energies = progress_[target].energies;
  const int rows = static_cast<int>(energies.size());
  if (rows < settings.repeats) return false;
  if (settings.width == 0 || rows >= settings.max_repeats) return true;
  return rows >= 2 && relative_half_width(energies) <= settings.width;
}

bool Schedule::given_up(std::size_t target) const {
  return !complete(target) && progress_[target].failures_here >= plan_.settings.max_failures;
}

Schedule::Key Schedule::key(std::size_t target) const {
  const int attempts = progress_[target].attempts;
  const int per_round = (plan_.settings.repeats + plan_.settings.rounds - 1) / plan_.settings.rounds;
  const int round = std::min(attempts / per_round, plan_.settings.rounds - 1);
  const std::size_t deployment = deployment_[target];
  return {round,    mixed(plan_.seed, 1, static_cast<std::uint64_t>(round), deployment), deployment,
          attempts, mixed(plan_.seed, 2, static_cast<std::uint64_t>(attempts), target),  target};
}

std::optional<Run> Schedule::next() const {
  std::optional<Key> least;
  for (std::size_t target = 0; target < progress_.size(); ++target) {
    if (complete(target) || given_up(target)) continue;
    if (const Key mine = key(target); !least || mine < *least) least = mine;
  }
  if (!least) return std::nullopt;
  int repeat = 0;  // the first free number: a row that was refused later left its own
  while (progress_[least->target].repeats.contains(repeat)) ++repeat;
  return Run{least->target, least->attempt, repeat};
}

std::size_t Schedule::least_left() const {
  std::size_t left = 0;
  for (std::size_t target = 0; target < progress_.size(); ++target) {
    if (complete(target) || given_up(target)) continue;
    const int missing = plan_.settings.repeats - static_cast<int>(progress_[target].energies.size());
    left += static_cast<std::size_t>(std::max(missing, 1));
  }
  return left;
}

double Schedule::seconds_left(double* known_part) const {
  const Settings& settings = plan_.settings;
  std::vector<double> all;
  for (const Progress& progress : progress_)
    all.insert(all.end(), progress.seconds.begin(), progress.seconds.end());
  const double typical_s = all.empty() ? kUnknown : numerics::mean(all);
  double sum_s = 0, known_s = 0;
  for (std::size_t target = 0; target < progress_.size(); ++target) {
    if (complete(target) || given_up(target)) continue;
    const int missing = std::max(settings.repeats - static_cast<int>(progress_[target].energies.size()), 1);
    const double job_s = plan_.targets[target].expected_s;
    // Warm-up, the window and, if prefill is measured separately, a window of its own.
    const double windows = plan_.prefill == "osl1" ? 2 : 1;
    const double planned_s = known(job_s) ? settings.warmup * job_s + std::max(job_s, settings.window_s) +
                                                (windows - 1) * settings.window_s + 1
                                          : windows * settings.window_s + 1;
    const Progress& progress = progress_[target];
    const double each_s = !progress.seconds.empty() ? numerics::mean(progress.seconds)
                          : known(job_s)            ? planned_s
                          : known(typical_s)        ? typical_s
                                                    : planned_s;
    sum_s += missing * each_s;
    if (!progress.seconds.empty() || known(job_s) || known(typical_s)) known_s += missing * each_s;
  }
  if (known_part) *known_part = sum_s > 0 ? known_s / sum_s : 1;
  return sum_s;
}

}  // namespace energylens::campaign
