// SPDX-License-Identifier: Apache-2.0
// log_seeds.cpp: products read off logarithms. ln z = ln c + a_1 ln x_1 + ... + e ln F: whatever bracket or
// function F may be, the exponents follow from linear least squares. ln z and ln F of thousands of F are
// freed once of constants and ln x_i (Gram and Schmidt), after which one inner product tells how much an F
// explains; pairs of F likewise, and good pairs are joined by a third. Exponents are then rounded to halves,
// and kept only if the dims come out right; where real exponents are allowed, they stay as they are. z is the
// target, or a function of it less a number (view.hpp). Held by tests/search/generate/seeds_test.cpp.
#include <algorithm>
#include <cmath>
#include <tuple>

#include "search/fit/dot.hpp"
#include "search/generate/factors.hpp"
#include "search/generate/seeds.hpp"
#include "search/generate/view.hpp"

namespace energylens::search {
namespace {

using Kind = Factor::Kind;
using expr::Op;
using Column = std::vector<double>;

constexpr std::size_t kMostRows = 256, kMostFactors = 12000, kInPairs = 1100, kKeptSingles = 60,
                      kKeptPairs = 60, kExtended = 12;

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
  std::vector<signed char> sign;  // by row looked at; empty: the same in all
  Column log, left;               // ln |F|, weighted; the same freed of the basis
};

class LogSearch {
 public:
  LogSearch(const Setting& setting, const View& view)
      : setting_(setting), sheet_(setting.sheet), v_(setting.vocabulary), view_(view) {
    const std::size_t stride = (sheet_.rows + kMostRows - 1) / kMostRows;
    for (std::size_t i = 0; i < sheet_.rows; i += stride) rows_.push_back(i);
    for (const std::size_t i : rows_) {
      const double y = sheet_.target[i];
      target_.push_back(view.value(y));
      // An error e of ln z is one of e z / (dz/dy) of y.
      weight_.push_back(std::sqrt(sheet_.weight[i]) *
                        std::fabs(sheet_.scale[i] * target_.back() / view.slope(y)));
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
      log_y_.push_back(std::log(std::fabs(target_[r])) * weight_[r]);
    left_y_ = log_y_;
    mixed_ = std::any_of(target_.begin(), target_.end(), [&](double z) { return z * target_[0] < 0; });
    basis_.project(left_y_, nullptr);
  }

  /// Whether z has a logarithm at every row looked at.
  bool possible() const {
    return std::all_of(log_y_.begin(), log_y_.end(), [](double l) { return std::isfinite(l); });
  }

  /// Whole powers of functions, and brackets of a function, that explain most.
  std::vector<Factor> leading(const RunOptions& how) {
    constexpr std::size_t kFew = 3, kLookedAt = 40;
    find_candidates(how);
    std::vector<Factor> out;
    const auto order = by_explained();
    for (std::size_t i = 0; i < std::min(kLookedAt, order.size()) && out.size() < kFew; ++i) {
      const Candidate& c = candidates_[order[i].second];
      const double e = rounded(dot(c.left, left_y_) / dot(c.left, c.left));
      if (c.factor.kind != Kind::function || is_exp(c.factor) || e == 0 || std::fabs(e) > 4 ||
          std::nearbyint(e) != e)
        continue;
      out.push_back(raised(c.factor, e, false));
    }
    return out;
  }

  void run(const RunOptions& how, bool with_pairs, std::vector<Tree>& out) {
    if (!mixed_) add_product({}, {}, out);
    find_candidates(how);
    singles(out);
    if (with_pairs) pairs(how, out);
  }

 private:
  bool in_group(std::size_t row, std::size_t g) const {
    return row >= sheet_.group_begin[g] && row < sheet_.group_begin[g + 1];
  }

  void find_candidates(const RunOptions& how) {
    Scratch scratch;
    Evaluator evaluator(sheet_, scratch);
    Column points(sheet_.points);
    for (auto& [degree, factor] : factor_library(v_, v_.parts[0], kMostFactors)) {
      if (how.cancel && how.cancel->cancelled()) return;
      evaluator.term(Term{1, false, {factor}}, points.data(), nullptr);
      Candidate c{std::move(factor), {}, {}, {}};
      if (!read(points, c)) continue;
      c.left = c.log;
      const double before = dot(c.log, c.log);
      basis_.project(c.left, nullptr);
      if (dot(c.left, c.left) > 1e-12 * before) candidates_.push_back(std::move(c));
    }
  }

  /// Logarithms of sizes. False for values that are 0 or not finite.
  bool read(const Column& points, Candidate& c) const {
    std::size_t positive = 0;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      const double value = points[rows_[r]];
      if (value == 0 || !std::isfinite(value)) return false;
      c.log.push_back(std::log(std::fabs(value)) * weight_[r]);
      c.sign.push_back(value > 0 ? 1 : -1);
      positive += value > 0 ? 1 : 0;
    }
    if (positive == 0 || positive == rows_.size()) c.sign.clear();
    return true;
  }

