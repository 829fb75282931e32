// SPDX-License-Identifier: Apache-2.0
#include "cli/choose/traffic_report.hpp"

#include "core/count_text.hpp"
#include "core/rounded_text.hpp"

namespace energylens::cli {

void add_traffic_cells(std::vector<std::string>& cells, const choose::Configuration& one) {
  const choose::TrafficFigures& traffic = *one.traffic;
  cells.push_back(rounded_text(1e3 * traffic.at(choose::LatencyKind::ttft, 99)));
  cells.push_back(rounded_text(1e3 * traffic.at(choose::LatencyKind::tpot, 99)));
  cells.push_back(percent_text(traffic.utilisation));
  cells.push_back(rounded_text(traffic.max_rate_rps));
}

void add_traffic(io::Json& object, const std::optional<choose::TrafficFigures>& traffic) {
  const choose::TrafficFigures figures = traffic.value_or(choose::TrafficFigures{});
  object["utilisation"] = figures.utilisation;
  object["saturation_rps"] = figures.saturation_rps;
  object["max_rate_rps"] = figures.max_rate_rps;
  for (std::size_t kind = 0; kind < choose::kLatencyNames.size(); ++kind) {
    for (std::size_t i = 0; i < choose::kPercentiles.size(); ++i) {
      const std::string name =
          std::string(choose::kLatencyNames[kind]) + "_p" + std::to_string(choose::kPercentiles[i]) + "_s";
      object[name] = traffic ? figures.latency[kind].s[i] : kUnknown;
    }
  }
  object["goodput"] = figures.goodput;
  object["replica_power_p99_w"] = figures.power_p99_w;
  object["replica_power_peak_w"] = figures.power_peak_w;
  object["preemptions_per_request"] = figures.preemptions_per_request;
  object["simulated_requests"] = traffic ? io::Json(figures.simulated_requests) : io::Json();
}

std::string headroom_line(const choose::Choice& choice) {
  const choose::Configuration& best = choice.configurations.front();
  if (!best.traffic) return {};
  const choose::TrafficFigures& traffic = *best.traffic;
  std::string text = "headroom       " + percent_text(traffic.utilisation, 2) + " of saturation (" +
                     rounded_text(traffic.saturation_rps) + " requests/s)";
  if (known(traffic.max_rate_rps) && traffic.max_rate_rps < traffic.saturation_rps)
    text += "; the limits are kept up to " + rounded_text(traffic.max_rate_rps) + " requests/s";
  return text + "; from " + count_text(static_cast<double>(traffic.simulated_requests)) +
         " simulated requests\n";
}

io::Json arrivals_json(const choose::Question& question) {
  if (!question.traffic) return {};
  if (!question.traffic->trace.empty()) return "trace:" + question.traffic->trace;
  return serving::arrivals_text(question.traffic->arrivals);
}

io::Json percentile_limits_json(const choose::Question& question) {
  std::vector<std::string> texts;
  if (question.traffic) {
    for (const choose::PercentileLimit& one : question.traffic->limits) {
      texts.push_back(std::string(choose::kLatencyNames[static_cast<std::size_t>(one.kind)]) + "_p" +
                      std::to_string(one.percentile) + " <= " + number_text(one.limit_s) + " s");
    }
  }
  return io::Json::array_of(texts);
}

}  // namespace energylens::cli
