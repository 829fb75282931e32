// SPDX-License-Identifier: Apache-2.0
#include "http/client.hpp"

#include <gmock/gmock.h>

#include "load/token_server.hpp"
#include "loopback_server.hpp"
#include "table/expect_error.hpp"

namespace energylens::http {
namespace {

using table::error_of;
using testing::HasSubstr;

TEST(HttpClient, GetsTheBodyOfThePathThatWasAskedFor) {
  const LoopbackServer server([](const std::string& request) {
    return LoopbackServer::ok(request.starts_with("GET /metrics ") ? "power 12\n" : "wrong path");
  });
  const Response response = get(server.url("/metrics"));
  EXPECT_TRUE(response.ok()) << response.problem;
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "power 12\n");
}

TEST(HttpClient, AStatusThatIsNoSuccessIsSaid) {
  const LoopbackServer server(
      [](const std::string&) { return LoopbackServer::ok("nothing here", "404 Not Found"); });
  const Response response = get(server.url("/metrics"));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.problem, server.url("/metrics") + " responded with status 404");
}

TEST(HttpClient, NoServerIsAnOutcome) {
  std::string url;
  {
    url = LoopbackServer([](const std::string&) { return std::string(); }).url();
  }
  const Response response = get(url);
  EXPECT_FALSE(response.ok());
  EXPECT_THAT(response.problem, HasSubstr("no server responds at http://127.0.0.1:"));
}

