// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace energylens::load {

/// Reads server-sent events (the WHATWG event stream format) from pieces of any size. Only `data` counts:
/// names, ids and comments are ignored. Not synchronised.
class SseReader {
 public:
  using Take = std::function<void(std::string_view data)>;

  /// `take` receives the data of each event, lines joined by line feeds. An event of more than `max_bytes`
  /// breaks the stream.
  explicit SseReader(Take take, std::size_t max_bytes = 8u << 20)
      : take_(std::move(take)), max_bytes_(max_bytes) {}

  /// False once the stream is broken: then nothing more is read.
  bool feed(std::string_view piece);
  /// Whether an event was too long. An event without an empty line at its end is ignored.
  bool broken() const { return broken_; }

 private:
  void end_line();

  Take take_;
  std::size_t max_bytes_;
  std::string line_, data_;
  bool has_data_ = false, after_return_ = false, broken_ = false, at_start_ = true;
};

}  // namespace energylens::load
