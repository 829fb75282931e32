// SPDX-License-Identifier: Apache-2.0
// A value may come from a plan or table of somebody else. Those that are more than text to a shell are refused; blanks
// are quoted for their place, so that a value stays one word. Held by shell_test.cpp, which runs the scripts.
#include "campaign/serving/shell.hpp"

#include <algorithm>

#include "campaign/plan.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"

namespace energylens::campaign {
namespace {

bool is_plain(unsigned char c) {
  constexpr std::string_view kPlain = "_-./:@%+=,^~ ";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80 ||
         kPlain.find(static_cast<char>(c)) != kPlain.npos;
}

/// Where a character of a script stands.
enum class ShellPlace { bare, single_quotes, double_quotes };

/// The place after `text`, which begins at `place`.
ShellPlace place_after(std::string_view text, ShellPlace place) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (place == ShellPlace::single_quotes) {
      if (c == '\'') place = ShellPlace::bare;
    } else if (c == '\\') {
      ++i;
    } else if (c == '"') {
      place = place == ShellPlace::bare ? ShellPlace::double_quotes : ShellPlace::bare;
    } else if (c == '\'' && place == ShellPlace::bare) {
      place = ShellPlace::single_quotes;
    }
  }
  return place;
}

}  // namespace

void check_for_shell(const Values& values) {
  for (const auto& [name, value] : values) {
    if (std::ranges::all_of(value, [](char c) { return is_plain(static_cast<unsigned char>(c)); }) &&
        !value.starts_with('~'))
      continue;
    const bool secret = name == "api_key";
    throw Error::usage("{" + name + "} is " + (secret ? "a key" : quote(value)) +
                       ", which contains characters that are special in a shell; rename it, or omit --shell");
  }
}

void check_shell_names(const Plan& plan) {
  for (const Deployment& one : plan.deployments())
    check_for_shell({{"model", one.model}, {"quant", one.quant}});
}

std::string shell_script(std::string_view command, const Values& values) {
  check_for_shell(values);
  std::string script;
  ShellPlace place = ShellPlace::bare;
  while (!command.empty()) {
    // The first placeholder splits the rest in two.
    std::size_t begin = command.size(), end = begin;
    std::string_view value;
    for (const auto& [name, text] : values) {
      const std::string mark = '{' + name + '}';
      const std::size_t at = command.find(mark);
      if (at >= begin) continue;
      begin = at;
      end = at + mark.size();
      value = text;
    }
    script += command.substr(0, begin);
    place = place_after(command.substr(0, begin), place);
    if (begin < end) script += place == ShellPlace::bare ? shell_quoted(value) : std::string(value);
    command.remove_prefix(end);
  }
  return script;
}

}  // namespace energylens::campaign
