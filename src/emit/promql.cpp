// SPDX-License-Identifier: Apache-2.0
// Recording rules: what depends on the layout alone becomes numbers, and each step that depends on the load a series. The
// load is that of continuous batching: requests in flight, and mean tokens of requests. Held by run_test.cpp with promtool.
#include "emit/promql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "emit/language.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/io/json.hpp"

namespace energylens::emit {
namespace {

using calculation::Calculation;
using calculation::Condition;
using calculation::Step;
using expr::Op;

/// The series of an input or step.
std::string series(const std::string& prefix, const std::string& name) {
  return "energylens:" + prefix + name;
}

std::string number(double value) {
  return std::isnan(value) ? "NaN" : number_text(value);
}

/// Comparisons of two series keep one of them where it holds; of a series and a number the series.
std::string_view clamped(Op op, bool left_is_number, bool right_is_number) {
  if (left_is_number == right_is_number) return {};
  if (op == Op::minimum) return left_is_number ? "clamp_max(%b, %a)" : "clamp_max(%a, %b)";
  if (op == Op::maximum) return left_is_number ? "clamp_min(%b, %a)" : "clamp_min(%a, %b)";
  return {};
}

Notation notation_of(const Calculation& calculation, const std::string& prefix) {
  const Forms forms = forms_of_c({{Op::power, "%p ^ %q"},
                                  {Op::minimum, "((%p <= %q) or %q)"},
                                  {Op::maximum, "((%p >= %q) or %q)"},
                                  {Op::log, "ln(%a)"},
                                  {Op::abs, "abs(%a)"},
                                  {Op::step, "(0.5 * sgn(%a) + 0.5)"}});
  std::vector<std::string> inputs;
  for (const calculation::Input& input : calculation.inputs) inputs.push_back(input.name);
  return {forms, number,
          [inputs, prefix](const std::string& name) {
            const bool input = std::find(inputs.begin(), inputs.end(), name) != inputs.end();
            return series(input ? "" : prefix, name);
          },
          clamped};
}

/// The value as a series: a number where `holds` is one.
std::string as_series(const expr::Expr& value, const std::string& holds, const Notation& notation) {
  const std::string text = operand_of(value, notation);
  return value.variables().empty() ? "(" + holds + " * 0 + " + text + ")" : text;
}

std::string rule_text(const Step& step, const Notation& notation) {
  if (!step.when) {
    const std::string value = text_of(step.value, notation);
    return step.value.variables().empty() ? series("", "batch") + " * 0 + " + value : value;
  }
  const std::string of = operand_of(step.when->of, notation);
  const std::string holds = "(" + of + (step.when->kind == Condition::Kind::positive ? " > 0)" : " >= 0)");
  const std::string value = as_series(step.value, holds, notation);
  return fmt::format("({} and {}) or {}", value, holds, as_series(step.otherwise, of, notation));
}

std::string record(const std::string& name, const std::string& expression, const std::string& meaning) {
  std::string out = "      - record: " + name + "\n        expr: " + expression;
  if (!meaning.empty()) out = "      # " + meaning + "\n" + out;
  return out + '\n';
}

/// The layout and what no metric states; the others are series.
calculation::Values fixed_inputs(const Subject& subject) {
  const table::Layout& l = subject.layout;
  return {{"tp", l.tp},
          {"pp", l.pp},
          {"dp", l.dp},
          {"ep", l.ep},
          {"steady", 1},
          {"kv_capacity_tokens", kUnknown},
          {"max_batch", kUnknown},
          {"accepted_per_step", kUnknown},
          {"cached_tokens", 0}};
}

constexpr std::string_view kInputs =
    R"(  # The load, here from the metrics of vLLM; other engines have others.
  - name: energylens_load
    rules:
      - record: energylens:batch
        expr: sum(vllm:num_requests_running) > 0
      - record: energylens:isl
        expr: sum(rate(vllm:request_prompt_tokens_sum[5m])) / sum(rate(vllm:request_prompt_tokens_count[5m]))
      - record: energylens:osl
        expr: sum(rate(vllm:request_generation_tokens_sum[5m])) / sum(rate(vllm:request_generation_tokens_count[5m]))
      # Power of the GPUs of the deployment, here from the exporter of DCGM.
      - record: energylens:power_measured_w
        expr: sum(DCGM_FI_DEV_POWER_USAGE)
      - record: energylens:joules_per_output_token_measured
        expr: energylens:power_measured_w / sum(rate(vllm:generation_tokens_total[5m]))
)";

constexpr std::string_view kAlerts = R"(  - name: energylens_alerts
    rules:
      - alert: EnergyPowerAbovePrediction
        expr: energylens:power_measured_w > 1.25 * energylens:power_predicted_w
        for: 15m
        labels:
          severity: warning
        annotations:
          summary: The GPUs draw more than 1.25 times the power predicted for this load.
      - alert: EnergyPerTokenAbovePrediction
        expr: energylens:joules_per_output_token_measured > 1.5 * energylens:joules_per_output_token
        for: 15m
        labels:
          severity: warning
        annotations:
          summary: An output token takes more than 1.5 times the energy predicted for this load.
)";

