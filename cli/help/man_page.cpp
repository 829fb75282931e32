// SPDX-License-Identifier: Apache-2.0
#include "cli/help/man_page.hpp"

#include <algorithm>

#include "cli/help/text.hpp"

namespace energylens::cli {
namespace {

/// Text as roff prints it: a hyphen is one that can be copied, and no line begins a request.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'') {
      out += "\\(aq";
    } else if (c == '`') {
      out += "\\(ga";
    } else {
      out += c;
    }
  }
  return !out.empty() && out.front() == '.' ? "\\&" + out : out;
}

std::string bold(std::string_view text) {
  return "\\fB" + escaped(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + escaped(text) + "\\fR";
}

std::string page_name(std::string_view verb) {
  std::string name = "energylens" + (verb.empty() ? std::string() : '-' + std::string(verb));
  std::ranges::replace(name, ' ', '-');
  return name;
}

std::string heading(const std::string& name) {
  std::string upper = name;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return ".TH \"" + escaped(upper) +
         "\" \"1\" \"\" \"EnergyLens " ENERGYLENS_VERSION "\" \"EnergyLens Manual\"\n";
}

std::string entry(const ArgumentInfo& one) {
  std::string syntax;
  for (const std::string& name : one.names)
    syntax += (syntax.empty() ? "" : ", ") + (one.is_option() ? bold(name) : italic(name));
  if (!one.is_option() && one.many) syntax += "...";
  if (!one.value.empty()) syntax += ' ' + italic(one.value);
  return ".TP\n" + syntax + '\n' + escaped(one.help) + '\n';
}

std::string exit_status() {
  std::string text = ".SH EXIT STATUS\n";
  for (const ExitCodeInfo& one : exit_codes())
    text += ".TP\n" + bold(std::to_string(one.code)) + '\n' + escaped(one.meaning) + '\n';
  return text;
}

}  // namespace

std::string man_page_name(const Verb& verb) {
  return page_name(verb.name) + ".1";
}

std::string man_page(const Verb& verb) {
  const CommandInfo command = command_info(verb);
  const std::string name = page_name(verb.name);
  std::string synopsis = bold(command.name) + " [" + italic("OPTIONS") + ']', arguments, options;
  for (const ArgumentInfo& one : command.arguments) {
    (one.is_option() ? options : arguments) += entry(one);
    if (one.is_option()) continue;
    const std::string shown = italic(one.names.front()) + (one.many ? "..." : "");
    synopsis += one.required ? ' ' + shown : " [" + shown + ']';
  }
  if (command.takes_command) synopsis += " \\-\\- " + italic("COMMAND") + " [" + italic("ARGUMENTS") + ']';
  options += ".TP\n" + bold("-h") + ", " + bold("--help") + "\nshow the help of this command\n";
  std::string text = heading(name) + ".SH NAME\n" + escaped(name) + " \\- " + escaped(verb.sentence) +
                     "\n.SH SYNOPSIS\n" + synopsis + '\n';
  if (!arguments.empty()) text += ".SH ARGUMENTS\n" + arguments;
  text += ".SH OPTIONS\n" + options;
  if (!command.examples.empty()) {
    text += ".SH EXAMPLES\n.nf\n";
    for (const std::string& example : command.examples) text += escaped(example) + '\n';
    text += ".fi\n";
  }
  return text + exit_status() + ".SH SEE ALSO\n.BR energylens (1)\n";
}

std::string man_page() {
  std::string text =
      heading("energylens") +
      ".SH NAME\nenergylens \\- predict and reduce the energy of LLM inference\n.SH SYNOPSIS\n" +
      bold("energylens") + ' ' + italic("COMMAND") + " [" + italic("OPTIONS") + "]\n.SH COMMANDS\n";
  for (const Verb& verb : verbs()) text += ".TP\n" + bold(verb.name) + '\n' + escaped(verb.sentence) + '\n';
  text += exit_status() + ".SH SEE ALSO\n";
  for (const Verb& verb : verbs())
    text += ".BR " + escaped(page_name(verb.name)) + " (1)" + (&verb == &verbs().back() ? "\n" : ",\n");
  return text;
}

}  // namespace energylens::cli
