// SPDX-License-Identifier: Apache-2.0
#include "energylens/hardware/catalogue.hpp"

#include <gtest/gtest.h>

#include <set>

namespace energylens::hardware {
namespace {

void expect_sourced(const Figure& figure, const std::string& owner, const std::string& what) {
  if (known(figure.value)) {
    EXPECT_FALSE(figure.source.empty()) << owner << ' ' << what;
  }
}

TEST(Catalogue, EveryKnownFigureOfAGpuHasASource) {
  for (const Gpu& gpu : Catalogue::builtin().gpus()) {
    expect_sourced(gpu.memory_bytes, gpu.name, "memory");
    expect_sourced(gpu.bandwidth_bytes_s, gpu.name, "bandwidth");
    expect_sourced(gpu.tdp_w, gpu.name, "TDP");
    expect_sourced(gpu.idle_w, gpu.name, "idle power");
    expect_sourced(gpu.link_bytes_s, gpu.name, "link");
    expect_sourced(gpu.gpus_per_node, gpu.name, "GPUs of a node");
    for (const auto& [type, peak] : gpu.peak_flops) expect_sourced(peak, gpu.name, type);
  }
}

TEST(Catalogue, EveryKnownFigureOfAModelHasASource) {
  constexpr Figure Model::*kFigures[] = {&Model::params,
                                         &Model::active_params,
                                         &Model::layers,
                                         &Model::attention_layers,
                                         &Model::hidden,
                                         &Model::kv_heads,
                                         &Model::head_dim,
                                         &Model::attention_heads,
                                         &Model::attention_width,
                                         &Model::experts,
                                         &Model::experts_per_token,
                                         &Model::always_read_share,
                                         &Model::kv_elements_per_token,
                                         &Model::state_elements,
                                         &Model::encoder_params,
                                         &Model::patches_per_image_token};
  for (const Model& model : Catalogue::builtin().models()) {
    for (const auto figure : kFigures) expect_sourced(model.*figure, model.name, "figure");
  }
}

TEST(Catalogue, HoldsGpusOfThreeVendorsWithTheFiguresThatTheirDatasheetsGive) {
  std::set<std::string> vendors;
  for (const Gpu& gpu : Catalogue::builtin().gpus()) {
    vendors.insert(gpu.vendor);
    EXPECT_TRUE(known(gpu.memory_bytes.value) && known(gpu.bandwidth_bytes_s.value) && known(gpu.tdp_w.value))
        << gpu.name;
  }
  EXPECT_EQ(vendors, (std::set<std::string>{"AMD", "Intel", "NVIDIA"}));
}

// Dense matrix rates double with every halving of the width, on every GPU that has both; a sparse figure
// among dense ones shows here.
TEST(Catalogue, PeaksAreDense) {
  for (const Gpu& gpu : Catalogue::builtin().gpus()) {
    const double fp16 = gpu.peak("fp16").value, bf16 = gpu.peak("bf16").value, fp8 = gpu.peak("fp8").value;
    if (known(fp16) && known(bf16)) {
      EXPECT_EQ(fp16, bf16) << gpu.name;
    }
    if (known(fp16) && known(fp8)) {
      EXPECT_NEAR(fp8 / fp16, 2, 0.03) << gpu.name;
    }
  }
}

TEST(Catalogue, MemoryIsCountedInPowersOfTwo) {
  const Gpu* gpu = Catalogue::builtin().find_gpu("H100-80GB-SXM");
  ASSERT_NE(gpu, nullptr);
  EXPECT_EQ(gpu->memory_bytes.value, 80.0 * 1024 * 1024 * 1024);
  EXPECT_EQ(gpu->bandwidth_bytes_s.value, 3.35e12);
  EXPECT_EQ(gpu->peak("fp16").value, 989.5e12);
  EXPECT_FALSE(known(gpu->peak("fp4").value));
}

TEST(Catalogue, FindsByAliasCaseDashesAndRemark) {
  const Catalogue& catalogue = Catalogue::builtin();
  const Gpu* gpu = catalogue.find_gpu("A100-40GB-SXM");
  ASSERT_NE(gpu, nullptr);
  EXPECT_EQ(catalogue.find_gpu("NVIDIA A100-SXM4-40GB"), gpu);
  EXPECT_EQ(catalogue.find_gpu("a100_40gb sxm"), gpu);
  EXPECT_EQ(catalogue.find_gpu("A100-40GB-SXM(Swing)"), gpu);
  const Model* model = catalogue.find_model("Llama-3.1-8B");
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(catalogue.find_model("meta-llama/Meta-Llama-3.1-8B-Instruct"), model);
}

TEST(Catalogue, RefusesToGuessBetweenGpus) {
  EXPECT_EQ(Catalogue::builtin().find_gpu("A100"), nullptr);
  EXPECT_EQ(Catalogue::builtin().find_gpu("H100"), nullptr);
  EXPECT_EQ(Catalogue::builtin().find_gpu(""), nullptr);
  EXPECT_EQ(Catalogue::builtin().find_model("(x)"), nullptr);
  EXPECT_EQ(Catalogue::builtin().find_model("meta-llama/"), nullptr);
}

TEST(KvBytes, OfKnownModels) {
  const auto kv = [](std::string_view name, double element = 2) {
    const Model* model = Catalogue::builtin().find_model(name);
    return model ? kv_bytes_per_token(*model, element) : kUnknown;
  };
  EXPECT_EQ(kv("Llama-3-70B"), 327680);
  EXPECT_EQ(kv("Llama-3-70B", 1), 163840);
  EXPECT_EQ(kv("Llama-2-7B"), 524288);
  EXPECT_EQ(kv("DeepSeek-V3"), 61 * (512 + 64) * 2);  // latent attention: one vector a layer
  EXPECT_EQ(kv("Mamba-2-2.7B"), 0);                   // state-space: none, whatever the heads
  EXPECT_EQ(kv("Nemotron-Nano-12B-v2"), 2 * 6 * 8 * 128 * 2);
  EXPECT_EQ(kv("MiniMax-M3"), 2 * 60 * 4 * 128 * 2);
  EXPECT_EQ(kv("Qwen3.5-397B-A17B"), 2 * 15 * 2 * 256 * 2);                      // one layer in four attends
  EXPECT_EQ(kv("DeepSeek-V4-Flash", 1), 21 * (512 + 128) / 4 + 20 * 512 / 128);  // compressed entries
}

// Published counts that the shapes must give: a wrong layer, expert or width shows here.
TEST(Models, ShapesGiveThePublishedParameterCounts) {
  struct Published {
    const char* name;
    double params_b, active_b;
  };
  constexpr Published kPublished[] = {{"MiniMax-M2.5", 230, 10},
                                      {"MiniMax-M3", 428, 23},
                                      {"Kimi-K2-Instruct", 1026, 32},
                                      {"Kimi-K2.5", 1026, 32},
                                      {"GLM-4.6", 355, 32},
                                      {"GLM-4.5-Air", 106, 12},
                                      {"GLM-5.1", 744, 40},
                                      {"DeepSeek-V3.2", 671, 37},
                                      {"DeepSeek-V4-Pro", 1600, 49},
                                      {"DeepSeek-V4-Flash", 284, 13},
                                      {"Qwen3-Next-80B-A3B", 80, 3},
                                      {"Qwen3.5-397B-A17B", 397, 17},
                                      {"NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", 31.6, 3.5}};
  for (const Published& one : kPublished) {
    const Model* model = Catalogue::builtin().find_model(one.name);
    ASSERT_NE(model, nullptr) << one.name;
    EXPECT_NEAR(model->params.value / 1e9, one.params_b, 0.02 * one.params_b) << one.name;
    // With the input embedding, which published counts may leave out.
    EXPECT_GE(model->active_params.value / 1e9, 0.99 * one.active_b) << one.name;
    EXPECT_LE(model->active_params.value / 1e9, 1.3 * one.active_b) << one.name;
  }
}

TEST(Catalogue, HoldsTheGpusOfRecentServers) {
  const Catalogue& catalogue = Catalogue::builtin();
  struct Named {
    const char* name;
    double tdp_w, gpus_per_node;
  };
  constexpr Named kNamed[] = {{"B300", 1100, 8},
                              {"GB300-288GB", 1400, 72},
                              {"H20", 400, 8},
                              {"RTX PRO 6000", 600, 8},
                              {"RTX4000-Ada", 130, kUnknown},
                              {"NVIDIA RTX 5000 Ada Generation", 250, kUnknown}};
  for (const Named& one : kNamed) {
    const Gpu* gpu = catalogue.find_gpu(one.name);
    ASSERT_NE(gpu, nullptr) << one.name;
    EXPECT_EQ(gpu->tdp_w.value, one.tdp_w) << one.name;
    EXPECT_TRUE(known(one.gpus_per_node) ? gpu->gpus_per_node.value == one.gpus_per_node
                                         : !known(gpu->gpus_per_node.value))
        << one.name;
  }
  EXPECT_EQ(catalogue.find_gpu("H20")->memory_bytes.value, 96.0 * 1024 * 1024 * 1024);
}

TEST(Models, SharesAndCountsAgree) {
  for (const Model& model : Catalogue::builtin().models()) {
    if (!known(model.experts.value) || !known(model.params.value)) continue;
    const double share = model.always_read_share.value;
    const double used = model.experts_per_token.value / model.experts.value;
    // Published active counts may leave the input embedding out.
    EXPECT_NEAR(model.active_params.value / model.params.value, share + (1 - share) * used, 0.03)
        << model.name;
  }
}

}  // namespace
}  // namespace energylens::hardware
