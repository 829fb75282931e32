// SPDX-License-Identifier: Apache-2.0
// seeds.cpp: exhaustive search of small sums. Every product of inputs that has the right dims is a column; the least
// squares of all single columns and all pairs follow from their inner products, so a few million pairs cost about a
// second. The same with the target raised to a power finds (x + y)^e. Dimensional analysis (Buckingham 1914) is what keeps
// the list of products short where units are on. Held by tests/search/seeds_test.cpp.
#include "seeds.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "energylens/core/parallel.hpp"

namespace energylens::search {
namespace {

constexpr std::size_t kMostColumns = 1600, kMostRows = 240;
constexpr double kMostWork = 2.5e8;  // products of all pairs
constexpr std::size_t kKeptSingles = 120, kKeptPairs = 160, kGrown = 12;

/// A term of a part and its column: values at rows times sqrt(weight) * scale of the target looked at.
struct Library {
  std::vector<Term> terms;
  std::vector<std::size_t> part;
  std::vector<double> degree;
  std::vector<std::vector<double>> columns;
};

/// What the columns are to add up to: the target, or a power of it.
struct Goal {
  double exponent = 1;  // of the target
  std::vector<std::size_t> rows;       // looked at: all, or evenly some
  std::vector<double> values, factor;  // weighted target; sqrt(weight) * scale, by row
  std::vector<std::size_t> begin;      // of the blocks that have their own coefficients
};

Goal goal_of(const Setting& setting, double exponent) {
  const Sheet& sheet = setting.sheet;
  Goal goal{exponent, {}, {}, {}, {0}};
  const std::size_t stride = (sheet.rows + kMostRows - 1) / kMostRows;
  const bool own = setting.options.coefficients == Scope::per_group;
  for (std::size_t g = 0; g < sheet.groups; ++g) {
    for (std::size_t i = sheet.group_begin[g]; i < sheet.group_begin[g + 1]; i += stride) goal.rows.push_back(i);
    if (own || g + 1 == sheet.groups) goal.begin.push_back(goal.rows.size());
  }
  for (const std::size_t i : goal.rows) {
    const double given = sheet.given.empty() ? 0 : sheet.given[i], y = sheet.target[i] - given;
    const double value = exponent == 1 ? y : std::pow(y, exponent);
    // An error e of y^a is one of e * y / (a y^a) of y.
    const double slope = exponent == 1 ? 1 : y / (exponent * value);
    goal.factor.push_back(std::sqrt(sheet.weight[i]) * std::fabs(sheet.scale[i] * slope));
    goal.values.push_back(value * goal.factor.back());
  }
  return goal;
}

bool finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

void add_column(const Setting& setting, const Goal& goal, Evaluator& evaluator, std::size_t part, Term term, double degree,
                Library& out) {
  const Sheet& sheet = setting.sheet;
  std::vector<double> points(sheet.points), column(sheet.rows);
  evaluator.term(term, points.data(), nullptr);
  for (std::size_t i = 0; i < sheet.multipliers[part].size(); ++i) points[i] *= sheet.multipliers[part][i];
  sheet.add_up(points.data(), column.data());
  for (std::size_t r = 0; r < goal.rows.size(); ++r) column[r] = column[goal.rows[r]] * goal.factor[r];
  column.resize(goal.rows.size());
  if (!finite(column)) return;
  out.terms.push_back(std::move(term));
  out.part.push_back(part);
  out.degree.push_back(degree);
  out.columns.push_back(std::move(column));
}

/// Functions of one small product: exp(-x), log(x), ...
void add_functions(const Setting& setting, const Goal& goal, Evaluator& evaluator, std::size_t p, const Dims& dims,
                   std::size_t most, Library& out) {
  const Vocabulary& v = setting.vocabulary;
  const PartVocabulary& part = v.parts[p];
  for (const std::size_t inner : part.of(Dims())) {
    if (part.monomials[inner].degree > 3 || inner == 0) continue;
    for (const expr::Op op : v.functions) {
      if (expr::arity(op) != 1) continue;
      for (const double sign : {1.0, -1.0}) {
        if (sign < 0 && (op != expr::Op::exp || !v.differences)) continue;
        Factor f;
        f.kind = Factor::Kind::function;
        f.function = op;
        f.argument = {Term{sign, false, part.monomials[inner].factors}};
        for (const std::size_t outer : part.of(dims)) {
          if (part.monomials[outer].degree > 3 || out.terms.size() >= most) break;
          Term term{1, true, part.monomials[outer].factors};
          term.factors.push_back(f);
          add_column(setting, goal, evaluator, p, std::move(term), part.monomials[outer].degree + part.monomials[inner].degree, out);
        }
      }
    }
  }
}

Library library(const Setting& setting, const Goal& goal) {
  const Vocabulary& v = setting.vocabulary;
  Scratch scratch;
  Evaluator evaluator(setting.sheet, scratch);
  const double rows = static_cast<double>(goal.rows.size());
  const auto affordable = static_cast<std::size_t>(std::sqrt(2 * kMostWork / rows));
  const std::size_t most = std::min(kMostColumns, affordable) / v.parts.size();
  Library out;
  for (std::size_t p = 0; p < v.parts.size(); ++p) {
    for (const Dims& constant : v.constants) {
      const std::optional<Dims> dims = raised(v.parts[p].dims - constant, goal.exponent);
      if (!dims) continue;
      std::size_t taken = 0;
      for (const std::size_t m : v.parts[p].of(*dims)) {
        if (++taken > most / v.constants.size()) break;
        add_column(setting, goal, evaluator, p, {1, true, v.parts[p].monomials[m].factors}, v.parts[p].monomials[m].degree, out);
      }
      add_functions(setting, goal, evaluator, p, *dims, (p + 1) * most + most / 4, out);
    }
  }
  return out;
}

double dot(const std::vector<double>& a, const std::vector<double>& b, std::size_t begin, std::size_t end) {
  double sum[4] = {};
  std::size_t i = begin;
  for (; i + 4 <= end; i += 4) {
    for (std::size_t j = 0; j < 4; ++j) sum[j] += a[i + j] * b[i + j];
  }
  for (; i < end; ++i) sum[0] += a[i] * b[i];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

struct Choice {
  double left = 0;  // of the squared length of the goal
  std::size_t a = 0, b = 0;
};
bool better(const Choice& x, const Choice& y) { return std::tie(x.left, x.a, x.b) < std::tie(y.left, y.a, y.b); }

/// The best pair partners of column a: those that leave least of the goal, every block with its own coefficients.
class Pairs {
 public:
  Pairs(const Library& library, const Goal& goal, bool positive) : library_(library), goal_(goal), positive_(positive) {
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
    const double ac = dot(library_.columns[a], library_.columns[c], goal_.begin[block], goal_.begin[block + 1]);
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

/// The chosen terms as a tree; for a power of the target, inside a bracket.
Tree tree_of(const Setting& setting, const Library& library, const Goal& goal, std::vector<std::size_t> chosen) {
  Tree tree;
  tree.parts.resize(setting.vocabulary.parts.size());
  for (const std::size_t c : chosen) tree.parts[library.part[c]].push_back(library.terms[c]);
  if (goal.exponent == 1) return tree;
  Factor f;
  f.kind = Factor::Kind::bracket;
  f.exponent = 1 / goal.exponent;
  f.argument = std::move(tree.parts[0]);
  tree.parts[0] = {Term{1, true, {std::move(f)}}};
  return tree;
}

/// Coefficients of a least-squares solution are where the fit of a bracket begins.
void start_bracket(const Goal& goal, const Library& library, const Choice& pair, Tree& tree) {
  if (goal.exponent == 1) return;
  const auto& x = library.columns[pair.a];
  const auto& y = library.columns[pair.b];
  const std::size_t n = goal.rows.size();
  const double aa = dot(x, x, 0, n), cc = dot(y, y, 0, n), ac = dot(x, y, 0, n);
  const double at = dot(x, goal.values, 0, n), ct = dot(y, goal.values, 0, n);
  const double determinant = aa * cc - ac * ac;
  Sum& sum = tree.parts[0][0].factors[0].argument;
  sum[0].coefficient = (at * cc - ct * ac) / determinant;
  sum[1].coefficient = (ct * aa - at * ac) / determinant;
}

/// Three terms: the pair and what helps it most.
void grow_triples(const Setting& setting, const Library& library, const Goal& goal, const std::vector<Choice>& pairs,
                  std::vector<Tree>& out) {
  const std::size_t n = goal.rows.size();
  for (std::size_t p = 0; p < std::min(kGrown, pairs.size()); ++p) {
    const auto& x = library.columns[pairs[p].a];
    const auto& y = library.columns[pairs[p].b];
    const double aa = dot(x, x, 0, n), cc = dot(y, y, 0, n), ac = dot(x, y, 0, n);
    const double at = dot(x, goal.values, 0, n), ct = dot(y, goal.values, 0, n);
    const double determinant = aa * cc - ac * ac;
    if (!(determinant > 0)) continue;
    std::vector<double> left = goal.values;
    const double u = (at * cc - ct * ac) / determinant, w = (ct * aa - at * ac) / determinant;
    for (std::size_t i = 0; i < n; ++i) left[i] -= u * x[i] + w * y[i];
    std::vector<Choice> thirds;
    for (std::size_t c = 0; c < library.columns.size(); ++c) {
      const double square = dot(library.columns[c], library.columns[c], 0, n);
      const double product = dot(library.columns[c], left, 0, n);
      if (square > 0) thirds.push_back({-product * product / square, c, 0});
    }
    std::sort(thirds.begin(), thirds.end(), better);
    for (std::size_t t = 0; t < std::min<std::size_t>(4, thirds.size()); ++t) {
      out.push_back(tree_of(setting, library, goal, {pairs[p].a, pairs[p].b, thirds[t].a}));
    }
  }
}

void add_sums(const Setting& setting, double exponent, const RunOptions& run, std::vector<Tree>& out) {
  const Goal goal = goal_of(setting, exponent);
  if (!finite(goal.values)) return;
  const Library columns = library(setting, goal);
  const std::size_t n = columns.columns.size();
  const bool plain = exponent == 1;
  const Pairs pairs(columns, goal, plain && setting.fit.positive);
  std::vector<Choice> singles;
  for (std::size_t a = 0; a < n; ++a) singles.push_back({pairs.single(a), a, a});
  std::sort(singles.begin(), singles.end(), better);
  for (std::size_t s = 0; plain && s < std::min(kKeptSingles, n); ++s) out.push_back(tree_of(setting, columns, goal, {singles[s].a}));
  std::vector<std::vector<Choice>> found(n);
  parallel_for(n, run, [&](std::size_t a) { found[a] = pairs.with(a, 8); });
  std::vector<Choice> best;
  for (const std::vector<Choice>& some : found) best.insert(best.end(), some.begin(), some.end());
  std::sort(best.begin(), best.end(), better);
  // Those of low degree among the good ones are the likelier: they come too, whatever their rank.
  const std::size_t kept = plain ? kKeptPairs : kKeptPairs / 4;
  for (std::size_t p = 0; p < std::min(kept, best.size()); ++p) {
    Tree tree = tree_of(setting, columns, goal, {best[p].a, best[p].b});
    start_bracket(goal, columns, best[p], tree);
    out.push_back(std::move(tree));
  }
  if (plain) grow_triples(setting, columns, goal, best, out);
}

}  // namespace

std::vector<Tree> seeds(const Setting& setting, int stage, const RunOptions& run) {
  static constexpr double kPowers[] = {-1, 2, -2, 0.5, -0.5};
  static_assert(kSeedStages == 2 + std::size(kPowers));
  std::vector<Tree> out;
  const Sheet& sheet = setting.sheet;
  const Vocabulary& v = setting.vocabulary;
  const bool alone = v.parts.size() == 1 && sheet.direct() && sheet.given.empty() && sheet.multipliers[0].empty();
  if (stage == 0) {
    add_sums(setting, 1, run, out);
  } else if (stage == 1) {
    if (alone) add_log_seeds(setting, run, out);
  } else if (alone) {
    const double exponent = kPowers[stage - 2];
    const bool root = std::fabs(exponent) == 2, power = std::fabs(exponent) == 0.5;
    const bool allowed = (exponent > 0 || v.quotients) && (!root || v.roots) && (!power || v.powers);
    if (allowed) add_sums(setting, exponent, run, out);
  }
  return out;
}

}  // namespace energylens::search
