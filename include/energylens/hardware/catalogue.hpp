// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::hardware {

/// A published figure and where it stands ("NVIDIA H100 datasheet 2023").
struct Figure {
  double value = kUnknown;
  std::string source;
};

struct Gpu {
  std::string name;                  ///< canonical: "H100-80GB-SXM"
  std::vector<std::string> aliases;  ///< other spellings, matched ignoring case, '-', '_' and blanks
  std::string vendor;                ///< NVIDIA | AMD | Intel
  Figure memory_bytes;
  Figure bandwidth_bytes_s;
  Figure tdp_w;
  Figure idle_w;
  Figure link_bytes_s;               ///< one direction, per GPU, to its peers (NVLink, xGMI, PCIe)
  /// Dense peak, FLOP/s (operations/s for int8), by type: fp32, fp16, bf16, fp8, int8, fp4.
  std::vector<std::pair<std::string, Figure>> peak_flops;
  Figure peak(std::string_view type) const;  ///< unknown if the GPU has no such type
};

struct Model {
  std::string name;
  std::vector<std::string> aliases;
  std::string arch;                  ///< dense | moe | ssm | hybrid | vlm | vlm-moe
  Figure params, active_params;      ///< counts
  Figure layers, attention_layers;   ///< attention_layers: those that keep KV (0 for pure state-space)
  Figure hidden, kv_heads, head_dim;
  Figure experts, experts_per_token; ///< routed experts per layer; unknown for dense
  Figure always_read_share;          ///< share of the weights that every token reads (attention, shared experts)
};

/// GPUs and models with the source of each figure. Immutable; safe from any thread.
class Catalogue {
 public:
  static const Catalogue& builtin();
  /// The built-in entries plus those of a user's JSON file (same names replace). Throws Error with place.
  static Catalogue with_user_file(const std::string& path);

  const Gpu* find_gpu(std::string_view name) const;      ///< nullptr if unknown
  const Model* find_model(std::string_view name) const;  ///< also by the part after the last '/'
  const std::vector<Gpu>& gpus() const { return gpus_; }
  const std::vector<Model>& models() const { return models_; }

 private:
  std::vector<Gpu> gpus_;
  std::vector<Model> models_;
};

/// Bytes per weight of a quantisation label ("FP16" 2, "fp8" 1, "W4A16" 0.5 plus group scales, "q4_K_M", "int8(bnb)",
/// "bfloat16", "bf16/fp16 (model default)"); unknown for labels we do not know.
double bytes_per_weight(std::string_view quant);
/// Bytes of one KV element: of kv_dtype if not blank, else what the quantisation label implies (KV8 -> 1), else 2.
double bytes_per_kv_element(std::string_view kv_dtype, std::string_view quant);
/// The arithmetic type a quantisation label computes in, as in Gpu::peak_flops ("W4A16" -> fp16).
std::string_view compute_type(std::string_view quant);

/// KV bytes that one token adds over all attention layers: 2 * attention_layers * kv_heads * head_dim * element.
double kv_bytes_per_token(const Model& model, double bytes_per_element);

}  // namespace energylens::hardware
