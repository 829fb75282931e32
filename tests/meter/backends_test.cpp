// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "energylens/meter/meter.hpp"
#include "meter/environment.hpp"
#include "table/expect_error.hpp"

namespace energylens::meter {
namespace {

TEST(Backends, AreFoundByNameAndANearOneIsOffered) {
  EXPECT_EQ(find_backend("rapl").name, "rapl");
  EXPECT_EQ(table::error_of([] { find_backend("nmvl"); }), "unknown meter \"nmvl\"; did you mean \"nvml\"?");
  EXPECT_EQ(table::error_of([] { find_backend("steam"); }),
            "unknown meter \"steam\"; available: nvml, rocm, intel, rapl, dcgm, nvidia-smi, replay");
}

TEST(Backends, TakeTheirSourceFromFlagThenEnvironmentThenDefault) {
  const Backend& nvml = find_backend("nvml");
  EXPECT_EQ(options_for(nvml).source, "libnvidia-ml.so.1");
  const Environment library("ENERGYLENS_NVML_LIBRARY", "/a.so"), visible("CUDA_VISIBLE_DEVICES", "1");
  EXPECT_EQ(options_for(nvml).source, "/a.so");
  EXPECT_EQ(options_for(nvml).visible, "1");
  EXPECT_EQ(options_for(nvml, "/b.so").source, "/b.so");
}

TEST(Backends, ScopesHaveWords) {
  for (const Scope scope : {Scope::gpu, Scope::module, Scope::package, Scope::dram}) {
    EXPECT_EQ(find_scope(scope_text(scope)), scope);
  }
  EXPECT_EQ(find_scope("rack"), std::nullopt);
}

}  // namespace
}  // namespace energylens::meter
