// SPDX-License-Identifier: Apache-2.0
#include "observe/engine_metrics.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace energylens::observe {
namespace {

TEST(EngineMetrics, NamesAreUniqueAndEveryEngineHasLoadAndTokens) {
  std::set<std::string> names;
  for (const EngineMetric& metric : engine_metrics()) {
    EXPECT_TRUE(names.insert(std::string(metric.name) + std::string(metric.value)).second) << metric.name;
    EXPECT_EQ(find_engine_metric(metric.name, metric.value), &metric);
    EXPECT_FALSE(role_text(metric.role).empty());
    if (metric.name.ends_with("_total") || metric.name.ends_with("_sum") || metric.name.ends_with("_count")) {
      EXPECT_TRUE(is_counter(metric.role)) << metric.name;
    }
  }
  for (const char* engine : {"vLLM", "SGLang", "TGI", "TensorRT-LLM"}) {
    for (const Role role :
         {Role::running, Role::waiting, Role::input_tokens, Role::output_tokens, Role::requests}) {
      bool has = false;
      for (const EngineMetric& metric : engine_metrics())
        has = has || (metric.engine == engine && metric.role == role);
      EXPECT_TRUE(has) << engine << " " << role_text(role);
    }
  }
  EXPECT_EQ(find_engine_metric("up"), nullptr);
}

}  // namespace
}  // namespace energylens::observe
