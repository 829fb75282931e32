// SPDX-License-Identifier: Apache-2.0
// When pieces of a streamed answer arrived, whatever the reader was doing then.
#include <gmock/gmock.h>

#include <atomic>

#include "energylens/core/number_text.hpp"
#include "fake_clock.hpp"
#include "http/arrival_time.hpp"
#include "http/client.hpp"
#include "load/token_server.hpp"

namespace energylens::http {
namespace {

using load::Event;
using load::now_s;
using load::sleep_s;
using load::TokenServer;

constexpr double kWall_s = 1.7e9;

TEST(Arrival, IsTheKernelsStampByTheSteadyClock) {
  const FakeClock clock(1000, kWall_s);
  EXPECT_NEAR(arrival_s(clock, kWall_s - 0.25, 900), 999.75, 1e-6);
  EXPECT_EQ(arrival_s(clock, kUnknown, 900), 1000) << "no stamp: now";
}

TEST(Arrival, AWallClockThatWasSetCannotPutItIntoTheFutureOrBeforeEarlierBytes) {
  FakeClock clock(1000, kWall_s);
  clock.set_wall_forward(3600);
  EXPECT_EQ(arrival_s(clock, kWall_s - 0.25, 999.5), 999.5);
  clock.set_wall_forward(-7200);
  EXPECT_EQ(arrival_s(clock, kWall_s - 0.25, 999.5), 1000);
}

struct Piece {
  std::string text;
  double arrived_s = 0, taken_s = 0;
};

/// Posts, and calls `busy` with each piece.
std::vector<Piece> pieces_of(const std::string& url, const std::function<void(const Piece&)>& busy = {}) {
  std::vector<Piece> pieces;
  const Response response = post_stream(url, "{}", {}, [&](std::string_view piece, double arrived_s) {
    pieces.push_back({std::string(piece), arrived_s, now_s()});
    if (busy) busy(pieces.back());
    return true;
  });
  EXPECT_TRUE(response.ok()) << response.problem;
  return pieces;
}

/// While the reader is busy with the first piece, the server sends the second one.
TEST(Arrival, IsTheServersMomentThoughTheReaderSleeps) {
  Event first_taken, second_sent;
  std::atomic<double> sent_s{0};
  const TokenServer server([&](const std::string&, const TokenServer::Client& client) {
    client.begin_stream();
    client.send("one");
    first_taken.await();
    sent_s = now_s();
    client.send("two");
    second_sent.happen();
  });
  double busy_until_s = 0;
  const std::vector<Piece> pieces = pieces_of(server.url() + "/v1", [&](const Piece& piece) {
    if (piece.text != "one") return;
    first_taken.happen();
    EXPECT_TRUE(second_sent.await());
    sleep_s(0.1);
    busy_until_s = now_s();
  });
  ASSERT_EQ(pieces.size(), 2u);
  EXPECT_LE(pieces[0].arrived_s, pieces[0].taken_s);
  EXPECT_GE(pieces[1].arrived_s, sent_s - 1e-4) << "not before it was sent";
  EXPECT_LT(pieces[1].arrived_s, busy_until_s) << "not when the reader came back";
}

TEST(Arrival, NeverRunsBackAndWholeAnswersAreKept) {
  const std::string long_piece(100'000, 'x');
  const TokenServer server([&](const std::string&, const TokenServer::Client& client) {
    client.begin_stream();
    for (int i = 0; i < 20; ++i) client.send(long_piece);
  });
  std::size_t size = 0;
  double last_s = 0;
  for (const Piece& piece : pieces_of(server.url())) {
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
  ASSERT_EQ(pieces_of(url).size(), 1u);
  EXPECT_EQ(pieces_of(url)[0].text, "POST / HTTP/1.1");
  for (const char* nowhere :
       {"http://127.0.0.1:1/x", "http://[::1]:1/x", "http://127.0.0.1:99999/", "http://127.0.0.1:x/"}) {
    const Response response = post_stream(nowhere, "{}", {.timeout_s = 1}, [](auto, double) { return true; });
    EXPECT_FALSE(response.ok()) << nowhere;
    EXPECT_EQ(response.status, 0) << nowhere;
  }
}

}  // namespace
}  // namespace energylens::http
