// SPDX-License-Identifier: Apache-2.0
// Tested by tests/search/problem/problem_test.cpp.
#include "energylens/search/problem.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <set>

#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/expr/expr.hpp"

namespace energylens::search {
namespace {

[[noreturn]] void refuse_problem(std::string what) {
  throw Error::bad_input({}, std::move(what));
}

void check_values(const std::string& name, const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      refuse_problem("\"" + name + "\" is " + number_text(values[i]) + " in row " + std::to_string(i + 1) +
                     ": every value must be finite");
    }
  }
}

/// Squares of the target, and their sums, must be finite and not vanish.
void check_magnitude(const std::string& name, const std::vector<double>& values) {
  constexpr double kMost = 1e150, kLeast = 1e-150;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double size = std::abs(values[i]);
    if (size <= kMost && (size >= kLeast || size == 0)) continue;
    refuse_problem("\"" + name + "\" is " + number_text(values[i]) + " in row " + std::to_string(i + 1) +
                   ": give it in a unit in which it lies between 1e-150 and 1e150");
  }
}

bool constant(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); });
}

void check_inputs(const Problem& problem) {
  if (problem.inputs.empty()) refuse_problem("there are no input columns");
  for (std::size_t i = 0; i < problem.inputs.size(); ++i) {
    const Input& input = problem.inputs[i];
    expr::Expr::variable(input.name);  // throws if it is not a name
    if (input.values.size() != problem.points()) {
      refuse_problem("\"" + input.name + "\" has " + std::to_string(input.values.size()) +
                     " values where \"" + problem.inputs.front().name + "\" has " +
                     std::to_string(problem.points()));
    }
    check_values(input.name, input.values);
    for (std::size_t j = 0; j < i; ++j) {
      const Input& other = problem.inputs[j];
      if (other.name == input.name) refuse_problem("the column \"" + input.name + "\" occurs twice");
      if (other.values == input.values && other.unit == input.unit) {
        refuse_problem("the columns \"" + other.name + "\" and \"" + input.name +
                       "\" are equal: remove one of them");
      }
    }
    if (constant(input.values) && input.unit.dimensionless()) {
      refuse_problem("the column \"" + input.name + "\" is constant: its effect cannot be determined");
    }
  }
}

void check_shares(const Problem& problem) {
  if (problem.shares.empty()) {
    if (problem.points() != problem.rows()) {
      refuse_problem("there are " + std::to_string(problem.rows()) + " targets for " +
                     std::to_string(problem.points()) + " rows of inputs");
    }
    return;
  }
  std::size_t next = 0;
  for (const Share& share : problem.shares) {
    if (share.row > next || (next > 0 && share.row + 1 < next) || share.point >= problem.points() ||
        !std::isfinite(share.weight)) {
      refuse_problem("the shares are not sorted by row");
    }
    next = share.row + 1;
  }
  if (next != problem.rows()) refuse_problem("some rows have no share");
}

void check_folds(const Problem& problem) {
  if (problem.folds.size() != problem.rows()) refuse_problem("some rows have no fold");
  for (std::size_t g = 0; g < problem.group_count(); ++g) {
    std::set<std::size_t> folds;
    for (std::size_t i = 0; i < problem.rows(); ++i) {
      if (problem.group_of(i) == g) folds.insert(problem.folds[i]);
    }
    if (folds.size() == 1) refuse_problem("all rows of group " + std::to_string(g) + " are in one fold");
  }
}

void check_groups(const Problem& problem) {
  if (!problem.groups.empty() && problem.groups.size() != problem.rows())
    refuse_problem("some rows have no group");
  for (std::size_t g = 0; g < problem.group_count(); ++g) {
    if (!problem.groups.empty() &&
        std::find(problem.groups.begin(), problem.groups.end(), g) == problem.groups.end()) {
      refuse_problem("group " + std::to_string(g) + " has no row");
    }
  }
  if (!problem.group_names.empty() && problem.group_names.size() < problem.group_count())
    refuse_problem("some groups have no name");
  if (!problem.folds.empty()) check_folds(problem);
  if (problem.weights.empty()) return;
  if (problem.weights.size() != problem.rows()) refuse_problem("some rows have no weight");
  for (const double w : problem.weights) {
    if (!(w > 0) || !std::isfinite(w))
      refuse_problem("a weight of " + number_text(w) + " is not a number above 0");
  }
}

class Fingerprint {
 public:
  void add(std::uint64_t value) { hash_ = splitmix64(hash_ ^ value); }
  void add(double value) { add(std::bit_cast<std::uint64_t>(value)); }
  void add(const std::string& text) {
    add(static_cast<std::uint64_t>(text.size()));
    for (const char c : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
  }
  void add(const std::vector<double>& values) {
    add(static_cast<std::uint64_t>(values.size()));
    for (const double v : values) add(v);
  }
  std::string text() const {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4) out += kDigits[hash_ >> shift & 15];
    return out;
  }

