// SPDX-License-Identifier: Apache-2.0
// Published figures from the catalogue, and a split of the TDP among the parts of a GPU, which no datasheet gives. The
// split is the same for every GPU. It is the best of five against public energies of H800, H100 and A100, which
// plausibility_test.cpp uses too: that test guards against drift and is not an independent check.
#include "simulate/system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "simulate/phases.hpp"

namespace energylens::simulate {
namespace {

// Shares of the TDP.
constexpr double kIdleShare = 0.15;        // if the catalogue has no idle power
constexpr double kAwakeShare = 0.25;       // clocks up, waiting; never below idle
constexpr double kMemoryShare = 0.60;      // memory at its full rate
constexpr double kArithmeticShare = 0.65;  // matrix units at the rate that large products reach
constexpr double kLinkShare = 0.10;        // link at its full rate

constexpr double kStateElementBytes = 2;

template <typename Entry>
const Entry& require_entry(const Entry* found, std::string_view what, const std::string& name,
                           const std::vector<std::string>& alike) {
  if (found) return *found;
  const std::string hint = alike.empty() ? std::string("`energylens catalogue` lists the known ones")
                                         : fmt::format("did you mean {}?", join(alike));
  throw Error::usage(fmt::format("unknown {} {}; {}", what, quote(name), hint));
}

double require_figure(double value, const std::string& owner, std::string_view what) {
  if (known(value)) return value;
  throw Error::usage(fmt::format("the catalogue has no {} of {}; add it in a catalogue file", what, owner));
}

void add_attention(const hardware::Model& model, const Options& options, System& system) {
  if (system.attention_layers == 0) return;
  const double element = hardware::bytes_per_kv_element(options.kv_dtype, options.quant);
  if (!known(element)) throw Error::usage("unknown KV type " + quote(options.kv_dtype));
  system.attention_heads = model.attention_heads.value;
  system.kv_heads = require_figure(model.kv_heads.value, model.name, "KV heads");
  system.kv_bytes =
      require_figure(hardware::kv_bytes_per_token(model, element), model.name, "size of the KV heads");
  const double heads = model.attention_heads.value * model.head_dim.value;
  system.attention_width =
      require_figure(known(model.attention_width.value) ? model.attention_width.value : heads, model.name,
                     "attention heads");
}

void add_experts(const hardware::Model& model, System& system) {
  if (!known(model.experts.value)) return;
  system.expert_share = model.experts_per_token.value / model.experts.value;
  system.routed_share =
      1 - require_figure(model.always_read_share.value, model.name, "share of weights always read");
}

void add_model(const hardware::Model& model, const Options& options, System& system) {
  const double bytes = hardware::bytes_per_weight(options.quant);
  if (!known(bytes)) throw Error::usage("unknown quantisation " + quote(options.quant));
  system.weight_bytes = require_figure(model.params.value, model.name, "number of parameters") * bytes;
  system.active_params = require_figure(model.active_params.value, model.name, "number of active parameters");
  system.layers = require_figure(model.layers.value, model.name, "number of layers");
  system.attention_layers =
      require_figure(model.attention_layers.value, model.name, "number of attention layers");
  system.hidden = require_figure(model.hidden.value, model.name, "hidden size");
  add_attention(model, options, system);
  add_experts(model, system);
  if (system.attention_layers < system.layers && known(model.state_elements.value)) {
    system.state_bytes = model.state_elements.value * kStateElementBytes;
  }
  if (options.image_tokens > 0) {
    system.encoder_flops =
        2 * require_figure(model.encoder_params.value, model.name, "size of the image encoder") *
        require_figure(model.patches_per_image_token.value, model.name, "patches per image token");
  }
}

void add_power(const hardware::Gpu& gpu, const Options& options, System& system) {
  const double tdp = require_figure(gpu.tdp_w.value, gpu.name, "TDP");
  system.idle_w = known(gpu.idle_w.value) ? gpu.idle_w.value : kIdleShare * tdp;
  system.awake_w = std::max(system.idle_w, kAwakeShare * tdp);
  system.limit_w = known(options.power_limit_w) ? std::min(tdp, options.power_limit_w) : tdp;
  if (system.limit_w <= system.awake_w) {
    throw Error::usage(
        fmt::format("a power limit of {} W leaves {} no power for computing; specify more than {} W",
                    number_text(options.power_limit_w), gpu.name, number_text(system.awake_w)));
  }
  system.joules_per_flop = kArithmeticShare * tdp / (system.weight_flops * kMatrixEfficiency);
  system.joules_per_attention_flop = kArithmeticShare * tdp / (system.attention_flops * kMatrixEfficiency);
  system.joules_per_byte = kMemoryShare * tdp / system.bandwidth;
  system.joules_per_link_byte = kLinkShare * tdp / system.link;
}

/// Peak of `type`. fp16 and bf16 stand in for each other, since they run at the same rate on every GPU with both.
double peak(const hardware::Gpu& gpu, std::string_view type) {
  const double exact = gpu.peak(type).value;
  if (known(exact)) return exact;
  if (type == "fp16") return gpu.peak("bf16").value;
  return type == "bf16" ? gpu.peak("fp16").value : kUnknown;
}

void add_gpu(const hardware::Gpu& gpu, const Options& options, System& system) {
  const std::string type(hardware::compute_type(options.quant));
  system.gpus_per_node = gpu.gpus_per_node.value;
  system.memory_bytes = require_figure(gpu.memory_bytes.value, gpu.name, "memory");
  system.bandwidth = require_figure(gpu.bandwidth_bytes_s.value, gpu.name, "memory bandwidth");
  system.weight_flops = require_figure(peak(gpu, type), gpu.name, "peak FLOP/s in " + type);
  system.attention_flops = require_figure(peak(gpu, "fp16"), gpu.name, "peak FLOP/s in fp16");
  system.link = require_figure(gpu.link_bytes_s.value, gpu.name, "speed of the link to its peers");
  add_power(gpu, options, system);
}

}  // namespace

System find_system(const Options& options, const hardware::Catalogue& catalogue) {
  System system;
  system.memory = predictor::engine_memory(kEngine);
  if (known(options.gpu_memory_utilization)) system.memory.share = options.gpu_memory_utilization;
  add_model(require_entry(catalogue.find_model(options.model), "model", options.model,
                          catalogue.models_like(options.model)),
            options, system);
  add_gpu(
      require_entry(catalogue.find_gpu(options.gpu), "GPU", options.gpu, catalogue.gpus_like(options.gpu)),
      options, system);
  return system;
}

}  // namespace energylens::simulate
