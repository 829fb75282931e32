// SPDX-License-Identifier: Apache-2.0
#include "cli/replay/report.hpp"

#include <array>
#include <utility>

#include "cli/output.hpp"
#include "core/count_text.hpp"
#include "core/rounded_text.hpp"

namespace energylens::cli {
namespace {

constexpr std::array kShown = {50, 90, 95, 99};

struct LatencyRow {
  std::string_view name, key;
  const serving::Histogram& values;
};

std::array<LatencyRow, 3> latency_rows(const serving::Report& report) {
  return {{{"time to first token", "ttft", report.ttft_s},
           {"time per output token", "tpot", report.tpot_s},
           {"time to last token", "e2e", report.e2e_s}}};
}

double per_request(const Replay& replay, double joules) {
  return joules / static_cast<double>(replay.report.requests);
}

/// Energy between steps; unknown where the GPU's idle power is, and there were pauses.
double idle_j(const Replay& replay) {
  return replay.idle_known || replay.report.idle_s == 0 ? replay.report.idle_j : kUnknown;
}

double with_idle(const Replay& replay, double value) {
  return known(idle_j(replay)) ? value : kUnknown;
}

bool limited(const ReplayOptions& options) {
  return known(options.ttft_ms) || known(options.tpot_ms) || known(options.e2e_ms);
}

std::string text_line(std::string name, const std::string& value) {
  name.resize(24, ' ');
  return name + value + '\n';
}

std::string latencies_text(const serving::Report& report) {
  TextTable text("lrrrrrr", {"ms", "mean", "p50", "p90", "p95", "p99", "largest"});
  for (const LatencyRow& row : latency_rows(report)) {
    std::vector<std::string> cells = {std::string(row.name), rounded_text(1e3 * row.values.mean())};
    for (const int percentile : kShown)
      cells.push_back(rounded_text(1e3 * row.values.quantile(percentile / 100.0)));
    cells.push_back(rounded_text(1e3 * row.values.largest()));
    text.add(cells);
  }
  return text.text();
}

}  // namespace

std::string replay_text(const Replay& replay, const ReplayOptions& options) {
  const serving::Report& report = replay.report;
  std::string text = table::layout_text(replay.layout) + ", " +
                     std::string(serving::scheduler_name(replay.engine.scheduler)) + ", at most " +
                     std::to_string(replay.engine.max_requests) + " requests at once and " +
                     count_text(replay.engine.max_step_tokens) + " tokens per step\n";
  text += text_line("requests", count_text(static_cast<double>(report.requests)) + " in " +
                                    quantity_text(report.duration_s, "s") + ", " +
                                    rounded_text(report.throughput_rps()) + " per second");
  text += text_line("use", percent_text(report.throughput_rps() / replay.saturation_rps) + " of " +
                               rounded_text(replay.saturation_rps) + " requests/s");
  text += text_line("in flight or waiting", rounded_text(report.requests_s / report.duration_s));
  if (report.cached_tokens > 0)
    text += text_line("prefix cache",
                      percent_text(report.cached_tokens / report.prompt_tokens) + " of the input tokens");
  if (report.preemptions > 0)
    text += text_line("preemptions", count_text(static_cast<double>(report.preemptions)));
  if (report.refused > 0)
    text += text_line("refused", count_text(static_cast<double>(report.refused)) +
                                     " requests need more KV cache than a replica has");
  text += '\n' + latencies_text(report) + '\n';
  if (limited(options))
    text += text_line("goodput", percent_text(report.goodput()) + " of the requests within the limits");
  text += text_line("energy per request",
                    quantity_text(per_request(replay, report.busy_j + idle_j(replay)), "J") + "; busy " +
                        quantity_text(per_request(replay, report.busy_j), "J") + ", idle " +
                        quantity_text(per_request(replay, idle_j(replay)), "J"));
  text += text_line("busy", percent_text(report.share_busy()) + " of the time");
  text += text_line("power", quantity_text(with_idle(replay, report.mean_power_w()), "W") + " mean, " +
                                 quantity_text(with_idle(replay, report.power_w.quantile(0.99)), "W") +
                                 " p99, " + quantity_text(report.power_w.largest(), "W") + " largest of 1 s");
  return text;
}

io::Json replay_json(const Replay& replay) {
  const serving::Report& report = replay.report;
  io::Json out =
      io::Json::object({{"layout", table::layout_text(replay.layout)},
                        {"num_gpus", replay.layout.gpus()},
                        {"requests", report.requests},
                        {"refused_requests", report.refused},
                        {"simulated_s", report.duration_s},
                        {"periods", replay.periods},
                        {"throughput_rps", report.throughput_rps()},
                        {"saturation_rps", replay.saturation_rps},
                        {"utilisation", report.throughput_rps() / replay.saturation_rps},
                        {"in_flight", report.requests_s / report.duration_s},
                        {"kv_capacity_tokens", replay.engine.kv_tokens},
                        {"kv_capacity_source", predictor::capacity_source_text(replay.kv_source)}});
  for (const LatencyRow& row : latency_rows(report)) {
    out[std::string(row.key) + "_s"] = row.values.mean();
    for (const int percentile : kShown) {
      out[std::string(row.key) + "_p" + std::to_string(percentile) + "_s"] =
          row.values.quantile(percentile / 100.0);
    }
  }
  out["goodput"] = report.goodput();
  out["energy_per_request_j"] = per_request(replay, report.busy_j + idle_j(replay));
  out["busy_energy_per_request_j"] = per_request(replay, report.busy_j);
  out["idle_energy_per_request_j"] = per_request(replay, idle_j(replay));
  out["energy_per_out_token_j"] = (report.busy_j + idle_j(replay)) / report.output_tokens;
  out["busy"] = report.share_busy();
  out["avg_power_w"] = with_idle(replay, report.mean_power_w());
  out["power_p99_w"] = with_idle(replay, report.power_w.quantile(0.99));
  out["power_peak_w"] = report.power_w.largest();
  out["cached_share"] = report.cached_tokens / report.prompt_tokens;
  out["preemptions"] = report.preemptions;
  out["recomputed_tokens"] = report.recomputed_tokens;
  out["steps"] = report.steps;
  return out;
}

io::Json replay_question(const ReplayOptions& options, const ReplayedTraffic& traffic) {
  const bool trace = !traffic.trace.empty();
  return io::Json::object(
      {{"trace", trace ? io::Json(traffic.trace) : io::Json()},
       {"rate_rps", options.rate},
       {"concurrency", options.concurrency},
       {"arrivals", trace || known(options.concurrency) ? io::Json() : io::Json(options.arrivals)},
       {"isl", traffic.mean.isl},
       {"osl", traffic.mean.osl},
       {"isl_cv", trace ? kUnknown : options.isl_cv},
       {"osl_cv", trace ? kUnknown : options.osl_cv},
       {"period_s", trace ? kUnknown : options.period_s},
       {"scheduler", options.scheduler},
       {"routing", options.routing},
       {"max_batch_per_replica", options.max_batch},
       {"max_step_tokens", options.max_step_tokens},
       {"ttft_s", 1e-3 * options.ttft_ms},
       {"tpot_s", 1e-3 * options.tpot_ms},
       {"e2e_s", 1e-3 * options.e2e_ms},
       {"seed", options.seed}});
}

}  // namespace energylens::cli
