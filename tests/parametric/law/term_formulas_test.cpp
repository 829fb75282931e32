// SPDX-License-Identifier: Apache-2.0
// The addends of the law are the law: their sum over the waves, and that of prefill alone.
#include "parametric/term_formulas.hpp"

#include <gtest/gtest.h>

#include "energylens/expr/text.hpp"
#include "parametric/random_models.hpp"

namespace energylens::parametric {
namespace {

std::vector<std::string> names_of(const FormulaTerms& form) {
  std::vector<std::string> out;
  for (const FormulaTerm& term : form.terms) out.push_back(term.name);
  return out;
}

TEST(FormulaTerms, NameWhatTheLawConsistsOf) {
  Rng rng(3);
  const LawModel job = random_law(rng, LawKind::job);
  const std::vector<std::string> names = names_of(formula_terms(job, 0, Metric::energy));
  for (const char* wanted : {"start_up", "prefill_work", "prefill_traffic", "weights", "stages",
                             "decode_work", "decode_traffic", "cache"})
    EXPECT_NE(std::find(names.begin(), names.end(), wanted), names.end()) << wanted;
  const LawModel server = random_law(rng, LawKind::server);
  const std::vector<std::string> of_server = names_of(formula_terms(server, 0, Metric::energy));
  for (const char* wanted : {"prefill_work", "step_overhead", "expert_parallelism", "cache"})
    EXPECT_NE(std::find(of_server.begin(), of_server.end(), wanted), of_server.end()) << wanted;
}

TEST(FormulaTerms, MultiplyOutASumTimesAFactor) {
  Rng rng(4);
  const StructureModel found = random_found(rng);
  const FormulaTerms form = formula_terms(found, 0, Metric::energy);
  ASSERT_EQ(form.terms.size(), 5u);  // a, b, c, e and h
  EXPECT_EQ(expr::print(form.terms[2].formula), "osl*(c*t^d)");
  EXPECT_TRUE(form.terms[0].prefill);
  EXPECT_TRUE(form.terms[1].prefill);
  EXPECT_FALSE(form.terms[2].prefill);
}

}  // namespace
}  // namespace energylens::parametric
