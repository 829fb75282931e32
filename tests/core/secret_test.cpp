// SPDX-License-Identifier: Apache-2.0
#include "core/secret.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace energylens {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(WithoutSecret, MasksTheWholeAndEveryPartThatACutLeaves) {
  const std::string key = "sk-very-secret-1234567890";
  EXPECT_EQ(without_secret("bad key " + key + " given", key), "bad key [key] given");
  EXPECT_EQ(without_secret(key + key, key), "[key]");
  for (std::size_t size = 8; size < key.size(); ++size) {
    EXPECT_EQ(without_secret("bad key " + key.substr(0, size), key), "bad key [key]") << size;
    EXPECT_EQ(without_secret("bad key " + key.substr(0, size) + "...", key), "bad key [key]...") << size;
    EXPECT_EQ(without_secret(key.substr(key.size() - size) + " is bad", key), "[key] is bad") << size;
  }
  EXPECT_EQ(without_secret("a short sk-very stays", key), "a short sk-very stays");
  EXPECT_EQ(without_secret("x abc y", "abc"), "x [key] y");
  EXPECT_EQ(without_secret("anything", ""), "anything");
  EXPECT_EQ(without_secret("", key), "");
}

TEST(WithoutKeys, MasksValuesByTheirName) {
  EXPECT_THAT(without_keys({"serve", "--api-key", "abc", "--hf-token=def", "-x", "PASSWORD=ghi", "--secret",
                            "--next"}),
              ElementsAre("serve", "--api-key", "[key]", "--hf-token=[key]", "-x", "PASSWORD=[key]",
                          "--secret", "--next"));
  EXPECT_THAT(
      without_keys({"serve", "--max-tokens", "128", "--tokenizer", "x", "--max-num-batched-tokens=8", "key"}),
      ElementsAre("serve", "--max-tokens", "128", "--tokenizer", "x", "--max-num-batched-tokens=8", "key"));
}

TEST(WithoutKeys, MasksWhatLooksLikeAKey) {
  for (const std::string key :
       {"sk-abcdefghijkl1234", "hf_abcdefghijkl1234", "ghp_abcdefghijkl1234", "AKIAABCDEFGHIJKL"}) {
    const std::vector<std::string> shown = without_keys({"sh", "-c", "run --with " + key + " now"});
    EXPECT_EQ(shown.back(), "run --with [key] now");
  }
  EXPECT_EQ(without_keys({"task-sk-1"}).front(), "task-sk-1");
  EXPECT_EQ(without_keys({"http://me:pw@host:80/x"}).front(), "http://me:[key]@host:80/x");
  EXPECT_EQ(without_keys({"http://host:80/x@y"}).front(), "http://host:80/x@y");
  EXPECT_EQ(without_keys({"Authorization: Bearer abc"}).front(), "Authorization: Bearer [key]");
}

}  // namespace
}  // namespace energylens
