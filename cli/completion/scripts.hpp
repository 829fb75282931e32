// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/verb.hpp"

namespace energylens::cli {

/// The completion of one shell, and where it looks for it below the folder `share`.
struct Shell {
  std::string_view name, path;
  std::string (*script)();
};
std::span<const Shell> shells();

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

/// The first words of commands, each once: "fit", "table".
std::vector<std::string> first_words();
/// The second words of the commands that begin with `first`: "check"; none for most.
std::vector<std::string> second_words(std::string_view first);

}  // namespace energylens::cli
