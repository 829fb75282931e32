// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/file_uses.hpp"

namespace energylens::cli {

/// What a number on the command line may be.
struct Bounds {
  double min = -std::numeric_limits<double>::infinity();
  bool min_allowed = true;
  double max = std::numeric_limits<double>::infinity();
  bool whole = false;
};
inline constexpr Bounds kPositive{.min = 0, .min_allowed = false};
inline constexpr Bounds kNotNegative{.min = 0};
inline constexpr Bounds kCount{.min = 1, .max = 1e9, .whole = true};
inline constexpr Bounds kCountOrZero{.min = 0, .max = 1e9, .whole = true};

/// What a command does with the files that an argument names.
enum class FileRole { none, read, written };

/// One option or argument of a command, as its help, its manual page and shell completion show it.
struct ArgumentInfo {
  std::vector<std::string> names;    ///< "-o", "--output"; of an argument its name
  std::string value;                 ///< what stands for the value: "FILE"; "" for a switch
  std::string help;                  ///< what it does, its unit and its default in brackets
  std::vector<std::string> choices;  ///< words that the value, or the first argument, may be
  bool required = false, many = false;
  FileRole role = FileRole::none;

  bool is_option() const { return names.front().starts_with('-'); }
  /// Whether its value is a file or a folder.
  bool names_files() const;
};

/// What help, manual page and completion show of a command.
struct CommandInfo {
  std::string name;  ///< "energylens fit"
  std::string sentence;
  std::vector<ArgumentInfo> arguments;
  std::vector<std::string> examples;
  bool takes_command = false;  ///< whether "-- COMMAND" follows
};

/// The flags and arguments of one verb. Targets are written by `parse` and keep their value where the flag is
/// not given; they must outlive it. Throws Error (usage, bad input) for what does not fit, naming the
/// nearest flag. The only place that knows the parser library.
class Arguments {
 public:
  Arguments(const std::string& command, std::string_view sentence);
  ~Arguments();
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  void positional(const std::string& name, std::string& target, const std::string& help,
                  bool required = true);
  void positionals(const std::string& name, std::vector<std::string>& target, const std::string& help,
                   bool required = true);
  /// The words that the first argument may be; shell completion offers them.
  void suggest(std::vector<std::string> words);
  /// `names` as in "-o,--output"; `value` is what stands for the value in the help: "FILE".
  void text(const std::string& names, std::string& target, const std::string& value, const std::string& help);
  void repeated(const std::string& names, std::vector<std::string>& target, const std::string& value,
                const std::string& help);
  /// Comma-separated words, or numbers.
  void words(const std::string& names, std::vector<std::string>& target, const std::string& value,
             const std::string& help);
  void numbers(const std::string& names, std::vector<double>& target, Bounds bounds, const std::string& help);
  void number(const std::string& names, double& target, Bounds bounds, const std::string& help);
  void whole(const std::string& names, int& target, Bounds bounds, const std::string& help);
  void seed(const std::string& names, std::uint64_t& target, const std::string& help);
  /// An optional seed; `help` states what is used without one.
  void seed(const std::string& names, std::optional<std::uint64_t>& target, const std::string& help);
  void choice(const std::string& names, std::string& target, std::vector<std::string> choices,
              const std::string& help);
  void flag(const std::string& names, bool& target, const std::string& help);
  /// The words after "--", which is then required: a command that is not ours to parse. At least one.
  void command(std::vector<std::string>& target);
  /// Options that do not exist although users try them: `sentence` is the error message. Not in the help.
  void refused(const std::string& names, const std::string& sentence);

  /// The argument declared last names files, or folders, that the command reads or writes. `parse` refuses an output
  /// that is an input.
  void reads();
  void writes();
  /// The same for files that follow from the arguments in another way: `list` adds them once all are parsed. `role` of
  /// the argument declared last.
  void uses_files(FileRole role, std::function<void(FileUses&)> list);

  /// A command line shown at the end of the help.
  void example(std::string_view command);

  /// What was declared.
  const CommandInfo& info() const { return info_; }
  /// False if help was requested; nothing else is checked then.
  bool parse(std::span<const std::string> words);

 private:
  struct Parser;
  void describe(const std::string& names, const std::string& value, const std::string& help,
                const std::string& otherwise = {}, std::vector<std::string> choices = {});
  void check_files() const;

  std::unique_ptr<Parser> parser_;
  CommandInfo info_;
  std::vector<std::string>* command_ = nullptr;
  std::function<std::vector<std::string>()> last_texts_;  ///< of the argument declared last
  std::vector<std::function<void(FileUses&)>> uses_;
};

}  // namespace energylens::cli
