// SPDX-License-Identifier: Apache-2.0
// Printing and parsing are inverse for every value JSON can state, whatever the indentation.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstring>

#include "energylens/io/json.hpp"

namespace {

using energylens::io::Json;
using energylens::io::parse_json;
using energylens::io::print_json;

/// Any double but NaN and infinities, by its bits.
rc::Gen<double> finite_double() {
  return rc::gen::suchThat(rc::gen::map(rc::gen::arbitrary<std::uint64_t>(),
                                        [](std::uint64_t bits) {
                                          double value;
                                          static_assert(sizeof value == sizeof bits);
                                          std::memcpy(&value, &bits, sizeof value);
                                          return value;
                                        }),
                           [](double value) { return std::isfinite(value); });
}

rc::Gen<std::string> utf8_text() {
  const auto character = rc::gen::oneOf(
      rc::gen::map(rc::gen::inRange(0, 128), [](int c) { return std::string(1, static_cast<char>(c)); }),
      rc::gen::elementOf(std::vector<std::string>{"\u00e9", "\u20ac", "\U0001F50B", "\"", "\\"}));
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(character), [](const auto& characters) {
    std::string text;
    for (const std::string& c : characters) text += c;
    return text;
  });
}

rc::Gen<Json> plain_value() {
  return rc::gen::oneOf(
      rc::gen::map(rc::gen::arbitrary<bool>(), [](bool b) { return Json(b); }),
      rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t i) { return Json(i); }),
      rc::gen::map(rc::gen::arbitrary<std::uint64_t>(), [](std::uint64_t i) { return Json(i); }),
      rc::gen::map(finite_double(), [](double d) { return Json(d); }),
      rc::gen::map(utf8_text(), [](const std::string& t) { return Json(t); }), rc::gen::just(Json()));
}

rc::Gen<Json> value_of_depth(int depth) {
  if (depth == 0) return plain_value();
  const auto list =
      rc::gen::map(rc::gen::resize(6, rc::gen::container<std::vector<Json>>(value_of_depth(depth - 1))),
                   [](const auto& items) {
                     Json json = Json::array();
                     for (const Json& item : items) json.push_back(item);
                     return json;
                   });
  const auto object =
      rc::gen::map(rc::gen::resize(6, rc::gen::container<std::vector<std::pair<std::string, Json>>>(
                                          rc::gen::pair(utf8_text(), value_of_depth(depth - 1)))),
                   [](const auto& members) {
                     Json json = Json::object();
                     for (const auto& [name, value] : members) json[name] = value;
                     return json;
                   });
  return rc::gen::oneOf(plain_value(), list, object);
}

RC_GTEST_PROP(JsonProperty, PrintingAndParsingAreInverse, ()) {
  const Json json = *value_of_depth(3);
  for (const int indent : {0, 2}) {
    RC_ASSERT(parse_json(print_json(json, indent), "-") == json);
  }
}

RC_GTEST_PROP(JsonProperty, AnyBytesPrintAsTextThatReadsBack, ()) {
  const auto bytes = *rc::gen::arbitrary<std::string>();
  const Json once = parse_json(print_json(bytes), "-");
  RC_ASSERT(print_json(once) == print_json(bytes));
}

}  // namespace
