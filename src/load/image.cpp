// SPDX-License-Identifier: Apache-2.0
// Images as data URLs: of a file, or generated. A generated image is noise in a PNG whose data are not
// compressed (blocks that deflate calls "stored"), which every decoder reads: noise does not compress, and a
// model's image encoder takes the same time whatever an image shows. Held by image_test.cpp.
#include "load/image.hpp"

#include <openssl/evp.h>
#include <zlib.h>

#include <cassert>
#include <filesystem>
#include <string_view>

#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"

namespace energylens::load {
namespace {

constexpr std::size_t kMostImageBytes = 8u << 20;
constexpr std::size_t kMostStored = 65535;  // bytes of one stored block

const unsigned char* bytes_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes),
                    static_cast<int>(bytes.size()));
  text.pop_back();  // the zero that ends it
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

std::uint32_t crc32_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(::crc32_z(0, bytes_of(bytes), bytes.size()));
}

std::uint32_t adler32_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(::adler32_z(1, bytes_of(bytes), bytes.size()));
}

std::string chunk(const std::string& type_and_data) {
  return big_endian(static_cast<std::uint32_t>(type_and_data.size() - 4)) + type_and_data +
         big_endian(crc32_of(type_and_data));
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
  return stream + big_endian(adler32_of(bytes));
}

/// Rows of random colours, each after the byte for "not filtered".
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
    throw Error::bad_input({file, 0, ""}, "the image is larger than 8 MiB");
  const std::string bytes = read_file(file);
  const std::string_view kind = kind_of(bytes);
  if (kind.empty()) throw Error::bad_input({file, 0, ""}, "is not a PNG, JPEG, GIF or WebP image");
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
