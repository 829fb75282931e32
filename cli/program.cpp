// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "cli/console.hpp"
#include "cli/help/text.hpp"
#include "cli/verb.hpp"
#include "core/nearest_name.hpp"
#include "core/text.hpp"

namespace energylens::cli {
namespace {

bool asks_help(const std::string& word) {
  return word == "--help" || word == "-h";
}

std::string joined(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

int parse_and_run(const Verb& verb, std::span<const std::string> words) {
  Arguments args("energylens " + std::string(verb.name), verb.sentence);
  const Run run = verb.setup(args);
  const auto length = 1 + std::ranges::count(verb.name, ' ');
  if (!args.parse(words.subspan(static_cast<std::size_t>(length)))) {
    print(help_text(args.info()));
    return kOk;
  }
  return run();
}

int run_verb(const Verb& verb, std::span<const std::string> words) {
  try {
    return parse_and_run(verb, words);
  } catch (const std::exception& error) {
    if (verb.failure_code == 0 || interrupted().cancelled()) throw;
    report_error(error);
    return verb.failure_code;
  }
}

}  // namespace

std::string_view purpose(std::string_view family) {
  if (family == "table") return "Check, create, filter, join and convert measurement tables.";
  if (family == "library") return "Laws fitted to public measurements, for systems without measurements.";
  return "Predict the energy of LLM inference and choose the configuration that uses the least.";
}

const Verb* find_verb(std::span<const std::string> words) {
  for (std::size_t length = std::min<std::size_t>(2, words.size()); length > 0; --length) {
    const auto found = std::ranges::find(verbs(), joined(words.first(length)), &Verb::name);
    if (found != verbs().end()) return &*found;
  }
  return nullptr;
}

bool is_family(std::string_view word) {
  return std::ranges::any_of(verbs(), [&](const Verb& verb) {
    return verb.name.size() > word.size() && verb.name.starts_with(word) && verb.name[word.size()] == ' ';
  });
}

/// "check, template or convert" of "table".
std::string listed_in(std::string_view family) {
  std::vector<std::string> commands;
  for (const Verb& verb : verbs()) {
    if (verb.name.starts_with(std::string(family) + ' '))
      commands.emplace_back(verb.name.substr(family.size() + 1));
  }
  const std::string last = commands.back();
  commands.pop_back();
  return join(commands, ", ") + " or " + last;
}

void refuse_verb(std::span<const std::string> words) {
  if (words.size() == 1 && is_family(words.front()))
    throw Error::usage(words.front() + " requires a command: " + listed_in(words.front()));
  std::vector<std::string_view> names;
  for (const Verb& verb : verbs()) names.push_back(verb.name);
  const std::string two = joined(words.first(std::min<std::size_t>(2, words.size())));
  const std::optional<std::string> near_two = nearest_name(two, names);
  const std::string name = near_two || is_family(words.front()) ? two : words.front();
  const std::optional<std::string> near = near_two ? near_two : nearest_name(name, names);
  throw Error::usage("unknown command \"" + name + '"' +
                     (near ? "; did you mean \"" + *near + "\"?" : "; see energylens --help"));
}

CommandInfo command_info(const Verb& verb) {
  Arguments args("energylens " + std::string(verb.name), verb.sentence);
  verb.setup(args);
  return args.info();
}

std::string overview(std::string_view family) {
  std::string text = std::string(purpose(family)) + "\n\nUsage: energylens " +
                     std::string(family.empty() ? "" : std::string(family) + ' ') +
                     "COMMAND [OPTIONS]\n\nCommands:\n";
  std::size_t width = 0;
  for (const Verb& verb : verbs()) width = std::max(width, verb.name.size());
  for (const Verb& verb : verbs()) {
    if (!verb.name.starts_with(family)) continue;
    text += "  " + std::string(verb.name) + std::string(width + 2 - verb.name.size(), ' ') +
            std::string(verb.sentence) + '\n';
  }
  if (family.empty())
    text += "\nOptions:\n  -h, --help      Show this help.\n  --version       Show the version.\n";
  return text + "\nRun `energylens help COMMAND` for the options of a command and an example.\n";
}

int run_program(std::span<const std::string> words) {
  if (words.empty()) {
    note(overview());
    return kUsage;
  }
  if (const Verb* verb = find_verb(words)) return run_verb(*verb, words);
  if (asks_help(words.front())) {
    print(overview());
    return kOk;
  }
  if (words.front() == "--version") {
    print("energylens " ENERGYLENS_VERSION "\n");
    return kOk;
  }
  if (is_family(words.front()) && words.size() > 1 && (asks_help(words[1]) || words[1] == "help")) {
    print(overview(words.front()));
    return kOk;
  }
  refuse_verb(words);
}

}  // namespace energylens::cli
