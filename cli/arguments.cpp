// SPDX-License-Identifier: Apache-2.0
// Values are read as text and checked here, so that a number means the same as in a table and a refusal reads
// the same everywhere: `--isl: "abc" is not a number`.
#include "cli/arguments.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>

#include "core/nearest_name.hpp"
#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::cli {
namespace {

constexpr Bounds kSeed{.min = 0, .max = 9007199254740992.0, .whole = true};  // exact as a double

/// "a whole number from 1 to 64"
std::string wanted(const Bounds& bounds) {
  std::string text = bounds.whole ? "a whole number" : "a number";
  if (std::isfinite(bounds.min) && std::isfinite(bounds.max) && bounds.min_allowed)
    return text + " from " + number_text(bounds.min) + " to " + rounded_text(bounds.max, 12);
  if (std::isfinite(bounds.min))
    text += (bounds.min_allowed ? " of at least " : " above ") + number_text(bounds.min);
  if (std::isfinite(bounds.max)) text += " and at most " + rounded_text(bounds.max, 12);
  return text;
}

double checked_number(const std::string& flag, const std::string& text, const Bounds& bounds) {
  const std::optional<double> value = parse_number(text);
  const bool fits = value && (bounds.min_allowed ? *value >= bounds.min : *value > bounds.min) &&
                    *value <= bounds.max && (!bounds.whole || *value == std::floor(*value));
  if (!fits) throw Error::bad_cell({{}, 0, flag}, text, wanted(bounds));
  return *value;
}

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, comma - begin));
    if (comma == text.size()) return parts;
    begin = comma + 1;
  }
}

/// The long form of "-o,--output".
std::string long_name(const std::string& names) {
  const std::size_t comma = names.rfind(',');
  return comma == std::string::npos ? names : names.substr(comma + 1);
}

/// The parser library's "--output: 1 required FILE missing" and "--seed: At Most 1 required but received 2" as sentences.
std::string sentence_of(const std::string& message) {
  const std::size_t colon = message.find(": ");
  if (colon == std::string::npos) return message;
  if (message.find(" missing") != std::string::npos) return message.substr(0, colon) + " requires a value";
  if (message.find("At Most 1 ") != std::string::npos)
    return message.substr(0, colon) + " may be given only once";
  return message;
}

}  // namespace

bool ArgumentInfo::names_files() const {
  constexpr std::array<std::string_view, 8> kFiles = {"FILE",      "FILE.svg", "DATA",   "MODEL",
                                                      "NEW_MODEL", "PLAN",     "FOLDER", "DIR"};
  const std::string& name = is_option() ? value : names.front();
  return std::ranges::find(kFiles, name) != kFiles.end() || name.ends_with(" FILE");
}

struct Arguments::Parser {
  explicit Parser(const std::string& command) : app("", command) {
    app.set_help_flag("-h,--help");
    app.allow_extras();
  }

  CLI::Option& value_option(const std::string& names, std::function<void(const std::string&)> take,
                            const std::string& value) {
    CLI::Option* option = app.add_option_function<std::string>(names, std::move(take));
    return *option->type_name(value)->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  }

  [[noreturn]] void refuse_extra(const std::string& word) const {
    if (!word.starts_with('-') || word == "-") throw Error::usage("unexpected argument \"" + word + '"');
    const std::string flag = word.substr(0, word.find('='));
    const std::vector<std::string> names = flag_names();
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::optional<std::string> near = nearest_name(flag, views);
    throw Error::usage("unknown option " + flag + (near ? "; did you mean " + *near + "?" : "; see --help"));
  }

  std::vector<std::string> flag_names() const {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
  }

  CLI::App app;
};

Arguments::Arguments(const std::string& command, std::string_view sentence)
    : parser_(std::make_unique<Parser>(command)) {
  info_.name = command;
  info_.sentence = sentence;
}
Arguments::~Arguments() = default;

void Arguments::describe(const std::string& names, const std::string& value, const std::string& help,
                         const std::string& otherwise, std::vector<std::string> choices) {
  ArgumentInfo one;
  one.names = split_at_commas(names);
  one.value = value;
  one.help = otherwise.empty() ? help : help + " [" + otherwise + ']';
  one.choices = std::move(choices);
  info_.arguments.push_back(std::move(one));
  last_texts_ = nullptr;
}

void Arguments::positional(const std::string& name, std::string& target, const std::string& help,
                           bool required) {
  parser_->app.add_option(name, target)->type_name("")->required(required);
  describe(name, "", help);
  info_.arguments.back().required = required;
  last_texts_ = [&target] { return std::vector<std::string>{target}; };
}

void Arguments::positionals(const std::string& name, std::vector<std::string>& target,
                            const std::string& help, bool required) {
  parser_->app.add_option(name, target)->type_name("")->required(required);
  describe(name, "", help);
  info_.arguments.back().required = required;
  info_.arguments.back().many = true;
  last_texts_ = [&target] { return target; };
}

void Arguments::suggest(std::vector<std::string> words) {
  info_.arguments.back().choices = std::move(words);
}

void Arguments::text(const std::string& names, std::string& target, const std::string& value,
                     const std::string& help) {
  describe(names, value, help, target);
  last_texts_ = [&target] { return std::vector<std::string>{target}; };
  parser_->value_option(
      names, [&target](const std::string& text) { target = text; }, value);
}

void Arguments::repeated(const std::string& names, std::vector<std::string>& target, const std::string& value,
                         const std::string& help) {
  describe(names, value, help);
  info_.arguments.back().many = true;
  last_texts_ = [&target] { return target; };
  parser_->app.add_option(names, target)->type_name(value)->expected(1)->take_all()->allow_extra_args(false);
}

