// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/core/error.hpp"

namespace energylens::table {

/// The text of the Error that `call` throws, or "no error". Texts of more than one line are marked.
template <class Call>
std::string error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    const std::string text = error.what();
    return text.find('\n') == std::string::npos ? text : "MORE THAN ONE LINE: " + text;
  }
  return "no error";
}

}  // namespace energylens::table
