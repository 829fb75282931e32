// SPDX-License-Identifier: Apache-2.0
#include "cli/completion/scripts.hpp"

namespace energylens::cli {
namespace {

/// Inside '...' of zsh, with `special` characters of a specification behind backslashes.
std::string zsh_quoted(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      if (special.find(c) != special.npos || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

/// ':MODEL:_files', or '1:FORMAT:(vllm mlenergy)' and files after it.
std::string argument_specification(const ArgumentInfo& one, const std::string& action) {
  const std::string name = zsh_quoted(one.names.front(), ":");
  if (one.choices.empty())
    return std::string("      '") + (one.many ? "*" : "") + ':' + name + ':' + action + "' \\\n";
  return "      '1:" + name + ':' + action + "' \\\n" +
         (one.names_files() ? "      '*:FILE:_files' \\\n" : "");
}

/// '--form=[formula to fit]:law|power-time:(law power-time)' as _arguments takes it.
std::string specification(const ArgumentInfo& one) {
  std::string action;
  if (!one.choices.empty()) {
    for (const std::string& choice : one.choices) action += (action.empty() ? "(" : " ") + choice;
    action += ')';
  } else if (one.names_files()) {
    action = "_files";
  }
  if (!one.is_option()) return argument_specification(one, action);
  std::string text;
  for (const std::string& name : one.names) {
    const bool equals = !one.value.empty() && name.starts_with("--");  // --form=law or --form law
    text += "      '" + std::string(one.many ? "*" : "") + name + (equals ? "=" : "") + '[' +
            zsh_quoted(one.help, "[]:") + ']';
    if (!one.value.empty()) text += ':' + zsh_quoted(one.value, ":") + ':' + action;
    text += "' \\\n";
  }
  return text;
}

std::string described(std::string_view word, std::string_view sentence) {
  return "    '" + zsh_quoted(word, ":") + ':' + zsh_quoted(sentence, "") + "'\n";
}

}  // namespace

std::string zsh_completion() {
  std::string commands, families, cases;
  for (const std::string& first : first_words()) {
    const std::vector<std::string> second = second_words(first);
    std::string_view sentence = purpose(first);
    for (const Verb& verb : verbs()) {
      if (verb.name == first) sentence = verb.sentence;
    }
    commands += described(first, sentence);
    if (second.empty()) continue;
    families += "  if [[ $command == " + first + " ]]; then\n    if (( CURRENT == 3 )); then _values command";
    for (const std::string& word : second) families += ' ' + word;
    families +=
        "; return; fi\n    command=\"" + first + " $words[3]\"\n    shift words; (( CURRENT-- ))\n  fi\n";
  }
  for (const Verb& verb : verbs()) {
    const CommandInfo command = command_info(verb);
    cases += "    '" + std::string(verb.name) + "') _arguments -s -S \\\n";
    for (const ArgumentInfo& one : command.arguments) cases += specification(one);
    cases += "      '(-h --help)'{-h,--help}'[show the help of this command]' ;;\n";
  }
  return "#compdef energylens\n# SPDX-License-Identifier: Apache-2.0\n"
         "# Completion of energylens for zsh; printed by `energylens completion zsh`.\n_energylens() {\n"
         "  local -a commands=(\n" +
         commands +
         "  )\n  if (( CURRENT == 2 )); then\n"
         "    if [[ $words[2] == -* ]]; then compadd -- --help --version; else _describe command commands; fi\n"
         "    return\n  fi\n  local command=$words[2]\n" +
         families +
         "  local -i at=${words[(i)--]}  # a command follows\n"
         "  if (( at < CURRENT )); then shift $at words; (( CURRENT -= at )); _normal; return; fi\n"
         "  shift words; (( CURRENT-- ))\n  case $command in\n" +
         cases + "  esac\n}\n_energylens \"$@\"\n";
}

}  // namespace energylens::cli
