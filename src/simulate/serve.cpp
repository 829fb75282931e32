// SPDX-License-Identifier: Apache-2.0
// Admission and waiting on top of the phases. The wave rule is written out as the queue it is, so that it can
// stand against the closed form that predictors use. Held by serve_test.cpp.
#include "simulate/serve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "energylens/predictor/kv_capacity.hpp"

namespace energylens::simulate {
namespace {

double room_bytes(const System& system, const table::Layout& layout) {
  return predictor::kv_room_bytes(layout, facts_of(system));
}

/// One replica's job; its ttft_s and tpot_s are sums over its requests.
JobOutcome run_replica(const System& system, const table::Layout& layout, const Load& load) {
  const double at_once = held_at_once(system, layout, load.isl, load.osl);
  JobOutcome job;
  job.tpot_s = 0;
  for (double waiting = load.batch; waiting > 0;) {
    const double wave = std::min(waiting, at_once);
    const double begin = job.prefill.seconds + job.decode.seconds;
    const Phase first = prefill(system, layout, {wave, load.isl, load.cached_tokens, load.image_tokens});
    const Phase rest = decode(system, layout, wave, load.isl + 1, load.osl - 1);
    job.prefill += first;
    job.decode += rest;
    job.ttft_s += wave * (begin + first.seconds);
    job.tpot_s += wave * rest.seconds / std::max(1.0, load.osl - 1);
    waiting -= wave;
  }
  return job;
}

}  // namespace

predictor::Facts facts_of(const System& system) {
  predictor::Facts facts;
  facts.weight_bytes = system.weight_bytes;
  facts.kv_bytes_per_token = system.kv_bytes;
  facts.kv_heads = system.kv_heads;
  facts.gpu_memory_bytes = system.memory_bytes;
  facts.memory = system.memory;
  facts.attention_heads = system.attention_heads;
  facts.layers = system.layers;
  facts.gpus_per_node = system.gpus_per_node;
  return facts;
}

double kv_capacity_tokens(const System& system, const table::Layout& layout) {
  return predictor::estimated_capacity(layout, facts_of(system));
}

bool holds_model(const System& system, const table::Layout& layout) {
  return room_bytes(system, layout) > 0;
}

double held_at_once(const System& system, const table::Layout& layout, double isl, double osl) {
  const double block = system.memory.block_tokens,
               copied = predictor::kv_bytes_of_replica(layout, facts_of(system));
  const double bytes = std::ceil((isl + osl) / block) * block * copied + system.state_bytes;
  if (bytes == 0) return std::numeric_limits<double>::infinity();
  // Without state, whole blocks of whole tokens: the rule that predictors apply to the table's capacity.
  const double room =
      system.state_bytes > 0 ? room_bytes(system, layout) : kv_capacity_tokens(system, layout) * copied;
  return std::max(0.0, std::floor(room / bytes));
}

JobOutcome run_job(const System& system, const table::Layout& layout, const Load& load) {
  const double fewer = std::floor(load.batch / layout.dp);
  const double with_one_more = load.batch - fewer * layout.dp;
  const auto replica_of = [&](double requests) {
    Load share = load;
    share.batch = requests;
    return run_replica(system, layout, share);
  };
  JobOutcome job = replica_of(with_one_more > 0 ? fewer + 1 : fewer);  // the replicas that finish last
  const double busy = with_one_more > 0 ? with_one_more : layout.dp;
  const JobOutcome early = replica_of(fewer);
  const double waiting = layout.dp - busy;
  const double wait_s =
      job.prefill.seconds + job.decode.seconds - early.prefill.seconds - early.decode.seconds;
  const double wait_j = system.idle_w * layout.tp * layout.pp * wait_s;
  job.prefill.joules = busy * job.prefill.joules + waiting * early.prefill.joules;
  job.decode.joules = busy * job.decode.joules + waiting * early.decode.joules;
  (load.osl > 1 ? job.decode : job.prefill).joules += waiting * wait_j;
  job.ttft_s = (busy * job.ttft_s + waiting * early.ttft_s) / load.batch;
  job.tpot_s = load.osl > 1 ? (busy * job.tpot_s + waiting * early.tpot_s) / load.batch : kUnknown;
  return job;
}

SteadyOutcome run_steady(const System& system, const table::Layout& layout, const Load& load) {
  const double requests = std::min(load.batch / layout.dp, held_at_once(system, layout, load.isl, load.osl));
  const double steps = load.osl - 1;
  const Phase step = decode_step(system, layout, requests, load.isl + load.osl / 2);
  // Arrivals fill the pipeline among themselves: pp prompts at a time, each paying its share.
  const double together = layout.pp;
  const Phase arrivals = prefill(system, layout, {together, load.isl, load.cached_tokens, load.image_tokens});
  const double arrivals_per_step = requests / steps;
  SteadyOutcome steady;
  steady.in_flight = requests * layout.dp;
  steady.tpot_s = step.seconds + arrivals_per_step * arrivals.seconds / together;
  steady.ttft_s = prefill(system, layout, {1, load.isl, load.cached_tokens, load.image_tokens}).seconds;
  steady.joules_per_token = (step.joules / arrivals_per_step + arrivals.joules / together) / load.osl;
  steady.tokens_per_s = layout.dp * arrivals_per_step * load.osl / steady.tpot_s;
  return steady;
}

}  // namespace energylens::simulate
