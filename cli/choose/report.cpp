// SPDX-License-Identifier: Apache-2.0
#include "cli/choose/report.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "cli/choose/traffic_report.hpp"
#include "cli/output.hpp"
#include "core/count_text.hpp"
#include "core/rounded_text.hpp"

namespace energylens::cli {
namespace {

std::string layout_at(const choose::Choice& choice, std::size_t index) {
  return table::layout_text(choice.configurations[index].layout);
}

/// Factors of the layout that no row varies.
std::string directions_text(const choose::Configuration& one, std::string_view between) {
  std::string text;
  for (const std::string_view direction : one.unmeasured_directions)
    text += (text.empty() ? "" : std::string(between)) + std::string(direction);
  return text;
}

/// "pp never varied"; empty if rows vary every factor of the layout.
std::string never_varied(const choose::Configuration& one) {
  const std::string text = directions_text(one, " and ");
  return text.empty() ? text : text + " never varied";
}

std::string remarks(const choose::Configuration& one) {
  std::string text = one.tied_with_best.value_or(false) ? "tied with the best" : "";
  if (!one.prediction.inside_domain)
    text += (text.empty() ? "" : "; ") + std::string("extrapolated: ") + one.prediction.outside;
  if (const std::string never = never_varied(one); !never.empty()) text += (text.empty() ? "" : "; ") + never;
  return text;
}

/// "23.4 kJ .. 27.2 kJ"; "-" if the model states no interval.
std::string interval_text(const choose::Configuration& one, bool job) {
  if (!known(one.energy_j_lo) || !known(one.energy_j_hi)) return "-";
  const auto text = [job](double joules) { return job ? quantity_text(joules, "J") : rounded_text(joules); };
  return text(one.energy_j_lo) + " .. " + text(one.energy_j_hi);
}

std::string ranked_table(const choose::Choice& choice, bool job, std::size_t shown) {
  // The column of chances to keep the limits is shown only if there are limits.
  const bool limited = known(choice.configurations.front().chance_within_limits);
  const bool capped = known(choice.configurations.front().power_limit_w);
  std::vector<std::string> names = {"rank", "layout"};
  if (capped) names.emplace_back("limit W");
  for (const char* const name : {"batch", job ? "energy" : "J/request", "90 % interval", "J/token", "TTFT ms",
                                 "TPOT ms", "power W", "P(best)"})
    names.emplace_back(name);
  const bool traffic = choice.configurations.front().traffic.has_value();
  if (traffic) names.insert(names.end(), kTrafficColumns.begin(), kTrafficColumns.end());
  if (limited) names.emplace_back("P(within limits)");
  names.emplace_back("");
  TextTable text("rl" + std::string(names.size() - 3, 'r') + 'l', names);
  for (std::size_t i = 0; i < shown; ++i) {
    const choose::Configuration& one = choice.configurations[i];
    const predictor::Prediction& p = one.prediction;
    std::vector<std::string> cells = {std::to_string(i + 1), layout_at(choice, i)};
    if (capped) cells.push_back(rounded_text(one.power_limit_w));
    const std::vector<std::string> figures = {
        count_text(one.in_flight),
        job ? quantity_text(one.energy_j, "J") : rounded_text(one.energy_j),
        interval_text(one, job),
        rounded_text(p.energy_per_out_token_j.value),
        rounded_text(1e3 * p.ttft_s.value),
        rounded_text(1e3 * p.tpot_s.value),
        rounded_text(p.avg_power_w.value),
        percent_text(one.chance_best, 2)};
    cells.insert(cells.end(), figures.begin(), figures.end());
    if (traffic) add_traffic_cells(cells, one);
    if (limited) cells.push_back(percent_text(one.chance_within_limits, 2));
    cells.push_back(remarks(one));
    text.add(cells);
  }
  return text.text();
}

/// The summary is read without the rows above it, which --top-n may hide, so it repeats that a configuration
/// is extrapolated.
std::string extrapolated(const choose::Configuration& one) {
  return one.prediction.inside_domain ? "" : " (extrapolated: " + one.prediction.outside + ')';
}

/// What the power limit of the best configuration saves and costs against no limit; "" without limits.
std::string power_limit_line(const choose::Configuration& best) {
  if (!known(best.power_limit_w)) return {};
  const auto change = [](double factor) {
    return (factor < 1 ? "-" : "+") + percent_text(std::abs(factor - 1));
  };
  const powercap::Factors& factors = best.power_factors;
  return "power limit    " + rounded_text(best.power_limit_w) + " W: " + change(factors.energy) +
         " energy, " + change(1 / factors.time) + " speed against no limit\n";
}

const predictor::Estimate& ranked_energy(const choose::Configuration& one, bool job) {
  return job ? one.prediction.total_energy_j : one.prediction.energy_per_out_token_j;
}

/// "least energy   tp4pp2: 1.23 kJ, latency 4.1 s"; no latency if the model predicts none.
std::string optima(const choose::Choice& choice, bool job) {
  const auto line = [&](std::string_view name, std::size_t index) {
    const choose::Configuration& one = choice.configurations[index];
    return std::string(name) + configuration_name(one) + ": " + quantity_text(one.energy_j, "J") +
           (job ? "" : " per request") +
           (known(one.request_time_s) ? ", latency " + quantity_text(one.request_time_s, "s") : "");
  };
  const choose::Configuration& best = choice.configurations[*choice.energy_optimal];
  std::string text = '\n' + line("least energy   ", *choice.energy_optimal) + extrapolated(best) + '\n';
  if (choice.best_unmeasured) {
    const auto interval = [&](std::size_t index) {
      const predictor::Estimate& energy = ranked_energy(choice.configurations[index], job);
      if (!known(energy.lo)) return std::string("\n");
      const double scale = choice.configurations[index].energy_j / energy.value;
      return " (90 %: " + quantity_text(scale * energy.lo, "J") + " to " +
             quantity_text(scale * energy.hi, "J") + ")\n";
    };
    text += line("measured       ", *choice.best_measured) + interval(*choice.best_measured) +
            line("not measured   ", *choice.best_unmeasured) + interval(*choice.best_unmeasured);
  }
  text += power_limit_line(best);
  if (!choice.latency_optimal) return text;
  text += line("least latency  ", *choice.latency_optimal);
  if (choice.latency_optimal == choice.energy_optimal) return text + " (the same)\n";
  const choose::Configuration& fastest = choice.configurations[*choice.latency_optimal];
  return text + "; costs " + percent_text(choice.latency_optimal_extra_energy) + " (" +
         quantity_text(choice.latency_optimal_extra_energy_j, "J") + (job ? "" : " per request") +
         ") more energy" + extrapolated(fastest) + '\n';
}

/// One line per reason, with all its layouts.
std::string rejected_list(const choose::Choice& choice) {
  std::vector<std::pair<std::string, std::string>> reasons;  // reason, layouts
  for (std::size_t i = choice.accepted; i < choice.configurations.size(); ++i) {
    const std::string& reason = choice.configurations[i].rejected;
    const auto found = std::ranges::find(reasons, reason, &std::pair<std::string, std::string>::first);
    if (found == reasons.end()) {
      reasons.emplace_back(reason, configuration_name(choice.configurations[i]));
    } else {
      found->second += ' ' + configuration_name(choice.configurations[i]);
    }
  }
  std::string text = reasons.empty() ? "" : "\nrejected\n";
  for (const auto& [reason, layouts] : reasons) text += "  " + layouts + ": " + reason + '\n';
  return text;
}

/// NAME_inside_domain and NAME_outside of a configuration; null if there is none.
void add_domain(io::Json& json, const std::string& name, const choose::Choice& choice,
                const std::optional<std::size_t>& index) {
  json[name + "_inside_domain"] =
      index ? io::Json(choice.configurations[*index].prediction.inside_domain) : io::Json();
  const bool outside = index && !choice.configurations[*index].prediction.inside_domain;
  json[name + "_outside"] = outside ? io::Json(choice.configurations[*index].prediction.outside) : io::Json();
}

}  // namespace

std::string configuration_name(const choose::Configuration& one) {
  return table::layout_text(one.layout) +
         (known(one.power_limit_w) ? " at " + rounded_text(one.power_limit_w) + " W" : "");
}

io::Json configuration_json(const choose::Configuration& one) {
  io::Json object = io::Json::object();
  object["rank"] = one.rank ? io::Json(*one.rank) : io::Json();
  object["layout"] = table::layout_text(one.layout);
  object["num_gpus"] = one.layout.gpus();
  object["power_limit_w"] = one.power_limit_w;
  object["power_limit_energy_factor"] =
      known(one.power_limit_w) ? io::Json(one.power_factors.energy) : io::Json();
  object["power_limit_time_factor"] =
      known(one.power_limit_w) ? io::Json(one.power_factors.time) : io::Json();
  object["measured"] = one.measured;
  const std::string directions = directions_text(one, ", ");
  object["unmeasured_directions"] = directions.empty() ? io::Json() : io::Json(directions);
  object["batch"] = one.in_flight;
  object["energy_j"] = one.energy_j;
  object["energy_j_lo"] = one.energy_j_lo;
  object["energy_j_hi"] = one.energy_j_hi;
  object["energy_per_request_j"] = one.energy_per_request_j;
  object["throughput_rps"] = one.throughput_rps;
  object["request_time_s"] = one.request_time_s;
  object["wait_s"] = one.wait_s;
  object["busy"] = one.busy;
  object["idle_energy_j"] = one.idle_energy_j;
  add_prediction(object, one.prediction);
  add_traffic(object, one.traffic);
  object["chance_best"] = one.chance_best;
  object["chance_within_limits"] = one.chance_within_limits;
  object["tied_with_best"] = one.tied_with_best ? io::Json(*one.tied_with_best) : io::Json();
  object["rejected"] = one.rejected.empty() ? io::Json() : io::Json(one.rejected);
  return object;
}

namespace {

io::Json layouts_json(const std::vector<table::Layout>& layouts) {
  std::vector<std::string> names;
  for (const table::Layout& layout : layouts) names.push_back(table::layout_text(layout));
  return io::Json::array_of(names);
}

}  // namespace

io::Json question_json(const choose::Question& question, const CostQuestion& cost) {
  const table::Load& load = question.request;
  const auto amount = [&](choose::Arrival arrival) {
    return question.arrival == arrival ? question.amount : kUnknown;
  };
  io::Json json = io::Json::object(
      {{"batch", amount(choose::Arrival::batch)},
       {"concurrency", amount(choose::Arrival::concurrency)},
       {"rate_rps", amount(choose::Arrival::rate)},
       {"isl", load.isl},
       {"osl", load.osl},
       {"image_tokens", load.image_tokens},
       {"cached_tokens", load.cached_tokens},
       {"accepted_per_step", load.accepted_per_step},
       {"drafted_per_step", load.drafted_per_step},
       {"total_gpus", question.total_gpus},
       {"max_batch_per_replica", question.max_per_replica},
       {"kv_capacity_tokens", question.kv_capacity_tokens},
       {"layouts", layouts_json(question.layouts.only)},
       {"measured_only", question.layouts.measured_only},
       {"max_pp", question.layouts.max_pp > 0 ? io::Json(question.layouts.max_pp) : io::Json()},
       {"idle_gpus", question.idle_gpus_count ? "count" : "free"},
       {"ttft_s", question.limits.ttft_s},
       {"tpot_s", question.limits.tpot_s},
       {"max_power_w", question.limits.power_w},
       {"arrivals", arrivals_json(question)},
       {"isl_cv", question.traffic ? question.traffic->lengths.prompt.cv : kUnknown},
       {"osl_cv", question.traffic ? question.traffic->lengths.output.cv : kUnknown},
       {"percentile_limits", percentile_limits_json(question)},
       {"goodput", question.traffic ? question.traffic->goodput : kUnknown},
       {"period_s", question.traffic ? question.traffic->period_s : kUnknown},
       {"power_limits_w", io::Json::array_of(question.power_limits_w)},
       {"risk", question.limits.any() || (question.traffic && !question.traffic->limits.empty())
                    ? question.risk
                    : kUnknown},
       {"seed", question.seed}});
  if (!cost.asked()) return json;
  cost.flags.add_to(json);
  json["baseline"] = cost.baseline.empty() ? io::Json() : io::Json(cost.baseline);
  return json;
}

namespace {

std::string choice_text(const Reported& reported) {
  const choose::Choice& choice = reported.choice;
  if (choice.accepted == 0) return "no configuration meets the limits\n" + rejected_list(choice);
  const bool job = reported.question.arrival == choose::Arrival::batch;
  const std::string cost =
      reported.cost.asked() ? cost_text(choice, reported.question, reported.cost, reported.shown()) : "";
  return ranked_table(choice, job, reported.shown()) + optima(choice, job) + headroom_line(choice) + cost +
         rejected_list(choice);
}

io::Json choice_json(const Reported& reported) {
  const choose::Choice& choice = reported.choice;
  const bool priced = reported.cost.flags.prices.any();
  io::Json configurations = io::Json::array();
  for (std::size_t i = 0; i < choice.configurations.size(); ++i) {
    if (i >= reported.shown() && i < choice.accepted) continue;
    const choose::Configuration& one = choice.configurations[i];
    io::Json json = configuration_json(one);
    if (priced) {
      json["cost"] = known(one.energy_j)
                         ? configuration_cost_json(one, reported.question, reported.cost.flags.prices)
                         : io::Json();
    }
    configurations.push_back(std::move(json));
  }
  const auto name = [&](const std::optional<std::size_t>& index) {
    return index ? io::Json(layout_at(choice, *index)) : io::Json();
  };
  io::Json json = io::Json::object(
      {{"configurations", configurations},
       {"energy_optimal", name(choice.energy_optimal)},
       {"energy_optimal_power_limit_w",
        choice.energy_optimal ? io::Json(choice.configurations[*choice.energy_optimal].power_limit_w)
                              : io::Json()},
       {"best_measured", name(choice.best_measured)},
       {"best_unmeasured", name(choice.best_unmeasured)},
       {"latency_optimal", name(choice.latency_optimal)},
       {"latency_optimal_extra_energy", choice.latency_optimal_extra_energy},
       {"latency_optimal_extra_energy_j", choice.latency_optimal_extra_energy_j}});
  add_domain(json, "energy_optimal", choice, choice.energy_optimal);
  add_domain(json, "latency_optimal", choice, choice.latency_optimal);
  if (reported.cost.asked() && choice.accepted > 0)
    json["baseline"] = baseline_json(choice, reported.question, reported.cost);
  return json;
}

/// A configuration as cells: the bill per million tokens beside it.
io::Json flat_row(const io::Json& configuration) {
  io::Json row = io::Json::object();
  for (const io::Json::Member& member : configuration.members()) {
    if (member.name != "cost") row[member.name] = member.value;
  }
  const io::Json* const cost = configuration.find("cost");
  if (!cost || cost->is_null()) return row;
  add_per_mtok_cells(row, cost->at("per_mtok"));
  return row;
}

}  // namespace

std::string choice_answer(const Reported& reported, const AskedModel& model, const std::string& format) {
  if (format == "table") {
    const std::string verdict = model.verdict_line();
    return choice_text(reported) + (verdict.empty() ? "" : '\n' + verdict);
  }
  const io::Json asked = question_json(reported.question, reported.cost);
  io::Json json = choice_json(reported);
  if (format == "json") {
    add_echo(json, asked, model);
    return io::print_json(json) + '\n';
  }
  io::Json rows = io::Json::array();
  for (const io::Json& configuration : json.array_at("configurations")) {
    io::Json row = flat_row(configuration);
    add_echo_cells(row, asked, model);
    rows.push_back(std::move(row));
  }
  return csv_text(rows);
}

}  // namespace energylens::cli
