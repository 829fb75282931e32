// SPDX-License-Identifier: Apache-2.0
// A flag that belongs to another protocol is refused rather than passed over: whoever gave it expects it to
// matter.
#include "cli/evaluate/flags.hpp"

#include <algorithm>

#include "energylens/core/error.hpp"

namespace energylens::cli {
namespace {

constexpr double kMsPerSecond = 1e3;

std::pair<std::string, std::string> pair_of(const std::string& text) {
  const std::size_t comma = text.find(',');
  const bool two = comma != std::string::npos && comma > 0 && comma + 1 < text.size() &&
                   text.find(',', comma + 1) == std::string::npos;
  if (!two)
    throw Error::bad_cell({{}, 0, "--compare"}, text, "a pair of predictors such as law,xgboost+waves");
  return {text.substr(0, comma), text.substr(comma + 1)};
}

std::vector<std::string> protocol_names() {
  std::vector<std::string> names;
  for (const eval::ProtocolInfo& info : eval::protocol_infos()) names.emplace_back(info.name);
  return names;
}

std::vector<std::string> sampling_names() {
  std::vector<std::string> names;
  for (const design::StrategyInfo& info : design::strategy_infos()) names.emplace_back(info.name);
  return names;
}

}  // namespace

void EvaluateFlags::declare(Arguments& args) {
  args.choice("--protocol", protocol, protocol_names(), "evaluation protocol");
  args.choice("--unit", unit_, {"row", "scenario"}, "loo: what to leave out at a time [row]");
  args.choice("--blocked", blocked_, {"batch", "osl"},
              "hold out whole ranges of this axis (selection, learning-curve, transfer)");
  args.choice(
      "--sampling", sampling_, sampling_names(),
      "how training rows are selected, at random or by a design strategy (selection, learning-curve)");
  args.whole("--train", train_, kCount, "training rows per group (selection, extrapolate) [50]");
  args.numbers("--train-sizes", train_sizes_, kCountOrZero,
               "training rows per group (learning-curve [10,25,50,100,200,300], transfer [0,5,10,25,50])");
  args.choice("--axis", axis_, {"batch", "osl", "isl", "layout"}, "extrapolate: axis to extrapolate along");
  args.number("--cut", settings_.cut, kPositive,
              "extrapolate: largest value in the training rows [median of the distinct values]");
  args.numbers("--tpot", tpot_limits_ms_, kPositive,
               "limited: limits on the time per output token (ms) [10,15,20,30,50,75,100,150]");
  args.choice("--latency", latency_, {"measured", "predicted"},
              "limited: which latency must meet the limit [measured]");
  args.number("--breach-risk", breach_risk_, {.min = 0, .max = 1},
              "limited, with predicted latency: largest accepted probability of exceeding the limit [0.5]");
  args.repeated("--source", source, "COL=VALUE", "transfer: source groups; may be repeated");
  args.repeated("--target", target, "COL=VALUE", "transfer: target groups; may be repeated");
  args.flag("--same-gpus", settings_.same_gpus, "compare only candidates with the same number of GPUs");
  args.whole("--min-layouts", min_layouts_, kCount, "evaluate only groups with at least N layouts");
  args.flag("--pool", settings_.fit.pool, "fit all groups together, with partial pooling");
  args.whole("--seeds", seeds_, {.min = 1, .max = 100000, .whole = true},
             "number of random training samples (all protocols but loo) [20]");
  args.words("--predictors", predictors, "A,B,...", "predictors to evaluate [all]");
  args.text("--structure", structure, "MODEL",
            "model file of discover whose formulas the predictor `discovered` refits");
  args.whole("--search-evaluations", settings_.fit.search_evaluations,
             {.min = 100, .max = 1e8, .whole = true},
             "formulas that the predictor discovered:anew fits per split");
  args.words("--by", settings_.by, "COL,...",
             "also report results per value of these group columns, such as arch");
  args.repeated("--compare", compare_, "A,B", "compare two predictors on the same samples; may be repeated");
  args.whole("--starts", settings_.fit.starts, {.min = 1, .max = 10000, .whole = true},
             "starting points of each fit");
}

void EvaluateFlags::refuse_other_protocols() const {
  struct Belongs {
    const char* flag;
    bool given;
    std::vector<std::string_view> protocols;
  };
  const std::vector<Belongs> flags = {
      {"--unit", !unit_.empty(), {"loo"}},
      {"--seeds", seeds_ > 0, {"selection", "learning-curve", "extrapolate", "limited", "transfer"}},
      {"--blocked", !blocked_.empty(), {"selection", "learning-curve", "transfer"}},
      {"--sampling", sampling_ != "random", {"selection", "learning-curve"}},
      {"--train", train_ > 0, {"selection", "extrapolate"}},
      {"--train-sizes", !train_sizes_.empty(), {"learning-curve", "transfer"}},
      {"--axis", !axis_.empty(), {"extrapolate"}},
      {"--cut", known(settings_.cut), {"extrapolate"}},
      {"--tpot", !tpot_limits_ms_.empty(), {"limited"}},
      {"--latency", !latency_.empty(), {"limited"}},
      {"--breach-risk", known(breach_risk_), {"limited"}},
      {"--source", !source.empty(), {"transfer"}},
      {"--target", !target.empty(), {"transfer"}},
      {"--pool", settings_.fit.pool, {"selection", "loo", "learning-curve", "extrapolate", "limited"}},
  };
  for (const Belongs& one : flags) {
    if (!one.given || std::ranges::find(one.protocols, protocol) != one.protocols.end()) continue;
    std::string names;
    for (const std::string_view name : one.protocols)
      names += (names.empty() ? "" : ", ") + std::string(name);
    throw Error::usage(std::string(one.flag) + " does not apply to protocol " + protocol +
                       "; it applies to " + names);
  }
  if (protocol == "extrapolate" && axis_.empty()) throw Error::usage("protocol extrapolate requires --axis");
  if (protocol == "transfer" && (source.empty() || target.empty())) {
    throw Error::usage("protocol transfer requires --source and --target");
  }
  if (known(breach_risk_) && latency_ != "predicted") {
    throw Error::usage("--breach-risk requires --latency predicted");
  }
}

eval::Options EvaluateFlags::options() const {
  refuse_other_protocols();
  eval::Options options = settings_;
  options.protocol = eval::parse_protocol(protocol);
  options.unit = unit_ == "scenario" ? eval::Unit::scenario : eval::Unit::row;
  if (!blocked_.empty()) options.blocked = eval::parse_axis(blocked_);
  options.sampling = design::parse_strategy(sampling_);
  if (seeds_ > 0) options.seeds = seeds_;
  if (!axis_.empty()) options.axis = eval::parse_axis(axis_);
  if (train_ > 0) options.train = static_cast<std::size_t>(train_);
  options.min_layouts = static_cast<std::size_t>(min_layouts_);
  for (const double size : train_sizes_) options.train_sizes.push_back(static_cast<std::size_t>(size));
  if (!tpot_limits_ms_.empty()) options.tpot_limits_s.clear();
  for (const double limit_ms : tpot_limits_ms_) options.tpot_limits_s.push_back(limit_ms / kMsPerSecond);
  if (latency_ == "predicted") options.latency = eval::Latency::predicted;
  if (known(breach_risk_)) options.breach_risk = breach_risk_;
  for (const std::string& pair : compare_) options.compare.push_back(pair_of(pair));
  options.validate();
  return options;
}

}  // namespace energylens::cli
