// SPDX-License-Identifier: Apache-2.0
#include "cli/profile/report.hpp"

#include <algorithm>

#include "campaign/schedule.hpp"
#include "cli/output.hpp"
#include "core/count_text.hpp"
#include "core/rounded_text.hpp"

namespace energylens::cli {
namespace {

constexpr std::size_t kMostShown = 20;

struct Estimate {
  std::size_t measurements = 0;
  double hours = kUnknown, known_part = 0;
};

/// Measurements take what they take; each start of a server takes its idle time, and its loading, which
/// nobody knows.
Estimate estimate(const campaign::Plan& plan) {
  const campaign::Schedule schedule(plan, {});
  Estimate all;
  const double starts = static_cast<double>(plan.deployments().size()) * plan.settings.rounds;
  all.measurements = schedule.least_left();
  all.hours = (schedule.seconds_left(&all.known_part) + starts * plan.settings.idle_s) / 3600;
  return all;
}

std::string hours_text(const Estimate& all) {
  const std::string how = all.known_part >= 1 ? "about " : "at least ";
  std::string text = how + (all.hours < 1 ? rounded_text(all.hours * 60, 2) + " minutes"
                                          : rounded_text(all.hours, 2) + " hours");
  if (all.known_part < 1) text += " (expected_s is missing for some jobs)";
  return text + ", plus the loading time of the servers";
}

}  // namespace

std::string dry_run_text(const campaign::Plan& plan, const std::string& format) {
  const Estimate all = estimate(plan);
  if (format == "json") {
    io::Json json = io::Json::object(
        {{"configurations", plan.targets.size()},
         {"deployments", plan.deployments().size()},
         {"server_starts", plan.deployments().size() * static_cast<std::size_t>(plan.settings.rounds)},
         {"measurements_at_least", all.measurements},
         {"measurements_at_most",
          plan.targets.size() * static_cast<std::size_t>(plan.settings.width > 0 ? plan.settings.max_repeats
                                                                                 : plan.settings.repeats)},
         {"hours", all.known_part >= 1 ? io::Json(all.hours) : io::Json()},
         {"hours_at_least", all.hours}});
    json["plan"] = campaign::plan_json(plan);
    return io::print_json(json) + '\n';
  }
  TextTable table("llrrrr", {"model", "layout", "batch", "isl", "osl", "expected"});
  for (std::size_t i = 0; i < std::min(plan.targets.size(), kMostShown); ++i) {
    const campaign::Target& target = plan.targets[i];
    table.add(
        {target.deployment.model + (target.deployment.quant.empty() ? "" : ' ' + target.deployment.quant),
         table::layout_text(target.deployment.layout), count_text(target.load.batch),
         count_text(target.load.isl), count_text(target.load.osl),
         known(target.expected_s) ? quantity_text(target.expected_s, "s") : "-"});
  }
  std::string text = table.text();
  if (plan.targets.size() > kMostShown)
    text += "... and " + std::to_string(plan.targets.size() - kMostShown) + " more\n";
  return text + std::to_string(plan.targets.size()) + " configurations in " +
         std::to_string(plan.deployments().size()) + " deployments, at least " +
         std::to_string(all.measurements) + " measurements: " + hours_text(all) + ".\n";
}

std::string summary_text(const campaign::Summary& summary, const std::string& file,
                         const std::string& format) {
  if (format == "json") {
    io::Json json = io::Json::object({{"rows_file", file},
                                      {"configurations", summary.targets},
                                      {"complete", summary.complete},
                                      {"given_up", summary.given_up},
                                      {"rows", summary.rows},
                                      {"invalid", summary.invalid},
                                      {"measurements_left", summary.left}});
    json["missing"] = io::Json::array();
    for (const campaign::Summary::Missing& one : summary.missing) {
      json["missing"].push_back(
          io::Json::object({{"configuration", one.what},
                            {"rows", one.rows},
                            {"last_reason", one.reason.empty() ? io::Json() : io::Json(one.reason)}}));
    }
    return io::print_json(json) + '\n';
  }
  std::string text = std::to_string(summary.complete) + " of " + std::to_string(summary.targets) +
                     " configurations complete: " + std::to_string(summary.rows) + " rows in " + file + ", " +
                     std::to_string(summary.invalid) + " invalid measurements\n";
  for (std::size_t i = 0; i < std::min(summary.missing.size(), kMostShown); ++i) {
    const campaign::Summary::Missing& one = summary.missing[i];
    text += "missing: " + one.what + " (" + std::to_string(one.rows) + " rows)" +
            (one.reason.empty() ? "" : ": " + one.reason) + '\n';
  }
  if (summary.missing.size() > kMostShown)
    text += "... and " + std::to_string(summary.missing.size() - kMostShown) + " more\n";
  return text;
}

}  // namespace energylens::cli