void Arguments::words(const std::string& names, std::vector<std::string>& target, const std::string& value,
                      const std::string& help) {
  describe(names, value, help);
  parser_->value_option(
      names, [&target](const std::string& text) { target = split_at_commas(text); }, value);
}

void Arguments::numbers(const std::string& names, std::vector<double>& target, Bounds bounds,
                        const std::string& help) {
  std::string otherwise;
  for (const double one : target) otherwise += (otherwise.empty() ? "" : ",") + number_text(one);
  const auto take = [&target, bounds, flag = long_name(names)](const std::string& text) {
    target.clear();
    for (const std::string& part : split_at_commas(text))
      target.push_back(checked_number(flag, part, bounds));
  };
  describe(names, "N,N,...", help, otherwise);
  parser_->value_option(names, take, "N,N,...");
}

void Arguments::number(const std::string& names, double& target, Bounds bounds, const std::string& help) {
  const auto take = [&target, bounds, flag = long_name(names)](const std::string& text) {
    target = checked_number(flag, text, bounds);
  };
  const char* const value = bounds.whole ? "N" : "X";
  describe(names, value, help, known(target) ? number_text(target) : "");
  parser_->value_option(names, take, value);
}

void Arguments::whole(const std::string& names, int& target, Bounds bounds, const std::string& help) {
  const auto take = [&target, bounds, flag = long_name(names)](const std::string& text) {
    target = static_cast<int>(checked_number(flag, text, bounds));
  };
  describe(names, "N", help, target <= 0 ? "" : std::to_string(target));  // 0 and less: not given
  parser_->value_option(names, take, "N");
}

void Arguments::seed(const std::string& names, std::uint64_t& target, const std::string& help) {
  const auto take = [&target, flag = long_name(names)](const std::string& text) {
    target = static_cast<std::uint64_t>(checked_number(flag, text, kSeed));
  };
  describe(names, "N", help, std::to_string(target));
  parser_->value_option(names, take, "N");
}

void Arguments::seed(const std::string& names, std::optional<std::uint64_t>& target,
                     const std::string& help) {
  const auto take = [&target, flag = long_name(names)](const std::string& text) {
    target = static_cast<std::uint64_t>(checked_number(flag, text, kSeed));
  };
  describe(names, "N", help, "");
  parser_->value_option(names, take, "N");
}

void Arguments::choice(const std::string& names, std::string& target, std::vector<std::string> choices,
                       const std::string& help) {
  std::string shown, listed;
  for (const std::string& one : choices) {
    shown += (shown.empty() ? "" : "|") + one;
    listed += (listed.empty() ? "" : ", ") + one;
  }
  constexpr std::size_t kMostShown = 90;  // characters; longer lists are for completion and for the message
  constexpr std::size_t kMostListed = 24;
  const bool is_long = shown.size() > kMostShown, is_listed = is_long && choices.size() <= kMostListed;
  if (is_long) shown = "NAME";
  describe(names, shown, is_listed ? help + ": " + listed : help, target, choices);
  const auto take = [&target, choices = std::move(choices), listed,
                     flag = long_name(names)](const std::string& text) {
    if (std::ranges::find(choices, text) == choices.end()) {
      throw Error::bad_cell({{}, 0, flag}, text, "one of " + listed);
    }
    target = text;
  };
  parser_->value_option(names, take, shown);
}

void Arguments::flag(const std::string& names, bool& target, const std::string& help) {
  describe(names, "", help);
  parser_->app.add_flag(names, target);
}

void Arguments::command(std::vector<std::string>& target) {
  command_ = &target;
  info_.takes_command = true;
}

void Arguments::refused(const std::string& names, const std::string& sentence) {
  const auto refuse = [sentence](const std::string&) { throw Error::usage(sentence); };
  parser_->value_option(names, refuse, "X");
}

void Arguments::uses_files(FileRole role, std::function<void(FileUses&)> list) {
  info_.arguments.back().role = role;
  uses_.push_back(std::move(list));
}

void Arguments::reads() {
  uses_files(FileRole::read, [texts = last_texts_](FileUses& uses) {
    for (const std::string& path : texts()) uses.reads(path);
  });
}

void Arguments::writes() {
  uses_files(FileRole::written,
             [texts = last_texts_, flag = info_.arguments.back().names.front()](FileUses& uses) {
               for (const std::string& path : texts()) uses.writes(flag, path);
             });
}

void Arguments::check_files() const {
  assert(std::ranges::none_of(info_.arguments, [](const ArgumentInfo& one) {
    return one.names_files() && one.role == FileRole::none;
  }));
  FileUses uses;
  for (const auto& list : uses_) list(uses);
  uses.check();
}

void Arguments::example(std::string_view command) {
  info_.examples.emplace_back(command);
}

bool Arguments::parse(std::span<const std::string> words) {
  const auto marker = command_ ? std::ranges::find(words, "--") : words.end();
  const bool has_command = words.end() - marker > 1;
  if (has_command) command_->assign(marker + 1, words.end());
  words = words.first(static_cast<std::size_t>(marker - words.begin()));
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  try {
    parser_->app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    return false;
  } catch (const CLI::Error& error) {
    for (const std::string& word : parser_->app.remaining()) {
      if (word.starts_with('-') && word != "-") parser_->refuse_extra(word);
    }
    throw Error::usage(sentence_of(error.what()));
  }
  if (command_ && !has_command) throw Error::usage("no command given; put it after --");
  const std::vector<std::string> extra = parser_->app.remaining();
  if (!extra.empty()) parser_->refuse_extra(extra.front());
  check_files();
  return true;
}

}  // namespace energylens::cli
