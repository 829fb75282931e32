// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/search/front.hpp"
#include "energylens/search/options.hpp"
#include "energylens/search/problem.hpp"

namespace energylens::search {

/// Finds the formulas that fit the problem best, for each complexity: a front. Starts from guesses and from
/// all small sums and products, then evolves the good ones on several islands, and ends with a local search
/// over the front. If `evaluations` ends the search, the front is the same for a random seed with any number
/// of threads, on any machine, and whether or not the search was interrupted and resumed. If it is
/// cancelled, it returns the front so far. Throws Error for problems and options that check() rejects; for
/// units from which that of the target cannot be formed; for a form or a guess that cannot be parsed, uses
/// an unknown input, or has inconsistent units; for fewer rows than the simplest formula has constants; for
/// a checkpoint of another problem, other options or another version; and (io) if a checkpoint cannot be
/// written.
///
///     search::Problem problem;
///     problem.inputs = {{"m", parse_unit("J s^2"), m}, {"v", parse_unit("1/s"), v}};
///     problem.target_unit = parse_unit("J");
///     problem.target = energy;
///     const search::Front front = search::search(problem, {.evaluations = 20000});
///     std::puts(front.chosen().text().c_str());  // 0.5*m*v^2
Front search(const Problem& problem, const Options& options);

/// The front as a table, `hall_of_fame.csv`: pick, complexity, loss, score, description_length, cv_loss,
/// cv_mape, test_mape, equation. The chosen formula has `>>>>` in the column `pick`.
std::string hall_of_fame_csv(const Front& front);
/// The front as JSON, with constants by group and their units.
std::string front_json(const Front& front, const Problem& problem);

}  // namespace energylens::search
