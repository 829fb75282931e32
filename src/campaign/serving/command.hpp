// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace energylens::campaign {

/// A command as words, by the rules of a shell for blanks, '...', "..." and backslashes, and no others.
/// Throws Error (usage) for an unmatched quotation mark.
std::vector<std::string> split_words(std::string_view command);

/// The text with each {name} replaced by its value; names that `values` does not hold stay.
using Values = std::vector<std::pair<std::string, std::string>>;
std::string fill(std::string_view text, const Values& values);

/// What may stand in braces in a server command.
/// Throws Error (usage) for a word in braces that is none of {tp} {pp} {dp} {ep} {gpus} {layout} {quant}
/// {model} {port} {api_key}.
void check_placeholders(std::string_view command);

}  // namespace energylens::campaign
