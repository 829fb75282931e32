// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "energylens/importers/import.hpp"

namespace energylens::importers {

/// The whole content of a file of the request; "-" is standard input, which is read once.
std::string text_of(const std::string& file, const Request& request);

/// As much of the beginning of a file as its format is recognised by, without a byte-order mark and blanks. Throws
/// Error::cannot_read.
std::string beginning_of(const std::string& file);
/// The same of a text.
std::string_view beginning_of_text(std::string_view text);

/// Whether the text fits the signature.
bool fits(const Signature& signature, std::string_view beginning);

/// Whether the text is a JSON report of `energylens meter`.
bool is_meter_report(std::string_view beginning);

}  // namespace energylens::importers