  std::vector<std::pair<double, std::size_t>> by_explained() const {
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t c = 0; c < candidates_.size(); ++c) {
      const double product = dot(candidates_[c].left, left_y_);
      order.emplace_back(-product * product / dot(candidates_[c].left, candidates_[c].left), c);
    }
    std::sort(order.begin(), order.end());
    return order;
  }

  void singles(std::vector<Tree>& out) {
    const auto order = by_explained();
    const std::size_t enough = out.size() + 2 * kKeptSingles;
    for (std::size_t i = 0; i < std::min(5 * kKeptSingles, order.size()) && out.size() < enough; ++i) {
      const Candidate& c = candidates_[order[i].second];
      add_product({&c}, {dot(c.left, left_y_) / dot(c.left, c.left)}, out);
    }
  }

  /// The candidates of lowest degree, and those that explain most alone.
  std::vector<std::size_t> in_pairs() const {
    std::vector<std::size_t> out;
    std::vector<std::pair<double, std::size_t>> rest;
    for (std::size_t c = 0; c < candidates_.size(); ++c) {
      if (out.size() < kInPairs / 2) {
        out.push_back(c);
        continue;
      }
      const double product = dot(candidates_[c].left, left_y_);
      rest.emplace_back(-product * product / dot(candidates_[c].left, candidates_[c].left), c);
    }
    std::sort(rest.begin(), rest.end());
    for (std::size_t i = 0; i < std::min(kInPairs / 2, rest.size()); ++i) out.push_back(rest[i].second);
    return out;
  }

  void pairs(const RunOptions& how, std::vector<Tree>& out) {
    const std::vector<std::size_t> which = in_pairs();
    const std::size_t n = which.size();
    Column squares, products;
    for (const std::size_t c : which) {
      squares.push_back(dot(candidates_[c].left, candidates_[c].left));
      products.push_back(dot(candidates_[c].left, left_y_));
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
    parallel_for(n, how, [&](std::size_t i) {
      const Candidate& a = candidates_[which[i]];
      for (std::size_t j = i + 1; j < n; ++j) {
        const Candidate& b = candidates_[which[j]];
        const double ab = dot(a.left, b.left);
        const double determinant = squares[i] * squares[j] - ab * ab;
        if (!(determinant > 1e-8 * squares[i] * squares[j])) continue;
        const double x = (products[i] * squares[j] - products[j] * ab) / determinant;
        const double y = (products[j] * squares[i] - products[i] * ab) / determinant;
        const Pair pair{x * products[i] + y * products[j], which[i], which[j], x, y};
        if (found[i].size() == 4 && !better(pair, found[i].back())) continue;
        found[i].insert(std::lower_bound(found[i].begin(), found[i].end(), pair, better), pair);
        if (found[i].size() > 4) found[i].pop_back();
      }
    });
    std::vector<Pair> all;
    for (const std::vector<Pair>& some : found) all.insert(all.end(), some.begin(), some.end());
    std::sort(all.begin(), all.end(), better);
    for (std::size_t i = 0; i < std::min(kKeptPairs, all.size()); ++i)
      add_product({&candidates_[all[i].a], &candidates_[all[i].b]}, {all[i].x, all[i].y}, out);
    for (std::size_t i = 0; i < std::min(kExtended, all.size()); ++i) extend({all[i].a, all[i].b}, out);
  }

  /// A third and a fourth factor, each the one that explains most of what those before leave.
  void extend(std::vector<std::size_t> with, std::vector<Tree>& out) const {
    for (int more = 0; more < 2; ++more) {
      Basis of_factors;
      for (const std::size_t c : with) of_factors.add(candidates_[c].left);
      Column left = left_y_;
      of_factors.project(left, nullptr);
      double most = 0;
      std::size_t best = candidates_.size();
      for (std::size_t c = 0; c < candidates_.size(); ++c) {
        Column column = candidates_[c].left;
        const double before = dot(column, column), product = dot(column, left);
        if (product * product / before < 0.5 * most) continue;  // what others explain only makes it shorter
        of_factors.project(column, nullptr);
        const double after = dot(column, column);
        if (after > 1e-6 * before && product * product / after > most) {
          most = product * product / after;
          best = c;
        }
      }
      if (best == candidates_.size()) return;
      with.push_back(best);
      of_factors.add(candidates_[best].left);
      Column shares, goal = left_y_;
      of_factors.project(goal, &shares);
      const Column exponents = of_factors.solve(shares);
      std::vector<const Candidate*> factors;
      for (const std::size_t c : with) factors.push_back(&candidates_[c]);
      add_product(factors, exponents, out);
    }
  }

  static double rounded(double e) { return std::round(e * 2) / 2; }

  /// The product with these factors, exponents rounded, with their inner numbers given and fitted; and again
  /// with real exponents where that is allowed.
  void add_product(const std::vector<const Candidate*>& with, const Column& exponents,
                   std::vector<Tree>& out) const {
    if (with_y_in_sign(with, exponents)) add_rounded(with, exponents, out);
    if (v_.real_exponents && view_.plain()) add_real(with, exponents, out);
  }

  /// Whether signs of factors to odd powers make up that of z.
  bool with_y_in_sign(const std::vector<const Candidate*>& with, const Column& exponents) const {
    std::vector<const Candidate*> odd;
    for (std::size_t i = 0; i < with.size(); ++i) {
      if (with[i]->sign.empty()) continue;
      const double e = rounded(exponents[i]);
      if (std::nearbyint(e) != e) return false;
      if (std::fmod(std::fabs(e), 2) == 1) odd.push_back(with[i]);
    }
    int first = 0;
    for (std::size_t r = 0; r < target_.size(); ++r) {
      int sign = target_[r] > 0 ? 1 : -1;
      for (const Candidate* c : odd) sign *= c->sign[r];
      if (r == 0) first = sign;
      if (sign != first) return false;
    }
    return true;
  }

  void add_rounded(const std::vector<const Candidate*>& with, const Column& exponents,
                   std::vector<Tree>& out) const {
    Column rest = log_y_;
    Term term{1, true, {}}, free = term;
    for (std::size_t i = 0; i < with.size(); ++i) {
      const double e = is_exp(with[i]->factor) ? exponents[i] : rounded(exponents[i]);
      if (std::fabs(e) > 6 || e == 0) return;
      for (std::size_t r = 0; r < rest.size(); ++r) rest[r] -= e * with[i]->log[r];
      term.factors.push_back(raised(with[i]->factor, e, false));
      free.factors.push_back(raised(with[i]->factor, e, true));
    }
    const Column x = solved(std::move(rest));
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const double e = rounded(x[constants_ + i]);
      if (std::fabs(e) > 8) return;
      if (e == 0) continue;
      term.factors.push_back(input_factor(inputs_[i], e));
      free.factors.push_back(term.factors.back());
    }
    term.coefficient = free.coefficient = std::copysign(std::exp(x[0]), mixed_ ? 1 : target_[0]);
    for (const bool fitted : {false, true}) {
      if (fitted && with.empty()) break;
      Tree tree = view_.tree(fitted ? free : term);
      if (typed(tree, v_)) out.push_back(std::move(tree));
    }
  }

