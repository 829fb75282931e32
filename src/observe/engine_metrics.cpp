// SPDX-License-Identifier: Apache-2.0
// Names of metrics by the documentation of the engines, over their versions. Held by engine_metrics_test.cpp.
#include "observe/engine_metrics.hpp"

#include <algorithm>
#include <array>

namespace energylens::observe {
namespace {

using enum Role;

constexpr std::string_view kVllm = "vLLM", kSglang = "SGLang", kTgi = "TGI", kTrtllm = "TensorRT-LLM";

constexpr std::array kMetrics = {
    EngineMetric{kVllm, "vllm:num_requests_running", running, "0.6 to now", {}, {}},
    EngineMetric{kVllm, "vllm:num_requests_waiting", waiting, "0.6 to now", {}, {}},
    EngineMetric{kVllm, "vllm:prompt_tokens_total", input_tokens, "0.6 to now", {}, {}},
    EngineMetric{kVllm, "vllm:generation_tokens_total", output_tokens, "0.6 to now", {}, {}},
    EngineMetric{kVllm, "vllm:request_success_total", requests, "0.6 to now", {}, {}},
    EngineMetric{kVllm, "vllm:time_to_first_token_seconds_sum", ttft_sum, "0.6 to now", {}, {}},
    EngineMetric{kVllm, "vllm:time_to_first_token_seconds_count", ttft_count, "0.6 to now", {}, {}},
    EngineMetric{kVllm, "vllm:request_time_per_output_token_seconds_sum", tpot_sum, "0.11 to now", {}, {}},
    EngineMetric{
        kVllm, "vllm:request_time_per_output_token_seconds_count", tpot_count, "0.11 to now", {}, {}},
    EngineMetric{kVllm, "vllm:inter_token_latency_seconds_sum", tpot_sum, "0.11 to now", {}, {}},
    EngineMetric{kVllm, "vllm:inter_token_latency_seconds_count", tpot_count, "0.11 to now", {}, {}},
    EngineMetric{kVllm, "vllm:time_per_output_token_seconds_sum", tpot_sum, "0.6 to 0.12", {}, {}},
    EngineMetric{kVllm, "vllm:time_per_output_token_seconds_count", tpot_count, "0.6 to 0.12", {}, {}},
    EngineMetric{kVllm, "vllm:e2e_request_latency_seconds_sum", e2e_sum, "0.6 to now", {}, {}},
    EngineMetric{kVllm, "vllm:e2e_request_latency_seconds_count", e2e_count, "0.6 to now", {}, {}},
    EngineMetric{kVllm, "vllm:prefix_cache_hits_total", cached_tokens, "0.9 to now", {}, {}},
    EngineMetric{kVllm, "vllm:prefix_cache_queries_total", cache_queries, "0.9 to now", {}, {}},
    EngineMetric{kVllm, "vllm:gpu_prefix_cache_hits_total", cached_tokens, "0.7 to 0.9", {}, {}},
    EngineMetric{kVllm, "vllm:gpu_prefix_cache_queries_total", cache_queries, "0.7 to 0.9", {}, {}},
    EngineMetric{kSglang, "sglang:num_running_reqs", running, {}, {}, {}},
    EngineMetric{kSglang, "sglang:num_queue_reqs", waiting, {}, {}, {}},
    EngineMetric{kSglang, "sglang:prompt_tokens_total", input_tokens, {}, {}, {}},
    EngineMetric{kSglang, "sglang:generation_tokens_total", output_tokens, {}, {}, {}},
    EngineMetric{kSglang, "sglang:num_requests_total", requests, {}, {}, {}},
    EngineMetric{kSglang, "sglang:time_to_first_token_seconds_sum", ttft_sum, {}, {}, {}},
    EngineMetric{kSglang, "sglang:time_to_first_token_seconds_count", ttft_count, {}, {}, {}},
    EngineMetric{kSglang, "sglang:inter_token_latency_seconds_sum", tpot_sum, "0.5 to now", {}, {}},
    EngineMetric{kSglang, "sglang:inter_token_latency_seconds_count", tpot_count, "0.5 to now", {}, {}},
    EngineMetric{kSglang, "sglang:time_per_output_token_seconds_sum", tpot_sum, "to 0.4", {}, {}},
    EngineMetric{kSglang, "sglang:time_per_output_token_seconds_count", tpot_count, "to 0.4", {}, {}},
    EngineMetric{kSglang, "sglang:e2e_request_latency_seconds_sum", e2e_sum, {}, {}, {}},
    EngineMetric{kSglang, "sglang:e2e_request_latency_seconds_count", e2e_count, {}, {}, {}},
    EngineMetric{kSglang, "sglang:cached_tokens_total", cached_tokens, {}, {}, {}},
    EngineMetric{kTgi, "tgi_batch_current_size", running, "1.0 to 3", {}, {}},
    EngineMetric{kTgi, "tgi_queue_size", waiting, "1.0 to 3", {}, {}},
    EngineMetric{kTgi, "tgi_request_input_length_sum", input_tokens, "1.0 to 3", {}, {}},
    EngineMetric{kTgi, "tgi_request_generated_tokens_sum", output_tokens, "1.0 to 3", {}, {}},
    EngineMetric{kTgi, "tgi_request_generated_tokens_count", requests, "1.0 to 3", {}, {}},
    EngineMetric{kTgi, "tgi_request_mean_time_per_token_duration_sum", tpot_sum, "1.0 to 3", {}, {}},
    EngineMetric{kTgi, "tgi_request_mean_time_per_token_duration_count", tpot_count, "1.0 to 3", {}, {}},
    EngineMetric{kTgi, "tgi_request_duration_sum", e2e_sum, "1.0 to 3", {}, {}},
    EngineMetric{kTgi, "tgi_request_duration_count", e2e_count, "1.0 to 3", {}, {}},
    EngineMetric{kTrtllm, "nv_trt_llm_request_metrics", running, "Triton", "request_type", "scheduled"},
    EngineMetric{kTrtllm, "nv_trt_llm_request_metrics", waiting, "Triton", "request_type", "waiting"},
    EngineMetric{kTrtllm, "nv_llm_input_token_len_sum", input_tokens, "Triton", {}, {}},
    EngineMetric{kTrtllm, "nv_llm_output_token_len_sum", output_tokens, "Triton", {}, {}},
    EngineMetric{kTrtllm, "nv_llm_output_token_len_count", requests, "Triton", {}, {}},
    EngineMetric{kTrtllm, "trtllm_num_requests_running", running, "trtllm-serve", {}, {}},
    EngineMetric{kTrtllm, "trtllm_request_success_total", requests, "trtllm-serve", {}, {}},
    EngineMetric{kTrtllm, "trtllm_time_to_first_token_seconds_sum", ttft_sum, "trtllm-serve", {}, {}},
    EngineMetric{kTrtllm, "trtllm_time_to_first_token_seconds_count", ttft_count, "trtllm-serve", {}, {}},
    EngineMetric{kTrtllm, "trtllm_time_per_output_token_seconds_sum", tpot_sum, "trtllm-serve", {}, {}},
    EngineMetric{kTrtllm, "trtllm_time_per_output_token_seconds_count", tpot_count, "trtllm-serve", {}, {}},
    EngineMetric{kTrtllm, "trtllm_e2e_request_latency_seconds_sum", e2e_sum, "trtllm-serve", {}, {}},
    EngineMetric{kTrtllm, "trtllm_e2e_request_latency_seconds_count", e2e_count, "trtllm-serve", {}, {}},
};

constexpr std::array<std::string_view, kRoles> kRoleTexts = {"requests running",
                                                             "requests waiting",
                                                             "input tokens",
                                                             "output tokens",
                                                             "requests completed",
                                                             "sum of TTFT",
                                                             "count of TTFT",
                                                             "sum of TPOT",
                                                             "count of TPOT",
                                                             "sum of latencies",
                                                             "count of latencies",
                                                             "tokens in the prefix cache",
                                                             "tokens looked up in the prefix cache"};

}  // namespace

std::string_view role_text(Role role) {
  return kRoleTexts[static_cast<std::size_t>(role)];
}

bool is_counter(Role role) {
  return role != running && role != waiting;
}

std::span<const EngineMetric> engine_metrics() {
  return kMetrics;
}

const EngineMetric* find_engine_metric(std::string_view name, std::string_view label_value) {
  const auto found = std::ranges::find_if(kMetrics, [&](const EngineMetric& metric) {
    return metric.name == name && (metric.value.empty() || metric.value == label_value);
  });
  return found == kMetrics.end() ? nullptr : &*found;
}

}  // namespace energylens::observe
