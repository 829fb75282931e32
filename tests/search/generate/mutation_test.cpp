// SPDX-License-Identifier: Apache-2.0
// Every row of the table of mutations: it applies to generated trees, keeps them well typed, and changes what
// its name says. A row without an expectation here fails.
#include "search/generate/mutation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "search/samples.hpp"
#include "search/tree/tree_text.hpp"

namespace energylens::search {
namespace {

Options all_operators() {
  Options o = small_search();
  o.operators = parse_operators("+,-,*,/,^,sqrt,exp,log,min,max,abs");
  o.real_exponents = true;
  o.constant_units = {parse_unit("token"), parse_unit("token byte/s")};
  return o;
}

std::string text_of(const Term& term) {
  return tree_text(Tree{{{term}}});
}

std::multiset<std::string> term_texts(const Sum& sum) {
  std::multiset<std::string> out;
  for (const Term& term : sum) out.insert(text_of(term));
  return out;
}

/// Number of terms of one sum that are not in the other.
std::size_t missing(const Sum& sum, const Sum& other) {
  std::multiset<std::string> left = term_texts(other);
  std::size_t count = 0;
  for (const std::string& text : term_texts(sum)) {
    const auto at = left.find(text);
    if (at == left.end()) {
      ++count;
    } else {
      left.erase(at);
    }
  }
  return count;
}

std::size_t count_factors(const Sum& sum, Factor::Kind kind) {
  std::size_t count = 0;
  for (const Term& term : sum) {
    for (const Factor& f : term.factors) count += f.kind == kind ? 1 : 0;
  }
  return count;
}

std::size_t count_factors(const Sum& sum) {
  std::size_t count = 0;
  for (const Term& term : sum) count += term.factors.size();
  return count;
}

/// The sum after a change of all its terms and factors, to compare trees up to that.
Sum without(const Sum& sum, const std::function<void(Term&)>& of_term,
            const std::function<void(Factor&)>& of_factor) {
  Sum out = sum;
  for (Term& term : out) {
    of_term(term);
    for (Factor& f : term.factors) {
      of_factor(f);
      f.argument = without(f.argument, of_term, of_factor);
      f.second = without(f.second, of_term, of_factor);
    }
  }
  return out;
}

std::string text_without(const Tree& tree, const std::function<void(Term&)>& of_term,
                         const std::function<void(Factor&)>& of_factor) {
  Tree out = tree;
  for (Sum& part : out.parts) part = without(part, of_term, of_factor);
  return tree_text(out);
}

void keep_term(Term&) {}

/// What a mutation did: the sum at its place and the whole tree, before and after.
struct Applied {
  Sum before, after;
  Tree tree_before, tree_after, other;
  bool top;
};

bool occurs_in_other(const Applied& m) {
  Tree other = m.other;
  std::multiset<std::string> texts;
  for (const Place& place : places(other)) texts.merge(term_texts(*place.sum));
  std::multiset<std::string> old = term_texts(m.before);
  for (const Term& term : m.after) {
    if (!old.contains(text_of(term)) && !texts.contains(text_of(term))) return false;
  }
  return true;
}

bool same_but_constants(const Applied& m) {
  const auto number = [](Term& t) {
    t.coefficient = 1;
    t.free = true;
  };
  const auto exponent = [](Factor& f) {
    if (f.free) f.exponent = 1;
  };
  return text_without(m.tree_before, number, exponent) == text_without(m.tree_after, number, exponent);
}

bool same_but_exponents(const Applied& m) {
  const auto exponent = [](Factor& f) {
    f.exponent = 1;
    f.free = false;
  };
  return text_without(m.tree_before, keep_term, exponent) == text_without(m.tree_after, keep_term, exponent);
}

bool same_but_functions(const Applied& m) {
  const auto function = [](Factor& f) { f.function = expr::Op::constant; };
  return text_without(m.tree_before, keep_term, function) == text_without(m.tree_after, keep_term, function);
}

bool same_but_inputs(const Applied& m) {
  const auto input = [](Factor& f) {
    f.input = 0;
    f.free = false;
  };
  return text_without(m.tree_before, keep_term, input) == text_without(m.tree_after, keep_term, input);
}

/// What each mutation does to the sum at its place.
const std::map<std::string_view, bool (*)(const Applied&)> kExpected = {
    {"add_term",
     [](const Applied& m) {
       return m.after.size() == m.before.size() + 1 && missing(m.before, m.after) == 0;
     }},
    {"remove_term",
     [](const Applied& m) {
       return m.after.size() + 1 == m.before.size() && missing(m.after, m.before) == 0;
     }},
    {"replace_term",
     [](const Applied& m) { return m.after.size() == m.before.size() && missing(m.before, m.after) <= 1; }},
    {"crossover_replace",
     [](const Applied& m) {
       return m.after.size() == m.before.size() && missing(m.before, m.after) <= 1 && occurs_in_other(m);
     }},
    {"crossover_add",
     [](const Applied& m) {
       return m.after.size() == m.before.size() + 1 && missing(m.before, m.after) == 0 && occurs_in_other(m);
     }},
    {"multiply_by_inputs",
     [](const Applied& m) {
       return m.after.size() == m.before.size() && count_factors(m.after) >= count_factors(m.before) &&
              count_factors(m.after, Factor::Kind::bracket) ==
                  count_factors(m.before, Factor::Kind::bracket) &&
              count_factors(m.after, Factor::Kind::function) ==
                  count_factors(m.before, Factor::Kind::function);
     }},
    {"multiply_by_factor",
     [](const Applied& m) {
       const auto count = [](const Sum& s) {
         return count_factors(s) - count_factors(s, Factor::Kind::input);
       };
       return m.after.size() == m.before.size() && count(m.after) == count(m.before) + 1;
     }},
    {"remove_factor",
     [](const Applied& m) { return m.after.size() == m.before.size() && missing(m.before, m.after) <= 1; }},
    {"change_coefficient", same_but_constants},
    {"widen_input",
     [](const Applied& m) {
       return count_factors(m.after, Factor::Kind::input) + 1 ==
                  count_factors(m.before, Factor::Kind::input) &&
              count_factors(m.after, Factor::Kind::bracket) ==
                  count_factors(m.before, Factor::Kind::bracket) + 1;
     }},
    {"swap_input", same_but_inputs},
    {"free_exponent", same_but_exponents},
    {"change_function", same_but_functions},
    {"change_exponent",
     [](const Applied& m) { return m.after.size() == m.before.size() && missing(m.before, m.after) <= 1; }},
};

class EachMutation : public testing::TestWithParam<Mutation> {};

TEST_P(EachMutation, ChangesWhatItsNameSays) {
  const Mutation& mutation = GetParam();
  const auto expected = kExpected.find(mutation.name);
  ASSERT_NE(expected, kExpected.end()) << "add a row for " << mutation.name << " to this test";
  const Bench bench(physical_problem(), all_operators());
  Rng rng(3);
  const auto grow = [&] {
    Grower grower(bench.primitives, rng);
    Tree tree{{grower.part(0)}};
    canonicalise(tree, bench.primitives.positive);
    return tree;
  };
  int applied = 0, changed = 0;
  for (int i = 0; i < 20000 && applied < 60; ++i) {
    Applied m;
    m.tree_before = grow();
    m.other = grow();
    m.tree_after = m.tree_before;
    MutationSite site(m.tree_after, m.other, bench.primitives, rng);
    m.before = *site.place.sum;
    m.top = site.place.top;
    if (!mutation.apply(site)) continue;
    ++applied;
    m.after = *site.place.sum;
    EXPECT_TRUE(typed(m.tree_after, bench.primitives));
    EXPECT_TRUE(expected->second(m)) << tree_text(m.tree_before) << "\n" << tree_text(m.tree_after);
    changed += tree_text(m.tree_after) != tree_text(m.tree_before) ? 1 : 0;
    Tree canonical = m.tree_after;
    canonicalise(canonical, bench.primitives.positive);
    EXPECT_TRUE(typed(canonical, bench.primitives));
  }
  EXPECT_EQ(applied, 60) << "it hardly ever applies";
  EXPECT_GT(changed, 20) << "it hardly ever changes the tree";
}

INSTANTIATE_TEST_SUITE_P(Table, EachMutation, testing::ValuesIn(mutations().begin(), mutations().end()),
                         [](const testing::TestParamInfo<Mutation>& row) {
                           return std::string(row.param.name);
                         });

TEST(Mutations, HaveDistinctNamesAndAnExpectationEach) {
  std::set<std::string_view> names;
  for (const Mutation& m : mutations()) {
    EXPECT_TRUE(names.insert(m.name).second) << m.name;
    EXPECT_GT(m.weight, 0U);
  }
  for (const auto& [name, expected] : kExpected)
    EXPECT_TRUE(names.contains(name)) << name << " is not in the table";
  EXPECT_EQ(names.size(), kExpected.size());
}

TEST(Mutations, AreDrawnByWeight) {
  // The number of terms shows which kinds of mutation were drawn.
  const Bench bench(sample_problem("x + y*z", {{"x"}, {"y"}, {"z"}}));
  const Tree tree{{{Term{1, true, {input_factor(0)}}, Term{1, true, {input_factor(1)}},
                    Term{1, true, {input_factor(2)}}}}};
  Rng rng(5);
  int shorter = 0, longer = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::size_t terms = count_terms(mutated(tree, tree, bench.primitives, rng));
    shorter += terms < 3 ? 1 : 0;
    longer += terms > 3 ? 1 : 0;
  }
  // add_term and crossover_add make it longer, remove_term alone makes it shorter.
  EXPECT_GT(longer, 1.5 * shorter);
  EXPECT_LT(longer, 2.7 * shorter);
}

TEST(Mutated, IsTheSameForTheSameSeed) {
  const Bench bench(physical_problem(), all_operators());
  const auto child = [&](std::uint64_t seed) {
    Rng rng(seed);
    Grower grower(bench.primitives, rng);
    const Tree a{{grower.part(0)}}, b{{grower.part(0)}};
    return tree_text(mutated(a, b, bench.primitives, rng));
  };
  EXPECT_EQ(child(1), child(1));
  EXPECT_NE(child(1), child(2));
}

}  // namespace
}  // namespace energylens::search
