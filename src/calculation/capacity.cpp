// SPDX-License-Identifier: Apache-2.0
// The rules of predictor/kv_capacity.cpp as steps. The layouts of the model file become one sum, in which the addend of a
// layout is its tokens where the layout is asked for and 0 elsewhere. Held by calculation_test.cpp against predictions.
#include <algorithm>
#include <set>

#include "calculation/steps.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/predictor/group_context.hpp"

namespace energylens::calculation {
namespace {

using predictor::Facts;
using predictor::LayoutCapacities;

std::string difference(const char* name, int value) {
  return "-abs(" + std::string(name) + "-" + std::to_string(value) + ")";
}

/// 1 for exactly this layout, at most 0 for others.
std::string same_layout(const table::Layout& layout) {
  return "1" + difference("tp", layout.tp) + difference("pp", layout.pp) + difference("dp", layout.dp) +
         difference("ep", layout.ep);
}

/// 1 for a layout whose replicas have the capacity of those of `layout`, at most 0 for others.
std::string same_replica(const table::Layout& layout) {
  if (layout.attention_data_parallel()) return same_layout(layout);
  return "1" + difference("tp", layout.tp) + difference("pp", layout.pp) + "-attention_dp";
}

/// Tokens of the layout asked for, 0 for layouts that are not in the list. The first of equal ones holds.
std::string tokens_of(const LayoutCapacities& capacities) {
  std::string sum;
  std::set<std::string> seen;
  for (const auto& [layout, tokens] : capacities) {
    const std::string same = same_replica(layout);
    if (!seen.insert(same).second) continue;
    sum += (sum.empty() ? "" : "+") + number_text(tokens) + "*max(0," + same + ")";
  }
  return sum;
}

/// Bytes for the KV cache of a replica; predictor::kv_room_bytes.
std::string room_text(const Facts& facts) {
  const predictor::EngineMemory& memory = facts.memory;
  const std::string weights = number_text(facts.weight_bytes) + "*(1+(ranks-1)*" +
                              number_text(facts.always_read_share) + ")",
                    gpus = "(tp*pp*ranks)";
  if (memory.of_rest) {
    return number_text(memory.share) + "*(" + number_text(facts.gpu_memory_bytes - memory.reserved_bytes) +
           "*" + gpus + "-" + weights + ")";
  }
  return number_text(memory.share * facts.gpu_memory_bytes - memory.reserved_bytes) + "*" + gpus + "-" +
         weights;
}

/// predictor::estimated_capacity; unlimited where it is unknown.
std::string estimate_text(const Facts& facts) {
  const table::Layout one;
  if (!known(predictor::estimated_capacity(one, facts))) return number_text(kUnlimitedTokens);
  const std::string held =
      facts.kv_heads > 0 ? "min(tp," + number_text(facts.kv_heads) + ")" : std::string("tp");
  return "floor(max(0,(" + room_text(facts) + ")/(" + number_text(facts.kv_bytes_per_token) + "*tp/" + held +
         ")))";
}

/// Greater than 0 for layouts of which rows ran, so that an estimate that holds no request is wrong.
std::string measured_text(const parametric::Model& model, std::size_t group) {
  std::string out;
  for (const table::Layout& layout : model.context(group).domain.layouts) {
    if (!model.capacity_rules(group, layout).measured) continue;
    out += (out.empty() ? "max(0," : "+max(0,") + same_layout(layout) + ")";
  }
  return out;
}

void add_estimate(const parametric::Model& model, std::size_t group, StepList& steps) {
  const Facts& facts = model.context(group).facts;
  const std::string measured = measured_text(model, group);
  steps.add("estimate", "KV tokens of one replica, from the memory that weights leave", estimate_text(facts));
  if (measured.empty()) return steps.add("usual_capacity", "KV tokens of one replica", "estimate");
  steps.add("measured_layout", "above 0 for layouts that were measured", measured);
  steps.add_if("usual_capacity", "KV tokens of one replica; an estimate below one measured request is wrong",
               steps.positive("min(measured_layout,1-floor(estimate/request_tokens))"),
               number_text(kUnlimitedTokens), "estimate");
}

}  // namespace

void add_capacity(const parametric::Model& model, std::size_t group, StepList& steps) {
  const predictor::CapacityRules rules = model.capacity_rules(group, table::Layout{});
  const std::string meaning = "KV tokens of one replica";
  const bool fitted = rules.fitted && !rules.fitted->empty();
  if (known(rules.flag_tokens)) {
    steps.add("usual_capacity", meaning, number_text(rules.flag_tokens));
  } else {
    add_estimate(model, group, steps);
  }
  std::string usual = "usual_capacity";
  if (fitted) {
    steps.add("other_capacity", "KV tokens of layouts without training rows",
              "usual_capacity*" + number_text(rules.fitted_factor));
    usual = "other_capacity";
  }
  std::string unstated = usual;
  if (rules.stated && !rules.stated->empty()) {
    steps.add("table_capacity", "KV tokens that the training rows of the layout stated; 0: none",
              tokens_of(*rules.stated));
    steps.add_if("model_capacity", meaning, steps.positive("table_capacity"), "table_capacity", usual);
    unstated = "model_capacity";
  }
  const std::string asked = fitted ? usual : "kv_capacity_tokens";
  if (!fitted) return steps.add_if("capacity", meaning, steps.stated("kv_capacity_tokens"), asked, unstated);
  steps.add_if("unfitted_capacity", meaning, steps.stated("kv_capacity_tokens"), asked, unstated);
  steps.add("fitted_capacity", "KV tokens fitted to rows of the layout; 0: none", tokens_of(*rules.fitted));
  steps.add_if("capacity", meaning, steps.positive("fitted_capacity"), "fitted_capacity",
               "unfitted_capacity");
}

}  // namespace energylens::calculation
