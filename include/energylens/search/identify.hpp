// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/core/parallel.hpp"
#include "energylens/search/front.hpp"
#include "energylens/search/options.hpp"

namespace energylens::search {

/// Singular values of the Jacobian below this share of the greatest, its columns scaled to length 1, count as
/// 0.
inline constexpr double kRankTolerance = 1e-6;

/// Fills effective_parameters, the rank of the Jacobian of the errors (of ln f for Loss::log_error), and the
/// standard errors of constants, of every formula. Coefficients that come out as 0 where all must be positive
/// count for nothing. Requires: the problem and options of the search.
void identify(Front& front, const Problem& problem, const Options& options);

/// Fills the 95 % profile likelihood intervals of the constants inside terms (exponents, and numbers in
/// brackets and functions) of one formula, of each group where groups have their own: each is fixed at values around
/// its own, all others are fitted again, and the ends are where the loss has risen by t^2 s^2 / n, t the
/// quantile of Student's distribution (t^2 tends to 3.84, that of chi square with one degree of freedom) and
/// s^2 the variance of errors, that of rows left out if it is greater. An end is unknown where data set none:
/// up to 16 in size for an exponent, a factor of 1e6 for other numbers, which keep their sign. Nothing is
/// filled for a formula that is from no search. Requires: as for identify, which went before.
void profile(Formula& formula, const Problem& problem, const Options& options, const RunOptions& run = {});

}  // namespace energylens::search
