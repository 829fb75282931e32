// SPDX-License-Identifier: Apache-2.0
// random_forest.cpp: rows are sorted by every feature once; a node passes its two children their parts of
// each sorted list, so that a tree costs features x rows x depth. Held by learners_test.cpp.
#include "baseline/random_forest.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

#include "energylens/core/number_text.hpp"
#include "energylens/core/rng.hpp"

namespace energylens::baseline {
namespace {

/// Rows of a node in rising order of one column.
struct SortedRows {
  std::size_t column = 0;
  std::vector<std::size_t> rows;
};
using Sorted = std::vector<SortedRows>;

float placed(float value) {
  return known(value) ? value : std::numeric_limits<float>::lowest();
}

/// The features of a set as columns.
struct Columns {
  std::vector<std::vector<float>> values;  ///< by feature and row

  explicit Columns(const LearningSet& set) {
    for (std::size_t feature = 0; feature < set.features.front().size(); ++feature) {
      std::vector<float>& column = values.emplace_back();
      for (const std::vector<float>& row : set.features) column.push_back(placed(row[feature]));
    }
  }
  bool differs(const SortedRows& sorted) const {
    const std::vector<float>& column = values[sorted.column];
    return column[sorted.rows.front()] != column[sorted.rows.back()];
  }
  Sorted sorted() const {
    Sorted all;
    for (std::size_t column = 0; column < values.size(); ++column) {
      SortedRows& sorted =
          all.emplace_back(SortedRows{column, std::vector<std::size_t>(values[column].size())});
      std::iota(sorted.rows.begin(), sorted.rows.end(), std::size_t{0});
      std::ranges::stable_sort(sorted.rows, {}, [&](std::size_t row) { return values[column][row]; });
      if (!differs(sorted)) all.pop_back();
    }
    return all;
  }
};

/// Share of the columns that are tried at a split: the most accurate on few rows of the usual shares, from a
/// third to all.
constexpr double kColumnShare = 0.7;

struct Sum {
  double weight = 0, target = 0;
  double square() const { return target * target / weight; }
};

struct Split {
  std::size_t column = 0;
  float threshold = 0;
  Sum left;         ///< of the rows at or below the threshold
  double gain = 0;  ///< reduction of the residual sum of squares; 0: no split
};

}  // namespace

class TreeGrower {
 public:
  TreeGrower(const LearningSet& set, const Columns& columns, std::uint64_t seed)
      : set_(set), columns_(columns), weights_(set.targets.size()), rng_(seed) {
    for (std::size_t draw = 0; draw < weights_.size(); ++draw) ++weights_[rng_.below(weights_.size())];
  }

  RandomForest::Tree grow(Sorted sorted) {
    Sum all;
    for (std::size_t row = 0; row < weights_.size(); ++row) add(row, all);
    for (SortedRows& part : sorted)
      std::erase_if(part.rows, [&](std::size_t row) { return weights_[row] == 0; });
    grow_node(sorted, all);
    return std::move(tree_);
  }

 private:
  std::size_t grow_node(const Sorted& sorted, const Sum& all) {
    const std::size_t node = tree_.size();
    tree_.emplace_back().value = all.target / all.weight;
    const Split split = best_split(sorted, all);
    if (split.gain == 0) return node;
    tree_[node].feature = split.column;
    tree_[node].threshold = split.threshold;
    const std::size_t left = grow_node(share(sorted, split, true), split.left);
    const std::size_t right = grow_node(share(sorted, split, false), rest(all, split.left));
    tree_[node].left = left;
    tree_[node].right = right;
    return node;
  }

  void add(std::size_t row, Sum& sum) const {
    sum.weight += weights_[row];
    sum.target += weights_[row] * static_cast<double>(set_.targets[row]);
  }
  static Sum rest(const Sum& all, const Sum& part) {
    return {all.weight - part.weight, all.target - part.target};
  }

  /// The rows on one side, by the columns that still differ there.
  Sorted share(const Sorted& sorted, const Split& split, bool left) const {
    const std::vector<float>& values = columns_.values[split.column];
    Sorted side;
    for (const SortedRows& part : sorted) {
      SortedRows& own = side.emplace_back(SortedRows{part.column, {}});
      std::ranges::copy_if(part.rows, std::back_inserter(own.rows),
                           [&](std::size_t row) { return (values[row] <= split.threshold) == left; });
      if (!columns_.differs(own)) side.pop_back();
    }
    return side;
  }

  /// The best split of a random share of the columns, and of further columns until one has a split.
  Split best_split(const Sorted& sorted, const Sum& all) {
    const auto wanted =
        static_cast<std::size_t>(std::ceil(kColumnShare * static_cast<double>(sorted.size())));
    const std::vector<std::size_t> order = shuffled_order(rng_(), sorted.size());
    Split best;
    for (std::size_t tried = 0; tried < order.size() && (tried < wanted || best.gain == 0); ++tried) {
      const Split split = best_split_of(sorted[order[tried]], all);
      if (split.gain > best.gain) best = split;
    }
    return best;
  }

  Split best_split_of(const SortedRows& sorted, const Sum& all) const {
    // Below this a gain is rounding: the targets of the node are equal.
    constexpr double kLeastGain = 1e-12;
    const std::vector<float>& values = columns_.values[sorted.column];
    const std::vector<std::size_t>& rows = sorted.rows;
    Split best;
    Sum left;
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
      add(rows[i], left);
      const float below = values[rows[i]], above = values[rows[i + 1]];
      if (below == above) continue;
      const double gain = left.square() + rest(all, left).square() - all.square();
      if (gain <= std::max(best.gain, kLeastGain)) continue;
      const float middle = below + (above - below) / 2;
      best = {sorted.column, middle < above ? middle : below, left, gain};
    }
    return best;
  }

  const LearningSet& set_;
  const Columns& columns_;
  std::vector<double> weights_;  ///< how many times the bootstrap drew each row
  Rng rng_;
  RandomForest::Tree tree_;
};

RandomForest::RandomForest(const LearningSet& set, int trees, std::uint64_t seed) {
  const Columns columns(set);
  const Sorted sorted = columns.sorted();
  Rng seeds(seed);
  for (int tree = 0; tree < trees; ++tree) trees_.push_back(TreeGrower(set, columns, seeds()).grow(sorted));
}

double RandomForest::predict(std::span<const float> features) const {
  double sum = 0;
  for (const Tree& tree : trees_) {
    std::size_t node = 0;
    while (tree[node].left != 0) {
      node =
          placed(features[tree[node].feature]) <= tree[node].threshold ? tree[node].left : tree[node].right;
    }
    sum += tree[node].value;
  }
  return sum / static_cast<double>(trees_.size());
}

}  // namespace energylens::baseline
