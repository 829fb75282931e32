// SPDX-License-Identifier: Apache-2.0
#include "cli/predict/ask.hpp"

#include <algorithm>

#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "core/count_text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/predictor/facts.hpp"
#include "predictor/in_flight.hpp"

namespace energylens::cli {
namespace {

/// What the predictor says; throws where it says nothing.
predictor::Prediction ask(const predictor::Predictor& predictor, std::size_t group,
                          const table::Configuration& config) {
  predictor::Prediction prediction = predictor.predict(group, config);
  if (known(config.kv_capacity_tokens)) prediction.kv_capacity_source = predictor::CapacitySource::flag;
  if (!prediction.valid) throw Error::usage("the KV cache cannot hold a single request of this length");
  const bool silent = !known(prediction.total_energy_j.value) &&
                      !known(prediction.energy_per_out_token_j.value) &&
                      !known(prediction.total_time_s.value) && !known(prediction.tpot_s.value);
  if (silent && !known(config.load.isl)) throw Error::usage("this model requires --isl");
  if (silent) throw Error::usage("the model cannot predict this configuration");
  return prediction;
}

}  // namespace

predictor::Prediction ask_in_flight(const predictor::Predictor& predictor, std::size_t group,
                                    table::Configuration& config) {
  predictor::Prediction prediction = ask(predictor, group, config);
  const double most = predictor::most_in_flight(config, prediction);
  if (config.load.kind == table::RowKind::job || config.load.batch <= most) return prediction;
  warn(count_text(config.load.batch) + " requests are more than can be in flight: predicting for " +
       count_text(most) + ", while the others wait");
  config.load.batch = most;
  return ask(predictor, group, config);
}

void check_length(const table::Load& load, double context_tokens, const AskedModel& model) {
  const table::GroupIdentity& identity = model.predictor->groups()[model.group];
  predictor::Facts facts;
  facts.context_tokens = context_tokens;
  if (const predictor::Facts* const stored = model.predictor->facts(model.group))
    predictor::fill_unknown(facts, *stored);
  if (!known(facts.context_tokens)) facts = predictor::facts(identity, hardware::Catalogue::builtin());
  check_context(load, facts, identity);
}

io::Json asked_json(const table::Configuration& config, double batch, double power_limit_w) {
  const table::Load& load = config.load;
  return io::Json::object({{"layout", table::layout_text(config.layout)},
                           {"row_kind", load.kind == table::RowKind::job ? "job" : "steady"},
                           {"batch", batch},
                           {"max_batch", load.max_batch},
                           {"isl", load.isl},
                           {"osl", load.osl},
                           {"image_tokens", load.image_tokens},
                           {"cached_tokens", load.cached_tokens},
                           {"accepted_per_step", load.accepted_per_step},
                           {"drafted_per_step", load.drafted_per_step},
                           {"kv_capacity_tokens", config.kv_capacity_tokens},
                           {"power_limit_w", power_limit_w}});
}

}  // namespace energylens::cli
