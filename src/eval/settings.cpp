// SPDX-License-Identifier: Apache-2.0
// settings.cpp: which reports the options of an evaluation make, and what each says of how it was made.
// Held by evaluate_test.cpp and options_test.cpp.
#include "eval/settings.hpp"

#include <algorithm>

#include "energylens/core/error.hpp"

namespace energylens::eval {
namespace {

std::vector<std::size_t> sizes_of(const Options& options) {
  if (!options.train_sizes.empty()) return options.train_sizes;
  if (options.protocol == Protocol::transfer) return {0, 5, 10, 25, 50};
  return {10, 25, 50, 100, 200, 300};
}

bool has_several_reports(Protocol protocol) {
  return protocol == Protocol::learning_curve || protocol == Protocol::transfer;
}

/// With the sources, and without them, for one number of rows.
void add_transfer(const Options& options, std::vector<Setting>& all) {
  Setting with{options, true, true}, without{options, false, true};
  with.options.fit.pool = true;
  with.options.fit.sources = options.sources;
  without.options.fit.pool = false;
  all.push_back(std::move(with));
  // Without sources and without rows there is nothing to fit.
  if (options.train > 0) all.push_back(std::move(without));
}

bool draws_rows(Protocol protocol) {
  return protocol != Protocol::loo && protocol != Protocol::limited;
}

std::vector<std::pair<std::string, io::Json>> said(std::span<const table::Group> groups,
                                                   const Setting& setting) {
  using io::Json;
  const Options& options = setting.options;
  std::vector<std::pair<std::string, Json>> all;
  const auto say = [&](const char* name, Json value) { all.emplace_back(name, std::move(value)); };
  if (options.protocol == Protocol::loo) say("unit", options.unit == Unit::row ? "row" : "scenario");
  if (options.blocked) say("blocked", axis_name(*options.blocked));
  if (options.sampling != design::Strategy::random) {
    say("sampling", std::string(design::info(options.sampling).name));
  }
  if (options.protocol == Protocol::extrapolate) say("axis", axis_name(options.axis));
  if (options.protocol == Protocol::limited) {
    say("latency", options.latency == Latency::measured ? "measured" : "predicted");
    say("tpot_limits_s", Json::array_of(options.tpot_limits_s));
    if (options.latency == Latency::predicted) say("breach_risk", options.breach_risk);
  }
  if (options.protocol == Protocol::transfer) {
    say("with_sources", setting.with_sources);
    Json sources = Json::array();
    for (const table::Group& group : groups.first(options.sources)) sources.push_back(group.identity.text());
    say("sources", std::move(sources));
  }
  if (options.min_layouts > 1) say("min_layouts", options.min_layouts);
  return all;
}

}  // namespace

std::vector<Setting> settings(const Options& options) {
  if (!has_several_reports(options.protocol)) return {Setting{options, true, true}};
  std::vector<Setting> all;
  for (const std::size_t size : sizes_of(options)) {
    Options one = options;
    one.train = size;
    if (options.protocol == Protocol::transfer) {
      add_transfer(one, all);
    } else {
      one.protocol = Protocol::selection;
      all.push_back({one, true, true});
    }
  }
  return all;
}

Report empty_report(std::span<const table::Group> groups, const Setting& setting) {
  const Options& options = setting.options;
  Report report;
  report.protocol = info(options.protocol).name;
  if (draws_rows(options.protocol)) report.train = options.train;
  report.seeds = options.protocol == Protocol::loo ? 0 : options.seeds;
  report.same_gpus = options.same_gpus;
  report.pool = options.fit.pool;
  report.settings = said(groups, setting);
  return report;
}

Report joined(std::vector<Report> reports, const Options& options) {
  if (!has_several_reports(options.protocol)) return std::move(reports.front());
  Report all;
  all.protocol = info(options.protocol).name;
  all.seeds = options.seeds;
  all.same_gpus = options.same_gpus;
  all.pool = options.fit.pool || options.protocol == Protocol::transfer;
  all.cancelled = reports.front().cancelled;
  all.reports = std::move(reports);
  return all;
}

void Options::validate() const {
  std::string wrong;
  const auto require = [&](bool right, const char* sentence) {
    if (!right) wrong += (wrong.empty() ? "" : "; ") + std::string(sentence);
  };
  const auto positive = [](auto value) { return value > 0; };
  require(train > 0, "train must be at least 1");
  require(protocol == Protocol::transfer || std::ranges::all_of(train_sizes, positive),
          "train sizes must be at least 1");
  require(seeds > 0, "seeds must be at least 1");
  require(min_layouts > 0, "min_layouts must be at least 1");
  require(!blocked || *blocked == Axis::batch || *blocked == Axis::osl, "blocked must be batch or osl");
  require(sampling == design::Strategy::random || protocol == Protocol::selection ||
              protocol == Protocol::learning_curve,
          "sampling by a design is for selection and learning-curve");
  require(axis != Axis::layout || !known(cut), "a cut is for batch, osl and isl");
  require(!tpot_limits_s.empty() && std::ranges::all_of(tpot_limits_s, positive),
          "limits of TPOT must be above 0");
  require(breach_risk >= 0 && breach_risk <= 1, "breach_risk must be from 0 to 1");
  require(run.threads >= 0, "threads must not be negative");
  if (!wrong.empty()) throw Error::usage(wrong);
}

}  // namespace energylens::eval
