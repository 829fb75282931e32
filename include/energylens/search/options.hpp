// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/parallel.hpp"
#include "energylens/core/unit.hpp"

namespace energylens::search {

/// What is made small: the weighted mean over rows of the square of
enum class Loss {
  log_error,  ///< ln(f / y); y > 0, and a formula that is not positive on every row has an infinite loss
  relative,   ///< f / y - 1; y > 0
  absolute,   ///< (f - y) / standard deviation of y: 1 - R^2, whatever the unit
};

/// Whether all groups have one value of a constant, or each its own.
enum class Scope { shared, per_group };

/// An operator that formulas may use, and what one occurrence adds to their complexity.
struct OperatorPrice {
  std::string name;  ///< + - * / ^ sqrt exp log min max, and any other function of expr::operators
  double price = 1;
};
/// + - * / ^ sqrt at 1, exp and log at 2.
std::vector<OperatorPrice> default_operators();
/// Reads "+,-,*,/,exp:3". Throws Error (usage) for a name that is no operator, naming the near one, or a
/// price not above 0. Without + or without *, none of the sums or products that the search is made of could
/// be built: both are required.
std::vector<OperatorPrice> parse_operators(std::string_view text);

/// How a search goes, told from time to time.
struct Status {
  std::uint64_t evaluations = 0;  ///< formulas fitted so far
  double formulas_per_s = 0;
  double seconds = 0, seconds_left = 0;  ///< left: infinite if no limit is set
  struct Best {
    double complexity = 0, loss = 0;
    std::string equation;
  };
  std::vector<Best> best;  ///< the front so far, by rising complexity
};

struct Options {
  // changes the answer
  std::vector<OperatorPrice> operators = default_operators();
  double max_complexity = 40;  ///< sum of prices; an input or a constant costs 1
  /// Units hold in every formula that is made: sums of equal units, functions and real exponents of
  /// dimensionless values only. Off: units are not looked at.
  bool units = true;
  /// Units that the coefficient of a whole term may have, besides 1 (units on).
  std::vector<Unit> constant_units;
  bool real_exponents = false;  ///< x^c with a fitted c, of dimensionless x > 0
  bool positive_coefficients =
      false;  ///< coefficients of terms are > 0: with positive inputs, so is the formula
  std::vector<std::string>
      rising;  ///< inputs in which the formula must not fall; judged at the points, not proven
  std::vector<std::string>
      concave;  ///< inputs in which it is proven or not that formulas are; nothing is refused for it
  Loss loss = Loss::relative;
  Scope coefficients = Scope::per_group;  ///< of whole terms
  Scope exponents =
      Scope::shared;  ///< of constants elsewhere: exponents and numbers inside functions and brackets
  std::vector<std::string> guesses;  ///< formulas to begin with, e.g. "a*x + y^2"; names that are no input,
                                     ///< and numbers, are fitted
  std::uint64_t seed = 0;
  std::uint64_t evaluations = 0;  ///< stop after about this many fitted formulas; 0: no limit
  double time_limit_s = 60;       ///< stop after this wall time; infinite: no limit
  /// Times are of the processor, by thread, instead of the wall: for comparisons on a shared machine.
  bool processor_time = false;
  double target_loss = 0;   ///< stop once a formula of the front is at or below it
  int islands = 8;          ///< populations that exchange their best; fixed, whatever the number of threads
  std::size_t bucket = 24;  ///< formulas that an island keeps of each complexity

  // changes only the speed or what is written
  int threads = 0;  ///< 0: all cores
  const CancelToken* cancel = nullptr;
  /// Ends the search as a limit would: unlike after `cancel`, the front is still finished.
  const CancelToken* enough = nullptr;
  std::function<void(const Status&)> watch;  ///< called between epochs, from one thread
  double watch_every_s = 0.5;                ///< least time between two calls
  std::string checkpoint;                    ///< folder for the state of the search; empty: none is kept
  double checkpoint_every_s = 15;
  bool resume = false;  ///< continue from the checkpoint, if the folder has one
};

/// Throws Error (usage) naming the first option that makes no sense.
void check(const Options& options);

}  // namespace energylens::search
