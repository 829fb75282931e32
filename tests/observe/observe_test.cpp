// SPDX-License-Identifier: Apache-2.0
// The whole way against a server of ours that answers as Prometheus does.
#include "energylens/observe/observe.hpp"

#include <gmock/gmock.h>

#include <mutex>

#include "energylens/io/json.hpp"
#include "fake_clock.hpp"
#include "loopback_server.hpp"
#include "observe/production.hpp"
#include "observe/prometheus_api.hpp"
#include "table/expect_error.hpp"

namespace energylens::observe {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The value of a parameter of the request line, decoded.
std::string parameter(const std::string& request, const std::string& name) {
  const std::size_t at = request.find(name + "=");
  if (at == std::string::npos) return {};
  std::string text;
  for (std::size_t i = at + name.size() + 1; i < request.size() && request[i] != '&' && request[i] != ' ';
       ++i) {
    if (request[i] == '%') {
      text += static_cast<char>(std::stoi(request.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      text += request[i];
    }
  }
  return text;
}

std::string matrix(const std::vector<Series>& series, const std::string& query, double begin_s,
                   double end_s) {
  io::Json list = io::Json::array();
  for (const Series& one : series) {
    if (query.find(one.name + "|") == std::string::npos && query.find(one.name + "\"") == std::string::npos)
      continue;
    io::Json metric = io::Json::object({{"__name__", one.name}}), values = io::Json::array();
    for (const auto& [name, value] : one.labels) metric[name] = value;
    for (const Point& point : one.points) {
      if (point.time_s < begin_s || point.time_s > end_s) continue;
      io::Json pair = io::Json::array();
      pair.push_back(point.time_s);
      pair.push_back(number_text(point.value));
      values.push_back(std::move(pair));
    }
    list.push_back(io::Json::object({{"metric", std::move(metric)}, {"values", std::move(values)}}));
  }
  return io::print_json(
      io::Json::object({{"status", "success"},
                        {"data", io::Json::object({{"resultType", "matrix"}, {"result", std::move(list)}})}}),
      0);
}

class FakePrometheus {
 public:
  explicit FakePrometheus(Production production, std::string token = {})
      : series_(production.series()),
        token_(std::move(token)),
        server_([this](const std::string& request) { return answer(request); }) {}

  std::string url() const { return server_.url(""); }
  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  std::string answer(const std::string& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    if (!token_.empty() && request.find("Authorization: Bearer " + token_ + "\r\n") == std::string::npos)
      return LoopbackServer::ok("no", "401 Unauthorized");
    return LoopbackServer::ok(matrix(series_, parameter(request, "query"),
                                     std::stod(parameter(request, "start")),
                                     std::stod(parameter(request, "end"))));
  }

  std::vector<Series> series_;
  std::string token_;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  LoopbackServer server_;
};

Options options_for(const FakePrometheus& server, const Production& p) {
  Options options;
  options.url = server.url();
  options.begin_s = p.begin_s;
  options.end_s = p.begin_s + p.length_s;
  options.set = {{"tp", "2"}};
  return options;
}

TEST(Observe, RowsComeFromTheServerAndNothingIsWrittenToIt) {
  const Production p;
  const FakePrometheus server(p);
  Options options = options_for(server, p);
  options.selector = {{"job", "vl\"lm"}};
  const Observed observed = observe_prometheus(options);
  EXPECT_EQ(observed.rows, 10u);
  ASSERT_EQ(server.requests().size(), 2u);
  for (const std::string& request : server.requests())
    EXPECT_THAT(request, testing::StartsWith("GET /api/v1/query_range?"));
  EXPECT_THAT(parameter(server.requests()[0], "query"), HasSubstr(R"(,job="vl\"lm")"));
  EXPECT_THAT(parameter(server.requests()[1], "query"), Not(HasSubstr("job=")));
}

TEST(Observe, ATokenIsSentAndNeverShown) {
  const Production p;
  const FakePrometheus server(p, "s3cret-token-of-the-test");
  Options options = options_for(server, p);
  options.token = "s3cret-token-of-the-test";
  EXPECT_EQ(observe_prometheus(options).rows, 10u);
  options.token = "another-wrong-token";
  const std::string error = table::error_of([&] { observe_prometheus(options); });
  EXPECT_THAT(error, HasSubstr("the server refuses access (status 401)"));
  EXPECT_THAT(error, Not(HasSubstr("another-wrong-token")));
}

TEST(Observe, LongRangesAreAskedForInPieces) {
  Production p;
  p.length_s = 2 * 86400;
  const FakePrometheus server(p);
  Options options = options_for(server, p);
  const Observed observed = observe_prometheus(options);
  EXPECT_EQ(server.requests().size(), 4u);
  EXPECT_EQ(observed.rows, 2880u);  // none is lost between two pieces
}

TEST(Observe, APageIsSampledHere) {
  const Production p;
  int scrapes = 0;
  const LoopbackServer server([&](const std::string&) {
    std::string page;
    const std::vector<Series> all = p.series();
    for (const Series& one : all) {
      page += one.name + "{";
      for (const auto& [name, value] : one.labels) page += name + "=\"" + value + "\",";
      page += "} " + number_text(one.points[static_cast<std::size_t>(scrapes)].value) + "\n";
    }
    ++scrapes;
    return LoopbackServer::ok(page);
  });
  Options options;
  options.url = server.url("/metrics");
  options.begin_s = 0;
  options.end_s = 300;
  FakeClock clock;
  options.clock = &clock;
  options.set = {{"tp", "2"}};
  const Observed observed = observe_page(options);
  EXPECT_EQ(observed.rows, 5u);
  EXPECT_EQ(scrapes, 21);
  EXPECT_NEAR(observed.table.numbers(table::Column::batch)[0], 8, 1e-9);
  EXPECT_NEAR(observed.table.numbers(table::Column::avg_power_w)[0], 600, 1e-9);
}

TEST(Observe, AServerThatIsNotThereIsNamed) {
  Options options;
  options.url = "http://127.0.0.1:1";
  options.begin_s = 0;
  options.end_s = 600;
  EXPECT_THAT(table::error_of([&] { observe_prometheus(options); }), HasSubstr("http://127.0.0.1:1: "));
}

}  // namespace
}  // namespace energylens::observe
