// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "cli/asked_model.hpp"
#include "cli/console.hpp"
#include "cli/output.hpp"
#include "cli/replay/options.hpp"
#include "cli/replay/report.hpp"
#include "cli/verb.hpp"
#include "energylens/core/error.hpp"
#include "energylens/predictor/facts.hpp"
#include "energylens/serving/simulate.hpp"
#include "energylens/serving/step_costs.hpp"
#include "predictor/waves.hpp"

namespace energylens::cli {
namespace {

/// The KV cache of one replica: from the option, else the predictor, else the facts.
void find_kv_cache(const AskedModel& model, const predictor::Facts& facts, const ReplayOptions& options,
                   const table::Load& mean, Replay& replay) {
  table::Configuration config{replay.layout, mean, options.system.kv_capacity_tokens};
  config.load.kind = table::RowKind::steady;
  config.load.batch = predictor::replicas(replay.layout);
  const predictor::Prediction p = model.predictor->predict(model.group, config);
  predictor::Capacity capacity{p.kv_capacity_tokens, p.kv_capacity_source, p.kv_block_tokens};
  if (!known(capacity.tokens)) capacity = predictor::resolve_kv_capacity(config, {facts});
  replay.engine.kv_tokens = capacity.tokens;
  replay.engine.block_tokens = std::max(1, static_cast<int>(capacity.block_tokens));
  replay.kv_source = capacity.source;
}

serving::Deployment deployment_of(const AskedModel& model, const predictor::Facts& facts,
                                  const ReplayOptions& options, const table::Load& mean,
                                  const Replay& replay) {
  serving::Deployment out;
  serving::StepQuestion steps;
  steps.group = model.group;
  steps.layout = replay.layout;
  steps.request = mean;
  steps.max_requests = replay.engine.max_requests;
  const int gpus = serving::one_replica_of(replay.layout).gpus();
  steps.idle_w = replay.idle_known ? gpus * facts.gpu_idle_w : 0;
  out.costs = serving::step_costs(*model.predictor, steps);
  out.engine = replay.engine;
  out.replicas = static_cast<int>(predictor::replicas(replay.layout));
  out.routing = serving::parse_routing(options.routing);
  return out;
}

void serve(const serving::Deployment& deployment, ReplayedTraffic& traffic, const ReplayOptions& options,
           Replay& replay) {
  serving::SimulationOptions simulation;
  simulation.limits = limits_of(options);
  simulation.seed = options.seed;
  simulation.cancel = &interrupted();
  if (!traffic.trace.empty()) {
    const auto stream = serving::open_trace(traffic.trace, traffic.trace_options);
    replay.report = serving::simulate(deployment, *stream, simulation);
    return;
  }
  if (known(options.concurrency)) {
    simulation.clients = traffic.plan.arrivals.clients;
    traffic.plan.requests = static_cast<std::size_t>(
        std::clamp(replay.saturation_rps * options.period_s, 10.0 * simulation.clients, 1e8));
  }
  replay.periods = options.runs;
  replay.report = serving::simulate_runs(deployment, traffic.plan, static_cast<std::size_t>(options.runs),
                                         simulation, options.run.options("periods"));
}

int replay(const ReplayOptions& options) {
  if (options.layout.empty()) throw Error::usage("--layout is required");
  const AskedModel model = load_asked_model(options.model, options.where);
  const predictor::Facts* fitted = model.predictor->facts(model.group);
  predictor::Facts facts =
      options.system.facts(model.predictor->groups()[model.group], fitted ? fitted->gpu_idle_w : kUnknown);
  if (fitted) predictor::fill_unknown(facts, *fitted);

  ReplayedTraffic traffic = traffic_of(options, facts.context_tokens);
  Replay result;
  result.layout = table::parse_layout(options.layout);
  result.engine = engine_of(options);
  result.idle_known = known(facts.gpu_idle_w);
  find_kv_cache(model, facts, options, traffic.mean, result);
  const serving::Deployment deployment = deployment_of(model, facts, options, traffic.mean, result);
  result.saturation_rps = serving::saturation_rps(deployment, traffic.plan.lengths, options.seed);
  serve(deployment, traffic, options, result);
  if (result.report.requests == 0)
    throw Error::usage("no request fits into the KV cache of a replica; set --kv-capacity-tokens");

  io::Json json = replay_json(result);
  const io::Json question = replay_question(options, traffic);
  if (options.format == "json") {
    add_echo(json, question, model);
    print(io::print_json(json) + '\n');
  } else if (options.format == "csv") {
    add_echo_cells(json, question, model);
    print(csv_text(io::Json::array({json})));
  } else {
    print(replay_text(result, options) + model.verdict_line());
  }
  model.warn_of_verdict();
  if (!result.idle_known)
    warn("the idle power of the GPU is unknown, and so is the energy between steps; set --gpu-idle-w");
  if (traffic.summary.without_output > 0)
    inform(std::to_string(traffic.summary.without_output) +
           " requests of the trace have no output and are left out");
  return kOk;
}

}  // namespace

Run replay_verb(Arguments& args) {
  const auto options = std::make_shared<ReplayOptions>();
  declare_replay(args, *options);
  args.example("energylens replay model.json --layout tp4 --trace requests.csv --ttft 500 --tpot 50");
  return [options] { return replay(*options); };
}

}  // namespace energylens::cli
