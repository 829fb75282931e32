// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/search/front.hpp"
#include "energylens/search/options.hpp"
#include "energylens/search/problem.hpp"

namespace energylens::search {

/// Looks for the formulas that fit the problem best, for each complexity. Begins with guesses and with all
/// small sums and products, then varies what is good, on several islands. If `evaluations` ends it, the front
/// is the same for a seed at any number of threads, on any machine, and whether or not it was interrupted and
/// resumed. Cancelled, it returns the front so far. Throws Error for problems and options that check()
/// refuses; for units from which the target's cannot be made (naming them); for a form or a guess that cannot
/// be read, names no input, or has wrong units; for fewer rows than constants of the smallest formula; for a
/// checkpoint of another problem, other options or another version; and (io) if a checkpoint cannot be
/// written.
///
///     search::Problem problem;
///     problem.inputs = {{"m", parse_unit("J s^2"), m}, {"v", parse_unit("1/s"), v}};
///     problem.target_unit = parse_unit("J");
///     problem.target = energy;
///     const search::Front front = search::search(problem, {.evaluations = 20000});
///     std::puts(front.chosen().text().c_str());  // 0.5*m*v^2
Front search(const Problem& problem, const Options& options);

/// The same front as a table, `hall_of_fame.csv`: pick,complexity,loss,score,description_length,
/// cv_loss,cv_mape,test_mape,equation; the
/// chosen row has
/// `>>>>` in `pick`.
std::string hall_of_fame_csv(const Front& front);
/// And as JSON, with constants by group and units.
std::string front_json(const Front& front, const Problem& problem);

}  // namespace energylens::search
