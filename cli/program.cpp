// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <vector>

#include "cli/console.hpp"
#include "cli/verb.hpp"
#include "energylens/core/nearest_name.hpp"

namespace energylens::cli {
namespace {

bool asks_help(const std::string& word) {
  return word == "--help" || word == "-h" || word == "help";
}

std::string joined(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// The verb that the first one or two words name.
const Verb* find_verb(std::span<const Verb> verbs, std::span<const std::string> words) {
  for (std::size_t length = std::min<std::size_t>(2, words.size()); length > 0; --length) {
    const auto found = std::ranges::find(verbs, joined(words.first(length)), &Verb::name);
    if (found != verbs.end()) return &*found;
  }
  return nullptr;
}

bool is_family(std::span<const Verb> verbs, const std::string& word) {
  return std::ranges::any_of(verbs, [&](const Verb& verb) { return verb.name.starts_with(word + ' '); });
}

[[noreturn]] void refuse_verb(std::span<const Verb> verbs, std::span<const std::string> words) {
  std::vector<std::string_view> names;
  for (const Verb& verb : verbs) names.push_back(verb.name);
  const std::string two = joined(words.first(std::min<std::size_t>(2, words.size())));
  const std::optional<std::string> near_two = nearest_name(two, names);
  const std::string name = near_two || is_family(verbs, words.front()) ? two : words.front();
  const std::optional<std::string> near = near_two ? near_two : nearest_name(name, names);
  throw Error::usage("\"" + name + "\" is no verb of energylens" +
                     (near ? "; did you mean \"" + *near + "\"?" : "; see energylens --help"));
}

int parse_and_run(const Verb& verb, std::span<const std::string> words) {
  Arguments args("energylens " + std::string(verb.name), verb.sentence);
  const Run run = verb.setup(args);
  const auto length = 1 + std::ranges::count(verb.name, ' ');
  if (!args.parse(words.subspan(static_cast<std::size_t>(length)))) {
    print(args.help());
    return kOk;
  }
  return run();
}

int run_verb(const Verb& verb, std::span<const std::string> words) {
  try {
    return parse_and_run(verb, words);
  } catch (const std::exception& error) {
    if (verb.failure_code == 0 || interrupted().cancelled()) throw;
    note("energylens: " + std::string(error.what()));
    return verb.failure_code;
  }
}

/// What the program is for, or what a family of verbs is.
std::string_view purpose(std::string_view family) {
  if (family == "table")
    return "Measurement tables: check what is in them, start one, filter, join and convert them.";
  return "The energy of LLM inference serving by one closed-form law.";
}

}  // namespace

std::string overview(std::span<const Verb> verbs, std::string_view family) {
  std::string text = std::string(purpose(family)) + "\nUsage: energylens " +
                     std::string(family.empty() ? "" : std::string(family) + ' ') +
                     "VERB ... | --help | --version\n\nVerbs:\n";
  std::size_t width = 0;
  for (const Verb& verb : verbs) width = std::max(width, verb.name.size());
  for (const Verb& verb : verbs) {
    if (!verb.name.starts_with(family)) continue;
    text += "  " + std::string(verb.name) + std::string(width + 2 - verb.name.size(), ' ') +
            std::string(verb.sentence) + '\n';
  }
  return text + "\nenergylens VERB --help tells the flags of a verb and shows an example.\n";
}

int run_program(std::span<const Verb> verbs, std::span<const std::string> words) {
  if (words.empty()) {
    note(overview(verbs));
    return kUsage;
  }
  if (const Verb* verb = find_verb(verbs, words)) return run_verb(*verb, words);
  if (asks_help(words.front())) {
    print(overview(verbs));
    return kOk;
  }
  if (words.front() == "--version") {
    print("energylens " ENERGYLENS_VERSION "\n");
    return kOk;
  }
  if (is_family(verbs, words.front()) && words.size() > 1 && asks_help(words[1])) {
    print(overview(verbs, words.front()));
    return kOk;
  }
  refuse_verb(verbs, words);
}

int exit_code(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::usage:
    case ErrorCode::bad_input:
      return kUsage;
    case ErrorCode::no_configuration:
      return kNoConfiguration;
    case ErrorCode::cancelled:
      return kInterrupted;
    case ErrorCode::io:
      return kFailure;
  }
  return kFailure;
}

}  // namespace energylens::cli
