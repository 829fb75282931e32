// SPDX-License-Identifier: Apache-2.0
// A reader of PNG written from its specification, for stored blocks only: what was made must satisfy it.
#include "load/image.hpp"

#include <gmock/gmock.h>

#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "temporary_folder.hpp"

namespace energylens::load {
namespace {

std::string decoded(std::string_view base64) {
  std::string bytes;
  unsigned group = 0;
  int bits = 0;
  for (const char c : base64) {
    if (c == '=') break;
    const auto digit =
        std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").find(c);
    group = group << 6 | static_cast<unsigned>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(group >> bits & 255);
  }
  return bytes;
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// CRC-32 bit by bit, as its definition says.
std::uint32_t slow_crc(std::string_view bytes) {
  std::uint32_t value = 0xFFFFFFFFu;
  for (const char c : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      const bool differs = ((value & 1) != 0) != ((static_cast<unsigned char>(c) >> bit & 1) != 0);
      value = value >> 1 ^ (differs ? 0xEDB88320u : 0u);
    }
  }
  return ~value;
}

/// The data of the chunks by type, each checked.
std::map<std::string, std::string> chunks_of(const std::string& png) {
  std::map<std::string, std::string> chunks;
  EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1A\n");
  for (std::size_t at = 8; at + 12 <= png.size();) {
    const std::size_t size = number_at(png, at);
    const std::string body = png.substr(at + 4, 4 + size);
    EXPECT_EQ(number_at(png, at + 8 + size), slow_crc(body));
    chunks[body.substr(0, 4)] = body.substr(4);
    at += 12 + size;
  }
  return chunks;
}

std::string inflated(const std::string& stream) {
  EXPECT_EQ(number_at(stream, 0) >> 16 & 0xFFFF, 0x7801u);
  EXPECT_EQ((number_at(stream, 0) >> 16) % 31, 0u) << "the check of zlib's header";
  std::string bytes;
  bool last = false;
  std::size_t at = 2;
  while (!last && at + 5 <= stream.size()) {
    last = stream[at] == 1;
    const auto byte = [&](std::size_t i) {
      return static_cast<unsigned>(static_cast<unsigned char>(stream[at + i]));
    };
    const unsigned size = byte(1) | byte(2) << 8;
    EXPECT_EQ(size ^ 0xFFFF, byte(3) | byte(4) << 8);
    bytes += stream.substr(at + 5, size);
    at += 5 + size;
  }
  EXPECT_TRUE(last);
  std::uint32_t a = 1, b = 0;
  for (const char c : bytes) a = (a + static_cast<unsigned char>(c)) % 65521, b = (b + a) % 65521;
  EXPECT_EQ(number_at(stream, at), b << 16 | a);
  EXPECT_EQ(at + 4, stream.size());
  return bytes;
}

TEST(Image, AFileIsADataUrl) {
  const TemporaryFolder folder;
  write_file(folder / "a", "\x89PNG12");
  EXPECT_EQ(image_url(folder / "a"), "data:image/png;base64,iVBORzEy");
  write_file(folder / "b", "\x89PNG1");
  EXPECT_EQ(image_url(folder / "b"), "data:image/png;base64,iVBORzE=");
  write_file(folder / "c", "text");
  EXPECT_THROW(image_url(folder / "c"), Error);
}

TEST(Image, AMadeOneIsAPngOfItsSize) {
  for (const auto& [width, height] : {std::pair{1, 1}, {3, 5}, {224, 100}}) {
    const std::string url = random_image_url(7, width, height);
    ASSERT_TRUE(url.starts_with("data:image/png;base64,"));
    const auto chunks = chunks_of(decoded(std::string_view(url).substr(22)));
    ASSERT_EQ(chunks.size(), 3u);
    EXPECT_EQ(number_at(chunks.at("IHDR"), 0), static_cast<unsigned>(width));
    EXPECT_EQ(number_at(chunks.at("IHDR"), 4), static_cast<unsigned>(height));
    EXPECT_EQ(chunks.at("IHDR").substr(8), std::string("\x08\x02\0\0\0", 5));
    const std::string rows = inflated(chunks.at("IDAT"));
    ASSERT_EQ(rows.size(), static_cast<std::size_t>(height * (1 + 3 * width)));
    for (int y = 0; y < height; ++y) EXPECT_EQ(rows[static_cast<std::size_t>(y * (1 + 3 * width))], '\0');
  }
}

TEST(Image, SeedsGiveDifferentOnesAndTheSameSeedTheSame) {
  EXPECT_EQ(random_image_url(1, 8, 8), random_image_url(1, 8, 8));
  EXPECT_NE(random_image_url(1, 8, 8), random_image_url(2, 8, 8));
}

TEST(Image, TheLargestStaysBelowTheBoundOfFiles) {
  EXPECT_LT(random_image_url(1, 2000, kMostPixels / 2000).size(), 8u << 20) << "base64 and all";
}

}  // namespace
}  // namespace energylens::load
