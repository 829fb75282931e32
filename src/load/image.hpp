// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstdint>
#include <string>

namespace energylens::load {

/// The file as a data URL of its kind, by its first bytes. Throws Error (bad input) for other types than
/// PNG, JPEG, GIF and WebP, and for more than 8 MiB.
std::string image_url(const std::string& file);

/// The most pixels of a generated image: 6 MB of colours.
inline constexpr int kMostPixels = 2000000;

/// A PNG image of random colours as a data URL. Each seed gives a different one, so that no image cache
/// answers. Requires: width and height >= 1, at most kMostPixels in all.
std::string random_image_url(std::uint64_t seed, int width, int height);

}  // namespace energylens::load
