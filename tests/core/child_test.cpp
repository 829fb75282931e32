// SPDX-License-Identifier: Apache-2.0
#include "core/child.hpp"

#include <gtest/gtest.h>

#include "energylens/core/error.hpp"

namespace energylens {
namespace {

TEST(Child, IsAFunctionOfText) {
  const ChildResult result = run_child({"sh", "-c", "cat; echo wrong >&2; exit 3"}, "in\n", "");
  EXPECT_EQ(result.out, "in\n");
  EXPECT_EQ(result.err, "wrong\n");
  EXPECT_EQ(result.code, 3);
}

TEST(Child, MuchTextBothWaysDoesNotBlock) {
  const std::string much(3'000'000, 'x');
  EXPECT_EQ(run_child({"cat"}, much, "").out.size(), much.size());
  EXPECT_EQ(run_child({"true"}, much, "").code, 0) << "it does not read its input";
}

TEST(Child, ASignalIsItsCode) {
  EXPECT_EQ(run_child({"sh", "-c", "kill -KILL $$"}, "", "").code, 128 + 9);
}

TEST(Child, AProgramThatIsMissingIsSaid) {
  try {
    run_child({"no-such-program-here"}, "", "install it");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "install it");
  }
}

}  // namespace
}  // namespace energylens
