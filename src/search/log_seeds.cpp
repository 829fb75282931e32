// SPDX-License-Identifier: Apache-2.0
// log_seeds.cpp: products read off logarithms. ln y = ln c + a_1 ln x_1 + ... + e ln F: whatever bracket or
// function F may be, the exponents follow from linear least squares. ln y and ln F of thousands of F are
// freed once of constants and ln x_i (Gram and Schmidt), after which one inner product tells how much an F
// explains, and pairs of F likewise. Exponents are then rounded to halves, and kept only if the dims come out
// right; where real exponents are allowed, they stay as they are. Held by tests/search/seeds_test.cpp.
#include <algorithm>
#include <cmath>
#include <tuple>

#include "seeds.hpp"

namespace energylens::search {
namespace {

using Kind = Factor::Kind;
using expr::Op;
using Column = std::vector<double>;

constexpr std::size_t kMostRows = 256, kMostOfAKind = 700, kKeptSingles = 60, kKeptPairs = 60;

double dot(const Column& a, const Column& b) {
  double sum[4] = {};
  std::size_t i = 0;
  for (; i + 4 <= a.size(); i += 4) {
    for (std::size_t j = 0; j < 4; ++j) sum[j] += a[i + j] * b[i + j];
  }
  for (; i < a.size(); ++i) sum[0] += a[i] * b[i];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/// Orthonormal columns of what every product has: a constant per group and logarithms of inputs.
class Basis {
 public:
  void add(Column column) {
    const double before = dot(column, column);
    Column shares;
    project(column, &shares);
    project(column, nullptr);
    const double after = dot(column, column);
    if (!(after > 1e-12 * before)) {
      columns_.emplace_back();
      triangle_.push_back(std::move(shares));
      return;
    }
    const double length = std::sqrt(after);
    for (double& v : column) v /= length;
    shares.push_back(length);
    columns_.push_back(std::move(column));
    triangle_.push_back(std::move(shares));
  }

  /// Subtracts the part of `column` in the span; `shares` are its coordinates.
  void project(Column& column, Column* shares) const {
    for (const Column& q : columns_) {
      const double share = q.empty() ? 0 : dot(q, column);
      for (std::size_t i = 0; i < q.size(); ++i) column[i] -= share * q[i];
      if (shares) shares->push_back(share);
    }
  }

  /// Coefficients of the columns added, from coordinates.
  Column solve(const Column& shares) const {
    Column x = shares;
    for (std::size_t c = columns_.size(); c-- > 0;) {
      if (columns_[c].empty()) {
        x[c] = 0;
        continue;
      }
      x[c] /= triangle_[c][c];
      for (std::size_t r = 0; r < c; ++r) x[r] -= triangle_[c][r] * x[c];
    }
    return x;
  }

 private:
  std::vector<Column> columns_;   // empty: depended on those before
  std::vector<Column> triangle_;  // by column, its coordinates
};

struct Candidate {
  Factor factor;
  bool odd = false;  // changes sign with y
  Column log, left;  // ln |F|, weighted; the same freed of the basis
};

Factor bracket_of(Sum sum) {
  Factor f;
  f.kind = Kind::bracket;
  f.argument = std::move(sum);
  return f;
}

Factor function_of(Op op, Sum sum) {
  Factor f;
  f.kind = Kind::function;
  f.function = op;
  f.argument = std::move(sum);
  return f;
}

/// Keeps those of low degree.
void shorten(std::vector<std::pair<double, Factor>>& factors) {
  std::stable_sort(factors.begin(), factors.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  if (factors.size() > kMostOfAKind) factors.resize(kMostOfAKind);
}

/// Brackets of two products of equal dims, functions of one product, and brackets of 1 and a function.
std::vector<std::pair<double, Factor>> factors(const Vocabulary& v) {
  constexpr std::size_t kOfOneDims = 14, kMostNumbers = 150;
  const PartVocabulary& part = v.parts[0];
  std::vector<std::pair<double, Factor>> out;
  const std::vector<double> signs = v.differences ? std::vector<double>{1, -1} : std::vector<double>{1};
  for (const Dims& dims : part.common) {
    const std::vector<std::size_t>& like = part.of(dims);
    for (std::size_t a = 0; a < std::min(kOfOneDims, like.size()); ++a) {
      for (std::size_t b = a + 1; b < std::min(kOfOneDims * 4, like.size()); ++b) {
        const Monomial &x = part.monomials[like[a]], &y = part.monomials[like[b]];
        for (const double sign : signs) {
          out.emplace_back(x.degree + y.degree + 1,
                           bracket_of({{1, false, x.factors}, {sign, false, y.factors}}));
        }
      }
    }
  }
  shorten(out);
  std::vector<std::pair<double, Factor>> of_functions;
  for (const Op op : v.functions) {
    if (expr::arity(op) != 1) continue;
    const std::vector<std::size_t>& numbers = part.of(Dims());
    for (std::size_t i = 0; i < std::min(kMostNumbers, numbers.size()); ++i) {
      const Monomial& x = part.monomials[numbers[i]];
      if (x.factors.empty()) continue;
      for (const double c : {1.0, -1.0, 2.0, 0.5}) {
        if (c < 0 && (!v.differences || op != Op::exp)) continue;
        const Factor f = function_of(op, {{c, false, x.factors}});
        const double degree = x.degree + 2 + (c == 1 ? 0 : 1);
        if (op != Op::exp || c == 1) of_functions.emplace_back(degree, f);
        for (const double sign : signs)
          of_functions.emplace_back(degree + 2, bracket_of({{1, false, {f}}, {sign, false, {}}}));
      }
    }
  }
  shorten(of_functions);
  out.insert(out.end(), of_functions.begin(), of_functions.end());
  return out;
}

class LogSearch {
 public:
  explicit LogSearch(const Setting& setting)
      : setting_(setting), sheet_(setting.sheet), v_(setting.vocabulary) {
    const std::size_t stride = (sheet_.rows + kMostRows - 1) / kMostRows;
    for (std::size_t i = 0; i < sheet_.rows; i += stride) rows_.push_back(i);
    for (const std::size_t i : rows_) {
      weight_.push_back(std::sqrt(sheet_.weight[i]) * std::fabs(sheet_.scale[i] * sheet_.target[i]));
    }
    const bool own = setting.options.coefficients == Scope::per_group;
    for (std::size_t g = 0; g < (own ? sheet_.groups : 1); ++g) {
      Column column;
      for (std::size_t r = 0; r < rows_.size(); ++r)
        column.push_back(!own || in_group(rows_[r], g) ? weight_[r] : 0);
      basis_.add(std::move(column));
      ++constants_;
    }
    for (const std::size_t input : v_.parts[0].inputs) {
      if (!v_.positive[input]) continue;
      Column column;
      for (std::size_t r = 0; r < rows_.size(); ++r)
        column.push_back(sheet_.logs[input][rows_[r]] * weight_[r]);
      basis_.add(std::move(column));
      inputs_.push_back(input);
    }
    for (std::size_t r = 0; r < rows_.size(); ++r)
      log_y_.push_back(std::log(std::fabs(sheet_.target[rows_[r]])) * weight_[r]);
    left_y_ = log_y_;
    mixed_ = std::any_of(rows_.begin(), rows_.end(),
                         [&](std::size_t i) { return sheet_.target[i] * sheet_.target[0] < 0; });
    basis_.project(left_y_, nullptr);
  }

  void run(const RunOptions& how, std::vector<Tree>& out) {
    if (!mixed_) add_product({}, {}, out);
    find_candidates(how);
    singles(out);
    pairs(how, out);
  }

 private:
  bool in_group(std::size_t row, std::size_t g) const {
    return row >= sheet_.group_begin[g] && row < sheet_.group_begin[g + 1];
  }

  void find_candidates(const RunOptions& how) {
    Scratch scratch;
    Evaluator evaluator(sheet_, scratch);
    Column points(sheet_.points);
    for (auto& [degree, factor] : factors(v_)) {
      if (how.cancel && how.cancel->cancelled()) return;
      evaluator.term(Term{1, false, {factor}}, points.data(), nullptr);
      Candidate c{std::move(factor), false, {}, {}};
      if (!read(points, c)) continue;
      c.left = c.log;
      const double before = dot(c.log, c.log);
      basis_.project(c.left, nullptr);
      if (dot(c.left, c.left) > 1e-12 * before) candidates_.push_back(std::move(c));
    }
  }

  /// Logarithms of sizes. False for values that are 0 or not finite, or whose sign changes otherwise than
  /// that of y.
  bool read(const Column& points, Candidate& c) const {
    std::size_t positive = 0, with_y = 0;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      const double value = points[rows_[r]];
      if (value == 0 || !std::isfinite(value)) return false;
      c.log.push_back(std::log(std::fabs(value)) * weight_[r]);
      positive += value > 0 ? 1 : 0;
      with_y += (value > 0) == (sheet_.target[rows_[r]] > 0) ? 1 : 0;
    }
    const bool one_sign = positive == 0 || positive == rows_.size();
    c.odd = !one_sign;
    return one_sign || with_y == 0 || with_y == rows_.size();
  }

  void singles(std::vector<Tree>& out) {
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t c = 0; c < candidates_.size(); ++c) {
      if (candidates_[c].odd != mixed_) continue;
      const double product = dot(candidates_[c].left, left_y_);
      order.emplace_back(-product * product / dot(candidates_[c].left, candidates_[c].left), c);
    }
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < std::min(kKeptSingles, order.size()); ++i) {
      const Candidate& c = candidates_[order[i].second];
      const double e = dot(c.left, left_y_) / dot(c.left, c.left);
      add_product({&c}, {e}, out);
    }
  }

