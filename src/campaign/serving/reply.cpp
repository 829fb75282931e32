// SPDX-License-Identifier: Apache-2.0
// Held by parts_test.cpp and child_fuzz.cpp.
#include "campaign/serving/reply.hpp"

namespace energylens::campaign {
namespace {

constexpr double kMostCacheTokens = 1e12;  ///< of a cache: more is not plausible

}  // namespace

double Reply::tokens() const {
  const double tokens = json.number_or_unknown("tokens");
  return tokens >= 0 ? tokens : kUnknown;
}

io::Json Reply::about() const {
  const io::Json* const about = json.find("about");
  return about && about->is_object() ? *about : io::Json();
}

bool Reply::simulated() const {
  const io::Json* const simulated = json.find("simulated");
  return simulated && simulated->kind() == io::Json::Kind::boolean && simulated->as_boolean();
}

double capacity_of(const io::Json& about) {
  const io::Json* const stated = about.is_object() ? about.find("kv_capacity_tokens") : nullptr;
  const double tokens = stated && stated->is_number() ? stated->as_number() : kUnknown;
  return tokens > 0 && tokens < kMostCacheTokens ? tokens : kUnknown;
}

std::string shown_line(std::string_view line) {
  constexpr std::size_t kShown = 80;
  std::string text(line.substr(0, kShown));
  for (char& c : text) c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return '"' + text + (line.size() > kShown ? "...\"" : "\"");
}

Reply parse_reply(std::string_view line) {
  Reply reply;
  try {
    reply.json = io::parse_json(line, "child");
    if (!reply.json.boolean("ok"))
      reply.problem = "the child reports: " + reply.json.text_or("error", "no reason");
    reply.json.number_or_unknown("tokens");
  } catch (const Error& error) {
    reply.problem = "the child's response " + shown_line(line) + " cannot be read: " + error.what();
  }
  for (char& c : reply.problem) c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return reply;
}

}  // namespace energylens::campaign
