// SPDX-License-Identifier: Apache-2.0
// The one place that decides which layouts a model can have; simulate, design, choose and transfer ask it. Rules of
// divisibility as vLLM, SGLang and TensorRT-LLM check them at start-up. Held by feasible_test.cpp.
#include "predictor/feasible.hpp"

#include <algorithm>
#include <cmath>

#include "core/rounded_text.hpp"
#include "energylens/predictor/facts.hpp"
#include "energylens/predictor/kv_capacity.hpp"

namespace energylens::predictor {
namespace {

constexpr double kBytesPerGb = 1e9;

/// Whether `degree` parts of equal size can be made; true for an unknown count.
bool divides(double count, int degree) {
  return !known(count) || std::fmod(count, degree) == 0;
}

std::string count_text(double count, std::string_view noun) {
  return rounded_text(count, 9) + ' ' + std::string(noun);
}

std::string heads_reason(const table::Layout& layout, const Facts& facts) {
  const std::string by = " not divisible by tp " + std::to_string(layout.tp);
  if (!divides(facts.attention_heads, layout.tp))
    return count_text(facts.attention_heads, "attention heads are") + by;
  const double kv = facts.kv_heads;  // fewer of them than GPUs are copied
  const bool copied = kv > 0 && kv < layout.tp && std::fmod(layout.tp, kv) == 0;
  return copied || kv == 0 || divides(kv, layout.tp) ? "" : count_text(kv, "KV heads are") + by;
}

std::string node_reason(const table::Layout& layout, int node, int total_gpus) {
  if (layout.tp > node)
    return "tp " + std::to_string(layout.tp) + " exceeds a node of " + std::to_string(node) + " GPUs";
  const int groups = layout.gpus() / layout.tp;
  const int places = total_gpus / node * (node / layout.tp) + total_gpus % node / layout.tp;
  if (total_gpus == 0 || layout.gpus() > total_gpus || groups <= places) return {};
  return "nodes of " + std::to_string(node) + " GPUs hold " + std::to_string(places) + " of " +
         std::to_string(groups) + " groups of tp " + std::to_string(layout.tp);
}

std::string memory_reason(const table::Layout& layout, const Facts& facts) {
  if (!(kv_room_bytes(layout, facts) < 0)) return {};
  const EngineMemory& memory = facts.memory;
  const int gpus = layout.tp * layout.pp * (layout.attention_data_parallel() ? layout.dp : 1);
  const std::string need = "weights need " + rounded_text(facts.weight_bytes / kBytesPerGb) + " GB; " +
                           std::to_string(gpus) + " x ";
  if (facts.weight_bytes > facts.gpu_memory_bytes * gpus)
    return need + rounded_text(facts.gpu_memory_bytes / kBytesPerGb) + " GB available";
  const double used = (memory.of_rest ? 1 : memory.share) * facts.gpu_memory_bytes - memory.reserved_bytes;
  return need + rounded_text(used / kBytesPerGb) + " GB available for weights and cache";
}

}  // namespace

std::string infeasible(const table::Layout& layout, const Facts& facts, int total_gpus) {
  if (std::string reason = heads_reason(layout, facts); !reason.empty()) return reason;
  if (!divides(facts.experts, layout.ep))
    return count_text(facts.experts, "experts are") + " not divisible by ep " + std::to_string(layout.ep);
  if (!divides(facts.layers, layout.pp))
    return count_text(facts.layers, "layers are") + " not divisible by pp " + std::to_string(layout.pp);
  const int node = known(facts.gpus_per_node) ? static_cast<int>(facts.gpus_per_node) : kUsualGpusPerNode;
  if (std::string reason = node_reason(layout, node, total_gpus); !reason.empty()) return reason;
  return memory_reason(layout, facts);
}

std::vector<std::string_view> unmeasured_directions(const table::Layout& layout,
                                                    std::span<const table::Layout> measured) {
  std::vector<std::string_view> out;
  if (measured.empty()) return out;
  const auto only = [&](const auto& factor) {
    const auto differs = [&](const table::Layout& one) { return factor(one) != factor(measured.front()); };
    return std::ranges::none_of(measured, differs) && factor(layout) != factor(measured.front());
  };
  if (only([](const table::Layout& l) { return l.tp; })) out.emplace_back("tp");
  if (only([](const table::Layout& l) { return l.pp; })) out.emplace_back("pp");
  if (only([](const table::Layout& l) { return l.attention_data_parallel(); })) {
    out.emplace_back("attention data parallelism");
  } else if (only([](const table::Layout& l) { return l.ep; })) {
    out.emplace_back("ep");
  }
  return out;
}

}  // namespace energylens::predictor