  void pairs(const RunOptions& how, std::vector<Tree>& out) {
    const std::size_t n = candidates_.size();
    Column squares, products;
    for (const Candidate& c : candidates_) {
      squares.push_back(dot(c.left, c.left));
      products.push_back(dot(c.left, left_y_));
    }
    struct Pair {
      double explained;
      std::size_t a, b;
      double x, y;
    };
    const auto better = [](const Pair& p, const Pair& q) {
      return std::tuple(-p.explained, p.a, p.b) < std::tuple(-q.explained, q.a, q.b);
    };
    std::vector<std::vector<Pair>> found(n);
    parallel_for(n, how, [&](std::size_t a) {
      for (std::size_t b = a + 1; b < n; ++b) {
        if ((candidates_[a].odd != candidates_[b].odd) != mixed_) continue;
        const double ab = dot(candidates_[a].left, candidates_[b].left);
        const double determinant = squares[a] * squares[b] - ab * ab;
        if (!(determinant > 1e-8 * squares[a] * squares[b])) continue;
        const double x = (products[a] * squares[b] - products[b] * ab) / determinant;
        const double y = (products[b] * squares[a] - products[a] * ab) / determinant;
        const Pair pair{x * products[a] + y * products[b], a, b, x, y};
        if (found[a].size() == 4 && !better(pair, found[a].back())) continue;
        found[a].insert(std::lower_bound(found[a].begin(), found[a].end(), pair, better), pair);
        if (found[a].size() > 4) found[a].pop_back();
      }
    });
    std::vector<Pair> all;
    for (const std::vector<Pair>& some : found) all.insert(all.end(), some.begin(), some.end());
    std::sort(all.begin(), all.end(), better);
    for (std::size_t i = 0; i < std::min(kKeptPairs, all.size()); ++i) {
      add_product({&candidates_[all[i].a], &candidates_[all[i].b]}, {all[i].x, all[i].y}, out);
    }
  }

