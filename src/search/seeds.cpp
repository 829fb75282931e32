// SPDX-License-Identifier: Apache-2.0
// seeds.cpp: exhaustive search of small sums. Every product of inputs that has the right dims is a column; the least
// squares of all single columns and all pairs follow from their inner products, so a few million pairs cost about a
// second. The same with the target raised to a power finds (x + y)^e. Dimensional analysis (Buckingham 1914) is what keeps
// the list of products short where units are on. Held by tests/search/seeds_test.cpp.
#include "seeds.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "energylens/core/parallel.hpp"

namespace energylens::search {
namespace {

constexpr std::size_t kMostColumns = 2000, kMostRows = 240;
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

/// Squares of sums and differences of two inputs, times products: terms of squared distances.
void add_squares(const Setting& setting, const Goal& goal, Evaluator& evaluator, std::size_t p, const Dims& dims, std::size_t most,
                 Library& out) {
  constexpr std::size_t kOuter = 6;
  const Vocabulary& v = setting.vocabulary;
  const PartVocabulary& part = v.parts[p];
  for (std::size_t i = 0; i < part.inputs.size(); ++i) {
    for (std::size_t j = i + 1; j < part.inputs.size(); ++j) {
      const Dims& base = v.input_dims[part.inputs[i]];
      if (base != v.input_dims[part.inputs[j]]) continue;
      for (const double sign : {-1.0, 1.0}) {
        if (sign < 0 && !v.differences) continue;
        Factor f;
        f.kind = Factor::Kind::bracket;
        f.exponent = 2;
        f.argument = {{1, false, {input_factor(part.inputs[i])}}, {sign, false, {input_factor(part.inputs[j])}}};
        std::size_t taken = 0;
        for (const std::size_t outer : part.of(dims - base - base)) {
          if (++taken > kOuter || out.terms.size() >= most) break;
          Term term{1, true, part.monomials[outer].factors};
          term.factors.push_back(f);
          add_column(setting, goal, evaluator, p, std::move(term), part.monomials[outer].degree + 2, out);
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
        if (++taken > most * 6 / 10 / v.constants.size()) break;
        add_column(setting, goal, evaluator, p, {1, true, v.parts[p].monomials[m].factors}, v.parts[p].monomials[m].degree, out);
      }
      add_squares(setting, goal, evaluator, p, *dims, p * most + most * 8 / 10, out);
      add_functions(setting, goal, evaluator, p, *dims, (p + 1) * most, out);
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
void start_bracket(const Goal& goal, const Library& library, const std::vector<std::size_t>& chosen, Tree& tree) {
  if (goal.exponent == 1) return;
  const std::size_t n = goal.values.size();
  SmallSystem system;
  system.reset(chosen.size());
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) system.a(i, j) = dot(library.columns[chosen[i]], library.columns[chosen[j]], 0, n);
    system.b(i) = dot(library.columns[chosen[i]], goal.values, 0, n);
  }
  std::vector<double> x;
  system.solve(x);
  Sum& sum = tree.parts[0][0].factors[0].argument;
  for (std::size_t i = 0; i < chosen.size(); ++i) sum[i].coefficient = x[i] == 0 ? 1 : x[i];
}

/// Columns that enter one after another, each the one that explains most of what those before leave; all columns are
/// kept free of those before (orthogonal matching pursuit), every block for itself.
class Forward {
 public:
  Forward(const Library& library, const Goal& goal, double degree) : library_(library), goal_(goal), left_(goal.values) {
    for (std::size_t c = 0; c < library.columns.size(); ++c) {
      if (library.degree[c] > degree) continue;
      which_.push_back(c);
      columns_.push_back(library.columns[c]);
      lengths_.push_back(dot(library.columns[c], library.columns[c], 0, goal.values.size()));
    }
  }

  /// Enters the best column, or the one given. False if none helps.
  bool enter(std::optional<std::size_t> wanted = std::nullopt) {
    std::size_t best = columns_.size();
    double most = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (wanted && which_[i] != *wanted) continue;
      const double gain = explained(i);
      if (gain > most) {
        most = gain;
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
    double gain = 0;
    for (std::size_t b = 0; b + 1 < goal_.begin.size(); ++b) {
      const double square = dot(columns_[i], columns_[i], goal_.begin[b], goal_.begin[b + 1]);
      if (!(square > 1e-9 * lengths_[i])) continue;  // depends on those before
      const double product = dot(columns_[i], left_, goal_.begin[b], goal_.begin[b + 1]);
      gain += product * product / square;
    }
    return gain;
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

/// What least squares with some columns explains of the goal.
double explained(const Library& library, const Goal& goal, const std::vector<std::size_t>& chosen) {
  double total = 0;
  SmallSystem system;
  std::vector<double> x;
  for (std::size_t b = 0; b + 1 < goal.begin.size(); ++b) {
    const std::size_t begin = goal.begin[b], end = goal.begin[b + 1];
    system.reset(chosen.size());
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      for (std::size_t j = 0; j <= i; ++j) system.a(i, j) = dot(library.columns[chosen[i]], library.columns[chosen[j]], begin, end);
      system.b(i) = dot(library.columns[chosen[i]], goal.values, begin, end);
    }
    system.solve(x);
    for (std::size_t i = 0; i < chosen.size(); ++i) total += x[i] * system.b(i);
  }
  return total;
}

/// Leaves out, one after another, the column that is missed least. What entered early and was later made superfluous goes so.
void backward(const Library& library, const Goal& goal, std::vector<std::size_t> chosen, std::vector<std::vector<std::size_t>>& out) {
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

/// Sums of three terms and more: from nothing and from good pairs, among products of low degree and of any.
std::vector<std::vector<std::size_t>> longer_sums(const Library& library, const Goal& goal, const std::vector<Choice>& pairs,
                                                  const RunOptions& run) {
  constexpr std::size_t kTerms = 14;
  struct Start {
    double degree;
    std::vector<std::size_t> columns;
  };
  std::vector<Start> starts;
  for (const double degree : {2.0, 3.0, 4.0, 5.0, 6.0, 1e9}) starts.push_back({degree, {}});
  for (std::size_t p = 0; p < std::min(kGrown, pairs.size()); ++p) starts.push_back({1e9, {pairs[p].a, pairs[p].b}});
  std::vector<std::vector<std::vector<std::size_t>>> found(starts.size());
  parallel_for(starts.size(), run, [&](std::size_t s) {
    Forward forward(library, goal, starts[s].degree);
    for (const std::size_t c : starts[s].columns) forward.enter(c);
    while (forward.chosen.size() < kTerms && forward.enter()) {
      if (forward.chosen.size() > 2 && forward.chosen.size() < kTerms / 2) found[s].push_back(forward.chosen);
    }
    backward(library, goal, std::move(forward.chosen), found[s]);
  });
  std::vector<std::vector<std::size_t>> out;
  for (auto& some : found) out.insert(out.end(), some.begin(), some.end());
  return out;
}

/// The first `kept` of each whole degree, and of all.
std::vector<Choice> best_of_each_degree(const std::vector<Choice>& sorted, const Library& library, std::size_t kept) {
  std::map<long, std::size_t> taken;
  std::vector<Choice> out;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const Choice& c = sorted[i];
    const long degree = std::lround(library.degree[c.a] + (c.b == c.a ? 0 : library.degree[c.b]));
    if (i < kept || taken[degree] < kept / 4) {
      out.push_back(c);
      ++taken[degree];
    }
  }
  return out;
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
  if (plain) {
    for (const Choice& c : best_of_each_degree(singles, columns, kKeptSingles)) out.push_back(tree_of(setting, columns, goal, {c.a}));
  }
  std::vector<std::vector<Choice>> found(n);
  parallel_for(n, run, [&](std::size_t a) { found[a] = pairs.with(a, 8); });
  std::vector<Choice> best;
  for (const std::vector<Choice>& some : found) best.insert(best.end(), some.begin(), some.end());
  std::sort(best.begin(), best.end(), better);
  best = best_of_each_degree(best, columns, plain ? kKeptPairs : kKeptPairs / 2);
  for (const Choice& pair : best) {
    Tree tree = tree_of(setting, columns, goal, {pair.a, pair.b});
    start_bracket(goal, columns, {pair.a, pair.b}, tree);
    out.push_back(std::move(tree));
  }
  for (const std::vector<std::size_t>& sum : longer_sums(columns, goal, best, run)) {
    Tree tree = tree_of(setting, columns, goal, sum);
    start_bracket(goal, columns, sum, tree);
    out.push_back(std::move(tree));
  }
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
