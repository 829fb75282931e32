// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace energylens::campaign {

/// Tokens that the KV cache of one replica holds, by a server's start-up log: of vLLM, SGLang,
/// TensorRT-LLM or llama.cpp. The least of several lines: of replicas, and of pipeline stages. Unknown if no
/// line states it.
double kv_capacity_in_log(std::string_view log);

/// The same by vLLM's page of metrics (blocks and their size). Unknown for any other text.
double kv_capacity_in_metrics(std::string_view page);

}  // namespace energylens::campaign
