// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>

#include "cli/completion/scripts.hpp"
#include "cli/console.hpp"
#include "cli/help/keys.hpp"
#include "cli/help/man_page.hpp"
#include "cli/help/text.hpp"
#include "cli/verb.hpp"
#include "core/file.hpp"

namespace energylens::cli {
namespace {

struct HelpOptions {
  std::vector<std::string> words;
  bool man = false, keys = false;
  std::string folder;
};

void write_below(const std::string& folder, const std::string& name, const std::string& text) {
  const std::filesystem::path path = std::filesystem::path(folder) / name;
  std::error_code failure;
  std::filesystem::create_directories(path.parent_path(), failure);
  if (failure) throw Error::cannot_write(path.parent_path().string(), failure.message());
  write_file(path.string(), text);
}

/// What an installation puts into its folder `share`.
void write_all_pages(const std::string& folder) {
  write_below(folder, "man/man1/energylens.1", man_page());
  for (const Verb& verb : verbs()) write_below(folder, "man/man1/" + man_page_name(verb), man_page(verb));
  for (const Shell& shell : shells()) write_below(folder, std::string(shell.path), shell.script());
}

int show_help(const HelpOptions& options) {
  if (!options.folder.empty()) {
    write_all_pages(options.folder);
    return kOk;
  }
  if (options.keys) {
    print(keys_csv());
    return kOk;
  }
  const Verb* const verb = find_verb(options.words);
  if (verb != nullptr) {
    print(options.man ? man_page(*verb) : help_text(command_info(*verb)));
  } else if (options.words.empty()) {
    print(options.man ? man_page() : overview());
  } else if (options.words.size() == 1 && is_family(options.words.front())) {
    print(overview(options.words.front()));
  } else {
    refuse_verb(options.words);
  }
  return kOk;
}

}  // namespace

Run help_verb(Arguments& args) {
  const auto options = std::make_shared<HelpOptions>();
  args.positionals("COMMAND", options->words, "command to describe, such as fit or table check", false);
  args.suggest(first_words());
  args.flag("--man", options->man, "print the manual page (roff) instead");
  args.flag("--keys", options->keys,
            "print the keys of JSON output and model files with their meanings (CSV) instead");
  args.text("--write", options->folder, "FOLDER",
            "write all manual pages and shell completions to this folder instead");
  args.writes();
  args.example("energylens help choose");
  args.example("energylens help --man choose | man -l -");
  return [options] { return show_help(*options); };
}

}  // namespace energylens::cli
