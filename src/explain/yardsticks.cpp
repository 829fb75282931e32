// SPDX-License-Identifier: Apache-2.0
// What a parameter costs for each FLOP or byte, and what the GPU would take at its published peak: its TDP (or 1) over
// its arithmetic or memory throughput. Held by yardsticks_test.cpp.
#include <array>

#include "energylens/parametric/law_model.hpp"
#include "explain/account.hpp"
#include "predictor/quantities.hpp"

namespace energylens::explain {
namespace {

/// The work that a parameter of the law stands for.
struct Work {
  std::string_view parameter;
  bool server;
  std::string_view quantity;  ///< published: predictor::quantities
};

constexpr std::array kWork{
    Work{"a0", false, "weight_bytes"}, Work{"a1", false, "token_flops"}, Work{"b0", false, "weight_bytes"},
    Work{"b3", false, "token_flops"},  Work{"b7", false, "kv_bytes"},    Work{"a1", true, "token_flops"},
    Work{"b0", true, "weight_bytes"},  Work{"b3", true, "token_flops"},  Work{"b7", true, "kv_bytes"},
};

double published(std::string_view name, const predictor::Facts& facts) {
  for (const predictor::PublishedQuantity& one : predictor::quantities()) {
    if (one.name == name) return one.of(facts);
  }
  return kUnknown;
}

/// J or s of the GPU for one FLOP or byte at full use.
double chip_per(bool flops, const predictor::Facts& facts, Metric metric) {
  const double rate = flops ? facts.gpu_peak_flops : facts.gpu_bandwidth_bytes_s;
  return (metric == Metric::energy ? facts.gpu_tdp_w : 1) / rate;
}

}  // namespace

std::vector<Yardstick> yardsticks(const parametric::Model& model, std::size_t group) {
  std::vector<Yardstick> out;
  const auto* const law = dynamic_cast<const parametric::LawModel*>(&model);
  if (!law) return out;
  const predictor::GroupContext& context = law->context(group);
  for (const Metric metric : predictor::kMetrics) {
    if (!law->fit(group, metric)) continue;
    for (const parametric::FittedParameter& one : law->parameters(group, metric)) {
      for (const Work& work : kWork) {
        if (work.parameter != one.name || work.server != context.serving) continue;
        const bool flops = work.quantity == "token_flops";
        const double amount = published(work.quantity, context.facts);
        Yardstick yardstick{metric,
                            one.name,
                            one.unit,
                            one.value,
                            flops ? "FLOP" : "byte",
                            amount,
                            one.value / amount,
                            chip_per(flops, context.facts, metric)};
        if (yardstick.ratio() > 0) out.push_back(std::move(yardstick));
      }
    }
  }
  return out;
}

}  // namespace energylens::explain
