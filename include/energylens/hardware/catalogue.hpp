// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::hardware {

/// A published figure and its source ("NVIDIA H100 datasheet 2023").
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
  Figure link_bytes_s;   ///< one direction, per GPU, to its peers (NVLink, xGMI, PCIe)
  Figure gpus_per_node;  ///< GPUs that one fast link connects: of a server, or of a rack with NVLink
  /// Dense peak, FLOP/s (operations/s for int8), by type: fp32, fp16, bf16, fp8, int8, fp4.
  std::vector<std::pair<std::string, Figure>> peak_flops;
  Figure peak(std::string_view type) const;  ///< unknown if the GPU has no such type
};

struct Model {
  std::string name;
  std::vector<std::string> aliases;
  std::string arch;              ///< dense | moe | ssm | hybrid | vlm | vlm-moe
  Figure params, active_params;  ///< counts; of the language model alone for vlm where the source states it
  Figure layers, attention_layers;    ///< attention_layers: those with a KV cache (0 for pure state-space)
  Figure hidden, kv_heads, head_dim;  ///< latent attention counts as one head of equal size
  Figure attention_heads;             ///< query heads of an attention layer
  Figure attention_width;             ///< elements of all query heads of a layer, where not heads * head_dim
  Figure experts, experts_per_token;  ///< routed experts per layer; unknown for dense
  Figure always_read_share;  ///< share of the weights that every token reads (attention, shared experts)
  Figure
      kv_elements_per_token;  ///< added to the KV cache over all layers, where not 2 * layers * heads * head_dim
  Figure state_elements;      ///< recurrent state of one request over all state-space layers
  Figure encoder_params;      ///< of the image encoder, not in `params`
  Figure context_tokens;      ///< most tokens of one request, input and output together
  Figure patches_per_image_token;  ///< encoder patches merged into one input token
};

/// GPUs and models with the source of each figure. Immutable; safe from any thread.
class Catalogue {
 public:
  static const Catalogue& builtin();
  /// The built-in entries plus those of a user's JSON file, in the format of data/catalogue/*.json. An entry with a
  /// known name replaces the whole entry; figures without a source get "user file PATH". Throws Error with its place
  /// for an unknown key, a figure of the wrong type or outside its range, and a duplicate name.
  static Catalogue with_user_file(const std::string& path);

  /// This catalogue and a model, which replaces the one of its name.
  Catalogue with_model(Model model) const;

  /// By name or alias, ignoring case, '-', '_', blanks and a remark in brackets at the end
  /// ("A100-40GB-SXM(Swing)"); nullptr if unknown. A name that fits several GPUs ("A100") is unknown.
  const Gpu* find_gpu(std::string_view name) const;
  const Model* find_model(std::string_view name) const;  ///< likewise; also by the part after the last '/'
  /// Canonical names that an unknown name may mean: those that contain it, else the nearest by spelling.
  std::vector<std::string> gpus_like(std::string_view name) const;
  std::vector<std::string> models_like(std::string_view name) const;
  const std::vector<Gpu>& gpus() const { return gpus_; }
  const std::vector<Model>& models() const { return models_; }

 private:
  std::vector<Gpu> gpus_;
  std::vector<Model> models_;
};

/// Bytes per weight of a quantisation label ("FP16" 2, "fp8" 1, "W4A16" 0.5 plus group scales, "q4_K_M", "int8(bnb)",
/// "bfloat16", "bf16/fp16 (model default)"); unknown for other labels. Sources: quantisation.cpp.
double bytes_per_weight(std::string_view quant);
/// Bytes of one KV element: from kv_dtype unless it is blank or "auto" (unknown for other labels), else from the
/// quantisation label (KV8 -> 1; fp32 -> 4), else 2: engines keep KV in 16 bits by default.
double bytes_per_kv_element(std::string_view kv_dtype, std::string_view quant);
/// The arithmetic type of a quantisation label, as in Gpu::peak_flops ("W4A16" -> fp16); "" if unknown.
std::string_view compute_type(std::string_view quant);

/// KV bytes that one token adds over all attention layers: kv_elements_per_token where it is known, else 2 *
/// attention_layers * kv_heads * head_dim, times the bytes of an element.
double kv_bytes_per_token(const Model& model, double bytes_per_element);

}  // namespace energylens::hardware
