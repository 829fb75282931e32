// SPDX-License-Identifier: Apache-2.0
// sums.cpp: which columns add up to the goal. Single columns and pairs follow from inner products. Longer
// sums are built up greedily (orthogonal matching pursuit: Pati, Rezaiifar and Krishnaprasad 1993) and then
// shortened column by column. Tested by tests/search/generate/sums_test.cpp.
#include "search/generate/sums.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include "search/fit/dot.hpp"
#include "search/fit/small_linear.hpp"

namespace energylens::search {
namespace {

constexpr std::size_t kGrown = 12;  // number of pairs that longer sums are built from

/// The best partners of a column: those that leave least of the goal, with separate coefficients in
/// every block.
class Pairs {
 public:
  Pairs(const Library& library, const Goal& goal, bool positive)
      : library_(library), goal_(goal), positive_(positive) {
    const std::size_t n = library.columns.size(), blocks = goal.begin.size() - 1;
    for (std::size_t b = 0; b < blocks; ++b) {
      squares_.emplace_back();
      products_.emplace_back();
      for (std::size_t c = 0; c < n; ++c) {
        squares_[b].push_back(dot(library.columns[c], library.columns[c], goal.begin[b], goal.begin[b + 1]));
        products_[b].push_back(dot(library.columns[c], goal.values, goal.begin[b], goal.begin[b + 1]));
      }
      total_ += dot(goal.values, goal.values, goal.begin[b], goal.begin[b + 1]);
    }
  }

  double single(std::size_t a) const {
    double explained = 0;
    for (std::size_t b = 0; b < squares_.size(); ++b) explained += alone(b, a);
    return total_ - explained;
  }

  std::vector<Choice> with(std::size_t a, std::size_t keep) const {
    std::vector<Choice> best;
    for (std::size_t c = a + 1; c < library_.columns.size(); ++c) {
      double explained = 0;
      for (std::size_t b = 0; b < squares_.size(); ++b) explained += together(b, a, c);
      const Choice choice{total_ - explained, a, c};
      if (best.size() == keep && !better(choice, best.back())) continue;
      best.insert(std::lower_bound(best.begin(), best.end(), choice, better), choice);
      if (best.size() > keep) best.pop_back();
    }
    return best;
  }

 private:
  double alone(std::size_t block, std::size_t a) const {
    const double product = products_[block][a];
    if (squares_[block][a] <= 0 || (positive_ && product < 0)) return 0;
    return product * product / squares_[block][a];
  }

  double together(std::size_t block, std::size_t a, std::size_t c) const {
    const double aa = squares_[block][a], cc = squares_[block][c];
    const double ac =
        dot(library_.columns[a], library_.columns[c], goal_.begin[block], goal_.begin[block + 1]);
    const double at = products_[block][a], ct = products_[block][c];
    const double determinant = aa * cc - ac * ac;
    const double single = std::max(alone(block, a), alone(block, c));
    if (!(determinant > 1e-10 * aa * cc)) return single;
    const double x = (at * cc - ct * ac) / determinant, y = (ct * aa - at * ac) / determinant;
    if (positive_ && (x < 0 || y < 0)) return single;
    return x * at + y * ct;
  }

  const Library& library_;
  const Goal& goal_;
  bool positive_;
  double total_ = 0;
  std::vector<std::vector<double>> squares_, products_;  // by block, by column
};

/// Greedy sums (orthogonal matching pursuit): the column that explains most of what is left is added, and
/// all others are made orthogonal to it, block by block.
class Forward {
 public:
  Forward(const Library& library, const Goal& goal, double degree)
      : library_(library), goal_(goal), left_(goal.values) {
    for (std::size_t c = 0; c < library.columns.size(); ++c) {
      if (library.degree[c] > degree) continue;
      which_.push_back(c);
      columns_.push_back(library.columns[c]);
      lengths_.push_back(dot(library.columns[c], library.columns[c], 0, goal.values.size()));
    }
  }

  /// Adds the best column, or the one given. Returns false if none helps.
  bool enter(std::optional<std::size_t> wanted = std::nullopt) {
    std::size_t best = columns_.size();
    double most = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (wanted && which_[i] != *wanted) continue;
      const double reduction = explained(i);
      if (reduction > most) {
        most = reduction;
        best = i;
      }
    }
    if (best == columns_.size()) return false;
    chosen.push_back(which_[best]);
    const std::vector<double> q = columns_[best];
    for (std::size_t i = 0; i < columns_.size(); ++i) free_of(q, columns_[i]);
    free_of(q, left_);
    return true;
  }

  std::vector<std::size_t> chosen;

 private:
  double explained(std::size_t i) const {
    double reduction = 0;
    for (std::size_t b = 0; b + 1 < goal_.begin.size(); ++b) {
      const double square = dot(columns_[i], columns_[i], goal_.begin[b], goal_.begin[b + 1]);
      if (!(square > 1e-9 * lengths_[i])) continue;  // depends on those before
      const double product = dot(columns_[i], left_, goal_.begin[b], goal_.begin[b + 1]);
      reduction += product * product / square;
    }
    return reduction;
  }

