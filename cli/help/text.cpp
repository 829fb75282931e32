// SPDX-License-Identifier: Apache-2.0
#include "cli/help/text.hpp"

#include <algorithm>

namespace energylens::cli {
namespace {

constexpr std::size_t kHelpColumn = 30, kHelpWidth = 100;

/// `text` from column kHelpColumn on, broken between words.
std::string wrapped(const std::string& text) {
  std::string out;
  std::size_t column = kHelpColumn;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (column > kHelpColumn && column + 1 + (end - begin) > kHelpWidth) {
      out += '\n' + std::string(kHelpColumn, ' ');
      column = kHelpColumn;
    } else if (column > kHelpColumn) {
      out += ' ';
      ++column;
    }
    out += text.substr(begin, end - begin);
    column += end - begin;
    begin = end + 1;
  }
  return out;
}

/// One entry: the syntax, and the help next to it or, where the syntax is long, below it.
std::string entry(const std::string& syntax, const std::string& help) {
  std::string text = "  " + syntax;
  if (text.size() + 2 > kHelpColumn) {
    text += '\n' + std::string(kHelpColumn, ' ');
  } else {
    text += std::string(kHelpColumn - text.size(), ' ');
  }
  return text + wrapped(help) + '\n';
}

}  // namespace

std::string syntax_text(const ArgumentInfo& argument) {
  if (!argument.is_option()) return argument.names.front() + (argument.many ? "..." : "");
  std::string text = argument.names.size() > 1 ? "" : "    ";
  for (const std::string& name : argument.names) text += (text.empty() || text == "    " ? "" : ", ") + name;
  return argument.value.empty() ? text : text + ' ' + argument.value;
}

std::string usage_text(const CommandInfo& command) {
  std::string text = command.name + " [OPTIONS]";
  for (const ArgumentInfo& one : command.arguments) {
    if (!one.is_option()) text += one.required ? ' ' + syntax_text(one) : " [" + syntax_text(one) + ']';
  }
  return command.takes_command ? text + " -- COMMAND [ARGUMENTS]" : text;
}

std::string help_text(const CommandInfo& command) {
  std::string arguments, options;
  for (const ArgumentInfo& one : command.arguments)
    (one.is_option() ? options : arguments) += entry(syntax_text(one), one.help);
  options += entry("-h, --help", "show this help");
  std::string text = command.sentence + "\n\nUsage: " + usage_text(command) + '\n';
  if (!arguments.empty()) text += "\nArguments:\n" + arguments;
  text += "\nOptions:\n" + options;
  if (!command.examples.empty()) text += command.examples.size() > 1 ? "\nExamples:\n" : "\nExample:\n";
  for (const std::string& example : command.examples) text += "  " + example + '\n';
  return text;
}

}  // namespace energylens::cli
