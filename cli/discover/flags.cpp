// SPDX-License-Identifier: Apache-2.0
#include "cli/discover/flags.hpp"

#include <cstdint>
#include <limits>
#include <optional>

#include "energylens/core/error.hpp"
#include "predictor/quantities.hpp"

namespace energylens::cli {

void DiscoverFlags::declare(Arguments& args) {
  args.choice("--target", target_, {"energy", "time"}, "measured quantity to find a formula for");
  args.text(
      "--y", columns_.target, "NAME=F:UNIT",
      "search any table of numbers for a formula of this target: a column, or a formula of columns, with its unit, such as energy=latency*power/1000:J");
  args.words("--x", columns_.inputs, "NAME=F:UNIT,...",
             "with --y: the inputs, as columns or formulas of columns, such as m,n,k");
  args.words("--by", columns_.group_by, "COL,...",
             "with --y: columns that define groups, each with its own coefficients");
  args.words(
      "--quantities", measurements_.quantities, "Q,...",
      "specifications to add as inputs, with their units: weight_bytes, kv_bytes, token_flops, bandwidth, peak_flops, tdp, link, or all [none]");
  args.words(
      "--tags", measurements_.tags, "TAG,...",
      "counts to treat as units: tokens, requests, gpus; for each input x in such a unit, adds the input x_rel without a unit, which is x / (geometric mean of x) [none]");
  args.words("--units", units_, "U,...",
             "units that coefficients may have; off ignores units [with --y, the unit of the target]");
  args.choice(
      "--coefficients", coefficients_, {"per-group", "shared"},
      "fit the coefficients of terms per group or once for all groups [per-group; shared with --quantities]");
  args.text("--template", measurements_.form, "FORM",
            "known structure of the formula, such as \"prefill(batch, isl, tp) + osl*decode(batch, tp, L)\"");
  args.text("--operators", operators_, "OP:COST,...",
            "operators to use and their costs, such as +,*,/,^,exp:3 [+,-,*,/,^,sqrt,exp:2,log:2]");
  args.repeated("--guess", options_.search.guesses, "FORMULA",
                "formula to start from, whose numbers and unknown names are fitted; may be repeated");
  args.text("--pick", pick_, "HOW",
            "how to pick the formula: description-length, cross-validation, or a maximum complexity");
  args.number("--max-complexity", options_.search.max_complexity, {.min = 1, .max = 1000},
              "maximum complexity, the sum of operator costs; inputs and constants cost 1 each");
  args.whole("--train", train_, kCount,
             "search with N rows of each group and test the formulas on the others [all rows]");
  args.number("--time-limit", time_limit_s_, kPositive,
              "maximum search time (s) [60, or none with --evaluations]");
  args.number("--evaluations", evaluations_, {.min = 1, .max = 1e15, .whole = true},
              "stop after fitting about N formulas [none]");
  args.seed("--seed", options_.search.seed, "random seed");
  args.text("--checkpoint", options_.search.checkpoint, "DIR",
            "folder in which to save the state of the search [none]");
  args.uses_files(FileRole::written, [&folder = options_.search.checkpoint](FileUses& uses) {
    if (!folder.empty()) uses.writes("--checkpoint", folder + '/' + search::kCheckpointFile);
  });
  args.flag("--resume", options_.search.resume, "continue from the checkpoint, if there is one");
}

void DiscoverFlags::check() const {
  const std::vector<std::string>& quantities = measurements_.quantities;
  const std::vector<std::string>& tags = measurements_.tags;
  const std::vector<std::string>& inputs = columns_.inputs;
  if (any_table() && inputs.empty()) throw Error::usage("--y requires --x, the inputs of the formula");
  if (!any_table() && (!inputs.empty() || !columns_.group_by.empty()))
    throw Error::usage("--x and --by require --y");
  if (!any_table() && !units_.empty() && quantities.empty() && tags.empty())
    throw Error::usage("--units requires --y, --quantities or --tags; counts have no unit");
  if (any_table() && !tags.empty())
    throw Error::usage("--tags applies to serving measurements and cannot be used with --y");
  if (!quantities.empty() && !tags.empty()) throw Error::usage("--tags cannot be combined with --quantities");
  discovery::checked_tags(tags);
  if (any_table() && !quantities.empty())
    throw Error::usage("--quantities applies to serving measurements and cannot be used with --y");
  predictor::checked_quantities(quantities);
  if (!operators_.empty()) {
    search::Options options;
    options.operators = search::parse_operators(operators_);
    search::check(options);
  }
  if (any_table() && target_ != "energy") throw Error::usage("--target cannot be combined with --y");
  if (pick_ != "description-length" && pick_ != "cross-validation" && !parse_number(pick_)) {
    throw Error::usage("--pick: \"" + pick_ +
                       "\" is not description-length, cross-validation or a complexity");
  }
}

search::ColumnOptions DiscoverFlags::columns(const std::vector<std::string>& where) const {
  search::ColumnOptions out = columns_;
  out.form = measurements_.form;
  for (const std::string& text : where) out.where.push_back(table::parse_condition(text));
  return out;
}

discovery::MeasurementOptions DiscoverFlags::measurements() const {
  discovery::MeasurementOptions out = measurements_;
  out.energy = target_ == "energy";
  out.quantities = predictor::checked_quantities(measurements_.quantities);
  return out;
}

discovery::DiscoveryOptions DiscoverFlags::options() const {
  constexpr double kDefaultLimit = 60;
  discovery::DiscoveryOptions out = options_;
  search::Options& search = out.search;
  if (known(evaluations_)) {
    search.evaluations = static_cast<std::uint64_t>(evaluations_);
    search.time_limit_s = std::numeric_limits<double>::infinity();
  } else {
    search.time_limit_s = kDefaultLimit;
  }
  if (known(time_limit_s_)) search.time_limit_s = time_limit_s_;
  if (!operators_.empty()) out.operators = search::parse_operators(operators_);
  search.units = units_ != std::vector<std::string>{"off"};
  if (!units_.empty()) out.constant_units.emplace();
  for (const std::string& unit : units_) {
    if (search.units) out.constant_units->push_back(parse_unit(unit));
  }
  if (coefficients_ == "shared") out.coefficients = search::Scope::shared;
  if (coefficients_ == "per-group") out.coefficients = search::Scope::per_group;
  if (pick_ == "cross-validation") out.pick = search::Pick::cross_validation;
  if (const std::optional<double> complexity = parse_number(pick_)) {
    out.pick = search::Pick::complexity;
    out.pick_complexity = *complexity;
  }
  out.train = static_cast<std::size_t>(train_);
  return out;
}

}  // namespace energylens::cli
