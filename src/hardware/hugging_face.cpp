// SPDX-License-Identifier: Apache-2.0
// A config.json has the shape of a model but not the number of its weights, so they are counted: embeddings, attention,
// and the feed-forward part of each layer. Held by model_file_test.cpp against published counts.
#include <algorithm>
#include <array>
#include <filesystem>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/hardware/model_file.hpp"
#include "energylens/io/json.hpp"

namespace energylens::hardware {
namespace {

using io::Json;

/// An architecture whose weights this file knows how to count, by its "model_type".
struct Architecture {
  std::string_view type;
  bool latent = false;         ///< attention through a latent of keys and values
  bool gated = true;           ///< three matrices of a feed-forward layer instead of two
  bool tied = false;           ///< output embedding shared with the input where the file does not say so
  std::string_view experts{};  ///< member that holds the number of routed experts; blank: dense
  std::string_view expert_width{};
};
constexpr std::array kCountable = {
    Architecture{.type = "llama"},
    Architecture{.type = "mistral"},
    Architecture{.type = "ministral"},
    Architecture{.type = "qwen2"},
    Architecture{.type = "qwen3"},
    Architecture{.type = "phi3"},
    Architecture{.type = "gemma", .tied = true},
    Architecture{.type = "gemma2", .tied = true},
    Architecture{.type = "gemma3_text", .tied = true},
    Architecture{.type = "olmo2"},
    Architecture{.type = "cohere", .tied = true},
    Architecture{.type = "granite"},
    Architecture{.type = "glm4"},
    Architecture{.type = "starcoder2", .gated = false, .tied = true},
    Architecture{.type = "mixtral", .experts = "num_local_experts", .expert_width = "intermediate_size"},
    Architecture{.type = "qwen2_moe", .experts = "num_experts", .expert_width = "moe_intermediate_size"},
    Architecture{.type = "qwen3_moe", .experts = "num_experts", .expert_width = "moe_intermediate_size"},
    Architecture{.type = "olmoe", .experts = "num_experts", .expert_width = "intermediate_size"},
    Architecture{.type = "glm4_moe", .experts = "n_routed_experts", .expert_width = "moe_intermediate_size"},
    Architecture{.type = "gpt_oss", .experts = "num_local_experts", .expert_width = "intermediate_size"},
    Architecture{.type = "minimax_m2", .experts = "num_local_experts", .expert_width = "intermediate_size"},
    Architecture{.type = "deepseek_v2",
                 .latent = true,
                 .experts = "n_routed_experts",
                 .expert_width = "moe_intermediate_size"},
    Architecture{.type = "deepseek_v3",
                 .latent = true,
                 .experts = "n_routed_experts",
                 .expert_width = "moe_intermediate_size"},
    Architecture{.type = "kimi_k2",
                 .latent = true,
                 .experts = "n_routed_experts",
                 .expert_width = "moe_intermediate_size"},
};

constexpr double kMost = 1e12;

double count_in(const Json& json, std::string_view name) {
  const double value = json.number(name);
  if (value >= 1 && value <= kMost) return value;
  throw json.at(name).error(quote(name) + " is not a count");
}

double count_or(const Json& json, std::string_view name, double otherwise) {
  const Json* const found = json.find(name);
  if (!found || found->is_null()) return otherwise;
  const double value = found->as_number();
  if (value >= 0 && value <= kMost) return value;
  throw found->error(quote(name) + " is not a count");
}

bool flag_or(const Json& json, std::string_view name, bool otherwise) {
  const Json* const found = json.find(name);
  return found && !found->is_null() ? found->as_boolean() : otherwise;
}

const Architecture& architecture_of(const Json& json) {
  const std::string type = json.text_or("model_type", "");
  const auto found = std::ranges::find(kCountable, type, &Architecture::type);
  if (found != kCountable.end()) return *found;
  std::string named = type;
  if (const Json* const classes = json.find("architectures"); classes && named.empty())
    named = classes->items().empty() ? "" : classes->items().front().as_text();
  throw json.error(
      "unknown architecture " + quote(named) +
      ": its weights cannot be counted; give the model in a --catalogue file. Known: " + join([] {
        std::vector<std::string_view> names;
        for (const Architecture& one : kCountable) names.push_back(one.type);
        return names;
      }()));
}

struct Shape {
  double layers, hidden, heads, kv_heads, head_dim;
};

Shape shape_of(const Json& json) {
  const double hidden = count_in(json, "hidden_size"), heads = count_in(json, "num_attention_heads");
  return {count_in(json, "num_hidden_layers"), hidden, heads, count_or(json, "num_key_value_heads", heads),
          count_or(json, "head_dim", hidden / heads)};
}

/// Weights of the attention of one layer, and the elements that one token adds to its cache.
struct Attention {
  double weights, cache;
};

Attention attention_of(const Json& json, const Shape& shape, const Architecture& architecture) {
  if (!architecture.latent) {
    const double queries = shape.heads * shape.head_dim, keys = shape.kv_heads * shape.head_dim;
    return {2 * shape.hidden * (queries + keys), 2 * keys};
  }
  const double query_rank = count_or(json, "q_lora_rank", 0), rank = count_in(json, "kv_lora_rank");
  const double plain = count_in(json, "qk_nope_head_dim"), rotary = count_in(json, "qk_rope_head_dim");
  const double value = count_in(json, "v_head_dim"), head = plain + rotary;
  const double queries =
      query_rank > 0 ? query_rank * (shape.hidden + shape.heads * head) : shape.hidden * shape.heads * head;
  const double keys = shape.hidden * (rank + rotary) + rank * shape.heads * (plain + value);
  return {queries + keys + shape.heads * value * shape.hidden, rank + rotary};
}

/// Weights of the feed-forward parts of all layers.
struct FeedForward {
  double always = 0, routed = 0;
  double experts = kUnknown, used = kUnknown;
};

FeedForward feed_forward_of(const Json& json, const Shape& shape, const Architecture& architecture) {
  const double matrices = architecture.gated ? 3 : 2;
  const auto wide = [&](double width) { return matrices * shape.hidden * width; };
  FeedForward out;
  const double experts = architecture.experts.empty() ? 0 : count_or(json, architecture.experts, 0);
  if (experts == 0) {
    out.always = shape.layers * wide(count_in(json, "intermediate_size"));
    return out;
  }
  const double first = count_or(json, "first_k_dense_replace", 0);
  const double sparse = shape.layers - std::min(first, shape.layers);
  const double expert_width = count_in(json, architecture.expert_width);
  const double shared = count_or(json, "n_shared_experts", 0) * expert_width +
                        count_or(json, "shared_expert_intermediate_size", 0);
  out.experts = experts;
  out.used = count_or(json, "num_experts_per_tok", count_or(json, "experts_per_token", kUnknown));
  if (!(out.used >= 1 && out.used <= experts))
    throw json.error("\"num_experts_per_tok\" is missing, or larger than the number of experts");
  out.routed = sparse * experts * wide(expert_width);
  out.always = sparse * (wide(shared) + shape.hidden * experts);
  if (first > 0) out.always += first * wide(count_in(json, "intermediate_size"));
  return out;
}

std::string quant_of(const Json& json) {
  if (const Json* const quantisation = json.find("quantization_config");
      quantisation && quantisation->is_object()) {
    const std::string method = lower_case(quantisation->text_or("quant_method", ""));
    if (method == "fp8") return "fp8";
    if (method == "mxfp4") return "mxfp4";
    if (method == "awq" || method == "gptq") {
      const double bits = count_or(*quantisation, "bits", 4);
      return bits == 8 ? "W8A16" : "W4A16";
    }
    return "";
  }
  const std::string type = json.text_or("torch_dtype", json.text_or("dtype", ""));
  if (type == "bfloat16") return "bf16";
  if (type == "float16") return "fp16";
  return type == "float32" ? "fp32" : "";
}

/// The name in the file, or that of its folder.
std::string name_of(const Json& json, const std::string& file) {
  const std::string inside = json.text_or("_name_or_path", "");
  if (!inside.empty()) return inside.substr(inside.rfind('/') + 1);
  const std::filesystem::path path(file);
  const std::string folder = path.parent_path().filename().string();
  return path.filename() == "config.json" && !folder.empty() && folder != "." ? folder : path.stem().string();
}

}  // namespace

ModelFile hugging_face_model(std::string_view text, const std::string& file) {
  const Json whole = io::parse_json(text, file);
  if (!whole.is_object()) throw whole.error("not a configuration of a model");
  const Json* const language = whole.find("text_config");
  const bool images = language && language->is_object();
  const Json& json = images ? *language : whole;
  const Architecture& architecture = architecture_of(json);
  const Shape shape = shape_of(json);
  const Attention attention = attention_of(json, shape, architecture);
  const FeedForward forward = feed_forward_of(json, shape, architecture);
  const bool tied = flag_or(json, "tie_word_embeddings", architecture.tied);
  const double embeddings = count_in(json, "vocab_size") * shape.hidden * (tied ? 1 : 2);
  const double norms = (2 * shape.layers + 1) * shape.hidden;
  const double always = embeddings + norms + shape.layers * attention.weights + forward.always;
  const std::string source = "counted from " + file;
  const auto figure = [&source](double value) { return Figure{value, known(value) ? source : ""}; };
  ModelFile out;
  Model& model = out.model;
  const bool sparse = known(forward.experts);
  model.name = name_of(whole, file);
  model.arch = images ? (sparse ? "vlm-moe" : "vlm") : (sparse ? "moe" : "dense");
  model.params = figure(always + forward.routed);
  model.active_params = figure(sparse ? always + forward.routed * forward.used / forward.experts : always);
  model.layers = model.attention_layers = figure(shape.layers);
  model.hidden = figure(shape.hidden);
  model.attention_heads = figure(shape.heads);
  model.kv_heads = figure(architecture.latent ? 1 : shape.kv_heads);
  model.head_dim = figure(shape.head_dim);
  if (architecture.latent) model.kv_elements_per_token = figure(shape.layers * attention.cache);
  model.experts = figure(forward.experts);
  model.experts_per_token = figure(forward.used);
  if (sparse) model.always_read_share = figure(always / model.params.value);
  model.context_tokens = figure(count_or(json, "max_position_embeddings", kUnknown));
  out.quant = quant_of(whole);
  if (out.quant.empty()) out.quant = quant_of(json);
  return out;
}

}  // namespace energylens::hardware
