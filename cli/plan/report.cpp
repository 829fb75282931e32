// SPDX-License-Identifier: Apache-2.0
#include "cli/plan/report.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cli/cost.hpp"
#include "cli/output.hpp"
#include "core/rounded_text.hpp"

namespace energylens::cli {
namespace {

constexpr double kSecondsPerHour = 3600;

std::string offer_name(const fleet::Offer& offer) {
  return table::layout_text(offer.layout) +
         (known(offer.power_limit_w) ? " at " + rounded_text(offer.power_limit_w) + " W" : "");
}

io::Json assignment_json(const PlanReport& report, const fleet::Assignment& one) {
  const fleet::Offer& offer = report.offers[one.offer];
  return io::Json::object({{"class", report.fleet.classes[offer.request_class].name},
                           {"pool", report.fleet.pools[offer.pool].name},
                           {"layout", table::layout_text(offer.layout)},
                           {"power_limit_w", offer.power_limit_w},
                           {"replicas", one.replicas},
                           {"num_gpus", one.replicas * offer.layout.gpus()},
                           {"rate_rps", one.rate_rps},
                           {"most_rps", one.replicas * offer.most_rps()},
                           {"gpu_power_w", one.replicas * offer.power_w(one.rate_rps / one.replicas)}});
}

/// Hours with the same assignments as the hour before are one line.
bool same(const fleet::HourPlan& a, const fleet::HourPlan& b) {
  return std::ranges::equal(a.assignments, b.assignments,
                            [](const fleet::Assignment& x, const fleet::Assignment& y) {
                              return x.offer == y.offer && x.replicas == y.replicas;
                            });
}

std::string hours_table(const PlanReport& report) {
  TextTable table("rlllrrrr",
                  {"hours", "class", "pool", "layout", "replicas", "GPUs", "requests/s", "GPU power W"});
  const std::vector<fleet::HourPlan>& hours = report.plan.hours;
  for (std::size_t begin = 0; begin < hours.size();) {
    std::size_t end = begin + 1;
    while (end < hours.size() && same(hours[begin], hours[end])) ++end;
    std::string name = std::to_string(begin) + (end == begin + 1 ? "" : "-" + std::to_string(end - 1));
    for (std::size_t i = 0; i < hours[begin].assignments.size(); ++i) {
      const fleet::Assignment& one = hours[begin].assignments[i];
      const fleet::Offer& offer = report.offers[one.offer];
      double rate = 0, power = 0;
      for (std::size_t hour = begin; hour < end; ++hour) {
        const double at = hours[hour].assignments[i].rate_rps;
        rate += at / static_cast<double>(end - begin);
        power += one.replicas * offer.power_w(at / one.replicas) / static_cast<double>(end - begin);
      }
      table.add({name, report.fleet.classes[offer.request_class].name, report.fleet.pools[offer.pool].name,
                 offer_name(offer), std::to_string(one.replicas),
                 std::to_string(one.replicas * offer.layout.gpus()), rounded_text(rate),
                 rounded_text(power)});
      name.clear();
    }
    begin = end;
  }
  return table.text();
}

std::string comparison_table(const PlanReport& report) {
  const cost::Bill& best = report.plan.bill;
  const bool priced = known(best.cost), carbon = known(best.carbon_g);
  std::vector<std::string> names = {"plan", "kWh"};
  if (priced) names.emplace_back("cost");
  if (carbon) names.emplace_back("kg CO2e");
  names.insert(names.end(), {"energy", "requests unserved"});
  TextTable table("l" + std::string(names.size() - 1, 'r'), names);
  const auto add = [&](const std::string& name, const fleet::Plan& plan) {
    std::vector<std::string> cells = {name, rounded_text(plan.bill.energy_kwh)};
    if (priced) cells.push_back(rounded_text(plan.bill.cost));
    if (carbon) cells.push_back(rounded_text(plan.bill.carbon_g / 1000));
    const double more = plan.bill.energy_kwh / best.energy_kwh - 1;
    // A plan that serves less is not compared by its energy.
    const bool comparable = &plan != &report.plan && plan.unmet_requests <= report.plan.unmet_requests;
    cells.push_back(comparable ? (more < 0 ? "-" : "+") + percent_text(std::abs(more)) : "");
    cells.push_back(rounded_text(plan.unmet_requests));
    table.add(cells);
  };
  add("this plan", report.plan);
  for (const fleet::Rule& rule : report.rules) add(rule.name, rule.plan);
  return table.text();
}

io::Json totals_json(const fleet::Plan& plan) {
  io::Json json = bill_json(plan.bill);
  json["unserved_requests"] = plan.unmet_requests;
  return json;
}

}  // namespace

std::string plan_text(const PlanReport& report) {
  std::string text = hours_table(report) + "\nall hours, against simpler rules\n" + comparison_table(report);
  for (const fleet::Rule& rule : report.rules) text += rule.name + ": " + rule.sentence + '\n';
  return text;
}

io::Json plan_json(const PlanReport& report) {
  io::Json hours = io::Json::array();
  for (std::size_t hour = 0; hour < report.plan.hours.size(); ++hour) {
    const fleet::HourPlan& at = report.plan.hours[hour];
    io::Json assignments = io::Json::array(), unserved = io::Json::array();
    for (const fleet::Assignment& one : at.assignments) assignments.push_back(assignment_json(report, one));
    for (std::size_t c = 0; c < at.unmet_rps.size(); ++c) {
      if (at.unmet_rps[c] > 0)
        unserved.push_back(
            io::Json::object({{"class", report.fleet.classes[c].name}, {"rate_rps", at.unmet_rps[c]}}));
    }
    hours.push_back(io::Json::object({{"hour", hour},
                                      {"gpus_used", report.plan.gpus[hour]},
                                      {"bill", bill_json(report.plan.bills[hour])},
                                      {"assignments", assignments},
                                      {"unserved", unserved}}));
  }
  io::Json rules = io::Json::array();
  for (const fleet::Rule& rule : report.rules) {
    io::Json json = io::Json::object({{"rule", rule.name}, {"sentence", rule.sentence}});
    json["total"] = totals_json(rule.plan);
    rules.push_back(std::move(json));
  }
  return io::Json::object({{"hours", hours}, {"total", totals_json(report.plan)}, {"rules", rules}});
}

io::Json plan_rows(const PlanReport& report) {
  io::Json rows = io::Json::array();
  for (std::size_t hour = 0; hour < report.plan.hours.size(); ++hour) {
    for (const fleet::Assignment& one : report.plan.hours[hour].assignments) {
      io::Json row = io::Json::object({{"hour", hour}});
      const io::Json cells = assignment_json(report, one);
      for (const io::Json::Member& member : cells.members()) row[member.name] = member.value;
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::vector<std::string> missing_texts(const PlanReport& report) {
  std::vector<std::string> out;
  for (std::size_t c = 0; c < report.fleet.classes.size(); ++c) {
    double most = 0;
    for (const fleet::HourPlan& hour : report.plan.hours) most = std::max(most, hour.unmet_rps[c]);
    if (most <= 0) continue;
    std::string text = "class \"" + report.fleet.classes[c].name + "\": up to " + rounded_text(most) +
                       " requests/s are not served; ";
    const fleet::Offer* leanest = nullptr;  // of the fewest GPUs per request
    const auto gpu_seconds = [](const fleet::Offer& offer) { return offer.layout.gpus() / offer.most_rps(); };
    for (const fleet::Offer& offer : report.offers) {
      if (offer.request_class == c && (!leanest || gpu_seconds(offer) < gpu_seconds(*leanest)))
        leanest = &offer;
    }
    if (!leanest) {
      text +=
          "no layout of any pool meets the limits of this class and has room for the weights and the KV cache";
    } else {
      const double gpus = std::ceil(most / leanest->most_rps() - 1e-9) * leanest->layout.gpus();
      text += rounded_text(gpus, 9) + " more GPUs of \"" + report.fleet.pools[leanest->pool].name +
              "\" would suffice (" + offer_name(*leanest) + ')';
    }
    out.push_back(text);
  }
  return out;
}

}  // namespace energylens::cli
