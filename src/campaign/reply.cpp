// SPDX-License-Identifier: Apache-2.0
// Held by parts_test.cpp and campaign_fuzz.cpp.
#include "campaign/reply.hpp"

namespace energylens::campaign {

Reply parse_reply(std::string_view line) {
  Reply reply;
  try {
    reply.json = wire::parse_json(line, "child");
    if (!reply.json.boolean("ok"))
      reply.problem = "the child says: " + reply.json.text_or("error", "no reason");
    reply.json.number_or_unknown("tokens");
  } catch (const Error& error) {
    reply.problem = "the child's answer cannot be read: " + std::string(error.what());
  }
  for (char& c : reply.problem) c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return reply;
}

}  // namespace energylens::campaign
