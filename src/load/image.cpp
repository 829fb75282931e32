// SPDX-License-Identifier: Apache-2.0
// Images as data URLs: of a file, or made on the spot. What is made is noise in a PNG whose data are not
// compressed (blocks that deflate calls "stored"), which every decoder reads: noise does not compress, and an
// encoder of images takes the same time whatever they show. Held by image_test.cpp.
#include "energylens/load/image.hpp"

#include <array>
#include <cassert>
#include <filesystem>
#include <string_view>

#include "energylens/core/error.hpp"
#include "energylens/core/file.hpp"
#include "energylens/core/rng.hpp"

namespace energylens::load {
namespace {

constexpr std::size_t kMostImageBytes = 8u << 20;
constexpr std::size_t kMostStored = 65535;  // bytes of one stored block

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      text += i + j > bytes.size() ? '=' : kDigits[group >> (18 - 6 * j) & 63];
  }
  return text;
}

std::string_view kind_of(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG")) return "png";
  if (bytes.starts_with("\xFF\xD8\xFF")) return "jpeg";
  if (bytes.starts_with("GIF8")) return "gif";
  if (bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP")) return "webp";
  return "";
}

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 255);
  return bytes;
}

/// The checksum of a PNG chunk (ISO 3309), by a table of what each byte does.
std::uint32_t crc32(std::string_view bytes) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> made{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      std::uint32_t value = byte;
      for (int bit = 0; bit < 8; ++bit) value = value & 1 ? 0xEDB88320u ^ value >> 1 : value >> 1;
      made[byte] = value;
    }
    return made;
  }();
  std::uint32_t value = 0xFFFFFFFFu;
  for (const char c : bytes) value = table[(value ^ static_cast<unsigned char>(c)) & 255] ^ value >> 8;
  return ~value;
}

/// The checksum of zlib (RFC 1950).
std::uint32_t adler32(std::string_view bytes) {
  std::uint32_t a = 1, b = 0;
  for (const char c : bytes) {
    a = (a + static_cast<unsigned char>(c)) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

std::string chunk(const std::string& type_and_data) {
  return big_endian(static_cast<std::uint32_t>(type_and_data.size() - 4)) + type_and_data +
         big_endian(crc32(type_and_data));
}

/// A zlib stream of stored blocks.
std::string stored(std::string_view bytes) {
  std::string stream = "\x78\x01";
  for (std::size_t at = 0; at < bytes.size(); at += kMostStored) {
    const std::string_view block = bytes.substr(at, kMostStored);
    const auto size = static_cast<unsigned>(block.size());
    stream += static_cast<char>(at + size == bytes.size());  // the last one
    for (const unsigned value : {size, ~size}) {
      stream += static_cast<char>(value & 255);
      stream += static_cast<char>(value >> 8 & 255);
    }
    stream += block;
  }
  return stream + big_endian(adler32(bytes));
}

/// Rows of random colours, each after the byte that says "not filtered".
std::string noise(std::uint64_t seed, int width, int height) {
  Rng rng(splitmix64(seed));
  std::string rows;
  for (int y = 0; y < height; ++y) {
    rows += '\0';
    for (int left = 3 * width; left > 0; left -= 4) {
      const std::uint64_t random = rng.below(std::size_t{1} << 32);
      for (int i = 0; i < std::min(left, 4); ++i) rows += static_cast<char>(random >> 8 * i & 255);
    }
  }
  return rows;
}

}  // namespace

std::string image_url(const std::string& file) {
  std::error_code error;
  if (std::filesystem::file_size(file, error) > kMostImageBytes && !error)
    throw Error::bad_input({file, 0, ""}, "an image of more than 8 MiB");
  const std::string bytes = read_file(file);
  const std::string_view kind = kind_of(bytes);
  if (kind.empty()) throw Error::bad_input({file, 0, ""}, "is no PNG, JPEG, GIF or WebP image");
  return "data:image/" + std::string(kind) + ";base64," + base64(bytes);
}

std::string random_image_url(std::uint64_t seed, int width, int height) {
  assert(width >= 1 && height >= 1 && width <= kMostPixels / height);
  const std::string colours{"\x08\x02\0\0\0", 5};  // 8 bits each of red, green and blue; no interlacing
  const std::string png = "\x89PNG\r\n\x1A\n" +
                          chunk("IHDR" + big_endian(static_cast<std::uint32_t>(width)) +
                                big_endian(static_cast<std::uint32_t>(height)) + colours) +
                          chunk("IDAT" + stored(noise(seed, width, height))) + chunk("IEND");
  return "data:image/png;base64," + base64(png);
}

}  // namespace energylens::load
