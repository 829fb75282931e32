// SPDX-License-Identifier: Apache-2.0
// A stream from anywhere, whole and byte by byte: the same completion either way, and a problem of one line
// or none. tests/load/fuzz_replay_test.cpp replays the corpus without a fuzzer.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "load/openai.hpp"

namespace {

energylens::load::Completion read(std::string_view stream, std::size_t step) {
  energylens::load::Completion completion;
  energylens::load::AnswerReader reader(completion);
  completion.begin_s = 0;
  for (std::size_t begin = 0; begin < stream.size(); begin += step)
    reader.feed(stream.substr(begin, step), 1);
  reader.end(1);
  return completion;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view stream(reinterpret_cast<const char*>(data), size);
  const auto whole = read(stream, std::max<std::size_t>(size, 1)), bytes = read(stream, 1);
  if (whole.problem != bytes.problem || whole.gaps_s.size() != bytes.gaps_s.size()) std::abort();
  if (whole.problem.find_first_of("\r\n") != std::string::npos) std::abort();
  return 0;
}
