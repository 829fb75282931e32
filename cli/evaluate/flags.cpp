// SPDX-License-Identifier: Apache-2.0
// Which flags belong to which protocol follows from the fields of its options. A flag of another protocol is
// refused rather than ignored.
#include "cli/evaluate/flags.hpp"

#include <algorithm>
#include <string_view>
#include <variant>

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

std::vector<std::size_t> counts(const std::vector<double>& values) {
  std::vector<std::size_t> out;
  for (const double value : values) out.push_back(static_cast<std::size_t>(value));
  return out;
}

std::vector<double> seconds(const std::vector<double>& values_ms) {
  std::vector<double> out;
  for (const double value_ms : values_ms) out.push_back(value_ms / kMsPerSecond);
  return out;
}

std::vector<std::string> sampling_names() {
  std::vector<std::string> names;
  for (const design::StrategyInfo& info : design::strategy_infos()) names.emplace_back(info.name);
  return names;
}

}  // namespace

void EvaluateFlags::declare(Arguments& args) {
  args.choice(
      "--protocol", protocol, protocol_names(),
      "what to test: choices on held-out scenarios (selection), each row left out once (loo), a range of training sizes (learning-curve), rows beyond the training range (extrapolate), choices under a latency limit (limited), or training on other groups (transfer)");
  args.choice("--unit", unit_, {"row", "scenario"},
              "protocol loo: leave out one row at a time, or one scenario (rows with equal load) [row]");
  args.choice(
      "--blocked", blocked_, {"batch", "osl"},
      "hold out contiguous ranges of this axis instead of random scenarios (selection, learning-curve, transfer) [none]");
  args.choice(
      "--sampling", sampling_, sampling_names(),
      "how to select training rows: at random, or by a strategy of `energylens design` (selection, learning-curve)");
  args.whole("--train", train_, kCount, "training rows per group (selection, extrapolate) [50]");
  args.numbers("--train-sizes", train_sizes_, kCountOrZero,
               "training rows per group (learning-curve [10,25,50,100,200,300], transfer [0,5,10,25,50])");
  args.choice("--axis", axis_, {"batch", "osl", "isl", "layout"},
              "protocol extrapolate: axis to extrapolate along (required)");
  args.number(
      "--cut", cut_, kPositive,
      "protocol extrapolate: largest value of the axis in the training rows [median of the distinct values]");
  args.numbers("--tpot", tpot_limits_ms_, kPositive,
               "protocol limited: limits on the time per output token (ms) [10,15,20,30,50,75,100,150]");
  args.choice("--latency", latency_, {"measured", "predicted"},
              "protocol limited: which latency must meet the limit [measured]");
  args.number(
      "--breach-risk", breach_risk_, {.min = 0, .max = 1},
      "protocol limited, with predicted latency: maximum accepted probability of exceeding the limit [0.5]");
  args.repeated("--source", source, "COL=VALUE",
                "protocol transfer: condition that selects the source groups (required); may be repeated");
  args.repeated("--target", target, "COL=VALUE",
                "protocol transfer: condition that selects the target groups (required); may be repeated");
  args.flag("--same-gpus", settings_.same_gpus, "compare only layouts with the same number of GPUs");
  args.flag(
      "--join-power-limits", join_power_limits,
      "treat groups that differ only in their power limit as one group, as fit does; the curves see all rows");
  args.whole("--min-layouts", min_layouts_, kCount, "evaluate only groups with at least N layouts");
  args.flag("--pool", settings_.fit.pool,
            "fit all groups (model, GPU, engine, precision) jointly with partial pooling");
  args.whole("--seeds", seeds_, {.min = 1, .max = 100000, .whole = true},
             "number of random training samples (all protocols except loo) [20]");
  args.words("--predictors", predictors, "A,B,...",
             "predictors to evaluate, such as law,xgboost,majority [all]");
  args.text(
      "--structure", structure, "MODEL",
      "model file written by discover, whose formulas the predictor `discovered` refits [built-in formulas]");
  args.reads();
  args.whole("--search-evaluations", settings_.fit.search_evaluations,
             {.min = 100, .max = 1e8, .whole = true},
             "number of formulas that the predictor discovered:anew tries per training sample");
  args.words("--by", settings_.by, "COL,...",
             "also report results per value of these group columns, such as arch");
  args.repeated("--compare", compare_, "A,B", "compare two predictors on the same samples; may be repeated");
  args.whole("--starts", settings_.fit.starts, {.min = 1, .max = 10000, .whole = true},
             "number of starting points of each fit");
}