  static double rounded(double e) { return std::round(e * 2) / 2; }

  /// The product with these factors, exponents rounded, and again with real ones where that is allowed.
  void add_product(const std::vector<const Candidate*>& with, const Column& exponents,
                   std::vector<Tree>& out) const {
    for (const bool real : {false, true}) {
      if (real && !v_.real_exponents) continue;
      Column rest = log_y_;
      Term term{1, true, {}};
      for (std::size_t i = 0; i < with.size(); ++i) {
        const double e = real ? exponents[i] : rounded(exponents[i]);
        if (std::fabs(e) > 6) return;
        Factor f = with[i]->factor;
        if (f.kind == Kind::function && f.function == Op::exp && !real) {
          f.argument[0].coefficient *= e;
        } else {
          f.exponent = e;
          f.free = real && f.kind == Kind::bracket;
        }
        for (std::size_t r = 0; r < rest.size(); ++r) rest[r] -= e * with[i]->log[r];
        term.factors.push_back(std::move(f));
      }
      Column shares;
      basis_.project(rest, &shares);
      const Column x = basis_.solve(shares);
      for (std::size_t i = 0; i < inputs_.size(); ++i) {
        const double e = x[constants_ + i];
        if (std::fabs(e) > 8) return;
        Factor f = input_factor(inputs_[i], real ? e : rounded(e));
        f.free = real && std::fabs(e) > 1e-6 && v_.input_dims[inputs_[i]].none();
        if (f.free || f.exponent != 0) term.factors.push_back(std::move(f));
      }
      Tree tree{{{std::move(term)}}};
      if (typed(tree, v_)) out.push_back(std::move(tree));
    }
  }

  const Setting& setting_;
  const Sheet& sheet_;
  const Vocabulary& v_;
  std::vector<std::size_t> rows_, inputs_;
  Column weight_, log_y_, left_y_;
  Basis basis_;
  std::size_t constants_ = 0;
  bool mixed_ = false;  // y has both signs
  std::vector<Candidate> candidates_;
};

}  // namespace

void add_log_seeds(const Setting& setting, const RunOptions& run, std::vector<Tree>& out) {
  const std::vector<double>& y = setting.sheet.target;
  const bool no_zero = std::all_of(y.begin(), y.end(), [](double v) { return v != 0; });
  if (no_zero) LogSearch(setting).run(run, out);
}

}  // namespace energylens::search
