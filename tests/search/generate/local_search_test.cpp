// SPDX-License-Identifier: Apache-2.0
// Which neighbours of a formula are tried, what trying them leads to, and when it ends.
#include "search/generate/local_search.hpp"

#include <gtest/gtest.h>

#include <set>

#include "search/fit/archive.hpp"
#include "search/members.hpp"

namespace energylens::search {
namespace {

const RunOptions kRun{.threads = 2, .progress = {}, .cancel = nullptr};

/// The front after rounds of local search.
Archive finished(const Bench& bench, const Member& begin, int rounds) {
  Archive archive;
  archive.admit(begin);
  LocalSearch local(bench.context, kRun);
  CandidateEvaluator evaluator(bench.context);
  for (int i = 0; i < rounds; ++i) {
    for (Tree& tree : local.around(archive.front(), 100000)) {
      if (const std::optional<Member> m = evaluator.evaluate(std::move(tree), nullptr)) archive.admit(*m);
    }
  }
  return archive;
}

TEST(LocalSearch, ComesFromANeighbourToTheTruth) {
  const Bench bench(two_groups(), own_coefficients());
  const Member near = member_of(bench, "a*x + b*x*y + c*z*y*x^0.178");
  ASSERT_GT(near.loss(), 1e-6);
  const Archive archive = finished(bench, near, 4);
  double least = 1;
  for (const Member* m : archive.front()) {
    if (m->complexity <= 19) least = std::min(least, m->loss());
  }
  EXPECT_LT(least, 1e-18) << "a*x + b*y*(x + z) + c*x*y*z has complexity 19";
}

TEST(LocalSearch, TiesAndDropsTerms) {
  const Bench bench(sample_problem("2*y*(x + z)", {{"x"}, {"y"}, {"z"}}), power_laws());
  const Archive archive = finished(bench, member_of(bench, "a*x*y + b*z*y + c*x*y^2"), 3);
  ASSERT_FALSE(archive.front().empty());
  const Member& best = *archive.front().back();
  EXPECT_LT(best.loss(), 1e-18);
  EXPECT_EQ(best.complexity, 7) << "c*y*(x + z)";
}

TEST(LocalSearch, FitsExponentsThatWereGivenAndTheReverse) {
  const Bench bench(sample_problem("2*x*y^0.7 + 3*z", {{"x"}, {"y"}, {"z"}}), power_laws());
  for (const char* near : {"a*x*y^0.5 + b*z", "a*x + b*z", "a*x^c*y^d + b*z", "a*x*y^d + b*z^e"}) {
    const Archive archive = finished(bench, member_of(bench, near), 1);
    const auto at = archive.by_complexity().find(11);
    ASSERT_NE(at, archive.by_complexity().end()) << near;
    EXPECT_LT(at->second.loss(), 1e-12) << near;
  }
}

TEST(LocalSearch, ReturnsNoTreeTwiceAndEnds) {
  const Bench bench(two_groups(0.02), own_coefficients());
  Archive archive;
  archive.admit(member_of(bench, "a*x + b*x*y"));
  LocalSearch local(bench.context, kRun);
  const std::vector<Tree> few = local.around(archive.front(), 10);
  EXPECT_EQ(few.size(), 10U);
  std::set<std::uint64_t> seen;
  for (const Tree& tree : few) EXPECT_TRUE(seen.insert(structure_hash(tree)).second);
  // The front does not change, so the radius grows until there are no more neighbours.
  int rounds = 0;
  for (std::vector<Tree> more; !(more = local.around(archive.front(), 100000)).empty(); ++rounds) {
    ASSERT_LT(rounds, 8);
    for (const Tree& tree : more) EXPECT_TRUE(seen.insert(structure_hash(tree)).second);
  }
  EXPECT_GT(rounds, 0);
}

TEST(LocalSearch, IsTheSameAtAnyNumberOfThreads) {
  const Bench bench(two_groups(0.02), own_coefficients());
  Archive archive;
  for (const char* f : {"a*x", "a*x + b*x*y", "a*x + b*x*y + c*z*y^0.4"}) archive.admit(member_of(bench, f));
  const auto hashes = [&](int threads) {
    std::vector<std::uint64_t> out;
    LocalSearch local(bench.context, {.threads = threads, .progress = {}, .cancel = nullptr});
    for (const Tree& tree : local.around(archive.front(), 500)) out.push_back(structure_hash(tree));
    return out;
  };
  EXPECT_GT(hashes(1).size(), 100U);
  EXPECT_EQ(hashes(1), hashes(8));
}

TEST(LocalSearch, MakesWellTypedTrees) {
  const Bench bench(physical_problem());
  Archive archive;
  archive.admit(member_of(bench, "a*m*v^2 + b*m*u^2"));
  LocalSearch local(bench.context, kRun);
  const std::vector<Tree> trees = local.around(archive.front(), 100000);
  EXPECT_GT(trees.size(), 20U);
  for (const Tree& tree : trees) EXPECT_TRUE(typed(tree, bench.primitives));
}

TEST(TieTerms, PutsTwoTermsUnderOneCoefficient) {
  const Bench bench(sample_problem("x*y + x*z", {{"x"}, {"y"}, {"z"}}));
  const auto tied = [&](const std::string& formula, bool same) {
    Tree tree = member_of(bench, formula).tree;
    tie_terms(tree.parts[0], 0, 1, same);
    canonicalise(tree, bench.primitives.positive);
    return structure_hash(tree);
  };
  const auto plain = [&](const std::string& formula) {
    return structure_hash(member_of(bench, formula).tree);
  };
  Tree bracket = member_of(bench, "a*x^2").tree;
  bracket.parts[0][0].factors = {input_factor(0)};
  Factor f;
  f.kind = Factor::Kind::bracket;
  f.argument = {Term{1, false, {input_factor(1)}}, Term{1, false, {input_factor(2)}}};
  bracket.parts[0][0].factors.push_back(f);
  canonicalise(bracket, bench.primitives.positive);
  EXPECT_EQ(tied("a*x*y + b*x*z", true), structure_hash(bracket));
  EXPECT_EQ(tied("a*x*y + b*x*z", false), plain("a*x*(y + b*z)"));
  EXPECT_EQ(tied("a*x + b*z", true), plain("a*x + b*z")) << "nothing in common";
}

TEST(Search, FinishesTheFrontWithinTheBudget) {
  Options o = own_coefficients();
  o.evaluations = 4000;
  o.threads = 1;
  o.target_loss = 0;
  const Problem problem = two_groups(0.02);
  const Front front = search(problem, o);
  EXPECT_LE(front.evaluations, 4000 + 8U);
  EXPECT_EQ(front.why, Ended::evaluations);
  o.threads = 8;
  EXPECT_EQ(front_json(search(problem, o), problem), front_json(front, problem));
}

TEST(Search, HasEnoughAndFinishes) {
  CancelToken enough;
  Options o = own_coefficients();
  o.evaluations = 0;
  o.target_loss = 0;
  o.enough = &enough;
  o.watch_every_s = 0;
  std::uint64_t then = 0;
  o.watch = [&](const Status& status) {
    if (then == 0) then = status.evaluations;
    enough.cancel();
  };
  const Front front = search(two_groups(0.02), o);
  EXPECT_EQ(front.why, Ended::enough);
  EXPECT_GT(front.evaluations, then + 64);
}

}  // namespace
}  // namespace energylens::search
