// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "energylens/core/error.hpp"

namespace energylens::importers {

/// "this looks like a result of guidellm; ..." and what to do, for a file that is not of `format`. Empty for one that is, and
/// for one that looks like nothing known.
std::string foreign_text(std::string_view text, std::string_view format);

/// What `read` returns. An Error of it for a file that looks like another kind of file says so instead.
template <class Read>
auto explained(std::string_view text, const std::string& file, std::string_view format, const Read& read) {
  try {
    return read();
  } catch (const Error& error) {
    const std::string foreign = foreign_text(text, format);
    if (foreign.empty() || error.code() != ErrorCode::bad_input) throw;
    throw Error::bad_input({file, 0, {}}, foreign);
  }
}

}  // namespace energylens::importers
