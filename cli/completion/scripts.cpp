// SPDX-License-Identifier: Apache-2.0
#include "cli/completion/scripts.hpp"

#include <algorithm>
#include <array>

namespace energylens::cli {
namespace {

constexpr std::array kShells = {
    Shell{"bash", "bash-completion/completions/energylens", bash_completion},
    Shell{"zsh", "zsh/site-functions/_energylens", zsh_completion},
    Shell{"fish", "fish/vendor_completions.d/energylens.fish", fish_completion},
};

}  // namespace

std::span<const Shell> shells() {
  return kShells;
}

std::vector<std::string> first_words() {
  std::vector<std::string> words;
  for (const Verb& verb : verbs()) {
    std::string word(verb.name.substr(0, verb.name.find(' ')));
    if (std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
  }
  return words;
}

std::vector<std::string> second_words(std::string_view first) {
  std::vector<std::string> words;
  for (const Verb& verb : verbs()) {
    const std::size_t blank = verb.name.find(' ');
    if (blank != verb.name.npos && verb.name.substr(0, blank) == first)
      words.emplace_back(verb.name.substr(blank + 1));
  }
  return words;
}

}  // namespace energylens::cli
