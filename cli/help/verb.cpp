// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/console.hpp"
#include "cli/help/text.hpp"
#include "cli/verb.hpp"

namespace energylens::cli {
namespace {

struct HelpOptions {
  std::vector<std::string> words;
};

int show_help(const HelpOptions& options) {
  const Verb* const verb = find_verb(options.words);
  if (verb != nullptr) {
    print(help_text(command_info(*verb)));
  } else if (options.words.empty()) {
    print(overview());
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
  args.example("energylens help choose");
  return [options] { return show_help(*options); };
}

}  // namespace energylens::cli
