// SPDX-License-Identifier: Apache-2.0
#include "expr/generators.hpp"

#include <cstdlib>

namespace energylens::expr {
namespace {

// RapidCheck reads its settings when the first property runs.
const int kSettings = setenv("RC_PARAMS", "seed=20260522 max_success=1000", /*overwrite=*/0);

}  // namespace

rc::Gen<Expr> any_expression(const Vocabulary& vocabulary, std::size_t max_nodes) {
  return rc::gen::map(rc::gen::arbitrary<std::uint64_t>(), [vocabulary, max_nodes](std::uint64_t seed) {
    Rng rng(seed + static_cast<std::uint64_t>(kSettings));
    return random_expression(rng, vocabulary, max_nodes);
  });
}

void showValue(const Expr& expr, std::ostream& os) {
  os << print(expr);
}

}  // namespace energylens::expr