TEST(HttpClient, ABrokenAnswerIsAnOutcome) {
  for (const std::string& bytes :
       {std::string(), std::string("HTTP/1.1"), std::string("\x00\x01\xff garbage", 11),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")}) {
    const LoopbackServer server([&](const std::string&) { return bytes; });
    EXPECT_FALSE(get(server.url()).ok()) << bytes;
  }
}

TEST(HttpClient, ABodyWithoutEndIsCutOffAtTheLimit) {
  const LoopbackServer server(
      [](const std::string&) { return LoopbackServer::ok(std::string(200'000, 'x')); });
  const Response response = get(server.url(), {.timeout_s = 2, .max_bytes = 1000});
  EXPECT_LE(response.body.size(), 1000u);
  EXPECT_THAT(response.problem, HasSubstr("sent more than 1000 bytes"));
}

TEST(HttpClient, ASlowServerIsAnOutcome) {
  load::Event given_up;
  const LoopbackServer server([&](const std::string&) {
    given_up.await();
    return LoopbackServer::ok("late");
  });
  EXPECT_THAT(get(server.url(), {.timeout_s = 0.05}).problem, HasSubstr(" sent no data for 0.05"));
  given_up.happen();
}

TEST(HttpClient, AServerThatHangsUpIsToldFromASlowOne) {
  const LoopbackServer mute([](const std::string&) { return std::string(); });
  EXPECT_THAT(get(mute.url(), {.timeout_s = 30}).problem,
              HasSubstr(" closed the connection without an HTTP response"));
  const LoopbackServer half(
      [](const std::string&) { return std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"); });
  const std::string problem = get(half.url(), {.timeout_s = 30}).problem;
  EXPECT_THAT(problem, testing::EndsWith(" closed the connection"));
}

TEST(HttpClient, TheWrongSchemeIsSaid) {
  const LoopbackServer plain(
      [](const std::string&) { return LoopbackServer::ok("what?", "400 Bad Request"); });
  std::string url = plain.url();
  EXPECT_THAT(get(url.replace(0, 4, "https"), {.timeout_s = 0.3}).problem,
              HasSubstr("the URL of a server without TLS starts with http://"));
  const std::string alert("\x15\x03\x03\x00\x02\x02\x28", 7);
  const LoopbackServer tls([&](const std::string&) { return alert; });
  EXPECT_THAT(get(tls.url(), {.timeout_s = 5}).problem,
              HasSubstr("the URL of a server with TLS starts with https://"));
}

using load::TokenServer;

/// Sends the beginning, then the piece again and again until the client hangs up.
TokenServer::Serve endless(std::string beginning, std::string piece, double pause_s) {
  return [=](const std::string&, const TokenServer::Client& client) {
    client.send(beginning);
    while (client.send(piece)) {
      if (pause_s > 0) load::sleep_s(pause_s);
    }
  };
}

const std::string kStreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
constexpr double kDrip_s = 0.01;

Response posted(const std::string& url, const PostOptions& options) {
  return post_stream(url, "{}", options, [](std::string_view, double) { return true; });
}

TEST(HttpClient, WhateverDripsEndsWithTheTimeOfTheWholeExchange) {
  for (const auto& [beginning, piece] :
       {std::pair{kStreamHead, std::string(": ping\n\n")},
        std::pair{std::string("HTTP/1.1 200 OK\r\n"), std::string("X: 1\r\n")},
        std::pair{std::string("HTTP/1.1 200 O"), std::string("K")},
        std::pair{std::string(), std::string("HTTP/1.1 100 Continue\r\n\r\n")},
        std::pair{std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                  std::string("1\r\n:\r\n")},
        std::pair{std::string("HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n"), std::string(" ")},
        std::pair{std::string("HTTP/1.1 503 X\r\nContent-Length: 900000\r\n\r\n"), std::string(" ")}}) {
    const TokenServer server(endless(beginning, piece, kDrip_s));
    EXPECT_THAT(posted(server.url(), {.timeout_s = 30, .total_s = 0.3}).problem,
                HasSubstr("took longer than 0.300 s"))
        << beginning << piece;
    EXPECT_FALSE(get(server.url(), {.timeout_s = 0.3}).ok());
  }
}

TEST(HttpClient, AStopEndsWhateverDrips) {
  for (const auto& [beginning, piece] :
       {std::pair{kStreamHead, std::string(": ping\n\n")},
        std::pair{std::string("HTTP/1.1 200 OK\r\n"), std::string("X: 1\r\n")},
        std::pair{std::string(), std::string("HTTP/1.1 100 Continue\r\n\r\n")}}) {
    for (const double pause_s : {0.0, kDrip_s}) {
      const TokenServer server(endless(beginning, piece, pause_s));
      int asked = 0;
      PostOptions options;
      options.stopped = [&] { return ++asked > 3; };
      EXPECT_THAT(posted(server.url(), options).problem,
                  testing::AnyOf("stopped", HasSubstr("headers without end")));
      EXPECT_GT(asked, 0);
    }
  }
}

TEST(HttpClient, HeadersWithoutEndAreCutOff) {
  for (const std::string& piece : {"X-A: " + std::string(6000, 'a') + "\r\n", std::string(65536, 'a')}) {
    const TokenServer server(endless("HTTP/1.1 200 OK\r\n", piece, 0));
    EXPECT_THAT(posted(server.url(), {}).problem, HasSubstr("sent headers without end"));
    EXPECT_THAT(get(server.url(), {.timeout_s = 60}).problem, HasSubstr("sent headers without end"));
  }
}

TEST(HttpClient, AnErrorWithoutEndIsCutOffAndItsStatusStays) {
  const TokenServer server(
      endless("HTTP/1.1 503 X\r\nConnection: close\r\n\r\n", std::string(65536, 'x'), 0));
  const Response response = posted(server.url(), {.max_error_bytes = 100});
  EXPECT_EQ(response.body, std::string(100, 'x'));
  EXPECT_THAT(response.problem, HasSubstr("responded with status 503"));
}

TEST(HttpClient, AnAnswerWithoutABodyHasItsStatus) {
  const LoopbackServer server(
      [](const std::string&) { return std::string("HTTP/1.1 204 No Content\r\n\r\n"); });
  EXPECT_EQ(get(server.url()).status, 204);
  EXPECT_TRUE(get(server.url()).ok());
}

TEST(HttpClient, WhatIsNoUrlIsWrongUsage) {
  for (const char* text :
       {"", "localhost:9400", "ftp://host/", "http://", "http:///metrics", "http://a b/"}) {
    EXPECT_THAT(error_of([&] { get(text); }), HasSubstr("is not a URL such as http://localhost:8000"));
  }
  const std::string refused = error_of([&] { get("http://user:secret@h/"); });
  EXPECT_THAT(refused, HasSubstr("must not contain a user name or a password"));
  EXPECT_THAT(refused, testing::Not(HasSubstr("secret")));
  EXPECT_EQ(parse_url("http://h/mail@home").path, "/mail@home");
  EXPECT_EQ(parse_url("http://h:1/a/b?c=d").origin, "http://h:1");
  EXPECT_EQ(parse_url("http://h:1/a/b?c=d").path, "/a/b?c=d");
  EXPECT_EQ(parse_url("https://h").path, "/");
}

}  // namespace
}  // namespace energylens::http
