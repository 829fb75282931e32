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

/// What a search minimises: the weighted mean over rows of the square of
enum class Loss {
  log_error,  ///< ln(f / y); requires y > 0, and a formula must be > 0 at every row
  relative,   ///< f / y - 1; requires y > 0
  absolute,   ///< (f - y) / standard deviation of y: the loss is 1 - R^2
};

/// Whether all groups share the value of a constant or each has its own.
enum class Scope { shared, per_group };

/// An operator that formulas may use, and what one occurrence adds to their complexity.
struct OperatorCost {
  std::string name;  ///< + - * / ^ sqrt exp log min max, and any other function of expr::operators
  double cost = 1;
};
/// + - * / ^ sqrt at 1, exp and log at 2.
std::vector<OperatorCost> default_operators();
/// Reads "+,-,*,/,exp:3". Throws Error (usage) for an unknown operator, suggesting a similar one, and for a
/// cost that is not > 0. + and * are required: formulas are sums of products.
std::vector<OperatorCost> parse_operators(std::string_view text);

/// The progress of a search.
struct Status {
  std::uint64_t evaluations = 0;  ///< formulas fitted so far
  double formulas_per_s = 0;
  double seconds = 0, seconds_left = 0;  ///< seconds_left: infinite without a limit
  struct Best {
    double complexity = 0, loss = 0;
    std::string equation;
  };
  std::vector<Best> best;  ///< the front so far, by rising complexity
};

/// The file in the folder of checkpoints.
inline constexpr const char* kCheckpointFile = "search.json";

struct Options {
  // changes the answer
  std::vector<OperatorCost> operators = default_operators();
  double max_complexity = 40;  ///< sum of costs; an input or a constant costs 1
  /// Every formula keeps to the units: terms of a sum have equal units, and the arguments of functions and
  /// the bases of fitted exponents are dimensionless. Off: units are ignored.
  bool units = true;
  /// Units that the coefficient of a whole term may have in addition to 1 (with units on).
  std::vector<Unit> constant_units;
  bool real_exponents = false;  ///< fitted exponents: x^c of a dimensionless x > 0
  bool positive_coefficients =
      false;  ///< coefficients of terms are > 0; with positive inputs, so is the formula
  std::vector<std::string>
      rising;  ///< inputs in which the formula must not decrease; checked at the rows, not proved
  std::vector<std::string>
      concave;  ///< inputs in which prove() decides whether a formula is concave; rejects nothing
  Loss loss = Loss::relative;
  Scope coefficients = Scope::per_group;  ///< of the coefficients of whole terms
  Scope exponents =
      Scope::shared;  ///< of inner constants: exponents, and numbers inside functions and brackets
  std::vector<std::string> guesses;  ///< formulas to start from, such as "a*x + y^2"; numbers, and
                                     ///< names that are not inputs, are fitted
  std::uint64_t seed = 0;            ///< random seed
  std::uint64_t evaluations = 0;     ///< stop after about this many fitted formulas; 0: no limit
  double time_limit_s = 60;          ///< stop after this wall time; infinite: no limit
  /// Measure processor time per thread instead of wall time: for comparisons on a shared machine.
  bool processor_time = false;
  double target_loss = 0;  ///< stop once a formula of the front is at or below it
  int islands = 8;  ///< populations between which the best formulas migrate; does not depend on the threads
  std::size_t bucket = 24;  ///< formulas of each complexity that an island keeps

  // changes only the speed or what is written
  int threads = 0;  ///< 0: all cores
  const CancelToken* cancel = nullptr;
  /// Ends the search like a limit: unlike after `cancel`, the local search over the front still runs.
  const CancelToken* enough = nullptr;
  std::function<void(const Status&)> watch;  ///< called between generations, from one thread
  double watch_every_s = 0.5;                ///< minimum time between two calls
  std::string checkpoint;                    ///< folder for the state of the search; empty: no checkpoints
  double checkpoint_every_s = 1;             ///< at least; writing takes a small share of the time
  bool resume = false;                       ///< continue from the checkpoint, if the folder has one
};

/// Throws Error (usage) that names the first invalid option.
void check(const Options& options);

}  // namespace energylens::search
