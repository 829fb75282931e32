// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>

namespace energylens::load {

/// The file as a data URL of its kind, by its first bytes. Throws Error (bad input) for what is no PNG, JPEG,
/// GIF or WebP, or more than 8 MiB.
std::string image_url(const std::string& file);

/// The most pixels of an image that is made: 6 MB of colours.
inline constexpr int kMostPixels = 2000000;

/// A PNG image of random colours as a data URL: no two seeds give the same, so that no cache of images
/// answers. Requires: width and height >= 1, at most kMostPixels in all.
std::string random_image_url(std::uint64_t seed, int width, int height);

}  // namespace energylens::load
