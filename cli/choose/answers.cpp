// SPDX-License-Identifier: Apache-2.0
#include "cli/choose/answers.hpp"

#include <algorithm>

#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "energylens/core/error.hpp"
#include "energylens/serving/trace.hpp"

namespace energylens::cli {

void require_answers(const predictor::Predictor& predictor, std::size_t group,
                     const choose::Question& question) {
  using predictor::Quantity;
  struct Need {
    bool asked;
    Quantity quantity;
    const char* why;
  };
  const Need needs[] = {
      {true, Quantity::energy, "does not predict energy and cannot rank configurations"},
      {question.arrival == choose::Arrival::rate, Quantity::time,
       "does not predict time, which --rate requires"},
      {known(question.limits.power_w), Quantity::time, "does not predict time, which --max-power-w requires"},
      {known(question.limits.ttft_s), Quantity::ttft,
       "does not predict the time to first token, which --ttft requires"},
      {known(question.limits.tpot_s), Quantity::tpot,
       "does not predict the time per output token, which --tpot requires"},
  };
  for (const Need& need : needs) {
    if (need.asked && !predictor.states(group, need.quantity))
      throw Error::usage(std::string("this model ") + need.why);
  }
}

void check_traffic(const predictor::Predictor& predictor, const predictor::Facts& facts, bool described,
                   choose::Question& question) {
  if (!question.traffic) return;
  using predictor::Quantity;
  if (!predictor.states(question.group, Quantity::ttft) ||
      !predictor.states(question.group, Quantity::tpot)) {
    if (described)
      throw Error::usage(
          "this model does not predict the times of prefill and decode, which traffic requires");
    warn(
        "the model does not predict prefill; requests are taken to arrive evenly, and percentiles are unknown");
    question.traffic.reset();
    return;
  }
  if (!known(facts.context_tokens)) return;
  const auto context = static_cast<std::int32_t>(std::min(facts.context_tokens, 1e9));
  question.traffic->lengths.most_tokens = context;
  serving::TraceOptions options;
  options.most_tokens = context;
  if (!question.traffic->trace.empty()) serving::summarise_trace(question.traffic->trace, options);
}

void warn_of_unknown_facts(const predictor::Facts& facts, const predictor::Predictor& predictor,
                           std::size_t group, const SystemFlags& system) {
  if (known(facts.weight_bytes) && known(facts.gpu_memory_bytes)) return;
  const hardware::Catalogue catalogue = system.open();
  const table::GroupIdentity& identity = predictor.groups()[group];
  std::string missing, flags;
  if (!known(facts.weight_bytes)) {
    missing = "size of the weights of \"" + identity["model"] + "\" (" + identity["quant"] + ")" +
              alike_text(identity["model"], catalogue.models_like(identity["model"]));
    flags = "--weights-gb";
  }
  if (!known(facts.gpu_memory_bytes)) {
    missing += (missing.empty() ? "" : " and ") + std::string("memory size of \"") + identity["gpu"] + '"' +
               alike_text(identity["gpu"], catalogue.gpus_like(identity["gpu"]));
    flags += (flags.empty() ? "" : " and ") + std::string("--gpu-memory-gb");
  }
  const std::string sentence = missing + " unknown; set " + flags + " or add a --catalogue";
  if (predictor.layouts(group).empty()) throw Error::usage(sentence);
  warn(sentence + " (considering only layouts that were measured, with any number of replicas)");
}

}  // namespace energylens::cli
