// SPDX-License-Identifier: Apache-2.0
// The table of well-formed byte sequences of RFC 3629, section 4; runs of ASCII are skipped eight bytes at a
// time. Held by utf8_test.cpp.
#include "core/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace energylens {
namespace {

/// Length of the run of ASCII at the start of `text`, rounded down to a multiple of eight.
std::size_t ascii_octets(std::string_view text) noexcept {
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t octet = 0;
    std::memcpy(&octet, text.data() + i, sizeof octet);
    if (octet & 0x8080808080808080u) break;
  }
  return i;
}

}  // namespace

std::size_t utf8_character_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t count, unsigned first_min, unsigned first_max) {
    if (text.size() <= count || byte(1) < first_min || byte(1) > first_max) return false;
    for (std::size_t i = 2; i <= count; ++i) {
      if ((byte(i) & 0xC0u) != 0x80u) return false;
    }
    return true;
  };
  if (text.empty()) return 0;
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(1, 0x80, 0xBF) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    return continues(2, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    return continues(3, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF) ? 4 : 0;
  }
  return 0;
}

std::size_t utf8_prefix_length(std::string_view text) noexcept {
  std::size_t done = 0;
  while (done < text.size()) {
    done += ascii_octets(text.substr(done));
    const std::size_t length = utf8_character_length(text.substr(done));
    if (length == 0) break;
    done += length;
  }
  return done;
}

}  // namespace energylens