/// Calls use(flag, given, set) for each flag that has a field in the options of a protocol; set() fills the
/// field.
template <class Own, class Use>
void EvaluateFlags::for_each_own(Own& own, const Use& use) const {
  if constexpr (requires { own.unit; }) {
    use("--unit", !unit_.empty(),
        [&] { own.unit = unit_ == "scenario" ? eval::Unit::scenario : eval::Unit::row; });
  }
  if constexpr (requires { own.seeds; }) use("--seeds", seeds_ > 0, [&] { own.seeds = seeds_; });
  if constexpr (requires { own.blocked; })
    use("--blocked", !blocked_.empty(), [&] { own.blocked = eval::parse_axis(blocked_); });
  if constexpr (requires { own.sampling; })
    use("--sampling", sampling_ != "random", [&] { own.sampling = design::parse_strategy(sampling_); });
  if constexpr (requires { own.train; })
    use("--train", train_ > 0, [&] { own.train = static_cast<std::size_t>(train_); });
  if constexpr (requires { own.train_sizes; })
    use("--train-sizes", !train_sizes_.empty(), [&] { own.train_sizes = counts(train_sizes_); });
  if constexpr (requires { own.axis; })
    use("--axis", !axis_.empty(), [&] { own.axis = eval::parse_axis(axis_); });
  if constexpr (requires { own.cut; }) use("--cut", known(cut_), [&] { own.cut = cut_; });
  if constexpr (requires { own.tpot_limits_s; })
    use("--tpot", !tpot_limits_ms_.empty(), [&] { own.tpot_limits_s = seconds(tpot_limits_ms_); });
  if constexpr (requires { own.latency; }) {
    use("--latency", !latency_.empty(),
        [&] { own.latency = latency_ == "predicted" ? eval::Latency::predicted : eval::Latency::measured; });
  }
  if constexpr (requires { own.breach_risk; })
    use("--breach-risk", known(breach_risk_), [&] { own.breach_risk = breach_risk_; });
  if constexpr (requires { own.sources; }) {
    use("--source", !source.empty(), [] {});  // the number of sources is known once the table is read
    use("--target", !target.empty(), [] {});
  } else {
    use("--pool", settings_.fit.pool, [] {});  // transfer sets it itself
  }
}

void EvaluateFlags::refuse_other_protocols() const {
  struct OwnFlag {
    std::string_view name;
    bool given;
    std::vector<std::string_view> protocols;
  };
  std::vector<OwnFlag> flags;
  for (const eval::ProtocolInfo& info : eval::protocol_infos()) {
    const auto add = [&](std::string_view name, bool given, const auto&) {
      auto flag = std::ranges::find(flags, name, &OwnFlag::name);
      if (flag == flags.end()) flag = flags.insert(flag, {name, given, {}});
      flag->protocols.push_back(info.name);
    };
    eval::ProtocolOptions own = eval::default_options(info.protocol);
    std::visit([&](auto& options) { for_each_own(options, add); }, own);
  }
  for (const OwnFlag& flag : flags) {
    if (!flag.given || std::ranges::find(flag.protocols, protocol) != flag.protocols.end()) continue;
    std::string names;
    for (const std::string_view name : flag.protocols)
      names += (names.empty() ? "" : ", ") + std::string(name);
    throw Error::usage(std::string(flag.name) + " does not apply to protocol " + protocol +
                       "; it applies to " + names);
  }
}

void EvaluateFlags::require_own_flags() const {
  if (protocol == "extrapolate" && axis_.empty()) throw Error::usage("protocol extrapolate requires --axis");
  if (protocol == "transfer" && (source.empty() || target.empty())) {
    throw Error::usage("protocol transfer requires --source and --target");
  }
  if (known(breach_risk_) && latency_ != "predicted") {
    throw Error::usage("--breach-risk requires --latency predicted");
  }
}

eval::EvaluationOptions EvaluateFlags::options() const {
  refuse_other_protocols();
  require_own_flags();
  if (join_power_limits && protocol == "transfer")
    throw Error::usage("--join-power-limits cannot be combined with --protocol transfer");
  eval::EvaluationOptions options = settings_;
  options.protocol = eval::default_options(eval::parse_protocol(protocol));
  const auto set_if_given = [](std::string_view, bool given, const auto& set) {
    if (given) set();
  };
  std::visit([&](auto& own) { for_each_own(own, set_if_given); }, options.protocol);
  options.min_layouts = static_cast<std::size_t>(min_layouts_);
  for (const std::string& pair : compare_) options.compare.push_back(pair_of(pair));
  options.validate();
  return options;
}

}  // namespace energylens::cli
