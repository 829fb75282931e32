// SPDX-License-Identifier: Apache-2.0
// When pieces of a streamed answer arrived, whatever the reader was doing then.
#include <gmock/gmock.h>

#include <mutex>

#include "energylens/http/client.hpp"
#include "load/token_server.hpp"

namespace energylens::http {
namespace {

using load::now_s;
using load::sleep_s;
using load::TokenServer;

struct Piece {
  std::string text;
  double arrived_s, taken_s;
};

/// Posts, and is busy for that long with each piece.
std::vector<Piece> pieces_of(const std::string& url, double busy_s) {
  std::vector<Piece> pieces;
  const Response response = post_stream(url, "{}", {}, [&](std::string_view piece, double arrived_s) {
    pieces.push_back({std::string(piece), arrived_s, now_s()});
    sleep_s(busy_s);
    return true;
  });
  EXPECT_TRUE(response.ok()) << response.problem;
  return pieces;
}

TEST(Arrival, IsTheServersMomentThoughTheReaderSleeps) {
  std::mutex mutex;
  std::vector<double> sent_s;
  const TokenServer server([&](const std::string&, const TokenServer::Client& client) {
    client.begin_stream();
    for (const char* text : {"one", "two"}) {
      sleep_s(0.02);
      const std::lock_guard lock(mutex);
      sent_s.push_back(now_s());
      client.send(text);
    }
  });
  std::vector<double> late;
  for (int i = 0; i < 9; ++i) {
    sent_s.clear();
    const std::vector<Piece> pieces = pieces_of(server.url() + "/v1", 0.1);
    if (pieces.size() != 2) continue;  // the machine was so busy that both were read at once
    const std::lock_guard lock(mutex);
    EXPECT_GE(pieces[1].arrived_s, sent_s[1]) << "not before it was sent";
    EXPECT_LE(pieces[0].arrived_s, pieces[0].taken_s);
    EXPECT_GE(pieces[1].taken_s - sent_s[1], 0.05) << "the reader slept";
    late.push_back(pieces[1].arrived_s - sent_s[1]);
  }
  ASSERT_GE(late.size(), 3u);
  std::ranges::sort(late);
  EXPECT_LT(late[late.size() / 2], 1e-3);
}

TEST(Arrival, NeverRunsBackAndWholeAnswersAreKept) {
  const std::string long_piece(100'000, 'x');
  const TokenServer server([&](const std::string&, const TokenServer::Client& client) {
    client.begin_stream();
    for (int i = 0; i < 20; ++i) client.send(long_piece);
  });
  std::size_t size = 0;
  double last_s = 0;
  for (const Piece& piece : pieces_of(server.url(), 0)) {
    EXPECT_GE(piece.arrived_s, last_s);
    last_s = piece.arrived_s;
    size += piece.text.size();
  }
  EXPECT_EQ(size, 20 * long_piece.size());
}

TEST(Arrival, ReachesAServerByNameAndWithoutThePathItKnowsNot) {
  const TokenServer server([&](const std::string& request, const TokenServer::Client& client) {
    client.begin_stream();
    client.send(request.substr(0, request.find('\r')));
  });
  std::string url = server.url();
  url.replace(url.find("127.0.0.1"), 9, "localhost");
  ASSERT_EQ(pieces_of(url, 0).size(), 1u);
  EXPECT_EQ(pieces_of(url, 0)[0].text, "POST / HTTP/1.1");
  for (const char* nowhere :
       {"http://127.0.0.1:1/x", "http://[::1]:1/x", "http://127.0.0.1:99999/", "http://127.0.0.1:x/"}) {
    const Response response = post_stream(nowhere, "{}", {.timeout_s = 1}, [](auto, double) { return true; });
    EXPECT_FALSE(response.ok()) << nowhere;
    EXPECT_EQ(response.status, 0) << nowhere;
  }
}

}  // namespace
}  // namespace energylens::http
