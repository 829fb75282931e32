// SPDX-License-Identifier: Apache-2.0
#include "load/sse.hpp"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

namespace energylens::load {
namespace {

using testing::ElementsAre;

std::vector<std::string> events_of(const std::vector<std::string>& pieces) {
  std::vector<std::string> events;
  SseReader reader([&](std::string_view data) { events.emplace_back(data); });
  for (const std::string& piece : pieces) reader.feed(piece);
  return events;
}

TEST(Sse, AnEventEndsAtAnEmptyLine) {
  EXPECT_THAT(events_of({"data: one\n\ndata: two\n\ndata: open\n"}), ElementsAre("one", "two"));
}

TEST(Sse, LinesOfOneEventAreJoinedAndOtherFieldsPassedOver) {
  EXPECT_THAT(events_of({": comment\nevent: x\nid: 7\ndata: a\ndata:  b\ndata\ndata:c\nretry: 5\n\n"}),
              ElementsAre("a\n b\n\nc"));
  EXPECT_THAT(events_of({"event: x\n\n\n\ndatabase: no\n\n"}), ElementsAre());
}

TEST(Sse, LinesEndInAnyWay) {
  EXPECT_THAT(events_of({"data: a\r\n\r\ndata: b\r\rdata: c\n\n"}), ElementsAre("a", "b", "c"));
  EXPECT_THAT(events_of({"\xEF\xBB\xBF"
                         "data: a\n\n"}),
              ElementsAre("a"));
}

RC_GTEST_PROP(Sse, PiecesMayBeCutAnywhere, ()) {
  const std::string stream = "data: one\r\n\r\n: c\rdata: two\rdata: three\n\ndata: 4\r\n\n";
  std::vector<std::string> pieces(1);
  for (const char c : stream) {
    pieces.back() += c;
    if (*rc::gen::inRange(0, 3) == 0) pieces.emplace_back();
  }
  RC_ASSERT(events_of(pieces) == (std::vector<std::string>{"one", "two\nthree", "4"}));
}

TEST(Sse, AnEventWithoutEndBreaksTheStream) {
  int events = 0;
  SseReader reader([&](std::string_view) { ++events; }, 100);
  EXPECT_TRUE(reader.feed("data: ok\n\n"));
  EXPECT_FALSE(reader.feed("data: " + std::string(200, 'x')));
  EXPECT_FALSE(reader.feed("\n\ndata: more\n\n"));
  EXPECT_EQ(events, 1);
  SseReader lines([&](std::string_view) { ++events; }, 100);
  for (int i = 0; i < 50; ++i) lines.feed("data: four\n");
  EXPECT_TRUE(lines.broken()) << "many lines of one event, too";
}

}  // namespace
}  // namespace energylens::load
