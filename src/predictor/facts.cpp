// SPDX-License-Identifier: Apache-2.0
// Figures of the catalogue come first, because they are published; params_b of a table is often rounded ("70").
// Held by facts_test.cpp.
#include "energylens/predictor/facts.hpp"

#include <algorithm>
#include <cmath>

#include "core/text.hpp"

namespace energylens::predictor {
namespace {

/// Of the time of a decode step without load, the part that reads no experts: launches and waiting. Chosen on
/// public rows of mixtures; docs/method/law.md describes how.
constexpr double kFixedTimeShare = 0.3;
/// Tokens that a step of speculative decoding verifies where nobody states it: three drafted and one more, the usual
/// setting of EAGLE and of heads that predict further tokens.
constexpr double kVerifiedTokens = 4;

double first_known(double preferred, double otherwise) {
  return known(preferred) ? preferred : otherwise;
}

void add_model(const hardware::Model& model, double bytes_per_element, Facts& facts) {
  facts.params = model.params.value;
  facts.active_params = model.active_params.value;
  facts.context_tokens = model.context_tokens.value;
  facts.kv_bytes_per_token = hardware::kv_bytes_per_token(model, bytes_per_element);
  facts.kv_heads = model.kv_heads.value;
  facts.attention_heads = model.attention_heads.value;
  facts.experts = model.experts.value;
  facts.layers = model.layers.value;
  if (!known(model.experts.value)) return;
  facts.expert_share = model.experts_per_token.value / model.experts.value;
  facts.always_read_share = first_known(model.always_read_share.value, 0);
}

/// Experts of a model that is not in the catalogue, from its parameter counts.
void add_experts_by_counts(const table::GroupIdentity& identity, Facts& facts) {
  const bool mixture = identity.arch == "moe" || identity.arch == "vlm-moe";
  if (!mixture || !(facts.active_params < facts.params)) return;
  facts.expert_share = facts.active_params / facts.params;
  facts.always_read_share = 0;
}

void add_gpu(const hardware::Gpu& gpu, std::string_view compute_type, Facts& facts) {
  facts.gpu_memory_bytes = gpu.memory_bytes.value;
  facts.gpu_tdp_w = gpu.tdp_w.value;
  facts.gpu_idle_w = gpu.idle_w.value;
  facts.gpu_bandwidth_bytes_s = gpu.bandwidth_bytes_s.value;
  facts.gpu_peak_flops = gpu.peak(compute_type).value;
  facts.gpu_link_bytes_s = gpu.link_bytes_s.value;
  facts.gpus_per_node = gpu.gpus_per_node.value;
}

}  // namespace

Facts facts(const table::GroupIdentity& identity, const hardware::Catalogue& catalogue) {
  const std::string& quant = identity["quant"];
  const hardware::Model* model = catalogue.find_model(identity["model"]);
  const hardware::Gpu* gpu = catalogue.find_gpu(identity["gpu"]);
  Facts facts;
  facts.memory = engine_memory(identity["engine"]);
  if (model) add_model(*model, hardware::bytes_per_kv_element(identity["kv_dtype"], quant), facts);
  facts.params = first_known(facts.params, identity.params_b * 1e9);
  facts.active_params = first_known(facts.active_params, identity.active_params_b * 1e9);
  if (!model) add_experts_by_counts(identity, facts);
  if (facts.expert_share < 1) facts.fixed_time_share = kFixedTimeShare;
  if (names_speculation(identity["workload"])) facts.verified_tokens = kVerifiedTokens;
  facts.weight_bytes = facts.params * hardware::bytes_per_weight(quant);
  if (gpu) add_gpu(*gpu, hardware::compute_type(quant), facts);
  return facts;
}

bool names_speculation(std::string_view workload) {
  const std::string folded = lower_case(workload);
  return folded.find("mtp") != std::string::npos || folded.find("eagle") != std::string::npos;
}

void set_memory_share(Facts& facts, double share) noexcept {
  if (known(share)) facts.memory.share = share;
}

void fill_unknown(Facts& facts, const Facts& other) noexcept {
  for (double Facts::*const figure :
       {&Facts::params, &Facts::active_params, &Facts::weight_bytes, &Facts::kv_bytes_per_token,
        &Facts::gpu_memory_bytes, &Facts::gpu_tdp_w, &Facts::gpu_idle_w, &Facts::gpu_bandwidth_bytes_s,
        &Facts::gpu_peak_flops, &Facts::gpu_link_bytes_s, &Facts::kv_heads, &Facts::attention_heads,
        &Facts::experts, &Facts::layers, &Facts::gpus_per_node, &Facts::context_tokens}) {
    facts.*figure = first_known(facts.*figure, other.*figure);
  }
}

double always_spent_share(const Facts& facts, Metric metric) noexcept {
  const double fixed = metric == Metric::energy ? 0 : facts.fixed_time_share;  // GPUs that wait draw little
  return fixed + (1 - fixed) * facts.always_read_share;
}

double step_share(const Facts& facts, double wave_size, Metric metric) noexcept {
  const double untouched = std::pow(1 - facts.expert_share, wave_size);
  const double spent = always_spent_share(facts, metric);
  return spent + (1 - spent) * (1 - untouched);
}

double weights_read(const Facts& facts, double tokens, double ranks) noexcept {
  const double untouched = std::pow(1 - facts.expert_share, tokens);
  const double always = facts.always_read_share;
  return always * ranks + (1 - always) * (1 - untouched);
}

double verified_tokens(const Facts& facts, const table::Load& load) noexcept {
  if (known(load.drafted_per_step)) return 1 + load.drafted_per_step;
  if (!known(load.accepted_per_step) || load.accepted_per_step <= 1) return facts.verified_tokens;
  return std::max(load.accepted_per_step,
                  facts.verified_tokens > 1 ? facts.verified_tokens : kVerifiedTokens);
}

double kv_copies(const Facts& facts, double tp) noexcept {
  return facts.kv_heads > 0 ? std::max(tp, facts.kv_heads) / facts.kv_heads : 1;
}

}  // namespace energylens::predictor
