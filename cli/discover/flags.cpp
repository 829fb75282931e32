// SPDX-License-Identifier: Apache-2.0
#include "cli/discover/flags.hpp"

#include <cstdint>
#include <limits>
#include <optional>

#include "energylens/core/error.hpp"
#include "energylens/predictor/quantities.hpp"

namespace energylens::cli {

void DiscoverFlags::declare(Arguments& args) {
  args.choice("--target", target_, {"energy", "time"}, "what to find a formula of");
  args.text("--y", columns_.target, "NAME=F:UNIT",
            "any table: what to find a formula of, such as energy=latency*power/1000:J");
  args.words("--x", columns_.inputs, "NAME=F:UNIT,...",
             "any table: the inputs, columns or formulas of columns, such as m,n,k");
  args.words("--by", columns_.group_by, "COL,...",
             "any table: rows that agree in these columns have their own coefficients");
  args.words(
      "--quantities", measurements_.quantities, "Q,...",
      "published figures as inputs with units, or all: weight_bytes, kv_bytes, token_flops, bandwidth, "
      "peak_flops, tdp, link");
  args.words("--tags", measurements_.tags, "TAG,...",
             "counts that are dimensions: tokens, requests, gpus; x_rel is x over its geometric mean");
  args.words(
      "--units", units_, "U,...",
      "units that coefficients may have (--y: that of the target if not given); off: no unit is looked at");
  args.choice("--coefficients", coefficients_, {"per-group", "shared"},
              "of terms: each group its own, or one for all (if not given, shared with --quantities)");
  args.text("--template", measurements_.form, "FORM",
            "what is given: \"prefill(batch, isl, tp) + osl*decode(batch, tp, L)\"");
  args.text("--operators", operators_, "OP:PRICE,...",
            "such as +,*,/,^,exp:3; what is not named is not used");
  args.repeated("--guess", options_.search.guesses, "FORMULA",
                "begin with it; numbers and unknown names are fitted");
  args.text("--pick", pick_, "HOW",
            "the formula to believe: description-length, cross-validation, or the greatest complexity");
  args.number("--max-complexity", options_.search.max_complexity, {.min = 1, .max = 1000},
              "sum of prices; columns and constants cost 1");
  args.whole("--train", train_, kCount, "search in N rows of each group and judge by the others");
  args.number("--time-limit", time_limit_s_, kPositive, "seconds; 60 unless --evaluations is given");
  args.number("--evaluations", evaluations_, {.min = 1, .max = 1e15, .whole = true},
              "stop after about N fitted formulas");
  args.seed("--seed", options_.search.seed, "of every random number");
  args.text("--checkpoint", options_.search.checkpoint, "DIR", "keep the state of the search there");
  args.flag("--resume", options_.search.resume, "go on from the checkpoint, if there is one");
}

void DiscoverFlags::check() const {
  const std::vector<std::string>&quantities = measurements_.quantities, &tags = measurements_.tags;
  if (any_table() && columns_.inputs.empty()) throw Error::usage("--y needs --x, the inputs of the formula");
  if (!any_table() && (!columns_.inputs.empty() || !columns_.group_by.empty()))
    throw Error::usage("--x and --by need --y");
  if (!any_table() && !units_.empty() && quantities.empty() && tags.empty())
    throw Error::usage("--units needs --y, --quantities or --tags: counts have no unit");
  if (any_table() && !tags.empty()) throw Error::usage("--tags is for measurements of serving, not for --y");
  if (!quantities.empty() && !tags.empty())
    throw Error::usage(
        "--tags cannot be combined with --quantities: published figures are per token already");
  discovery::checked_tags(tags);
  if (any_table() && !quantities.empty())
    throw Error::usage("--quantities is for measurements of serving, not for --y");
  predictor::checked_quantities(quantities);
  if (any_table() && target_ != "energy")
    throw Error::usage("--target is not for --y, which names the target itself");
  if (pick_ != "description-length" && pick_ != "cross-validation" && !parse_number(pick_)) {
    throw Error::usage("--pick: \"" + pick_ + "\" is not description-length, cross-validation or a number");
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
  constexpr double kDefaultLimit_s = 60;
  discovery::DiscoveryOptions out = options_;
  search::Options& search = out.search;
  if (known(evaluations_)) {
    search.evaluations = static_cast<std::uint64_t>(evaluations_);
    search.time_limit_s = std::numeric_limits<double>::infinity();
  } else {
    search.time_limit_s = kDefaultLimit_s;
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
