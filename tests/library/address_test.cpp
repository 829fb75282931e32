// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "energylens/core/error.hpp"
#include "energylens/library/library.hpp"

namespace energylens::library {
namespace {

TEST(Address, NamesModelGpuAndQuantisation) {
  const System system = parse_address("library:llama-3.1-70b@h100-80gb-sxm:fp8");
  EXPECT_EQ(system.model, "llama-3.1-70b");
  EXPECT_EQ(system.gpu, "h100-80gb-sxm");
  EXPECT_EQ(system.quant, "fp8");
  EXPECT_EQ(system.address(), "library:llama-3.1-70b@h100-80gb-sxm:fp8");
}

TEST(Address, MayLeaveOutTheQuantisation) {
  const System system = parse_address("library:Qwen/Qwen3-32B@MI300X");
  EXPECT_EQ(system.model, "Qwen/Qwen3-32B");
  EXPECT_EQ(system.quant, "");
  EXPECT_EQ(system.address(), "library:qwen/qwen3-32b@mi300x");
}

TEST(Address, RefusesTextWithoutAModelOrGpu) {
  for (const char* text :
       {"library:", "library:llama", "library:@h100", "library:llama@", "library:llama@:fp8", "model.json"})
    EXPECT_THROW(parse_address(text), Error) << text;
}

TEST(Address, IsToldFromAFileByItsScheme) {
  EXPECT_TRUE(is_address("library:a@b"));
  EXPECT_FALSE(is_address("library.json"));
  EXPECT_FALSE(is_address("./library:a@b"));
}

}  // namespace
}  // namespace energylens::library
