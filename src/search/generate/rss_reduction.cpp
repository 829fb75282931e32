// SPDX-License-Identifier: Apache-2.0
// rss_reduction.cpp: let A be the columns of a formula and L L^T = A^T A. What A explains is subtracted from
// a column c and from the goal y:
//     c'c' = c c - v v,  c'y' = c y - v w  with  v = L^-1 A^T c,  w = L^-1 A^T y,
// and adding c reduces the RSS by (c'y')^2 / c'c'. The products of all columns with all terms are computed
// once per formula, so leaving out one term after another costs little. Tested by
// tests/search/generate/rss_reduction_test.cpp.
#include "search/generate/rss_reduction.hpp"

#include <cmath>
#include <utility>

#include "search/fit/dot.hpp"

namespace energylens::search {
namespace {

constexpr double kCollinear = 1e-9;  // share of its squared length below which a column counts as dependent

/// Lower triangle of a Cholesky factor that grows by one column at a time, and forward substitution with it.
class Triangle {
 public:
  explicit Triangle(std::size_t most) : n_(most), l_(most * most) {}

  /// Adds a column, given its products with the earlier ones and its squared length. Returns false if it
  /// depends on them.
  bool take(const std::vector<double>& products, double square) {
    double left = square;
    std::vector<double> row = products;
    substitute(row.data());
    for (const double v : row) left -= v * v;
    if (!(left > kCollinear * square)) return false;
    for (std::size_t i = 0; i < taken_; ++i) l_[taken_ * n_ + i] = row[i];
    l_[taken_ * n_ + taken_] = std::sqrt(left);
    ++taken_;
    return true;
  }
  void substitute(double* x) const {
    for (std::size_t i = 0; i < taken_; ++i) {
      for (std::size_t j = 0; j < i; ++j) x[i] -= l_[i * n_ + j] * x[j];
      x[i] /= l_[i * n_ + i];
    }
  }

 private:
  std::size_t n_, taken_ = 0;
  std::vector<double> l_;
};

}  // namespace

RssReduction::RssReduction(const Library& library, const Goal& goal, bool positive)
    : library_(library), goal_(goal), positive_(positive) {
  for (std::size_t b = 0; b + 1 < goal.begin.size(); ++b) {
    for (const std::vector<double>& column : library.columns) {
      squares_.push_back(dot(column, column, goal.begin[b], goal.begin[b + 1]));
      products_.push_back(dot(column, goal.values, goal.begin[b], goal.begin[b + 1]));
    }
  }
}

void RssReduction::set_terms(std::vector<std::vector<double>> columns, std::vector<bool> used) {
  terms_ = std::move(columns);
  used_ = std::move(used);
  together_.clear();
  for (std::size_t b = 0; b + 1 < goal_.begin.size(); ++b) {
    for (const std::vector<double>& term : terms_) {
      std::vector<double> products;
      for (const std::vector<double>& column : library_.columns)
        products.push_back(dot(term, column, goal_.begin[b], goal_.begin[b + 1]));
      together_.push_back(std::move(products));
    }
  }
}

std::vector<double> RssReduction::reductions(std::optional<std::size_t> without) const {
  std::vector<double> out(library_.columns.size(), 0.0);
  for (std::size_t b = 0; b + 1 < goal_.begin.size(); ++b) add_block(b, without, out);
  return out;
}

void RssReduction::add_block(std::size_t block, std::optional<std::size_t> without,
                             std::vector<double>& out) const {
  const std::size_t begin = goal_.begin[block], end = goal_.begin[block + 1], n = library_.columns.size();
  Triangle triangle(terms_.size());
  std::vector<std::size_t> kept;
  std::vector<double> w;
  for (std::size_t t = 0; t < terms_.size(); ++t) {
    if ((without && t == *without) || !used_[block * terms_.size() + t]) continue;
    std::vector<double> products;
    for (const std::size_t before : kept) products.push_back(dot(terms_[t], terms_[before], begin, end));
    if (!triangle.take(products, dot(terms_[t], terms_[t], begin, end))) continue;
    kept.push_back(t);
    w.push_back(dot(terms_[t], goal_.values, begin, end));
  }
  triangle.substitute(w.data());
  std::vector<double> v(kept.size());
  for (std::size_t c = 0; c < n; ++c) {
    for (std::size_t i = 0; i < kept.size(); ++i) v[i] = together_[block * terms_.size() + kept[i]][c];
    triangle.substitute(v.data());
    double square = squares_[block * n + c], product = products_[block * n + c];
    for (std::size_t i = 0; i < kept.size(); ++i) {
      square -= v[i] * v[i];
      product -= v[i] * w[i];
    }
    const bool counts = square > kCollinear * squares_[block * n + c] && !(positive_ && product < 0);
    if (counts) out[c] += product * product / square;
  }
}

}  // namespace energylens::search
