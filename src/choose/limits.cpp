// SPDX-License-Identifier: Apache-2.0
// Held by choose_test.cpp.
#include "choose/limits.hpp"

#include <algorithm>

#include "choose/digits_apart.hpp"
#include "core/rounded_text.hpp"
#include "predictor/chances.hpp"

namespace energylens::choose {
namespace {

/// "TTFT 512 ms > 300 ms", with enough digits for the two to differ, or "TTFT 290 ms exceeds 300 ms with a
/// probability of 40 %"; empty if the probability is within the risk. Requires: a known limit.
std::string breach(const Limited& one, double chance, double risk) {
  if (chance <= risk) return {};
  const std::string subject(one.name);
  if (!known(chance)) return subject + " is limited, but the model does not predict it";
  const int digits = digits_apart(one.predicted.value, one.limit, 3);
  const auto text = [&](double value) {
    return rounded_text(value * one.scale, digits) + ' ' + std::string(one.unit);
  };
  const std::string predicted = subject + ' ' + text(one.predicted.value);
  if (one.predicted.value > one.limit) return predicted + " > " + text(one.limit);
  return predicted + " exceeds " + text(one.limit) + " with a probability of " + percent_text(chance, 2);
}

}  // namespace

void add_reason(std::string& reasons, const std::string& reason) {
  if (reason.empty()) return;
  if (!reasons.empty()) reasons += "; ";
  reasons += reason;
}

double test_limits(std::span<const Limited> all, double risk, std::string& rejected) {
  double kept = 1;
  bool any = false;
  for (const Limited& one : all) {
    if (!known(one.limit)) continue;
    any = true;
    const double chance = predictor::chance_above(one.predicted, one.limit);
    add_reason(rejected, breach(one, chance, risk));
    kept = known(chance) && known(kept) ? std::min(kept, 1 - chance) : kUnknown;
  }
  return any ? kept : kUnknown;
}

}  // namespace energylens::choose
