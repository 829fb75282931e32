// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "energylens/core/clock.hpp"

namespace energylens::http {

/// "http://host:9400/metrics" in its parts.
struct Url {
  std::string origin;  ///< "http://host:9400"
  std::string path;    ///< "/metrics"; "/" if the URL has none
};
/// Throws Error (usage) for text that is not an http or https URL.
Url parse_url(const std::string& text);

/// The answer. A server that cannot be reached, is too slow or sends too much is an outcome, not an exception.
struct Response {
  int status = 0;  ///< of HTTP; 0 if there was no answer
  std::string body;
  std::string problem;  ///< why there is no usable answer; empty for a status of 200 to 299
  bool ok() const { return problem.empty(); }
};

struct GetOptions {
  double timeout_s = 2;                                        ///< for the whole exchange
  std::size_t max_bytes = 16u << 20;                           ///< a longer body is refused
  std::vector<std::pair<std::string, std::string>> headers{};  ///< never written anywhere but to the server
  std::function<bool()> stopped{};  ///< asked ten times a second; ends the exchange
};

/// One GET. Redirects are not followed. Throws Error (usage) only for an invalid URL. Safe from any thread.
Response get(const std::string& url, const GetOptions& options = {});

struct PostOptions {
  double timeout_s = 600;  ///< for connecting, and between two pieces of the answer
  double total_s = 1800;   ///< for the whole exchange
  std::vector<std::pair<std::string, std::string>> headers{};  ///< never written anywhere but to the server
  std::function<bool()> stopped{};     ///< asked ten times a second; ends the exchange
  std::size_t max_error_bytes = 4096;  ///< of an answer without success: kept in Response::body
  const Clock* clock = &real_clock();  ///< of the arrival times
};

/// Receives a piece of an answer and its arrival time, s of the steady clock. Returning false ends the answer.
using TakePiece = std::function<bool(std::string_view piece, double arrived_s)>;

/// One POST of a JSON text. Each piece of a successful answer is passed to `take` as it arrives; an answer
/// that `take` ends is not a problem. The arrival time is the kernel's, so that it is right even if this
/// thread had to wait for a core; over TLS it is the time of reading. Throws Error (usage) only for an invalid
/// URL. Safe from any thread.
Response post_stream(const std::string& url, const std::string& json, const PostOptions& options,
                     const TakePiece& take);

}  // namespace energylens::http