 private:
  std::uint64_t hash_ = 0;
};

}  // namespace

std::size_t Problem::group_count() const {
  return groups.empty() ? 1 : *std::max_element(groups.begin(), groups.end()) + 1;
}

std::string Problem::fingerprint() const {
  Fingerprint print;
  for (const Input& input : inputs) {
    print.add(input.name);
    print.add(unit_text(input.unit));
    print.add(input.values);
  }
  print.add(target_name);
  print.add(unit_text(target_unit));
  print.add(target);
  print.add(weights);
  for (const std::size_t g : groups) print.add(static_cast<std::uint64_t>(g));
  for (const Share& s : shares) {
    print.add(static_cast<std::uint64_t>(s.row));
    print.add(static_cast<std::uint64_t>(s.point));
    print.add(s.weight);
  }
  print.add(noise_sd);
  print.add(form);
  for (const Constancy& c : constants) {
    print.add(c.name);
    print.add(c.value);
  }
  return print.text();
}

std::size_t distinct_rows(const Problem& problem) {
  std::vector<std::vector<double>> content(problem.rows());  // by row: its group, then its points
  for (std::size_t i = 0; i < content.size(); ++i)
    content[i].push_back(static_cast<double>(problem.group_of(i)));
  const auto add = [&](std::size_t row, std::size_t point, double weight) {
    content[row].push_back(weight);
    for (const Input& input : problem.inputs) content[row].push_back(input.values[point]);
  };
  for (std::size_t i = 0; i < content.size() && problem.shares.empty(); ++i) add(i, i, 1);
  for (const Share& share : problem.shares) add(share.row, share.point, share.weight);
  return std::set<std::vector<double>>(content.begin(), content.end()).size();
}

Problem subset(const Problem& problem, const std::vector<bool>& keep) {
  const bool rows_are_points = problem.shares.empty();
  Problem out = problem;
  std::vector<std::size_t> place(problem.rows());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < keep.size(); ++i) {
    place[i] = kept;
    kept += keep[i] ? 1 : 0;
  }
  const auto pick = [&](auto& values) {
    if (values.empty()) return;
    std::size_t next = 0;
    for (std::size_t i = 0; i < keep.size(); ++i) {
      if (keep[i]) values[next++] = values[i];
    }
    values.resize(next);
  };
  pick(out.target);
  pick(out.weights);
  pick(out.groups);
  pick(out.folds);
  if (rows_are_points) {
    for (Input& input : out.inputs) pick(input.values);
    return out;
  }
  std::erase_if(out.shares, [&](const Share& share) { return !keep[share.row]; });
  for (Share& share : out.shares) share.row = place[share.row];
  return out;
}

std::vector<std::string> set_constants_aside(Problem& problem) {
  std::vector<std::string> names;
  for (const Input& input : problem.inputs) {
    if (input.values.empty() || !constant(input.values) || !input.unit.dimensionless()) continue;
    problem.constants.push_back({input.name, input.values.front()});
    names.push_back(input.name);
  }
  std::erase_if(problem.inputs, [&](const Input& input) {
    return std::find(names.begin(), names.end(), input.name) != names.end();
  });
  return names;
}

std::vector<std::string> warnings(const Problem& problem) {
  std::vector<bool> looked_at(problem.points(), problem.shares.empty());
  for (const Share& share : problem.shares) looked_at[share.point] = true;
  std::string names;
  std::size_t count = 0;
  for (const Input& input : problem.inputs) {
    std::set<double> values;
    for (std::size_t i = 0; i < input.values.size() && values.size() < 3; ++i) {
      if (looked_at[i]) values.insert(input.values[i]);
    }
    if (values.size() != 2 || !input.normalised_from.empty()) continue;
    names += (count++ == 0 ? "" : ", ") + input.name + " (" + number_text(*values.begin()) + " and " +
             number_text(*values.rbegin()) + ")";
  }
  if (count == 0) return {};
  return {"only two values of " + names + ": any shape passes through two points, so " +
          (count == 1 ? "its exponent is" : "their exponents are") +
          " determined by the form, not by the rows"};
}

void check(const Problem& problem) {
  if (problem.rows() == 0) refuse_problem("there are no rows");
  check_values(problem.target_name, problem.target);
  check_magnitude(problem.target_name, problem.target);
  if (constant(problem.target)) {
    refuse_problem("\"" + problem.target_name + "\" is " + number_text(problem.target.front()) +
                   " in every row, so there is no variation to explain");
  }
  check_inputs(problem);
  check_shares(problem);
  check_groups(problem);
}

}  // namespace energylens::search
