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
