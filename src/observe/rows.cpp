// SPDX-License-Identifier: Apache-2.0
// A steady row per steady window. Idle power is the mean over the idle windows of the same deployment. Held by
// observe_test.cpp.
#include "observe/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/calendar_text.hpp"
#include "core/rounded_text.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "table/row_writer.hpp"

namespace energylens::observe {
namespace {

/// Mean power of windows without requests; unknown if there were none.
double idle_power_w(const std::vector<WindowFigures>& windows) {
  double sum = 0, count = 0;
  for (const WindowFigures& window : windows) {
    if (window.reason != "idle" || !known(window.power_w)) continue;
    sum += window.power_w;
    ++count;
  }
  return count > 0 ? sum / count : kUnknown;
}

/// One name for all GPUs; empty if they differ.
std::string gpu_name(const Deployment& deployment) {
  if (deployment.scope != meter::Scope::gpu) return {};
  const std::string& first = deployment.power.front().device.name;
  const auto same = [&](const PowerSeries& one) { return one.device.name == first; };
  return std::ranges::all_of(deployment.power, same) ? first : std::string();
}

class RowMaker {
 public:
  RowMaker(table::RowWriter& rows, const Deployment& deployment, double idle_w)
      : rows_(rows), deployment_(deployment), idle_w_(idle_w) {}

  void add(const WindowFigures& w) {
    rows_.begin_row();
    text("model", deployment_.model);
    text("gpu", gpu_name(deployment_));
    text("engine", deployment_.engine);
    text("row_kind", "steady");
    if (deployment_.scope == meter::Scope::gpu)
      number("num_gpus", static_cast<double>(deployment_.power.size()));
    number("batch", w.in_flight);
    number("isl", w.input_tokens / w.requests >= 1 ? w.input_tokens / w.requests : kUnknown);
    number("osl", w.output_tokens / w.requests >= 1 ? w.output_tokens / w.requests : kUnknown);
    number("cached_tokens", std::min(w.cached_tokens / w.requests, w.input_tokens / w.requests));
    number("request_rate_rps", w.requests / w.length_s);
    number("avg_power_w", w.power_w);
    number("idle_power_w", idle_w_ < w.power_w ? idle_w_ : kUnknown);
    number("ttft_s", w.ttft_s);
    number("tpot_s", w.tpot_s);
    number("energy_per_out_token_j", w.power_w * w.length_s / w.output_tokens);
    number("energy_per_request_j", w.power_w * w.length_s / w.requests);
    number("throughput_tok_s", w.output_tokens / w.length_s);
    text("energy_scope", std::string(meter::scope_text(deployment_.scope)));
    text("notes",
         fmt::format("observed {} UTC, {}", calendar_text(w.begin_s), quantity_text(w.length_s, "s")));
    own("window_begin_unix", w.begin_s);
    own("in_flight_sd", w.in_flight_sd);
    own("idle_share", w.idle_share);
    own("waiting_requests", w.waiting);
    own("power_sd", w.power_sd_w);
    rows_.set("instance", std::string_view(deployment_.pod.empty() ? deployment_.instance : deployment_.pod));
  }

 private:
  void number(std::string_view column, double value) {
    if (known(value) && value > 0) rows_.set(column, value);
  }
  void text(std::string_view column, const std::string& value) {
    if (!value.empty()) rows_.set(column, std::string_view(value));
  }
  /// Columns of our own, which may be 0.
  void own(std::string_view column, double value) {
    if (known(value)) rows_.set(column, std::string_view(number_text(value)));
  }

  table::RowWriter& rows_;
  const Deployment& deployment_;
  double idle_w_;
};

std::string reasons_text(const Observed& observed) {
  std::string text;
  for (const auto& [reason, count] : observed.left_out)
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", reason, count);
  return text;
}

void check_found(const std::vector<Deployment>& deployments, const Options& options) {
  if (!deployments.empty()) return;
  throw Error::bad_input({options.url, 0, {}},
                         "no metrics of vLLM, SGLang, TGI or TensorRT-LLM in this time" +
                             std::string(options.selector.empty() ? "" : "; is the --selector right?"));
}

}  // namespace

std::vector<std::string> engine_names() {
  std::set<std::string> names;
  for (const EngineMetric& metric : engine_metrics()) names.emplace(metric.name);
  return {names.begin(), names.end()};
}

std::vector<std::string> power_names() {
  std::vector<std::string> names;
  for (const importers::PowerMetric& metric : importers::power_metrics()) names.emplace_back(metric.name);
  return names;
}

Observed observed_rows(const std::vector<Series>& series, const Options& options) {
  Observed observed;
  const std::vector<Deployment> deployments = find_deployments(series, observed.warnings);
  check_found(deployments, options);
  table::RowWriter rows;
  for (const Deployment& deployment : deployments) {
    observed.deployments.push_back(deployment.text());
    const std::vector<WindowFigures> windows = cut_windows(deployment, options);
    RowMaker maker(rows, deployment, idle_power_w(windows));
    for (const WindowFigures& window : windows) {
      ++observed.windows;
      if (window.reason.empty()) {
        maker.add(window);
      } else {
        ++observed.left_out[window.reason];
      }
    }
    if (!deployment.power.empty() && deployment.scope != meter::Scope::gpu)
      observed.warnings.push_back(deployment.text() +
                                  ": the energy is that of the node, more than that of the GPUs");
  }
  observed.rows = rows.rows().size();
  if (observed.rows == 0)
    throw Error::bad_input({options.url, 0, {}}, fmt::format("no steady window among {}: {}",
                                                             observed.windows, reasons_text(observed)));
  for (const auto& [column, text] : options.set) rows.set_all(column, text);
  for (const char* column : {"gpu", "tp", "quant"}) {
    if (!options.set.contains(column) && rows.rows().front().text(column).empty())
      observed.warnings.push_back(
          fmt::format("the metrics do not state {0}; add it with --set {0}=VALUE", column));
  }
  observed.table = rows.read(options.url + " (observed)");
  return observed;
}

}  // namespace energylens::observe
