// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cli/output.hpp"
#include "core/count_text.hpp"
#include "core/rounded_text.hpp"

namespace energylens::cli {
namespace {

std::string unit_of(predictor::Metric metric) {
  return metric == predictor::Metric::energy ? "J" : "s";
}

/// "prefill_work" as "prefill work".
std::string words(std::string name) {
  std::ranges::replace(name, '_', ' ');
  return name;
}

std::string subject_text(const Explained& explained) {
  const table::Load& load = explained.config.load;
  std::string text = table::layout_text(explained.config.layout) + ", batch " + count_text(load.batch);
  if (known(load.isl)) text += ", isl " + count_text(load.isl);
  return text + ", osl " + count_text(load.osl);
}

std::string phase_text(const explain::Part& part) {
  if (part.name == "correction" || part.name == "power_limit") return "";
  return part.prefill ? "prefill" : "decode";
}

bool same_parts(const Explained& one) {
  if (!one.energy || !one.time || one.energy->parts.size() < one.time->parts.size()) return false;
  for (const explain::Part& part : one.time->parts) {
    if (std::ranges::none_of(one.energy->parts, [&](const explain::Part& other) {
          return other.name == part.name && other.meaning == part.meaning;
        }))
      return false;
  }
  return true;
}

const explain::Part* part_of(const std::optional<explain::Account>& account, const std::string& name) {
  if (!account) return nullptr;
  const auto found = std::ranges::find(account->parts, name, &explain::Part::name);
  return found == account->parts.end() ? nullptr : &*found;
}

std::string share_text(const explain::Part& part, const explain::Account& account) {
  return percent_text(part.value / account.total);
}

/// Energy and time of the same parts in one table.
std::string both_text(const Explained& one) {
  TextTable table("llrrrrl", {"part", "phase", "energy", "", "time", "", ""});
  for (const explain::Part& part : one.energy->parts) {
    const explain::Part* const time = part_of(one.time, part.name);
    table.add({words(part.name), phase_text(part), quantity_text(part.value, "J"),
               share_text(part, *one.energy), time ? quantity_text(time->value, "s") : "-",
               time ? share_text(*time, *one.time) : "", part.meaning});
  }
  table.add({"total", "", quantity_text(one.energy->total, "J"), "100 %", quantity_text(one.time->total, "s"),
             "100 %", ""});
  return table.text();
}

std::string one_text(const explain::Account& account) {
  const std::string unit = unit_of(account.metric);
  TextTable table("llrrl", {"part", "phase", std::string(predictor::metric_text(account.metric)), "", ""});
  for (const explain::Part& part : account.parts) {
    table.add({words(part.name), phase_text(part), quantity_text(part.value, unit), share_text(part, account),
               part.meaning});
  }
  table.add({"total", "", quantity_text(account.total, unit), "100 %", ""});
  return table.text();
}

std::string parts_text(const Explained& one) {
  if (same_parts(one)) return both_text(one);
  std::string text;
  if (one.energy) text += one_text(*one.energy);
  if (one.time) text += (text.empty() ? "" : "\n") + one_text(*one.time);
  return text;
}

std::string change_text(double per_cent) {
  if (!known(per_cent)) return "-";
  if (std::abs(per_cent) < 5e-4) return "0 %";
  return fmt::format("{:+.3f} %", per_cent);
}

std::string elasticities_text(const Explanation& explanation) {
  TextTable table("lrr", {"1 % more", "energy", "time"});
  for (const explain::Elasticity& one : explanation.elasticities)
    table.add({one.input, change_text(one.energy), change_text(one.time)});
  const CapElasticity& cap = explanation.cap;
  if (known(cap.at_w))
    table.add(
        {"power limit, at " + quantity_text(cap.at_w, "W"), change_text(cap.energy), change_text(cap.time)});
  return table.text();
}

std::string yardsticks_text(const std::vector<explain::Yardstick>& all) {
  TextTable table("lrrrr", {"parameter", "fitted", "per", "GPU at its peak", "ratio"});
  for (const explain::Yardstick& one : all) {
    const std::string unit = unit_of(one.metric);
    table.add({std::string(predictor::metric_text(one.metric)) + " " + one.parameter,
               fmt::format("{} {}", rounded_text(one.value), one.unit),
               fmt::format("{:.3g} {}/{}", one.fitted_per, unit, one.per),
               fmt::format("{:.3g} {}/{}", one.chip_per, unit, one.per), rounded_text(one.ratio())});
  }
  return table.text();
}

/// Parts by the size of their difference.
std::vector<std::pair<std::string, double>> differences(const std::optional<explain::Account>& one,
                                                        const std::optional<explain::Account>& other) {
  std::vector<std::pair<std::string, double>> out;
  for (const explain::Part& part : one->parts) {
    const explain::Part* const there = part_of(other, part.name);
    out.emplace_back(part.name, (there ? there->value : 0) - part.value);
  }
  for (const explain::Part& part : other->parts)
    if (!part_of(one, part.name)) out.emplace_back(part.name, part.value);
  std::ranges::stable_sort(
      out, [](const auto& a, const auto& b) { return std::abs(a.second) > std::abs(b.second); });
  return out;
}

std::string versus_text(const Explained& one, const Explained& other) {
  std::string text;
  for (const predictor::Metric metric : predictor::kMetrics) {
    const auto of = [metric](const Explained& e) -> const std::optional<explain::Account>& {
      return metric == predictor::Metric::energy ? e.energy : e.time;
    };
    if (!of(one) || !of(other)) continue;
    const std::string unit = unit_of(metric);
    const double change = of(other)->total - of(one)->total;
    const std::string of_metric =
        std::string(predictor::metric_text(metric)) + (change < 0 ? " less by " : " more by ") +
        quantity_text(std::abs(change), unit) + " (" + percent_text(change / of(one)->total) + ")";
    text += fmt::format("\n{} instead of {}: {}\n", table::layout_text(other.config.layout),
                        table::layout_text(one.config.layout), of_metric);
    TextTable table("lr", {"part", "change"});
    for (const auto& [name, value] : differences(of(one), of(other))) {
      if (value != 0) table.add({words(name), (value > 0 ? "+" : "") + quantity_text(value, unit)});
    }
    text += table.text();
  }
  return text;
}

io::Json account_json(const std::optional<explain::Account>& account) {
  if (!account) return nullptr;
  io::Json parts = io::Json::array();
  for (const explain::Part& part : account->parts) {
    const std::string phase = phase_text(part);
    io::Json one =
        io::Json::object({{"part", part.name}, {"phase", phase.empty() ? io::Json() : io::Json(phase)}});
    one[account->metric == predictor::Metric::energy ? "energy_j" : "time_s"] = part.value;
    one["share"] = part.value / account->total;
    one["meaning"] = part.meaning;
    parts.push_back(std::move(one));
  }
  return parts;
}

io::Json explained_json(const Explained& one) {
  io::Json out = io::Json::object({{"layout", table::layout_text(one.config.layout)}});
  add_prediction(out, one.prediction);
  out["energy_parts"] = account_json(one.energy);
  out["time_parts"] = account_json(one.time);
  return out;
}

io::Json difference_json(const std::optional<explain::Account>& one,
                         const std::optional<explain::Account>& other) {
  if (!one || !other) return nullptr;
  io::Json out = io::Json::array();
  for (const auto& [name, value] : differences(one, other))
    out.push_back(io::Json::object({{"part", name}, {"change", value}}));
  return out;
}

io::Json elasticities_json(const Explanation& explanation) {
  io::Json out = io::Json::array();
  for (const explain::Elasticity& one : explanation.elasticities)
    out.push_back(io::Json::object(
        {{"input", one.input}, {"energy_percent", one.energy}, {"time_percent", one.time}, {"at", nullptr}}));
  const CapElasticity& cap = explanation.cap;
  out.push_back(io::Json::object({{"input", "power_limit_w"},
                                  {"energy_percent", cap.energy},
                                  {"time_percent", cap.time},
                                  {"at", cap.at_w}}));
  return out;
}

io::Json yardsticks_json(const std::vector<explain::Yardstick>& all) {
  io::Json out = io::Json::array();
  for (const explain::Yardstick& one : all) {
    out.push_back(io::Json::object({{"metric", predictor::metric_text(one.metric)},
                                    {"parameter", one.parameter},
                                    {"value", one.value},
                                    {"unit", one.unit},
                                    {"per", one.per},
                                    {"amount", one.amount},
                                    {"fitted_per", one.fitted_per},
                                    {"chip_per", one.chip_per},
                                    {"ratio", one.ratio()}}));
  }
  return out;
}

}  // namespace

std::string explanation_text(const Explanation& explanation) {
  std::string text = subject_text(explanation.asked) + "\n\n" + parts_text(explanation.asked) + '\n' +
                     elasticities_text(explanation);
  if (!explanation.yardsticks.empty()) text += '\n' + yardsticks_text(explanation.yardsticks);
  if (explanation.versus) text += versus_text(explanation.asked, *explanation.versus);
  return text;
}

io::Json explanation_json(const Explanation& explanation) {
  io::Json out = explained_json(explanation.asked);
  out["elasticities"] = elasticities_json(explanation);
  out["yardsticks"] = yardsticks_json(explanation.yardsticks);
  out["versus"] = explanation.versus ? explained_json(*explanation.versus) : io::Json();
  if (explanation.versus) {
    out["versus"]["energy_difference"] =
        difference_json(explanation.asked.energy, explanation.versus->energy);
    out["versus"]["time_difference"] = difference_json(explanation.asked.time, explanation.versus->time);
  }
  return out;
}

io::Json explanation_rows(const Explanation& explanation) {
  io::Json rows = io::Json::array();
  const auto add = [&rows](const Explained& one, const std::optional<explain::Account>& account) {
    if (!account) return;
    for (const explain::Part& part : account->parts) {
      rows.push_back(io::Json::object({{"layout", table::layout_text(one.config.layout)},
                                       {"metric", predictor::metric_text(account->metric)},
                                       {"part", part.name},
                                       {"phase", phase_text(part)},
                                       {"value", part.value},
                                       {"share", part.value / account->total},
                                       {"meaning", part.meaning}}));
    }
  };
  for (const Explained* one : {&explanation.asked, explanation.versus ? &*explanation.versus : nullptr}) {
    if (!one) continue;
    add(*one, one->energy);
    add(*one, one->time);
  }
  return rows;
}

namespace {

plot::Panel waterfall(const explain::Account& account, const std::string& title) {
  plot::Panel panel;
  panel.title = title;
  panel.x = {.label = account.metric == predictor::Metric::energy ? "energy (J)" : "time (s)",
             .from_zero = true};
  plot::Series up{.name = "prefill", .style = plot::Style::bars, .colour = 1},
      decode{.name = "decode", .style = plot::Style::bars, .colour = 0},
      other{.name = "", .style = plot::Style::bars, .colour = -1};
  const std::size_t bars = account.parts.size() + 1;
  double sum = 0;
  for (std::size_t i = 0; i < account.parts.size(); ++i) {
    const explain::Part& part = account.parts[i];
    plot::Series& series = phase_text(part).empty() ? other : part.prefill ? up : decode;
    series.points.push_back({.x = sum + part.value, .y = static_cast<double>(bars - 1 - i), .from = sum});
    sum += part.value;
  }
  other.points.push_back({.x = account.total, .y = 0});
  panel.y.categories.push_back("total");
  for (std::size_t i = account.parts.size(); i-- > 0;)
    panel.y.categories.push_back(words(account.parts[i].name));
  for (plot::Series& series : std::array{up, decode, other})
    if (!series.points.empty()) panel.series.push_back(std::move(series));
  return panel;
}

}  // namespace

plot::Chart explanation_chart(const Explanation& explanation, const std::string& title) {
  plot::Chart chart;
  chart.title = title;
  chart.subtitle = subject_text(explanation.asked) + ": each part begins where the one above ends";
  for (const Explained* one : {&explanation.asked, explanation.versus ? &*explanation.versus : nullptr}) {
    if (!one) continue;
    const std::string layout = table::layout_text(one->config.layout);
    if (one->energy) chart.panels.push_back(waterfall(*one->energy, "energy, " + layout));
    if (one->time) chart.panels.push_back(waterfall(*one->time, "time, " + layout));
  }
  return chart;
}

}  // namespace energylens::cli
