// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>

namespace energylens::http {

/// "http://host:9400/metrics" in its parts.
struct Url {
  std::string origin;  ///< "http://host:9400"
  std::string path;    ///< "/metrics"; "/" if the URL has none
};
/// Throws Error (usage) for text that is no http or https URL.
Url parse_url(const std::string& text);

/// What came back. A server that cannot be reached, is too slow or sends too much is an outcome, no
/// exception.
struct Response {
  int status = 0;  ///< of HTTP; 0 if there was no answer
  std::string body;
  std::string problem;  ///< why there is no usable answer, in words; empty for a status of 200 to 299
  bool ok() const { return problem.empty(); }
};

struct GetOptions {
  double timeout_s = 2;               ///< for connecting, and for each read
  std::size_t max_bytes = 16u << 20;  ///< a longer body is refused
};

/// One GET. Redirects are not followed. Throws Error (usage) only for what is no URL. Safe from any thread.
Response get(const std::string& url, const GetOptions& options = {});

}  // namespace energylens::http
