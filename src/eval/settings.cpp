// SPDX-License-Identifier: Apache-2.0
// settings.cpp: the reports that an evaluation consists of, and how each of them records its settings.
// Held by evaluate_test.cpp and options_test.cpp.
#include "eval/settings.hpp"

#include <algorithm>
#include <type_traits>
#include <variant>

#include "energylens/core/error.hpp"

namespace energylens::eval {
namespace {

/// With the sources and without them, for each number of training rows.
std::vector<Setting> transfer_settings(const EvaluationOptions& options, const TransferOptions& own) {
  std::vector<Setting> all;
  for (const std::size_t size : own.train_sizes) {
    Setting with{options, true, true, size}, without{options, false, true, size};
    with.options.fit.pool = true;
    with.options.fit.sources = own.sources;
    without.options.fit.pool = false;
    all.push_back(std::move(with));
    // Without sources and without rows there is nothing to fit.
    if (size > 0) all.push_back(std::move(without));
  }
  return all;
}

/// A selection for each number of training rows.
std::vector<Setting> curve_settings(const EvaluationOptions& options, const LearningCurveOptions& own) {
  std::vector<Setting> all;
  for (const std::size_t size : own.train_sizes) {
    EvaluationOptions one = options;
    one.protocol = SelectionOptions{size, own.seeds, own.blocked, own.sampling};
    all.push_back({one, true, true});
  }
  return all;
}

/// How the protocol was set, by name, in the order in which reports print it.
std::vector<std::pair<std::string, io::Json>> protocol_settings(std::span<const table::Group> groups,
                                                                const Setting& setting) {
  using io::Json;
  std::vector<std::pair<std::string, Json>> all;
  const auto add = [&](const char* name, Json value) { all.emplace_back(name, std::move(value)); };
  const auto add_own = [&](const auto& own) {
    if constexpr (requires { own.unit; }) add("unit", own.unit == Unit::row ? "row" : "scenario");
    if constexpr (requires { own.blocked; }) {
      if (own.blocked) add("blocked", axis_name(*own.blocked));
    }
    if constexpr (requires { own.sampling; }) {
      if (own.sampling != design::Strategy::random)
        add("sampling", std::string(design::info(own.sampling).name));
    }
    if constexpr (requires { own.axis; }) add("axis", axis_name(own.axis));
    if constexpr (requires { own.latency; }) {
      add("latency", own.latency == Latency::measured ? "measured" : "predicted");
      add("tpot_limits_s", Json::array_of(own.tpot_limits_s));
      if (own.latency == Latency::predicted) add("breach_risk", own.breach_risk);
    }
    if constexpr (requires { own.sources; }) {
      add("with_sources", setting.with_sources);
      Json sources = Json::array();
      for (const table::Group& group : groups.first(own.sources)) sources.push_back(group.identity.text());
      add("sources", std::move(sources));
    }
  };
  std::visit(add_own, setting.options.protocol);
  if (setting.options.min_layouts > 1) add("min_layouts", setting.options.min_layouts);
  return all;
}

/// Collects the sentences of all bad fields.
class Faults {
 public:
  void require(bool right, const char* sentence) {
    if (!right) text_ += (text_.empty() ? "" : "; ") + std::string(sentence);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// What is wrong with the options of a protocol. A protocol may have any of these fields.
template <class Own>
void check_own(const Own& own, Faults& faults) {
  const auto positive = [](auto value) { return value > 0; };
  if constexpr (requires { own.train; }) faults.require(own.train > 0, "train must be at least 1");
  if constexpr (requires { own.train_sizes; }) {
    constexpr bool kNoneAllowed = std::is_same_v<Own, TransferOptions>;
    faults.require(kNoneAllowed || std::ranges::all_of(own.train_sizes, positive),
                   "train sizes must be at least 1");
    faults.require(!own.train_sizes.empty(), "there must be a train size");
  }
  if constexpr (requires { own.seeds; }) faults.require(own.seeds > 0, "seeds must be at least 1");
  if constexpr (requires { own.blocked; }) {
    faults.require(!own.blocked || *own.blocked == Axis::batch || *own.blocked == Axis::osl,
                   "blocked must be batch or osl");
  }
  if constexpr (requires { own.cut; })
    faults.require(own.axis != Axis::layout || !known(own.cut), "a cut is for batch, osl and isl");
  if constexpr (requires { own.tpot_limits_s; }) {
    faults.require(!own.tpot_limits_s.empty() && std::ranges::all_of(own.tpot_limits_s, positive),
                   "limits of TPOT must be above 0");
    faults.require(own.breach_risk >= 0 && own.breach_risk <= 1, "breach_risk must be from 0 to 1");
  }
}

}  // namespace

std::vector<Setting> settings(const EvaluationOptions& options) {
  if (const auto* curve = std::get_if<LearningCurveOptions>(&options.protocol))
    return curve_settings(options, *curve);
  if (const auto* transfer = std::get_if<TransferOptions>(&options.protocol))
    return transfer_settings(options, *transfer);
  return {Setting{options, true, true}};
}

Report empty_report(std::span<const table::Group> groups, const Setting& setting) {
  const EvaluationOptions& options = setting.options;
  Report report;
  report.protocol = info(options.kind()).name;
  report.train = training_rows(setting);
  report.seeds = seeds_of(options.protocol);
  report.same_gpus = options.same_gpus;
  report.pool = options.fit.pool;
  report.settings = protocol_settings(groups, setting);
  return report;
}

Report joined(std::vector<Report> reports, const EvaluationOptions& options) {
  const bool transfer = options.kind() == Protocol::transfer;
  if (!transfer && options.kind() != Protocol::learning_curve) return std::move(reports.front());
  Report all;
  all.protocol = info(options.kind()).name;
  all.seeds = seeds_of(options.protocol);
  all.same_gpus = options.same_gpus;
  all.pool = options.fit.pool || transfer;
  all.cancelled = reports.front().cancelled;
  all.reports = std::move(reports);
  return all;
}

void EvaluationOptions::validate() const {
  Faults faults;
  std::visit([&](const auto& own) { check_own(own, faults); }, protocol);
  faults.require(min_layouts > 0, "min_layouts must be at least 1");
  faults.require(run.threads >= 0, "threads must not be negative");
  if (!faults.text().empty()) throw Error::usage(faults.text());
}

}  // namespace energylens::eval
