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
  EXPECT_EQ(response.problem, server.url("/metrics") + " answered with status 404");
}

TEST(HttpClient, NoServerIsAnOutcome) {
  std::string url;
  {
    url = LoopbackServer([](const std::string&) { return std::string(); }).url();
  }
  const Response response = get(url);
  EXPECT_FALSE(response.ok());
  EXPECT_THAT(response.problem, HasSubstr("no server answers at http://127.0.0.1:"));
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
  EXPECT_THAT(get(server.url(), {.timeout_s = 0.05}).problem, HasSubstr(" sent nothing for 0.05"));
  given_up.happen();
}

TEST(HttpClient, AServerThatHangsUpIsToldFromASlowOne) {
  const LoopbackServer mute([](const std::string&) { return std::string(); });
  EXPECT_THAT(get(mute.url(), {.timeout_s = 30}).problem,
              HasSubstr(" closed the connection without an HTTP answer"));
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
