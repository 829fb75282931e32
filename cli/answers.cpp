// SPDX-License-Identifier: Apache-2.0
#include "answers.hpp"

#include "energylens/core/error.hpp"

namespace energylens::cli {

void require_answers(const model::Predictor& predictor, std::size_t group, const choose::Question& question) {
  using model::Quantity;
  struct Need {
    bool asked;
    Quantity quantity;
    const char* why;
  };
  const Need needs[] = {
      {true, Quantity::energy, "predicts no energy: it can rank nothing"},
      {question.arrival == choose::Arrival::rate, Quantity::time, "predicts no time, and --rate needs one"},
      {known(question.limits.power_w), Quantity::time, "predicts no time, and --max-power-w needs one"},
      {known(question.limits.ttft_s), Quantity::ttft,
       "predicts no time to first token, and --ttft needs one"},
      {known(question.limits.tpot_s), Quantity::tpot,
       "predicts no time per output token, and --tpot needs one"},
  };
  for (const Need& need : needs) {
    if (need.asked && !predictor.states(group, need.quantity))
      throw Error::usage(std::string("this model ") + need.why);
  }
}

}  // namespace energylens::cli
