// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdlib>
#include <string>

#include "energylens/core/error.hpp"

namespace energylens::fuzz {

/// Stops the fuzzer, and a test that replays its corpus, where a property does not hold.
inline void require(bool held) {
  if (!held) std::abort();
}

inline bool is_one_line(const std::string& text) {
  return text.find_first_of("\r\n") == std::string::npos;
}

/// What is not understood must be refused by an Error of one line that calls the input bad.
template <class Work>
void understand_or_refuse(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    require(error.code() == ErrorCode::bad_input && is_one_line(error.what()));
  }
}

}  // namespace energylens::fuzz
