// SPDX-License-Identifier: Apache-2.0
#include "cli/choose/cost_report.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "cli/choose/report.hpp"
#include "cli/output.hpp"
#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"

namespace energylens::cli {
namespace {

constexpr double kSecondsPerDay = 86400, kGramsPerKg = 1000;

/// One request. The GPUs are taken all the time, so that a request stands for GPUs / throughput.
cost::Work work_of(const choose::Configuration& one) {
  const double share = one.energy_per_request_j / one.energy_j;
  return {one.energy_per_request_j, one.energy_j_lo * share, one.energy_j_hi * share,
          one.layout.gpus() / one.throughput_rps};
}

cost::Bill per_mtok(const choose::Configuration& one, const choose::Question& question,
                    const cost::Prices& prices) {
  return bill_per_mtok(work_of(one), question.request.osl, prices);
}

/// A job ends; what it would cost to repeat it all day is not asked.
std::optional<cost::Bill> per_day(const choose::Configuration& one, const choose::Question& question,
                                  const cost::Prices& prices) {
  if (question.arrival == choose::Arrival::batch) return std::nullopt;
  return cost::scaled(cost::bill(work_of(one), prices), kSecondsPerDay * one.throughput_rps);
}

const choose::Configuration* baseline_of(const choose::Choice& choice, const std::string& baseline) {
  if (baseline.empty()) return nullptr;
  const table::Layout layout = table::parse_layout(baseline);
  for (const choose::Configuration& one : choice.configurations) {
    if (one.layout == layout && known(one.energy_j)) return &one;
  }
  const auto same = [&](const choose::Configuration& one) { return one.layout == layout; };
  const auto found = std::ranges::find_if(choice.configurations, same);
  throw Error::usage(
      "--baseline " + baseline + ": " +
      (found == choice.configurations.end() ? "not among the layouts considered" : found->rejected));
}

/// "12.3 % less", "4 % more".
std::string change_text(double now, double before) {
  const double change = now / before - 1;
  return percent_text(std::abs(change)) + (change < 0 ? " less" : " more");
}

std::string baseline_text(const choose::Choice& choice, const choose::Question& question,
                          const CostQuestion& asked) {
  const choose::Configuration* const today = baseline_of(choice, asked.baseline);
  if (!today) return {};
  const choose::Configuration& best = choice.configurations.front();
  const cost::Prices& prices = asked.flags.prices;
  std::string text = "against " + configuration_name(*today) + ": " +
                     change_text(best.energy_j, today->energy_j) + " energy";
  const cost::Bill now = per_mtok(best, question, prices), before = per_mtok(*today, question, prices);
  if (known(now.cost)) text += ", " + change_text(now.cost, before.cost) + " cost";
  if (const auto day = per_day(best, question, prices), day_before = per_day(*today, question, prices); day)
    text += "; a day: " + bill_text(*day) + " instead of " + bill_text(*day_before);
  if (!today->rejected.empty()) text += " (it is rejected: " + today->rejected + ')';
  return text + '\n';
}

}  // namespace

io::Json configuration_cost_json(const choose::Configuration& one, const choose::Question& question,
                                 const cost::Prices& prices) {
  const std::optional<cost::Bill> day = per_day(one, question, prices);
  return io::Json::object({{"per_mtok", bill_json(per_mtok(one, question, prices))},
                           {"per_day", day ? bill_json(*day) : io::Json()}});
}

io::Json baseline_json(const choose::Choice& choice, const choose::Question& question,
                       const CostQuestion& asked) {
  const choose::Configuration* const today = baseline_of(choice, asked.baseline);
  if (!today) return {};
  const choose::Configuration& best = choice.configurations.front();
  const cost::Prices& prices = asked.flags.prices;
  const auto ratio = [&](double cost::Bill::*amount) {
    return per_mtok(best, question, prices).*amount / (per_mtok(*today, question, prices).*amount) - 1;
  };
  return io::Json::object({{"layout", table::layout_text(today->layout)},
                           {"energy_change", best.energy_j / today->energy_j - 1},
                           {"cost_change", ratio(&cost::Bill::cost)},
                           {"cost", configuration_cost_json(*today, question, prices)},
                           {"rejected", today->rejected.empty() ? io::Json() : io::Json(today->rejected)}});
}

std::string cost_text(const choose::Choice& choice, const choose::Question& question,
                      const CostQuestion& asked, std::size_t shown) {
  const cost::Prices& prices = asked.flags.prices;
  if (!prices.any()) return '\n' + baseline_text(choice, question, asked);
  const bool job = question.arrival == choose::Arrival::batch;
  std::vector<std::string> names = {"layout", "kWh/Mtok"};
  if (known(prices.per_kwh) || known(prices.per_gpu_hour)) names.emplace_back("cost/Mtok");
  if (known(prices.carbon_g_per_kwh)) names.emplace_back("kg CO2e/Mtok");
  const std::size_t amounts = names.size() - 1;
  for (std::size_t i = 0; i < amounts && !job; ++i)
    names.push_back(names[i + 1].substr(0, names[i + 1].find('/')) + "/day");
  TextTable table("l" + std::string(names.size() - 1, 'r'), names);
  const choose::Configuration* cheapest = nullptr;
  for (std::size_t i = 0; i < choice.accepted; ++i) {
    const choose::Configuration& one = choice.configurations[i];
    const cost::Bill tokens = per_mtok(one, question, prices);
    if (!cheapest || tokens.cost < per_mtok(*cheapest, question, prices).cost) cheapest = &one;
    if (i >= shown) continue;
    std::vector<std::string> cells = {configuration_name(one)};
    const auto add = [&](const cost::Bill& bill) {
      cells.push_back(rounded_text(bill.energy_kwh));
      if (known(prices.per_kwh) || known(prices.per_gpu_hour)) cells.push_back(rounded_text(bill.cost));
      if (known(prices.carbon_g_per_kwh)) cells.push_back(rounded_text(bill.carbon_g / kGramsPerKg));
    };
    add(tokens);
    if (const std::optional<cost::Bill> day = per_day(one, question, prices)) add(*day);
    table.add(cells);
  }
  std::string text = "\ncost (Mtok: million output tokens)\n" + table.text();
  if (const cost::Bill least = per_mtok(*cheapest, question, prices); known(least.cost))
    text += "least cost     " + configuration_name(*cheapest) + ": " + bill_text(least) +
            " per million output tokens\n";
  return text + baseline_text(choice, question, asked);
}

}  // namespace energylens::cli
