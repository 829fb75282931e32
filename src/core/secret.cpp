// SPDX-License-Identifier: Apache-2.0
// Held by secret_test.cpp.
#include "core/secret.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace energylens {
namespace {

constexpr std::string_view kMask = "[key]";
constexpr std::size_t kShortestPart = 8;

/// The length of the longest part of `secret` that `text` begins with.
std::size_t part_at_beginning(std::string_view text, std::string_view secret) {
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin < secret.size(); ++begin) {
    const std::string_view part = secret.substr(begin);
    const auto same = std::ranges::mismatch(text, part).in1 - text.begin();
    longest = std::max(longest, static_cast<std::size_t>(same));
  }
  return longest;
}

/// Whether an option or a variable of this name holds a key: "--api-key", "HF_TOKEN", but not "--max-tokens".
bool names_key(std::string_view name) {
  std::string plain = lower_case(name);
  std::erase_if(plain, [](char c) { return c == '-' || c == '_' || c == '.'; });
  constexpr std::array<std::string_view, 8> kHeld = {"apikey", "accesskey",  "secret",     "password",
                                                     "passwd", "passphrase", "credential", "authorization"};
  return plain.ends_with("token") ||
         std::ranges::any_of(kHeld, [&](std::string_view one) { return plain.find(one) != plain.npos; });
}

bool is_key_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/// Masks what follows a prefix that services put before their keys.
void mask_known_keys(std::string& word) {
  constexpr std::size_t kShortestKey = 12;
  for (const std::string_view prefix :
       {"sk-", "hf_", "ghp_", "gho_", "github_pat_", "glpat-", "xoxb-", "AKIA", "AIza", "nvapi-"}) {
    for (std::size_t at = 0; (at = word.find(prefix, at)) != word.npos;) {
      const bool begins = at == 0 || !is_key_letter(word[at - 1]);
      std::size_t end = at;
      while (end < word.size() && is_key_letter(word[end])) ++end;
      if (!begins || end - at < kShortestKey) {
        at = end;
        continue;
      }
      word.replace(at, end - at, kMask);
      at += kMask.size();
    }
  }
}

/// "http://user:password@host" without the password, "Bearer KEY" without the key.
void mask_credentials(std::string& word) {
  const std::size_t scheme = word.find("://");
  if (scheme != word.npos) {
    const std::size_t end = std::min(word.find_first_of("/?#", scheme + 3), word.size());
    const std::size_t host = word.substr(0, end).rfind('@');
    const std::size_t colon = word.find(':', scheme + 3);
    if (host != word.npos && host > scheme && colon < host) word.replace(colon + 1, host - colon - 1, kMask);
  }
  for (const std::string_view kind : {"Bearer ", "bearer ", "Basic "}) {
    const std::size_t at = word.find(kind);
    if (at == word.npos) continue;
    const std::size_t begin = at + kind.size(),
                      end = std::min(word.find_first_of(" '\"", begin), word.size());
    word.replace(begin, end - begin, kMask);
  }
}

}  // namespace

std::string without_secret(std::string_view text, std::string_view secret) {
  if (secret.empty()) return std::string(text);
  const std::size_t least = std::min(kShortestPart, secret.size());
  std::string out;
  while (!text.empty()) {
    const std::size_t part = part_at_beginning(text, secret);
    if (part < least) {
      out += text.front();
      text.remove_prefix(1);
    } else {
      if (!out.ends_with(kMask)) out += kMask;
      text.remove_prefix(part);
    }
  }
  return out;
}

std::vector<std::string> without_keys(const std::vector<std::string>& words) {
  std::vector<std::string> out;
  bool is_value = false;  // of an option that holds a key
  for (std::string word : words) {
    const std::size_t equals = word.find('=');
    if (is_value && !word.starts_with("--")) {
      word = kMask;
    } else if (equals != word.npos && names_key(std::string_view(word).substr(0, equals))) {
      word.replace(equals + 1, word.npos, kMask);
    }
    is_value = word.starts_with('-') && equals == word.npos && names_key(word);
    mask_known_keys(word);
    mask_credentials(word);
    out.push_back(std::move(word));
  }
  return out;
}

}  // namespace energylens
