// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include "energylens/core/parallel.hpp"
#include "energylens/search/front.hpp"
#include "energylens/search/options.hpp"

namespace energylens::search {

/// Singular values of the Jacobian below this share of the greatest count as 0, after its columns were
/// scaled to length 1.
inline constexpr double kRankTolerance = 1e-6;

/// Fills the effective parameters (the rank of the Jacobian of the errors) and the standard errors of the
/// constants of every formula. For Loss::log_error the errors are those of ln f. Coefficients that are 0
/// because all must be positive are not counted. Requires: the problem and options of the search.
void identify(Front& front, const Problem& problem, const Options& options);

/// Fills the 95 % profile likelihood intervals of the inner constants of one formula (exponents, and numbers
/// in brackets and functions), of each group if groups have their own. Each constant is fixed at values
/// around its estimate while all others are fitted again. The ends are where the loss has risen by t^2 s^2 /
/// n: t is the quantile of Student's distribution (t^2 tends to 3.84, that of chi-square with one degree of
/// freedom), s^2 the variance of errors, or that at rows left out if it is greater. An end is unknown if the
/// data do not bound the constant: the limits are a size of 16 for an exponent and a factor of 1e6 for other
/// numbers, which keep their sign. Does nothing for a formula that does not come from a search. Requires: as
/// for identify(), which must be called first.
void profile(Formula& formula, const Problem& problem, const Options& options, const RunOptions& run = {});

}  // namespace energylens::search
