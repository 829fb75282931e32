// SPDX-License-Identifier: Apache-2.0
// A thin layer over cpp-httplib, which no other module knows. The body is read in pieces, so that a server
// that sends without end is cut off at the limit. Held by client_test.cpp on a
// loopback server.
#include "http/client.hpp"

#include <httplib.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "core/rounded_text.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "http/arrival.hpp"

namespace energylens::http {
namespace {

constexpr time_t kConnect_s = 30;  ///< the longest wait for a connection

/// For connections over TLS, which the library makes.
void set_timeouts(httplib::ClientImpl& client, double timeout_s) {
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
  double timeout_s = 0, total_s = 0;
  double last_s = clock.steady_now_s();  ///< something was sent or received
  bool answered = false;                 ///< with a status
  std::string location = {};             ///< where the server sends its clients, if it does

  void heard() { last_s = clock.steady_now_s(), answered = true; }

  bool silent() const {
    constexpr double kNearly = 0.9;  // the library's clock begins later
    return clock.steady_now_s() - last_s >= kNearly * timeout_s;
  }

  std::string read_problem() const {
    if (silent()) return url.origin + " sent no data for " + rounded_text(timeout_s) + " s";
    if (answered) return url.origin + " closed the connection";
    const std::string hint =
        url.origin.starts_with("http://") ? "; the URL of a server with TLS starts with https://" : "";
    return url.origin + " closed the connection without an HTTP response" + hint;
  }

  std::string problem(httplib::Error error, Limit reached) const {
    if (reached == Limit::stopped) return "stopped";
    if (error == httplib::Error::SSLServerVerification)
      return "the certificate of " + url.origin +
             " is not trusted, as it may be self-signed; name the file of it, or of its authority, in SSL_CERT_FILE";
    if (error == httplib::Error::SSLConnection)
      return url.origin + " failed the TLS handshake; the URL of a server without TLS starts with http://";
    if (reached == Limit::duration && !silent())
      return "the request to " + url.origin + " took longer than " + rounded_text(total_s) + " s";
    if (reached == Limit::head) return url.origin + " sent headers without end";
    if (error == httplib::Error::Connection) return "no server responds at " + url.origin;
    if (error == httplib::Error::Read || reached != Limit::none) return read_problem();
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

namespace {

/// Host and port of "http://host:8000", "http://[::1]:8000"; the port of the scheme if there is none.
std::pair<std::string, int> address_of(const std::string& origin) {
  std::string host = origin.substr(origin.find("://") + 3);
  int port = origin.starts_with("https://") ? 443 : 80;
  const std::size_t colon = host.rfind(':');
  if (colon != host.npos && host.find(']', colon) == host.npos) {
    const auto number = parse_number(std::string_view(host).substr(colon + 1));
    if (number && *number >= 1 && *number <= 65535) port = static_cast<int>(*number), host.resize(colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {host, port};
}

httplib::Request request_of(const std::string& method, const std::string& path,
                            const std::vector<std::pair<std::string, std::string>>& headers) {
  httplib::Request request;
  request.method = method;
  request.path = path;
  for (const auto& [name, value] : headers) request.headers.emplace(name, value);
  return request;
}

/// Where a server sends its clients; empty if it does not.
std::string redirection_text(int status, const std::string& target) {
  if (status < 300 || status > 399 || target.empty()) return {};
  return "; redirects are not followed: use the URL of " + quote(target);
}

/// What to do with an answer as it arrives.
struct Receiver {
  std::function<void(int status)> head;
  std::function<bool(std::string_view piece, double arrived_s)> body;  ///< false ends the exchange
};

/// Sends the request within the limits. Returns the problem, empty if there is none.
std::string exchanged(httplib::Request request, Exchange& exchange, ExchangeLimits limits,
                      const Receiver& receiver) {
  const auto [host, port] = address_of(exchange.url.origin);
  const bool tls = exchange.url.origin.starts_with("https://");
  std::unique_ptr<httplib::ClientImpl> client;
  ArrivalClient* arrivals = nullptr;
  if (tls) {
    client = std::make_unique<httplib::SSLClient>(host, port);
  } else {
    auto plain = std::make_unique<ArrivalClient>(host, port, limits, exchange.clock);
    arrivals = plain.get();
    client = std::move(plain);
  }
  set_timeouts(*client, exchange.timeout_s);
  client->set_tcp_nodelay(true);
  request.response_handler = [&](const httplib::Response& head) {
    if (arrivals) arrivals->begin_body();
    exchange.heard();
    exchange.location = head.get_header_value("Location");
    receiver.head(head.status);
    return true;
  };
  request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    exchange.heard();
    return receiver.body({data, size}, arrivals ? arrivals->arrived_s() : exchange.clock.steady_now_s());
  };
  std::optional<TlsGuard> guard;
  if (tls) guard.emplace(*client, limits, exchange.clock);
  const httplib::Result result = client->send(request);
  if (result) {
    receiver.head(result->status);
    return {};
  }
  if (arrivals) exchange.last_s = std::max(exchange.last_s, arrivals->arrived_s());
  return exchange.problem(result.error(), tls ? guard->reached() : arrivals->reached());
}

bool is_success(int status) {
  return status >= 200 && status <= 299;
}

ExchangeLimits limits_of(double timeout_s, double total_s, const Clock& clock,
                         const std::function<bool()>& stopped) {
  ExchangeLimits limits;
  limits.read_s = limits.write_s = timeout_s;
  limits.until_s = clock.steady_now_s() + total_s;
  limits.stopped = stopped;
  return limits;
}

}  // namespace

Response get(const std::string& url, const GetOptions& options) {
  const Url parts = parse_url(url);
  Response response;
  bool too_long = false;
  Exchange exchange{parts, real_clock(), options.timeout_s, options.timeout_s};
  const Receiver receiver{[&](int status) { response.status = status; },
                          [&](std::string_view piece, double) {
                            too_long = response.body.size() + piece.size() > options.max_bytes;
                            if (!too_long) response.body.append(piece);
                            return !too_long;
                          }};
  const std::string problem =
      exchanged(request_of("GET", parts.path, options.headers), exchange,
                limits_of(options.timeout_s, options.timeout_s, real_clock(), options.stopped), receiver);
  if (too_long) {
    response.problem = parts.origin + " sent more than " + std::to_string(options.max_bytes) + " bytes";
  } else if (!problem.empty()) {
    response.problem = problem;
  } else if (!is_success(response.status)) {
    response.problem = url + " responded with status " + std::to_string(response.status) +
                       redirection_text(response.status, exchange.location);
  }
  return response;
}

Response post_stream(const std::string& url, const std::string& json, const PostOptions& options,
                     const TakePiece& take) {
  const Url parts = parse_url(url);
  httplib::Request request = request_of("POST", parts.path, options.headers);
  request.body = json;
  request.headers.emplace("Content-Type", "application/json");
  request.headers.emplace("Accept", "text/event-stream");
  Response response;
  bool cut_off = false, body_is_full = false;
  Exchange exchange{parts, *options.clock, options.timeout_s, options.total_s};
  const Receiver receiver{
      [&](int status) { response.status = status; },
      [&](std::string_view piece, double arrived_s) {
        if (is_success(response.status)) {
          cut_off = !take(piece, arrived_s);
          return !cut_off;
        }
        response.body.append(piece.substr(0, options.max_error_bytes - response.body.size()));
        body_is_full = response.body.size() == options.max_error_bytes;
        return !body_is_full;
      }};
  const std::string problem =
      exchanged(std::move(request), exchange,
                limits_of(options.timeout_s, options.total_s, *options.clock, options.stopped), receiver);
  if (cut_off) return response;
  if (!problem.empty() && !body_is_full) {
    response.problem = problem;
  } else if (!is_success(response.status)) {
    response.problem = url + " responded with status " + std::to_string(response.status) +
                       redirection_text(response.status, exchange.location);
  }
  return response;
}

}  // namespace energylens::http
