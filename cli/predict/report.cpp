// SPDX-License-Identifier: Apache-2.0
#include "cli/predict/report.hpp"

#include <algorithm>
#include <string_view>

#include "cli/console.hpp"
#include "cli/output.hpp"
#include "cli/predict/ask.hpp"
#include "core/count_text.hpp"
#include "core/rounded_text.hpp"
#include "predictor/in_flight.hpp"

namespace energylens::cli {
namespace {

std::string line(std::string_view name, const predictor::Estimate& estimate, double scale,
                 const std::string& unit) {
  if (!known(estimate.value)) return {};
  std::string text =
      std::string(name) + std::string(22 - name.size(), ' ') + quantity_text(estimate.value * scale, unit);
  if (known(estimate.lo)) {
    text += "  (90 %: " + quantity_text(estimate.lo * scale, unit) + " to " +
            quantity_text(estimate.hi * scale, unit) + ")";
  }
  return text + '\n';
}

std::string people_text(const table::Configuration& config, const predictor::Prediction& p) {
  std::string text = table::layout_text(config.layout) + ", batch " + count_text(config.load.batch) + '\n';
  text += line("total energy", p.total_energy_j, 1, "J") + line("  prefill", p.prefill_energy_j, 1, "J") +
          line("  decode", p.decode_energy_j, 1, "J") +
          line("energy / output token", p.energy_per_out_token_j, 1, "J") +
          line("total time", p.total_time_s, 1, "s") + line("time to first token", p.ttft_s, 1, "s") +
          line("time / output token", p.tpot_s, 1, "s") + line("mean power", p.avg_power_w, 1, "W");
  if (known(p.waves)) text += "waves                 " + count_text(p.waves) + '\n';
  return text + "KV capacity           " +
         (known(p.kv_capacity_tokens) ? rounded_text(p.kv_capacity_tokens) + " tokens (" +
                                            std::string(capacity_origin(p.kv_capacity_source)) + ')'
                                      : "unlimited") +
         '\n';
}

/// What the job, or a steady load of its requests, costs per million output tokens.
cost::Bill bill_of(const PredictOptions& options, const table::Configuration& config,
                   const predictor::Prediction& p) {
  const double tokens = config.load.batch * config.load.osl;
  const double time_s = config.load.kind == table::RowKind::job
                            ? p.total_time_s.value
                            : p.ttft_s.value + p.tpot_s.value * config.load.osl;
  const predictor::Estimate energy_j = predictor::scaled(p.energy_per_out_token_j, tokens);
  return bill_per_mtok({energy_j.value, energy_j.lo, energy_j.hi, config.layout.gpus() * time_s}, tokens,
                       options.cost.prices);
}

}  // namespace

void print_prediction(const PredictOptions& options, const table::Configuration& config,
                      const predictor::Prediction& prediction, const AskedModel& model) {
  io::Json object = io::Json::object({{"layout", table::layout_text(config.layout)}});
  add_prediction(object, prediction);
  object["in_flight"] = std::min(config.load.batch, predictor::most_in_flight(config, prediction));
  const bool priced = options.cost.prices.any();
  const cost::Bill bill = bill_of(options, config, prediction);
  if (priced) add_per_mtok_cells(object, bill_json(bill));
  io::Json question = asked_json(config, options.batch, options.power_limit_w);
  question["clock_share"] = options.clock_share;
  if (priced) options.cost.add_to(question);
  if (options.format == "json") {
    add_echo(object, question, model);
    print(io::print_json(object) + '\n');
  } else if (options.format == "csv") {
    add_echo_cells(object, question, model);
    print(csv_text(io::Json::array({object})));
  } else {
    print(people_text(config, prediction) +
          (priced ? "million output tokens " + bill_text(bill) + '\n' : "") + model.verdict_line());
  }
}

}  // namespace energylens::cli