  void add_real(const std::vector<const Candidate*>& with, const Column& exponents,
                std::vector<Tree>& out) const {
    Column rest = log_y_;
    Term term{1, true, {}};
    for (std::size_t i = 0; i < with.size(); ++i) {
      if (std::fabs(exponents[i]) > 6) return;
      for (std::size_t r = 0; r < rest.size(); ++r) rest[r] -= exponents[i] * with[i]->log[r];
      Factor f = raised(with[i]->factor, exponents[i], true);
      f.free = f.kind == Kind::bracket;
      term.factors.push_back(std::move(f));
    }
    const Column x = solved(std::move(rest));
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const double e = x[constants_ + i];
      if (std::fabs(e) > 8) return;
      Factor f = input_factor(inputs_[i], e);
      f.free = std::fabs(e) > 1e-6 && v_.input_dims[inputs_[i]].none();
      if (f.free || f.exponent != 0) term.factors.push_back(std::move(f));
    }
    Tree tree{{{std::move(term)}}};
    if (typed(tree, v_)) out.push_back(std::move(tree));
  }

  static bool is_exp(const Factor& f) { return f.kind == Kind::function && f.function == Op::exp; }

  static Factor raised(const Factor& base, double e, bool fitted) {
    Factor f = fitted ? with_free_numbers(base) : base;
    if (is_exp(f)) {
      const double simple = std::round(e * 2) / 2;  // of a half, unless numbers are fitted
      for (Term& t : f.argument) t.coefficient *= fitted || simple == 0 ? e : simple;
    } else {
      f.exponent = e;
    }
    return f;
  }

  /// Coefficients of constants and logarithms of inputs.
  Column solved(Column rest) const {
    Column shares;
    basis_.project(rest, &shares);
    return basis_.solve(shares);
  }

  const Setting& setting_;
  const Sheet& sheet_;
  const Vocabulary& v_;
  const View view_;
  std::vector<std::size_t> rows_, inputs_;
  Column target_, weight_, log_y_, left_y_;
  Basis basis_;
  std::size_t constants_ = 0;
  bool mixed_ = false;  // z has both signs
  std::vector<Candidate> candidates_;
};

}  // namespace

std::vector<Factor> leading_factors(const Setting& setting, const RunOptions& run) {
  LogSearch search(setting, View{});
  return search.possible() ? search.leading(run) : std::vector<Factor>();
}

void add_log_seeds(const Setting& setting, bool of_views, const RunOptions& run, std::vector<Tree>& out) {
  const std::vector<View> all = of_views ? views(setting) : std::vector<View>{View{}};
  for (const View& view : all) {
    if (run.cancel && run.cancel->cancelled()) return;
    LogSearch search(setting, view);
    if (search.possible()) search.run(run, true, out);
  }
}

}  // namespace energylens::search
