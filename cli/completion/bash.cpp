// SPDX-License-Identifier: Apache-2.0
#include "cli/completion/scripts.hpp"

namespace energylens::cli {
namespace {

std::string blank_separated(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// "-o|--output"
std::string pattern_of(const ArgumentInfo& option) {
  std::string text;
  for (const std::string& name : option.names) text += (text.empty() ? "" : "|") + name;
  return text;
}

/// What follows the options of a command that take a value, then the words of its first argument, then its
/// options and whether files may follow.
std::string command_case(const Verb& verb) {
  std::string values, options, words;
  bool files = false;
  for (const ArgumentInfo& one : command_info(verb).arguments) {
    if (!one.is_option()) {
      files = files || one.names_files();
      if (!one.choices.empty()) words = blank_separated(one.choices);
      continue;
    }
    options += blank_separated(one.names) + ' ';
    if (one.value.empty()) continue;
    values += "        " + pattern_of(one) + ") " +
              (!one.choices.empty() ? "_energylens_words '" + blank_separated(one.choices) + '\''
               : one.names_files()  ? "_energylens_files"
                                    : ":") +
              "; return ;;\n";
  }
  std::string text = "    '" + std::string(verb.name) + "')\n";
  if (!values.empty()) text += "      case $previous in\n" + values + "      esac\n";
  if (!words.empty())
    text += "      if ((COMP_CWORD == 2)) && [[ $current != -* ]]; then _energylens_words '" + words +
            "'; return; fi\n";
  return text + "      _energylens_options '" + options + "-h --help'" + (files ? " files" : "") + " ;;\n";
}

}  // namespace

std::string bash_completion() {
  std::string families, commands;
  for (const std::string& first : first_words()) {
    const std::vector<std::string> second = second_words(first);
    if (second.empty()) continue;
    families += "  if [[ $command == " + first +
                " ]]; then\n    if ((COMP_CWORD == 2)); then _energylens_words '" + blank_separated(second) +
                "'; return; fi\n    command=\"" + first + " ${COMP_WORDS[2]}\"\n  fi\n";
  }
  for (const Verb& verb : verbs()) commands += command_case(verb);
  const std::string first = blank_separated(first_words());
  return R"(# SPDX-License-Identifier: Apache-2.0
# Completion of energylens for bash; printed by `energylens completion bash`.
_energylens_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }
_energylens_files() { mapfile -t COMPREPLY < <(compgen -f -- "$current"); }
_energylens_options() {
  if [[ $current == -* || $2 != files ]]; then _energylens_words "$1"; else _energylens_files; fi
}
_energylens() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} word
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then _energylens_words ')" +
         first + R"( -h --help --version'; return; fi
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $word == -- ]]; then mapfile -t COMPREPLY < <(compgen -c -f -- "$current"); return; fi
  done
  if [[ $current == = ]]; then current=''; elif [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi
)" + families +
         "  case $command in\n" + commands + "  esac\n}\ncomplete -o filenames -F _energylens energylens\n";
}

}  // namespace energylens::cli
