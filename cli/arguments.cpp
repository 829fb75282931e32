// SPDX-License-Identifier: Apache-2.0
// Values are read as text and checked here, so that a number means the same as in a table and a refusal reads
// the same everywhere: `--isl: "abc" is not a number`.
#include "cli/arguments.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>

#include "energylens/core/error.hpp"
#include "energylens/core/nearest_name.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/core/rounded_text.hpp"

namespace energylens::cli {
namespace {

constexpr int kHelpColumn = 30;
constexpr Bounds kSeed{.min = 0, .max = 9007199254740992.0, .whole = true};  // exact as a double

/// "a whole number from 1 to 64"
std::string wanted(const Bounds& bounds) {
  std::string text = bounds.whole ? "a whole number" : "a number";
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

}  // namespace

struct Arguments::Parser {
  explicit Parser(const std::string& command, std::string_view sentence)
      : app(std::string(sentence), command) {
    app.get_formatter()->column_width(kHelpColumn);
    app.get_formatter()->label("Positionals", "Arguments");
    app.get_formatter()->label("REQUIRED", "(required)");
    app.allow_extras();
  }

  CLI::Option& value_option(const std::string& names, const std::string& value, const std::string& help,
                            std::function<void(const std::string&)> take, const std::string& otherwise = {}) {
    const std::string shown = otherwise.empty() ? help : help + " [" + otherwise + "]";
    CLI::Option* option = app.add_option_function<std::string>(names, std::move(take), shown);
    return *option->type_name(value)->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  }

  [[noreturn]] void refuse_extra(const std::string& word) const {
    if (!word.starts_with('-') || word == "-") throw Error::usage("unexpected argument \"" + word + "\"");
    const std::string flag = word.substr(0, word.find('='));
    const std::vector<std::string> names = flag_names();
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::optional<std::string> near = nearest_name(flag, views);
    throw Error::usage("unknown flag " + flag + (near ? "; did you mean " + *near + "?" : "; see --help"));
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
    : parser_(std::make_unique<Parser>(command, sentence)) {}
Arguments::~Arguments() = default;

void Arguments::positional(const std::string& name, std::string& target, const std::string& help) {
  parser_->app.add_option(name, target, help)->type_name("")->required();
}

void Arguments::positionals(const std::string& name, std::vector<std::string>& target,
                            const std::string& help, bool required) {
  parser_->app.add_option(name, target, help)->type_name("")->required(required);
}

void Arguments::text(const std::string& names, std::string& target, const std::string& value,
                     const std::string& help) {
  parser_->value_option(
      names, value, help, [&target](const std::string& text) { target = text; }, target);
}

void Arguments::repeated(const std::string& names, std::vector<std::string>& target, const std::string& value,
                         const std::string& help) {
  parser_->app.add_option(names, target, help)
      ->type_name(value)
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
}

void Arguments::words(const std::string& names, std::vector<std::string>& target, const std::string& value,
                      const std::string& help) {
  parser_->value_option(names, value, help,
                        [&target](const std::string& text) { target = split_at_commas(text); });
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
  parser_->value_option(names, "N,N,...", help, take, otherwise);
}

void Arguments::number(const std::string& names, double& target, Bounds bounds, const std::string& help) {
  const auto take = [&target, bounds, flag = long_name(names)](const std::string& text) {
    target = checked_number(flag, text, bounds);
  };
  parser_->value_option(names, bounds.whole ? "N" : "X", help, take,
                        known(target) ? number_text(target) : "");
}

void Arguments::whole(const std::string& names, int& target, Bounds bounds, const std::string& help) {
  const auto take = [&target, bounds, flag = long_name(names)](const std::string& text) {
    target = static_cast<int>(checked_number(flag, text, bounds));
  };
  parser_->value_option(names, "N", help, take, target == 0 ? "" : std::to_string(target));
}

void Arguments::seed(const std::string& names, std::uint64_t& target, const std::string& help) {
  const auto take = [&target, flag = long_name(names)](const std::string& text) {
    target = static_cast<std::uint64_t>(checked_number(flag, text, kSeed));
  };
  parser_->value_option(names, "N", help, take, std::to_string(target));
}

void Arguments::choice(const std::string& names, std::string& target, std::vector<std::string> choices,
                       const std::string& help) {
  std::string shown;
  for (const std::string& one : choices) shown += (shown.empty() ? "" : "|") + one;
  const auto take = [&target, choices = std::move(choices), shown,
                     flag = long_name(names)](const std::string& text) {
    if (std::ranges::find(choices, text) == choices.end()) {
      throw Error::bad_cell({{}, 0, flag}, text, "one of " + shown);
    }
    target = text;
  };
  parser_->value_option(names, shown, help, take, target);
}

void Arguments::flag(const std::string& names, bool& target, const std::string& help) {
  parser_->app.add_flag(names, target, help);
}

void Arguments::command(std::vector<std::string>& target) {
  command_ = &target;
}

void Arguments::refused(const std::string& names, const std::string& sentence) {
  const auto refuse = [sentence](const std::string&) { throw Error::usage(sentence); };
  parser_->value_option(names, "X", "", refuse).group("");
}

void Arguments::example(std::string_view command) {
  const std::string before = parser_->app.get_footer();
  parser_->app.footer(before + (before.empty() ? "Example:\n  " : "\n  ") + std::string(command));
}

std::string Arguments::help() const {
  std::string text = parser_->app.help();
  const std::size_t options = text.find("[OPTIONS]");
  if (command_ && options != std::string::npos) text.insert(options + 9, " -- COMMAND [ARGUMENTS]");
  // An empty group (flags that are not shown) leaves an empty line.
  for (std::size_t gap; (gap = text.find("\n\n\n")) != std::string::npos;) text.erase(gap, 1);
  return text;
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
    throw Error::usage(error.what());
  }
  if (command_ && !has_command) throw Error::usage("the command is missing: it stands after --");
  const std::vector<std::string> extra = parser_->app.remaining();
  if (!extra.empty()) parser_->refuse_extra(extra.front());
  return true;
}

}  // namespace energylens::cli
