// SPDX-License-Identifier: Apache-2.0
#include "cli/discover/flags.hpp"

#include <limits>

#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/discovery/measurements.hpp"
#include "energylens/predictor/quantities.hpp"

namespace energylens::cli {

void DiscoverFlags::declare(Arguments& args) {
  args.choice("--target", target, {"energy", "time"}, "quantity to find a formula for");
  args.text(
      "--y", y, "NAME=F:UNIT",
      "any table: target column or formula of columns, with its unit, such as energy=latency*power/1000:J");
  args.words("--x", x, "NAME=F:UNIT,...", "any table: input columns or formulas of columns, such as m,n,k");
  args.words("--by", by, "COL,...", "any table: columns that define groups, each with its own coefficients");
  args.words(
      "--quantities", quantities, "Q,...",
      "published figures to add as inputs with units (or all): weight_bytes, kv_bytes, token_flops, bandwidth, peak_flops, tdp, link");
  args.words(
      "--tags", tags, "TAG,...",
      "counts to treat as dimensions: tokens, requests, gpus; adds normalised inputs x_rel, x over its geometric mean");
  args.words("--units", units, "U,...",
             "units that coefficients may have [with --y, the unit of the target]; off ignores units");
  args.choice(
      "--coefficients", coefficients, {"per-group", "shared"},
      "fit the coefficients of terms per group or once for all groups [per-group; shared with --quantities]");
  args.text("--template", form, "FORM",
            "known structure of the formula, such as \"prefill(batch, isl, tp) + osl*decode(batch, tp, L)\"");
  args.text("--operators", operators, "OP:PRICE,...",
            "operators to use and their costs, such as +,*,/,^,exp:3 [a default set]");
  args.repeated("--guess", guesses, "FORMULA",
                "formula to start from; numbers and unknown names are fitted; may be repeated");
  args.text("--pick", pick, "HOW",
            "how to pick the formula: description-length, cross-validation, or a maximum complexity");
  args.number("--max-complexity", max_complexity, {.min = 1, .max = 1000},
              "maximum complexity: the sum of operator costs; columns and constants cost 1");
  args.whole("--train", train, kCount, "search N rows of each group and validate on the others [all rows]");
  args.number("--time-limit", time_limit_s, kPositive,
              "maximum search time (s) [60, or none with --evaluations]");
  args.number("--evaluations", evaluations, {.min = 1, .max = 1e15, .whole = true},
              "stop after fitting about N formulas [none]");
  args.seed("--seed", seed, "random seed");
  args.text("--checkpoint", checkpoint, "DIR", "folder to save the state of the search in");
  args.flag("--resume", resume, "continue from the checkpoint, if there is one");
}

void DiscoverFlags::check() const {
  if (any_table() && x.empty()) throw Error::usage("--y requires --x, the inputs of the formula");
  if (!any_table() && (!x.empty() || !by.empty())) throw Error::usage("--x and --by require --y");
  if (!any_table() && !units.empty() && quantities.empty() && tags.empty())
    throw Error::usage("--units requires --y, --quantities or --tags; counts have no unit");
  if (any_table() && !tags.empty())
    throw Error::usage("--tags applies to serving measurements and cannot be used with --y");
  if (!quantities.empty() && !tags.empty()) throw Error::usage("--tags cannot be combined with --quantities");
  discovery::checked_tags(tags);
  if (any_table() && !quantities.empty())
    throw Error::usage("--quantities applies to serving measurements and cannot be used with --y");
  predictor::checked_quantities(quantities);
  if (any_table() && target != "energy") throw Error::usage("--target cannot be combined with --y");
  if (pick != "description-length" && pick != "cross-validation" && !parse_number(pick)) {
    throw Error::usage("--pick: \"" + pick +
                       "\" is not description-length, cross-validation or a complexity");
  }
}

search::ColumnOptions DiscoverFlags::columns(const std::vector<std::string>& where) const {
  search::ColumnOptions options{y, x, by, {}, form};
  for (const std::string& text : where) options.where.push_back(table::parse_condition(text));
  return options;
}

search::Options DiscoverFlags::search(search::Options out) const {
  if (!operators.empty()) out.operators = search::parse_operators(operators);
  if (!units.empty()) out.constant_units.clear();
  out.units = units != std::vector<std::string>{"off"};
  for (const std::string& unit : units) {
    if (out.units) out.constant_units.push_back(parse_unit(unit));
  }
  if (!coefficients.empty())
    out.coefficients = coefficients == "shared" ? search::Scope::shared : search::Scope::per_group;
  out.guesses = guesses;
  out.max_complexity = max_complexity;
  out.evaluations = known(evaluations) ? static_cast<std::uint64_t>(evaluations) : 0;
  out.seed = seed;
  constexpr double kDefaultLimit = 60;
  const double unlimited = std::numeric_limits<double>::infinity();
  const double unset = out.evaluations > 0 ? unlimited : kDefaultLimit;
  out.time_limit_s = known(time_limit_s) ? time_limit_s : unset;
  out.checkpoint = checkpoint;
  out.resume = resume;
  return out;
}

void DiscoverFlags::pick_from(search::Front& front) const {
  const std::optional<double> complexity = parse_number(pick);
  if (complexity) {
    search::pick(front, search::Pick::complexity, *complexity);
  } else if (pick == "cross-validation") {
    search::pick(front, search::Pick::cross_validation);
  }
}

std::vector<bool> DiscoverFlags::searched(const search::Problem& problem) const {
  std::vector<bool> out(problem.rows(), train == 0);
  std::vector<int> taken(problem.group_count());
  for (const std::size_t row : shuffled_order(splitmix64(seed), problem.rows())) {
    if (train > 0 && taken[problem.group_of(row)]++ < train) out[row] = true;
  }
  return out;
}

}  // namespace energylens::cli
