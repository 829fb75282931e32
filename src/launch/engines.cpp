// SPDX-License-Identifier: Apache-2.0
// One function per engine. A limit on the number of running requests is that of one rank in vLLM and TensorRT-LLM, and
// that of one replica in SGLang. Held by launch_test.cpp.
#include "launch/engines.hpp"

#include <array>
#include <cmath>

#include "predictor/waves.hpp"

namespace energylens::launch {
namespace {

using Words = std::vector<std::string>;

std::string whole(double value) {
  return std::to_string(std::lround(std::ceil(value)));
}

/// Parts among which the engine shares the requests; unknown in flight: no flag.
void add_limit(Command& command, const char* flag, const Deployment& deployment, int parts) {
  if (known(deployment.in_flight)) command.words.push_back({flag, whole(deployment.in_flight / parts)});
}

void add_memory(Command& command, const char* flag, const Deployment& deployment) {
  if (known(deployment.gpu_memory_utilization))
    command.words.push_back({flag, number_text(deployment.gpu_memory_utilization)});
}

void add_degree(Command& command, const char* flag, int degree) {
  if (degree > 1) command.words.push_back({flag, std::to_string(degree)});
}

Command vllm(const Deployment& deployment, bool all_replicas) {
  const table::Layout& layout = deployment.layout;
  Command command;
  command.image = "vllm/vllm-openai:v0.11.0";
  command.words = {{"vllm", "serve", deployment.model},
                   {"--tensor-parallel-size", std::to_string(layout.tp)}};
  add_degree(command, "--pipeline-parallel-size", layout.pp);
  if (all_replicas || layout.attention_data_parallel())
    add_degree(command, "--data-parallel-size", layout.dp);
  if (layout.ep > 1) {
    command.words.push_back({"--enable-expert-parallel"});
    if (layout.ep != layout.tp * layout.dp)
      command.comments.push_back("vLLM spreads experts over all tp x dp ranks: ep " +
                                 std::to_string(layout.ep) + " cannot be set separately");
  }
  add_limit(command, "--max-num-seqs", deployment, layout.dp);
  add_memory(command, "--gpu-memory-utilization", deployment);
  return command;
}

Command sglang(const Deployment& deployment, bool all_replicas) {
  const table::Layout& layout = deployment.layout;
  const bool ranks = layout.attention_data_parallel();
  const bool routed = all_replicas && replicas(layout) > 1;
  Command command;
  command.port = 30000;
  command.image = "lmsysorg/sglang:v0.5.3";
  command.words = {{"python3", "-m", routed ? "sglang_router.launch_server" : "sglang.launch_server"},
                   {"--model-path", deployment.model},
                   {"--tp-size", std::to_string(ranks ? layout.tp * layout.dp : layout.tp)}};
  add_degree(command, "--pp-size", layout.pp);
  if (routed || ranks) add_degree(command, "--dp-size", layout.dp);
  if (ranks) command.words.push_back({"--enable-dp-attention"});
  add_degree(command, "--ep-size", layout.ep);
  add_limit(command, "--max-running-requests", deployment, replicas(layout));
  add_memory(command, "--mem-fraction-static", deployment);
  return command;
}

Command tensorrt(const Deployment& deployment, bool all_replicas) {
  const table::Layout& layout = deployment.layout;
  const bool ranks = layout.attention_data_parallel();
  Command command;
  command.words = {{"trtllm-serve", deployment.model},
                   {"--tp_size", std::to_string(ranks ? layout.tp * layout.dp : layout.tp)}};
  add_degree(command, "--pp_size", layout.pp);
  add_degree(command, "--ep_size", layout.ep);
  add_limit(command, "--max_batch_size", deployment, layout.dp);
  add_memory(command, "--kv_cache_free_gpu_memory_fraction", deployment);
  if (ranks) {
    command.file_name = "attention.yaml";
    command.file = "enable_attention_dp: true\n";
    command.words.push_back({"--extra_llm_api_options", command.file_name});
  }
  if (all_replicas && replicas(layout) > 1)
    command.comments.push_back("one of " + std::to_string(replicas(layout)) +
                               " replicas: start each on GPUs and a port of its own, behind a load balancer");
  return command;
}

constexpr std::array<Engine, 3> kEngines = {
    {{"vllm", "vllm", vllm}, {"sglang", "sglang", sglang}, {"trtllm", "tensorrt", tensorrt}}};

}  // namespace

std::span<const Engine> engines() {
  return kEngines;
}

int replicas(const table::Layout& layout) {
  return static_cast<int>(predictor::replicas(layout));
}

int gpus_per_replica(const table::Layout& layout) {
  return layout.gpus() / replicas(layout);
}

}  // namespace energylens::launch
