// SPDX-License-Identifier: Apache-2.0
// random_forest.cpp: rows are sorted by every feature once; a node hands its two children their shares of
// each sorted list, so that a tree costs features x rows x depth. Held by learners_test.cpp.
#include "baseline/random_forest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "energylens/core/number_text.hpp"
#include "energylens/core/rng.hpp"

namespace energylens::baseline {
namespace {

/// By feature, the rows of a node in rising order of that feature.
using SortedRows = std::vector<std::vector<std::size_t>>;

float placed(float value) {
  return known(value) ? value : std::numeric_limits<float>::lowest();
}

/// Features that differ between rows, as columns.
struct Columns {
  std::vector<std::size_t> index;          ///< which feature of the set
  std::vector<std::vector<float>> values;  ///< by row
  SortedRows sorted;
};

Columns useful_columns(const LearningSet& set) {
  Columns columns;
  for (std::size_t feature = 0; feature < set.features.front().size(); ++feature) {
    std::vector<float> values;
    for (const std::vector<float>& row : set.features) values.push_back(placed(row[feature]));
    if (std::ranges::min(values) == std::ranges::max(values)) continue;
    std::vector<std::size_t> rows(values.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    std::ranges::stable_sort(rows, {}, [&](std::size_t row) { return values[row]; });
    columns.index.push_back(feature);
    columns.values.push_back(std::move(values));
    columns.sorted.push_back(std::move(rows));
  }
  return columns;
}

/// Share of the columns tried at a split. Of the usual shares from a third to all, the most accurate on few
/// rows.
constexpr double kColumnShare = 0.7;

struct Split {
  std::size_t column = 0;
  float threshold = 0;
  double gain = 0;  ///< by which the sum of squares falls; 0: no split
};

}  // namespace

class TreeGrower {
 public:
  TreeGrower(const LearningSet& set, const Columns& columns, std::uint64_t seed)
      : set_(set), columns_(columns), weights_(set.targets.size()), rng_(seed) {
    for (std::size_t draw = 0; draw < weights_.size(); ++draw) ++weights_[rng_.below(weights_.size())];
  }

  RandomForest::Tree grow() {
    SortedRows drawn = columns_.sorted;
    for (auto& rows : drawn) std::erase_if(rows, [&](std::size_t row) { return weights_[row] == 0; });
    grow(drawn);
    return std::move(tree_);
  }

 private:
  struct Sum {
    double weight = 0, target = 0;
  };

  std::size_t grow(const SortedRows& rows) {
    const std::size_t node = tree_.size();
    tree_.emplace_back();
    const Sum all = rows.empty() ? sum_of_all() : sum(rows.front());
    tree_[node].value = all.target / all.weight;
    const Split split = best_split(rows, all);
    if (split.gain <= 0) return node;
    tree_[node].feature = columns_.index[split.column];
    tree_[node].threshold = split.threshold;
    SortedRows left(rows.size()), right(rows.size());
    for (std::size_t column = 0; column < rows.size(); ++column) {
      for (const std::size_t row : rows[column]) {
        const bool goes_left = columns_.values[split.column][row] <= split.threshold;
        (goes_left ? left : right)[column].push_back(row);
      }
    }
    const std::size_t left_node = grow(left), right_node = grow(right);
    tree_[node].left = left_node;
    tree_[node].right = right_node;
    return node;
  }

  Sum sum(const std::vector<std::size_t>& rows) const {
    Sum sum;
    for (const std::size_t row : rows) add(row, sum);
    return sum;
  }
  Sum sum_of_all() const {
    Sum sum;
    for (std::size_t row = 0; row < weights_.size(); ++row) add(row, sum);
    return sum;
  }
  void add(std::size_t row, Sum& sum) const {
    sum.weight += weights_[row];
    sum.target += weights_[row] * static_cast<double>(set_.targets[row]);
  }

  /// Of a random share of the columns, and of further ones as long as none of them splits.
  Split best_split(const SortedRows& rows, const Sum& all) {
    const auto wanted = static_cast<std::size_t>(std::ceil(kColumnShare * static_cast<double>(rows.size())));
    const std::vector<std::size_t> order = shuffled_order(rng_(), rows.size());
    Split best;
    for (std::size_t tried = 0; tried < order.size() && (tried < wanted || best.gain == 0); ++tried) {
      const Split split = best_split_of(order[tried], rows[order[tried]], all);
      if (split.gain > best.gain) best = split;
    }
    return best;
  }

  Split best_split_of(std::size_t column, const std::vector<std::size_t>& rows, const Sum& all) const {
    // Below this a gain is rounding: the targets of the node are equal.
    constexpr double kLeastGain = 1e-12;
    const std::vector<float>& values = columns_.values[column];
    Split best;
    Sum left;
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
      add(rows[i], left);
      const float below = values[rows[i]], above = values[rows[i + 1]];
      if (below == above) continue;
      const Sum right{all.weight - left.weight, all.target - left.target};
      const double gain = left.target * left.target / left.weight +
                          right.target * right.target / right.weight - all.target * all.target / all.weight;
      if (gain <= std::max(best.gain, kLeastGain)) continue;
      const float middle = below + (above - below) / 2;
      best = {column, middle < above ? middle : below, gain};
    }
    return best;
  }

  const LearningSet& set_;
  const Columns& columns_;
  std::vector<double> weights_;  ///< how often the bootstrap drew each row
  Rng rng_;
  RandomForest::Tree tree_;
};

RandomForest::RandomForest(const LearningSet& set, int trees, std::uint64_t seed) {
  const Columns columns = useful_columns(set);
  Rng seeds(seed);
  for (int tree = 0; tree < trees; ++tree) trees_.push_back(TreeGrower(set, columns, seeds()).grow());
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
