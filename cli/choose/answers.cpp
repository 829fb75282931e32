// SPDX-License-Identifier: Apache-2.0
#include "cli/choose/answers.hpp"

#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "energylens/core/error.hpp"

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
      {true, Quantity::energy, "predicts no energy, by which configurations are ranked"},
      {question.arrival == choose::Arrival::rate, Quantity::time, "predicts no time, which --rate needs"},
      {known(question.limits.power_w), Quantity::time, "predicts no time, which --max-power-w needs"},
      {known(question.limits.ttft_s), Quantity::ttft, "predicts no time to first token, which --ttft needs"},
      {known(question.limits.tpot_s), Quantity::tpot,
       "predicts no time per output token, which --tpot needs"},
  };
  for (const Need& need : needs) {
    if (need.asked && !predictor.states(group, need.quantity))
      throw Error::usage(std::string("this model ") + need.why);
  }
}

void warn_of_unknown_facts(const predictor::Facts& facts, const predictor::Predictor& predictor,
                           std::size_t group, const SystemFlags& system) {
  if (known(facts.weight_bytes) && known(facts.gpu_memory_bytes)) return;
  const hardware::Catalogue catalogue = system.open();
  const table::GroupIdentity& identity = predictor.groups()[group];
  std::string missing, flags;
  if (!known(facts.weight_bytes)) {
    missing = "the weights of \"" + identity["model"] + "\" (" + identity["quant"] + ")" +
              alike_text(identity["model"], catalogue.models_like(identity["model"]));
    flags = "--weights-gb";
  }
  if (!known(facts.gpu_memory_bytes)) {
    missing += (missing.empty() ? "" : " and ") + std::string("the memory of \"") + identity["gpu"] + '"' +
               alike_text(identity["gpu"], catalogue.gpus_like(identity["gpu"]));
    flags += (flags.empty() ? "" : " and ") + std::string("--gpu-memory-gb");
  }
  const std::string sentence = "unknown: " + missing +
                               "; whether an unmeasured layout fits cannot be checked; set " + flags +
                               " or --catalogue";
  if (predictor.layouts(group).empty()) throw Error::usage(sentence);
  warn(sentence + "; only measured layouts and their replicas are considered");
}

}  // namespace energylens::cli
