// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace energylens {

/// The text with "[key]" in place of the secret, and of every part of it of at least 8 bytes: a text that was cut may
/// hold its beginning or its end alone. An empty secret changes nothing.
std::string without_secret(std::string_view text, std::string_view secret);

/// The words of a command as a report may show them: "[key]" in place of values that are keys by the name of their
/// option or variable (--api-key K, --hf-token=K, PASSWORD=K), of what looks like a key of a known service (sk-..., hf_...),
/// and of the password in a URL.
std::vector<std::string> without_keys(const std::vector<std::string>& words);

}  // namespace energylens
