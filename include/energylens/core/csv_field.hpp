// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

namespace energylens {

/// `text` as one field of a CSV line (RFC 4180): in quotes, with its quotes doubled, where it holds a comma,
/// a quote or a line end.
std::string csv_field(std::string_view text);

}  // namespace energylens
