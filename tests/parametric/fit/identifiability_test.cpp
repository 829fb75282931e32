// SPDX-License-Identifier: Apache-2.0
// What a fit says of designs that hide something.
#include "parametric/fit/identifiability.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "energylens/parametric/fit.hpp"
#include "parametric/fit/simulated.hpp"

namespace energylens::parametric {
namespace {

using simulated::Design;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

LawFit fitted(const table::Group& group) {
  return *fit_law(simulated::all_rows(group), simulated::quick(predictor::Target::energy)).laws()[0].energy;
}

LawFit fitted(const Design& design) {
  return fitted(simulated::group(design, 0.02));
}

TEST(Identifiability, AFullCrossHidesNothing) {
  const LawFit full = fitted(Design{});
  EXPECT_EQ(full.rank, 12);
  EXPECT_THAT(full.undetermined, testing::IsEmpty());
  for (const ParameterFit& p : full.intervals) EXPECT_TRUE(p.determined);
}

TEST(Identifiability, AConstantProductOfTpAndPp) {
  Design design;
  design.layouts = {"tp8", "tp4pp2"};
  const LawFit two = fitted(design);
  EXPECT_THAT(two.undetermined, Contains(HasSubstr("all rows have tp*pp = 8")));
  EXPECT_LT(two.rank, 12);
  EXPECT_FALSE(two.intervals[B1].determined && two.intervals[B2].determined);
  // The form of the law tells what powers alone would not, and the sentence says on what that rests.
  design.layouts = {"tp8", "tp4pp2", "tp2pp4", "tp1pp8"};
  const LawFit four = fitted(design);
  EXPECT_THAT(four.undetermined, Contains(HasSubstr("only the form of the law")));
  EXPECT_GT(four.rank, two.rank);
}

TEST(Identifiability, OneTpAndOnePp) {
  Design design;
  design.layouts = {"tp4"};
  const LawFit one = fitted(design);
  EXPECT_THAT(one.undetermined, Contains(HasSubstr("all rows have tp = 4")));
  EXPECT_THAT(one.undetermined, Contains(HasSubstr("all rows have pp = 1")));
  EXPECT_LE(one.rank, 6);
  for (const std::size_t j : {A2, A3, B1, B2, B5, B6}) EXPECT_FALSE(one.intervals[j].determined);
  design.layouts = {"tp4", "tp8"};
  const LawFit two = fitted(design);
  EXPECT_THAT(two.undetermined, Not(Contains(HasSubstr("all rows have tp"))));
  EXPECT_THAT(two.undetermined, Contains(HasSubstr("all rows have pp = 1")));
}

TEST(Identifiability, OneIsl) {
  Design design;
  design.isls = {1};
  EXPECT_THAT(fitted(design).undetermined, Contains(HasSubstr("all rows have isl = 1")));
  design.isls = {1, 1000};
  EXPECT_THAT(fitted(design).undetermined, Not(Contains(HasSubstr("isl"))));
}

TEST(Identifiability, OneOslOrBatch) {
  Design design;
  design.osls = {100};
  EXPECT_THAT(fitted(design).undetermined, Contains(HasSubstr("all rows have osl = 100")));
  design.osls = {100, 200};
  design.batches = {32};
  const LawFit fit = fitted(design);
  EXPECT_THAT(fit.undetermined, Contains(HasSubstr("all rows have batch = 32")));
  EXPECT_FALSE(fit.intervals[B4].determined);
}

TEST(Identifiability, NoIsl) {
  table::Group group = simulated::group({});
  for (table::Row& row : group.rows) row.config.load.isl = kUnknown;
  EXPECT_THAT(fitted(group).undetermined, Contains(HasSubstr("isl is blank")));
}

TEST(Identifiability, PrefillNeverMeasured) {
  Design design;
  design.phases = false;
  EXPECT_THAT(fitted(design).undetermined, Contains(HasSubstr("prefill was never measured")));
}

TEST(Identifiability, EverySentenceIsOneLineAndThereIsOnePerMissingDirection) {
  Design design;
  design.layouts = {"tp4"}, design.isls = {1}, design.osls = {64}, design.batches = {8};
  const LawFit fit = fitted(design);
  EXPECT_GE(fit.undetermined.size(), 5u);
  for (const std::string& sentence : fit.undetermined) {
    EXPECT_FALSE(sentence.empty());
    EXPECT_THAT(sentence, Not(HasSubstr("\n")));
    EXPECT_EQ(std::count(fit.undetermined.begin(), fit.undetermined.end(), sentence), 1) << sentence;
  }
}

}  // namespace
}  // namespace energylens::parametric
