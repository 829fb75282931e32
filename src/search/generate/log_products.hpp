// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "search/generate/log_problem.hpp"

namespace energylens::search {

/// Factors and the exponents that least squares of the logarithms gives them.
struct LogProduct {
  std::vector<const LogCandidate*> factors;
  std::vector<double> exponents;
};

/// Appends the product of inputs and these factors as trees: with exponents rounded to halves, if the dims
/// and the signs of z then come out right, once with the inner numbers of the factors given and once fitted;
/// and with real exponents where those are allowed.
void add_product(const LogProblem& problem, const LogProduct& product, std::vector<Tree>& out);

/// The factor to the power e, its inner numbers given or fitted.
Factor to_power(const Factor& base, double e, bool fitted);
bool is_exponential(const Factor& f);
double nearest_half(double x);

}  // namespace energylens::search
