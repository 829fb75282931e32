// SPDX-License-Identifier: Apache-2.0
#include "cli/completion/scripts.hpp"

namespace energylens::cli {
namespace {

std::string fish_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + '\'';
}

/// Where the options of a command hold.
std::string condition(std::string_view name) {
  const std::size_t blank = name.find(' ');
  std::string text = "__fish_seen_subcommand_from " + std::string(name.substr(0, blank));
  if (blank != name.npos) text += "; and __fish_seen_subcommand_from " + std::string(name.substr(blank + 1));
  return fish_quoted(text);
}

std::string option_line(const std::string& where, const ArgumentInfo& one) {
  std::string text = "complete -c energylens -n " + where;
  for (const std::string& name : one.names)
    text += (name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1));
  if (!one.choices.empty()) {
    std::string choices;
    for (const std::string& choice : one.choices) choices += (choices.empty() ? "" : " ") + choice;
    text += " -x -a " + fish_quoted(choices);
  } else if (!one.value.empty()) {
    text += names_file(one) ? " -r -F" : " -x";
  }
  return text + " -d " + fish_quoted(one.help) + '\n';
}

}  // namespace

std::string fish_completion() {
  std::string text =
      "# SPDX-License-Identifier: Apache-2.0\n# Completion of energylens for fish; printed by `energylens completion fish`.\n"
      "complete -c energylens -f\n";
  for (const Verb& verb : verbs()) {
    const std::size_t blank = verb.name.find(' ');
    const std::string first(verb.name.substr(0, blank));
    const std::string where = blank == verb.name.npos ? std::string("__fish_use_subcommand")
                                                      : "__fish_seen_subcommand_from " + first;
    if (blank != verb.name.npos)
      text += "complete -c energylens -n '__fish_use_subcommand' -a " + first + '\n';
    text += "complete -c energylens -n " + fish_quoted(where) + " -a " +
            std::string(blank == verb.name.npos ? first : verb.name.substr(blank + 1)) + " -d " +
            fish_quoted(verb.sentence) + '\n';
    const std::string holds = condition(verb.name);
    for (const ArgumentInfo& one : command_info(verb).arguments) {
      if (one.is_option()) {
        text += option_line(holds, one);
      } else if (names_file(one)) {
        text += "complete -c energylens -n " + holds + " -F\n";
      }
    }
  }
  return text;
}

}  // namespace energylens::cli
