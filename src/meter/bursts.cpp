// SPDX-License-Identifier: Apache-2.0
// The readings of n devices that are read in turn are n - 1 short steps and a long one, again and again. One device that
// is sometimes read late has groups too, but of all sizes. Held by bursts_test.cpp.
#include "meter/bursts.hpp"

#include <algorithm>
#include <map>

#include "numerics/summary.hpp"

namespace energylens::meter {
namespace {

constexpr double kShortest_s = 5e-4;  // time stamps have milliseconds: shorter steps are none
constexpr double kApart = 3;          // a long step is at least this many times a short one
constexpr std::size_t kMostDevices = 32;
constexpr double kLongestTurn_s = 0.2;   // between two devices that are read in turn
constexpr double kLongestOnce_s = 0.03;  // the same where only two groups show it
constexpr double kMostGroups = 0.8;      // share of the readings that is in groups of one size
constexpr double kFastest_s = 0.005;     // one device is not read faster by any logger

std::vector<double> steps_between(const std::vector<Reading>& readings) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < readings.size(); ++i)
    steps.push_back(std::max(kShortest_s, readings[i].time_s - readings[i - 1].time_s));
  return steps;
}

/// The step that divides short ones from long ones: in the widest gap between their lengths. 0 if there is none.
double longest_short_step_s(std::vector<double> steps) {
  std::ranges::sort(steps);
  double widest = kApart, found_s = 0;
  for (std::size_t i = 1; i < steps.size(); ++i) {
    if (steps[i] / steps[i - 1] < widest) continue;
    widest = steps[i] / steps[i - 1];
    found_s = steps[i - 1];
  }
  return found_s;
}

struct Group {
  std::size_t first = 0, size = 1;
};

std::vector<Group> groups_of(const std::vector<double>& steps, double short_s) {
  std::vector<Group> groups(1);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i] > short_s) {
      groups.push_back({i + 1, 1});
    } else {
      ++groups.back().size;
    }
  }
  return groups;
}

/// The size that most readings are in groups of; 0 if no size has nearly all of them. A log may begin and end in a group.
std::size_t usual_size(const std::vector<Group>& groups) {
  constexpr std::size_t kFewest = 2;
  std::map<std::size_t, std::size_t> counts;
  std::size_t inner = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const bool at_end = i == 0 || i + 1 == groups.size();
    if (at_end && groups.size() > 2 && groups[i].size < groups[1].size) continue;
    ++counts[groups[i].size];
    inner += groups[i].size;
  }
  for (const auto& [size, count] : counts) {
    const bool nearly_all = static_cast<double>(size * count) >= kMostGroups * static_cast<double>(inner);
    if (count >= kFewest && nearly_all && size <= kMostDevices) return size;
  }
  return 0;
}

}  // namespace

std::optional<Bursts> bursts_of(const std::vector<Reading>& readings) {
  const std::vector<double> steps = steps_between(readings);
  if (steps.size() < 3) return std::nullopt;
  const double median_s = numerics::median(steps);
  const double short_s = longest_short_step_s(steps);
  if (short_s > 0) {
    const std::vector<Group> groups = groups_of(steps, short_s);
    const std::size_t size = usual_size(groups);
    const std::size_t whole_groups = groups.size() - 1;
    // Parts of one log around a pause are no groups.
    if (size >= 2 && short_s <= (whole_groups >= 2 ? kLongestTurn_s : kLongestOnce_s)) {
      const Group& one = groups[1].size == size ? groups[1] : groups[0];
      const std::size_t last = one.first + one.size - 1;
      Bursts found{size, readings[last].time_s - readings[one.first].time_s, 0};
      const Group& next = groups[1].size == size && groups.size() > 2 ? groups[2] : groups[1];
      found.period_s = readings[next.first].time_s - readings[one.first].time_s;
      return found;
    }
  }
  if (median_s < kFastest_s) return Bursts{0, median_s, 0};
  return std::nullopt;
}

}  // namespace energylens::meter
