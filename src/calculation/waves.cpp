// SPDX-License-Identifier: Apache-2.0
// predictor/waves.cpp as steps: docs/method/law.md (2), (3). Held by calculation_test.cpp against predictions.
#include "calculation/steps.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::calculation {
namespace {

/// Waves of one size; every number that the condition needs is above 0 where there are any.
void add_wave(int wave, const std::string& exists, const std::string& count, const std::string& size,
              StepList& steps) {
  const std::string w = std::to_string(wave);
  steps.add_if("count_" + w, "waves of this size", steps.positive(exists), count, "0");
  steps.add("size_" + w, "requests in each of them", size);
}

void add_energy_waves(StepList& steps) {
  steps.add("fewer_full", "full waves of a replica with fewer requests", "floor(fewer/wave_limit)");
  steps.add("fewer_rest", "requests in its last wave", "fewer-fewer_full*wave_limit");
  steps.add_if("more_full", "full waves of a replica with one request more", steps.positive("more"),
               "floor((fewer+1)/wave_limit)", "0");
  steps.add_if("more_rest", "requests in its last wave", steps.positive("more"),
               "fewer+1-more_full*wave_limit", "0");
  steps.add("with_fewer", "replicas with fewer requests", "replicas-more");
  add_wave(1, "with_fewer*fewer_full+more*more_full", "with_fewer*fewer_full+more*more_full", "wave_limit",
           steps);
  add_wave(2, "fewer_rest", "with_fewer", "fewer_rest", steps);
  add_wave(3, "min(more,more_rest)", "more", "more_rest", steps);
}

void add_time_waves(StepList& steps) {
  steps.add_if("most_requests", "requests of the replica that ends last", steps.positive("more"), "fewer+1",
               "fewer");
  steps.add("full_waves", "its full waves", "floor(most_requests/wave_limit)");
  steps.add("rest", "requests in its last wave", "most_requests-full_waves*wave_limit");
  add_wave(1, "full_waves", "full_waves", "wave_limit", steps);
  add_wave(2, "rest", "1", "rest", steps);
}

}  // namespace

int add_waves(predictor::Metric metric, StepList& steps) {
  const std::string endless = number_text(kUnlimitedTokens);
  steps.add("at_once", "requests that fit into the KV cache at once", "floor(capacity/request_tokens)");
  steps.add_if("server_limit", "requests that the server lets one replica run", steps.stated("max_batch"),
               "max(1,floor(max_batch/replicas))", endless);
  steps.add_if("wave_limit", "requests of one replica in one wave; continuous batching has one wave",
               steps.positive("steady"), endless, "min(max(1,at_once),server_limit)");
  steps.add_if("whole", "1 where whole requests are shared out over the replicas",
               steps.not_negative("floor(batch)-batch"), "1-min(1,steady)", "0");
  steps.add_if("fewer", "requests of a replica", steps.positive("whole"), "floor(batch/replicas)",
               "batch/replicas");
  steps.add_if("more", "replicas that have one request more", steps.positive("whole"), "batch-fewer*replicas",
               "0");
  if (metric == predictor::Metric::energy) {
    add_energy_waves(steps);
    return 3;
  }
  add_time_waves(steps);
  return 2;
}

}  // namespace energylens::calculation
