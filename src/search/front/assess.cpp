// SPDX-License-Identifier: Apache-2.0
// assess.cpp: the order of the steps. prove() takes the standard errors that identify() fills in, and
// profile() starts from them. Held by tests/search/front/assess_test.cpp.
#include "search/assess.hpp"

#include "search/identify.hpp"
#include "search/proofs.hpp"

namespace energylens::search {

void assess(Front& front, const Problem& problem, const Options& options) {
  identify(front, problem, options);
  prove(front, problem, options);
  RunOptions run;
  run.threads = options.threads;
  for (Formula& formula : front.formulas) {
    if (formula.chosen) profile(formula, problem, options, run);
  }
}

}  // namespace energylens::search
