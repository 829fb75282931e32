// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace energylens {

/// FNV-1a of 64 bits (Fowler, Noll and Vo): fingerprints of data and files, not of secrets.
class Fnv1a {
 public:
  void add(std::string_view bytes) {
    for (const char c : bytes) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  }
  /// 16 hexadecimal digits.
  std::string hex() const {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(state_ >> shift) & 15];
    return text;
  }

 private:
  std::uint64_t state_ = 0xCBF29CE484222325u;
};

}  // namespace energylens
