// SPDX-License-Identifier: Apache-2.0
#include "energylens/hardware/model_file.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "energylens/core/error.hpp"

namespace energylens::hardware {
namespace {

// Shapes as their configurations publish them; the counts are those of the model cards.
constexpr const char* kLlama8B =
    R"({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
  "intermediate_size": 14336, "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8,
  "vocab_size": 128256, "tie_word_embeddings": false, "torch_dtype": "bfloat16", "max_position_embeddings": 131072})";
constexpr const char* kQwen30B =
    R"({"model_type": "qwen3_moe", "hidden_size": 2048, "intermediate_size": 6144,
  "moe_intermediate_size": 768, "num_attention_heads": 32, "num_key_value_heads": 4, "head_dim": 128,
  "num_hidden_layers": 48, "num_experts": 128, "num_experts_per_tok": 8, "vocab_size": 151936,
  "tie_word_embeddings": false})";
constexpr const char* kDeepSeekV3 =
    R"({"model_type": "deepseek_v3", "hidden_size": 7168, "intermediate_size": 18432,
  "moe_intermediate_size": 2048, "num_attention_heads": 128, "num_key_value_heads": 128, "num_hidden_layers": 61,
  "n_routed_experts": 256, "n_shared_experts": 1, "num_experts_per_tok": 8, "first_k_dense_replace": 3,
  "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128,
  "vocab_size": 129280, "quantization_config": {"quant_method": "fp8"}})";

TEST(ModelFile, CountsTheWeightsOfADenseModel) {
  const ModelFile file = hugging_face_model(kLlama8B, "models/Llama-3.1-8B/config.json");
  EXPECT_EQ(file.model.name, "Llama-3.1-8B");
  EXPECT_EQ(file.model.arch, "dense");
  EXPECT_EQ(file.quant, "bf16");
  EXPECT_NEAR(file.model.params.value, 8.0303e9, 0.0005e9);
  EXPECT_EQ(file.model.kv_heads.value, 8);
  EXPECT_EQ(file.model.head_dim.value, 128);
  EXPECT_EQ(kv_bytes_per_token(file.model, 2), 131072);
}

TEST(ModelFile, CountsTotalAndActiveWeightsOfAMixture) {
  const Model model = hugging_face_model(kQwen30B, "x.json").model;
  EXPECT_EQ(model.arch, "moe");
  EXPECT_NEAR(model.params.value, 30.53e9, 0.02e9);
  EXPECT_NEAR(model.active_params.value, 3.35e9, 0.05e9);
  EXPECT_EQ(model.experts.value, 128);
  EXPECT_EQ(model.experts_per_token.value, 8);
}

TEST(ModelFile, CountsLatentAttentionAndSharedExperts) {
  const ModelFile file = hugging_face_model(kDeepSeekV3, "x.json");
  EXPECT_NEAR(file.model.params.value, 671e9, 1e9);
  EXPECT_NEAR(file.model.active_params.value, 37.5e9, 1e9);
  EXPECT_EQ(file.model.kv_heads.value, 1);
  EXPECT_EQ(file.model.kv_elements_per_token.value, 61 * 576);
  EXPECT_EQ(file.quant, "fp8");
}

std::string refusal_of(const std::string& text) {
  try {
    hugging_face_model(text, "config.json");
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(ModelFile, RefusesUnknownArchitecturesByName) {
  EXPECT_NE(refusal_of(R"({"model_type": "mamba9"})").find("unknown architecture \"mamba9\""),
            std::string::npos);
  EXPECT_NE(refusal_of(R"({"architectures": ["RwkvForCausalLM"]})").find("\"RwkvForCausalLM\""),
            std::string::npos);
}

TEST(ModelFile, RefusesImpossibleFigures) {
  EXPECT_NE(refusal_of(R"({"model_type": "llama", "hidden_size": -1})").find("config.json:1:"),
            std::string::npos);
  EXPECT_NE(refusal_of(R"({"model_type": "llama"})").find("hidden_size"), std::string::npos);
}

class GgufWriter {
 public:
  template <typename T>
  GgufWriter& number(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  GgufWriter& text(const std::string& value) {
    number<std::uint64_t>(value.size());
    bytes_ += value;
    return *this;
  }
  GgufWriter& entry(const std::string& key, std::uint32_t value) {
    return text(key).number<std::uint32_t>(4).number(value);
  }
  GgufWriter& entry(const std::string& key, const std::string& value) {
    return text(key).number<std::uint32_t>(8).text(value);
  }
  GgufWriter& tensor(const std::string& name, std::uint64_t rows, std::uint64_t columns) {
    return text(name)
        .number<std::uint32_t>(2)
        .number(rows)
        .number(columns)
        .number<std::uint32_t>(0)
        .number<std::uint64_t>(0);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

std::string small_gguf(const std::string& kind) {
  GgufWriter out;
  out.number<std::uint32_t>(0x46554747)
      .number<std::uint32_t>(3)
      .number<std::uint64_t>(3)
      .number<std::uint64_t>(8);
  out.entry("general.architecture", kind).entry("general.name", std::string("Small"));
  out.entry(kind + ".block_count", 2).entry(kind + ".embedding_length", 64);
  out.entry(kind + ".attention.head_count", 4).entry(kind + ".attention.head_count_kv", 2);
  out.entry("general.file_type", 15);
  out.text("tokenizer.ggml.tokens")
      .number<std::uint32_t>(9)
      .number<std::uint32_t>(8)
      .number<std::uint64_t>(2);
  out.text("a").text("bc");
  out.tensor("token_embd.weight", 64, 100)
      .tensor("blk.0.ffn_up.weight", 64, 256)
      .tensor("blk.1.ffn_up.weight", 64, 256);
  return out.bytes();
}

class Gguf : public testing::Test {
 protected:
  ModelFile read(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary) << bytes;
    return gguf_model(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }
  std::string path_ = (std::filesystem::temp_directory_path() /
                       ("energylens_" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
                        testing::UnitTest::GetInstance()->current_test_info()->name() + ".gguf"))
                          .string();
};

TEST_F(Gguf, CountsTheWeightsOfItsTensors) {
  const ModelFile file = read(small_gguf("llama"));
  EXPECT_EQ(file.model.name, "Small");
  EXPECT_EQ(file.quant, "q4_K_M");
  EXPECT_EQ(file.model.params.value, 64 * 100 + 2 * 64 * 256);
  EXPECT_EQ(file.model.layers.value, 2);
  EXPECT_EQ(file.model.kv_heads.value, 2);
  EXPECT_EQ(file.model.head_dim.value, 16);
}

TEST_F(Gguf, RefusesUnknownArchitecturesByName) {
  try {
    read(small_gguf("mamba9"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("unknown architecture \"mamba9\""), std::string::npos)
        << error.what();
  }
}

TEST_F(Gguf, RefusesATruncatedHeaderAtEveryLength) {
  const std::string whole = small_gguf("llama");
  for (std::size_t length = 0; length + 1 < whole.size(); length += 7)
    EXPECT_THROW(read(whole.substr(0, length)), Error) << length;
}

TEST(ModelFile, IsNotANameOfTheCatalogue) {
  EXPECT_FALSE(model_in_file("Qwen3-32B"));
  EXPECT_THROW(model_in_file("no/such/config.json"), Error);
}

}  // namespace
}  // namespace energylens::hardware
