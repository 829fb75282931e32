// SPDX-License-Identifier: Apache-2.0
#include "campaign/serving/shell.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cstdio>

#include "core/text.hpp"
#include "energylens/core/error.hpp"

namespace energylens::campaign {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What /bin/sh prints.
std::string output_of_shell(const std::string& script) {
  const std::string line = "/bin/sh -c " + shell_quoted(script);
  std::FILE* const pipe = ::popen(line.c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer{};
  for (std::size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), n);
  ::pclose(pipe);
  return text;
}

TEST(Shell, AValueStaysOneWordWhereverItStands) {
  const Values values = {{"model", "Llama 3.1/8B"}, {"port", "80"}};
  for (const std::string place :
       {"{model}", "\"{model}\"", "'{model}'", "x\"\"{model}", "\"a\"'{model}'", "\\\"{model}"}) {
    const std::string out = output_of_shell(shell_script("printf '<%s>' " + place + " {port}", values));
    EXPECT_THAT(out, HasSubstr("Llama 3.1/8B>")) << place;
    EXPECT_THAT(out, testing::EndsWith("><80>")) << place;
  }
  EXPECT_EQ(output_of_shell(shell_script("printf '<%s>' a {model} b", {{"model", ""}})), "<a><><b>");
}

TEST(Shell, WhatAShellWouldObeyIsRefused) {
  for (const std::string evil : {"x$(touch p)",
                                 "x`touch p`",
                                 "x; touch p",
                                 "x | sh",
                                 "x && y",
                                 "x > p",
                                 "x'; touch p; '",
                                 "x\"; touch p; \"",
                                 "x\ntouch p",
                                 "x\\",
                                 "${IFS}",
                                 "*",
                                 "?",
                                 "[a]",
                                 "{a,b}",
                                 "#x",
                                 "!x",
                                 "(x)",
                                 "<p",
                                 "~root",
                                 "\x1b[31m",
                                 "\r"}) {
    for (const std::string name : {"model", "quant", "gpus", "layout", "api_key"}) {
      EXPECT_THROW(check_for_shell({{name, evil}}), Error) << evil;
      for (const std::string& place :
           {"{" + name + "}", "\"{" + name + "}\"", "'{" + name + "}'", "sh -c 'x {" + name + "}'"})
        EXPECT_THROW(shell_script("serve " + place, {{name, evil}}), Error) << evil << place;
    }
  }
}

TEST(Shell, AKeyIsNotShown) {
  try {
    check_for_shell({{"api_key", "sk-$ecret"}});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr("ecret")));
  }
}

TEST(Shell, NamesOfModelsPass) {
  EXPECT_NO_THROW(check_for_shell({{"model", "meta-llama/Llama-3.1-70B_Instruct@v1.0:q4+x=y,z^2~3"},
                                   {"quant", "fp8"},
                                   {"gpus", "GPU-1a2b,0"},
                                   {"model", "模型 8B"}}));
}

/// Whatever passes is printed as it is, in every place, and nothing else happens.
RC_GTEST_PROP(ShellProperty, WhatPassesIsTextInEveryPlace, ()) {
  const std::string value = *rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("ab1 $`'\"\\;|&<>()*?[]{}#!~/.:-_\n\t%")));
  try {
    check_for_shell({{"v", value}});
  } catch (const Error&) {
    return;
  }
  RC_ASSERT(output_of_shell(shell_script("printf '<%s>' {v} \"{v}\" '{v}'", {{"v", value}})) ==
            "<" + value + "><" + value + "><" + value + ">");
}

}  // namespace
}  // namespace energylens::campaign
