// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "cli/completion/scripts.hpp"
#include "cli/console.hpp"
#include "cli/verb.hpp"

namespace energylens::cli {

Run completion_verb(Arguments& args) {
  const auto name = std::make_shared<std::string>();
  args.positional("SHELL", *name, "bash, zsh or fish");
  args.suggest({"bash", "zsh", "fish"});
  args.example("source <(energylens completion bash)");
  args.example("energylens completion fish > ~/.config/fish/completions/energylens.fish");
  return [name] {
    const auto found = std::ranges::find(shells(), *name, &Shell::name);
    if (found == shells().end())
      throw Error::usage("unknown shell \"" + *name + "\"; available: bash, zsh, fish");
    print(found->script());
    return int{kOk};
  };
}

}  // namespace energylens::cli
