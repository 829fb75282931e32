// SPDX-License-Identifier: Apache-2.0
// A thin layer over cpp-httplib, which no other module knows. The body is read in pieces, so that a server
// that sends without end is cut off at the limit. Held by client_test.cpp on a
// loopback server.
#include "http/client.hpp"

#include <httplib.h>

#include <algorithm>
#include <cmath>

#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "http/arrival.hpp"

namespace energylens::http {
namespace {

constexpr time_t kConnect_s = 30;  ///< the longest wait for a connection

template <class Client>
void set_timeouts(Client& client, double timeout_s) {
  const auto whole = static_cast<time_t>(timeout_s);
  const auto micro = static_cast<time_t>((timeout_s - std::floor(timeout_s)) * 1e6);
  if (timeout_s > kConnect_s) {
    client.set_connection_timeout(kConnect_s);
  } else {
    client.set_connection_timeout(whole, micro);
  }
  client.set_read_timeout(whole, micro);
  client.set_write_timeout(whole, micro);
}

/// How an exchange went, to explain why it failed: the library reports the same error for a slow server and
/// for one that hangs up.
struct Exchange {
  const Url& url;
  const Clock& clock;
  double timeout_s = 0;
  double last_s = clock.steady_now_s();  ///< something was sent or received
  bool answered = false;                 ///< with a status

  void heard() { last_s = clock.steady_now_s(), answered = true; }

  std::string read_problem() const {
    constexpr double kNearly = 0.9;  // the library's clock begins later
    if (clock.steady_now_s() - last_s >= kNearly * timeout_s)
      return url.origin + " sent nothing for " + rounded_text(timeout_s) + " s";
    if (answered) return url.origin + " closed the connection";
    const std::string hint =
        url.origin.starts_with("http://") ? "; the URL of a server with TLS starts with https://" : "";
    return url.origin + " closed the connection without an HTTP answer" + hint;
  }

  std::string problem(httplib::Error error) const {
    if (error == httplib::Error::Connection) return "no server answers at " + url.origin;
    if (error == httplib::Error::Read) return read_problem();
    if (error == httplib::Error::SSLConnection)
      return url.origin + " failed the TLS handshake; the URL of a server without TLS starts with http://";
    return url.origin + ": " + httplib::to_string(error);
  }
};

}  // namespace

Url parse_url(const std::string& text) {
  const std::size_t scheme = text.find("://");
  const bool known = text.starts_with("http://") || text.starts_with("https://");
  if (!known || text.size() == scheme + 3 || text[scheme + 3] == '/' ||
      text.find_first_of(" \t\r\n") != std::string::npos) {
    throw Error::usage('"' + text + "\" is not a URL such as http://localhost:8000");
  }
  const std::size_t slash = text.find('/', scheme + 3);
  // Refused, because URLs are written to plans, journals and messages.
  if (text.substr(0, slash).find('@') != std::string::npos)
    throw Error::usage("a URL must not contain a user name or a password; set the key in the environment");
  if (slash == std::string::npos) return {text, "/"};
  return {text.substr(0, slash), text.substr(slash)};
}

Response get(const std::string& url, const GetOptions& options) {
  const Url parts = parse_url(url);
  httplib::Client client(parts.origin);
  set_timeouts(client, options.timeout_s);
  Response response;
  bool too_long = false;
  Exchange exchange{parts, real_clock(), options.timeout_s};
  const auto take = [&](const char* data, std::size_t size) {
    exchange.heard();
    too_long = response.body.size() + size > options.max_bytes;
    if (!too_long) response.body.append(data, size);
    return !too_long;
  };
  httplib::Headers headers;
  for (const auto& [name, value] : options.headers) headers.emplace(name, value);
  const httplib::Result result = client.Get(parts.path.c_str(), headers, take);
  if (result) response.status = result->status;
  if (too_long) {
    response.problem = parts.origin + " sent more than " + std::to_string(options.max_bytes) + " bytes";
  } else if (!result) {
    response.problem = exchange.problem(result.error());
  } else if (response.status < 200 || response.status > 299) {
    response.problem = url + " answered with status " + std::to_string(response.status);
  }
  return response;
}

namespace {

/// Host and port of "http://host:8000", "http://[::1]:8000"; port 80 if there is none.
std::pair<std::string, int> address_of(const std::string& origin) {
  std::string host = origin.substr(origin.find("://") + 3);
  int port = 80;
  const std::size_t colon = host.rfind(':');
  if (colon != host.npos && host.find(']', colon) == host.npos) {
    const auto number = parse_number(std::string_view(host).substr(colon + 1));
    if (number && *number >= 1 && *number <= 65535) port = static_cast<int>(*number), host.resize(colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {host, port};
}

httplib::Request post_request(const std::string& path, const std::string& json, const PostOptions& options) {
  httplib::Request request;
  request.method = "POST";
  request.path = path;
  request.body = json;
  for (const auto& [name, value] : options.headers) request.headers.emplace(name, value);
  request.headers.emplace("Content-Type", "application/json");
  request.headers.emplace("Accept", "text/event-stream");
  return request;
}

/// `arrived_s` returns when the latest bytes arrived.
template <class Client>
Response send_and_stream(Client& client, const Url& url, httplib::Request request, const PostOptions& options,
                         const TakePiece& take, const std::function<double()>& arrived_s) {
  set_timeouts(client, options.timeout_s);
  client.set_tcp_nodelay(true);
  Response response;
  bool cut_off = false;
  Exchange exchange{url, *options.clock, options.timeout_s};
  request.response_handler = [&](const httplib::Response& head) {
    exchange.heard();
    response.status = head.status;
    return true;
  };
  request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    const std::string_view piece(data, size);
    exchange.heard();
    if (response.status >= 200 && response.status <= 299) {
      cut_off = !take(piece, arrived_s());
      return !cut_off;
    }
    response.body.append(
        piece.substr(0, options.max_error_bytes - std::min(options.max_error_bytes, response.body.size())));
    return true;
  };
  const httplib::Result result = client.send(request);
  if (cut_off) return response;
  if (!result) {
    response.problem = exchange.problem(result.error());
  } else if (response.status < 200 || response.status > 299) {
    response.problem = url.origin + url.path + " answered with status " + std::to_string(response.status);
  }
  return response;
}

}  // namespace

Response post_stream(const std::string& url, const std::string& json, const PostOptions& options,
                     const TakePiece& take) {
  const Url parts = parse_url(url);
  const httplib::Request request = post_request(parts.path, json, options);
  if (parts.origin.starts_with("https://")) {
    httplib::Client client(parts.origin);
    return send_and_stream(client, parts, request, options, take,
                           [&] { return options.clock->steady_now_s(); });
  }
  const auto [host, port] = address_of(parts.origin);
  ArrivalClient client(host, port, options.stopped, *options.clock);
  return send_and_stream(client, parts, request, options, take, [&] { return client.arrived_s(); });
}

}  // namespace energylens::http
