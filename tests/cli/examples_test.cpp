// SPDX-License-Identifier: Apache-2.0
// Every examples/NAME.sh is run in an empty folder with `energylens` on the PATH; what it prints is
// NAME.output.
#include <algorithm>

#include "cli/program.hpp"

namespace energylens::cli {
namespace {

std::vector<std::string> scripts() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(ENERGYLENS_EXAMPLES)) {
    if (entry.path().extension() == ".sh") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

class Example : public ProgramTest, public ::testing::WithParamInterface<std::string> {};

TEST_P(Example, PrintsItsTranscript) {
  const std::filesystem::path script = std::filesystem::path(ENERGYLENS_EXAMPLES) / (GetParam() + ".sh");
  const Outcome outcome =
      shell("PATH=\"$(dirname \"$ENERGYLENS\"):$PATH\" sh '" + script.string() + "' 2>&1");
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  std::filesystem::path transcript = script;
  expect_golden(transcript.replace_extension(".output"), outcome.out);
}

INSTANTIATE_TEST_SUITE_P(All, Example, ::testing::ValuesIn(scripts()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace energylens::cli