  void free_of(const std::vector<double>& q, std::vector<double>& column) const {
    for (std::size_t b = 0; b + 1 < goal_.begin.size(); ++b) {
      const std::size_t begin = goal_.begin[b], end = goal_.begin[b + 1];
      const double square = dot(q, q, begin, end);
      if (!(square > 0)) continue;
      const double share = dot(q, column, begin, end) / square;
      for (std::size_t i = begin; i < end; ++i) column[i] -= share * q[i];
    }
  }

  const Library& library_;
  const Goal& goal_;
  std::vector<double> left_, lengths_;
  std::vector<std::size_t> which_;
  std::vector<std::vector<double>> columns_;
};

/// How much of the goal least squares with these columns explains.
double explained(const Library& library, const Goal& goal, const std::vector<std::size_t>& chosen) {
  double total = 0;
  SmallSystem system;
  std::vector<double> x;
  for (std::size_t b = 0; b + 1 < goal.begin.size(); ++b) {
    const std::size_t begin = goal.begin[b], end = goal.begin[b + 1];
    system.reset(chosen.size());
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      for (std::size_t j = 0; j <= i; ++j)
        system.a(i, j) = dot(library.columns[chosen[i]], library.columns[chosen[j]], begin, end);
      system.b(i) = dot(library.columns[chosen[i]], goal.values, begin, end);
    }
    system.solve(x);
    for (std::size_t i = 0; i < chosen.size(); ++i) total += x[i] * system.b(i);
  }
  return total;
}

/// Removes one column after another, always the one whose absence costs least. This removes columns that
/// were added early and became superfluous later.
void backward(const Library& library, const Goal& goal, std::vector<std::size_t> chosen,
              std::vector<std::vector<std::size_t>>& out) {
  while (chosen.size() > 2) {
    double most = -1;
    std::vector<std::size_t> best;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      std::vector<std::size_t> without = chosen;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
      const double e = explained(library, goal, without);
      if (e > most) {
        most = e;
        best = std::move(without);
      }
    }
    if (best.empty()) return;
    chosen = std::move(best);
    if (chosen.size() <= 10) out.push_back(chosen);
  }
}

}  // namespace

bool better(const Choice& x, const Choice& y) {
  return std::tie(x.left, x.a, x.b) < std::tie(y.left, y.a, y.b);
}

std::vector<Choice> single_columns(const Library& library, const Goal& goal, bool positive) {
  const Pairs pairs(library, goal, positive);
  std::vector<Choice> out;
  for (std::size_t a = 0; a < library.columns.size(); ++a) out.push_back({pairs.single(a), a, a});
  std::sort(out.begin(), out.end(), better);
  return out;
}

std::vector<Choice> best_pairs(const Library& library, const Goal& goal, bool positive,
                               const RunOptions& run) {
  constexpr std::size_t kOfOneColumn = 8;
  const Pairs pairs(library, goal, positive);
  std::vector<std::vector<Choice>> found(library.columns.size());
  parallel_for(found.size(), run, [&](std::size_t a) { found[a] = pairs.with(a, kOfOneColumn); });
  std::vector<Choice> out;
  for (const std::vector<Choice>& some : found) out.insert(out.end(), some.begin(), some.end());
  std::sort(out.begin(), out.end(), better);
  return out;
}

namespace {

struct Start {
  double degree;
  std::vector<std::size_t> columns;
};

std::vector<std::vector<std::size_t>> grown(const Library& library, const Goal& goal,
                                            const std::vector<Start>& starts, std::size_t terms,
                                            const RunOptions& run) {
  std::vector<std::vector<std::vector<std::size_t>>> found(starts.size());
  parallel_for(starts.size(), run, [&](std::size_t s) {
    Forward forward(library, goal, starts[s].degree);
    for (const std::size_t c : starts[s].columns) forward.enter(c);
    while (forward.chosen.size() < terms && forward.enter()) {
      if (forward.chosen.size() > 2 && forward.chosen.size() < terms / 2) found[s].push_back(forward.chosen);
    }
    backward(library, goal, std::move(forward.chosen), found[s]);
  });
  std::vector<std::vector<std::size_t>> out;
  for (auto& some : found) out.insert(out.end(), some.begin(), some.end());
  return out;
}

}  // namespace

std::vector<std::vector<std::size_t>> longer_sums(const Library& library, const Goal& goal,
                                                  const std::vector<Choice>& pairs, const RunOptions& run) {
  std::vector<Start> starts;
  for (const double degree : {2.0, 3.0, 4.0, 5.0, 6.0, 1e9}) starts.push_back({degree, {}});
  for (std::size_t p = 0; p < std::min(kGrown, pairs.size()); ++p)
    starts.push_back({1e9, {pairs[p].a, pairs[p].b}});
  return grown(library, goal, starts, 14, run);
}

std::vector<std::vector<std::size_t>> greedy_sums(const Library& library, const Goal& goal,
                                                  const RunOptions& run) {
  constexpr std::size_t kSingles = 4;
  std::vector<Start> starts;
  for (const double degree : {4.0, 5.0, 6.0, 1e9}) starts.push_back({degree, {}});
  const std::vector<Choice> singles = single_columns(library, goal, false);
  for (std::size_t i = 0; i < std::min(kSingles, singles.size()); ++i)
    starts.push_back({1e9, {singles[i].a}});
  return grown(library, goal, starts, 8, run);
}

}  // namespace energylens::search
