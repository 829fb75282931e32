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

/// "-n '__energylens_in table check'": the words of the command came first.
std::string inside(std::string_view command) {
  return "complete -c energylens -n '__energylens_in " + std::string(command) + '\'';
}

/// "-n '__energylens_after table'": nothing but these words came before.
std::string after(std::string_view words) {
  return "complete -c energylens -n '__energylens_after" + (words.empty() ? "" : ' ' + std::string(words)) +
         '\'';
}

std::string offered(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return " -a " + fish_quoted(text);
}

std::string option_line(const ArgumentInfo& one) {
  std::string text;
  for (const std::string& name : one.names)
    text += (name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1));
  if (!one.choices.empty()) {
    text += " -x" + offered(one.choices);
  } else if (!one.value.empty()) {
    text += one.names_files() ? " -r -F" : " -x";
  }
  return text + " -d " + fish_quoted(one.help) + '\n';
}

/// The options and arguments of one command.
std::string command_lines(const Verb& verb) {
  const CommandInfo command = command_info(verb);
  std::string text;
  for (const ArgumentInfo& one : command.arguments) {
    if (one.is_option()) {
      text += inside(verb.name) + option_line(one);
      continue;
    }
    if (!one.choices.empty()) text += after(verb.name) + offered(one.choices) + '\n';
    if (!one.names_files()) continue;
    const std::string_view first = one.choices.empty() ? "" : "; and not __energylens_after ";
    text += "complete -c energylens -n '__energylens_in " + std::string(verb.name) + std::string(first) +
            (first.empty() ? "" : std::string(verb.name)) + "' -F\n";
  }
  if (command.takes_command)
    text += "complete -c energylens -n '__energylens_in " + std::string(verb.name) +
            "; and contains -- -- (commandline -opc)' -F -a '(__fish_complete_command)'\n";
  return text;
}

}  // namespace

std::string fish_completion() {
  std::string text =
      R"(# SPDX-License-Identifier: Apache-2.0
# Completion of energylens for fish; printed by `energylens completion fish`.
function __energylens_in
    set -l words (commandline -opc)
    set -l last (math 1 + (count $argv))
    test (count $words) -ge $last; and test "$words[2..$last]" = "$argv"
end
function __energylens_after
    set -l words (commandline -opc)
    test (count $words) -eq (math 1 + (count $argv)); and test "$words[2..-1]" = "$argv"
end
complete -c energylens -f
complete -c energylens -s h -l help -d 'show help'
complete -c energylens -n '__energylens_after' -l version -d 'show the version'
)";
  for (const std::string& first : first_words()) {
    if (!second_words(first).empty())
      text += after("") + " -a " + first + " -d " + fish_quoted(purpose(first)) + '\n';
  }
  for (const Verb& verb : verbs()) {
    const std::size_t blank = verb.name.find(' ');
    const bool alone = blank == verb.name.npos;
    text += after(alone ? "" : verb.name.substr(0, blank)) + " -a " +
            std::string(alone ? verb.name : verb.name.substr(blank + 1)) + " -d " +
            fish_quoted(verb.sentence) + '\n' + command_lines(verb);
  }
  return text;
}

}  // namespace energylens::cli