bool has(const Subject& subject, predictor::Metric metric) {
  return std::any_of(subject.calculations.begin(), subject.calculations.end(),
                     [metric](const Calculation& one) { return one.metric == metric; });
}

}  // namespace

std::string promql_text(const Subject& subject) {
  std::string text = heading(subject, "# ") + "# Layout " + table::layout_text(subject.layout) +
                     ", continuous batching.\ngroups:\n" + std::string(kInputs);
  for (const Calculation& whole : subject.calculations) {
    const Calculation calculation = calculation::specialised(whole, fixed_inputs(subject));
    const std::string metric(predictor::metric_text(calculation.metric)), prefix = metric + "_step_";
    const Notation notation = notation_of(calculation, prefix);
    text += "  - name: energylens_" + metric + "\n    rules:\n";
    for (const Step& step : calculation.steps)
      text += record(series(prefix, step.name), rule_text(step, notation), step.meaning);
    text += record(series("", calculation.result()), series(prefix, calculation.result()), "");
  }
  text += "  - name: energylens_results\n    rules:\n";
  if (has(subject, predictor::Metric::energy))
    text += record("energylens:joules_per_output_token",
                   "energylens:energy_j / (energylens:batch * energylens:osl)", "predicted");
  if (!has(subject, predictor::Metric::energy) || !has(subject, predictor::Metric::time)) return text;
  return text +
         record("energylens:power_predicted_w", "energylens:energy_j / energylens:time_s", "predicted") +
         std::string(kAlerts);
}

namespace {

using io::Json;

Json target(const std::string& expression, const std::string& legend) {
  return Json::object({{"expr", expression}, {"legendFormat", legend}, {"refId", legend}});
}

Json panel(int id, const std::string& title, const std::string& unit, Json targets) {
  return Json::object(
      {{"id", id},
       {"type", "timeseries"},
       {"title", title},
       {"datasource", Json::object({{"type", "prometheus"}, {"uid", "${datasource}"}})},
       {"gridPos", Json::object({{"h", 9}, {"w", 12}, {"x", id % 2 == 1 ? 0 : 12}, {"y", (id - 1) / 2 * 9}})},
       {"fieldConfig",
        Json::object({{"defaults", Json::object({{"unit", unit}})}, {"overrides", Json::array()}})},
       {"targets", std::move(targets)}});
}

Json list(std::initializer_list<Json> items) {
  Json out = Json::array();
  for (const Json& one : items) out.push_back(one);
  return out;
}

}  // namespace

std::string grafana_text(const Subject& subject) {
  Json panels = list({panel(1, "Energy per output token", "J",
                            list({target("energylens:joules_per_output_token_measured", "measured"),
                                  target("energylens:joules_per_output_token", "predicted")})),
                      panel(2, "Power", "watt",
                            list({target("energylens:power_measured_w", "measured"),
                                  target("energylens:power_predicted_w", "predicted")})),
                      panel(3, "Requests in flight", "none", list({target("energylens:batch", "in flight")})),
                      panel(4, "Tokens per request", "none",
                            list({target("energylens:isl", "input"), target("energylens:osl", "output")}))});
  const Json source = Json::object({{"name", "datasource"}, {"type", "datasource"}, {"query", "prometheus"}});
  const Json dashboard =
      Json::object({{"title", "Energy of LLM inference"},
                    {"description", subject.calculations.front().subject + ", layout " +
                                        table::layout_text(subject.layout) +
                                        "; series of the rules that `energylens emit --to promql` writes"},
                    {"schemaVersion", 39},
                    {"time", Json::object({{"from", "now-6h"}, {"to", "now"}})},
                    {"templating", Json::object({{"list", list({source})}})},
                    {"panels", std::move(panels)}});
  return io::print_json(dashboard) + '\n';
}

}  // namespace energylens::emit
