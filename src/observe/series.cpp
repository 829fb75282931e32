// SPDX-License-Identifier: Apache-2.0
// Held by prometheus_test.cpp.
#include "observe/series.hpp"

#include "energylens/core/error.hpp"
#include "energylens/io/json.hpp"

namespace energylens::observe {

std::vector<Series> parse_matrix(const std::string& text, const std::string& source) {
  const io::Json answer = io::parse_json(text, source);
  if (answer.text_or("status", "") != "success")
    throw Error::bad_input({source, 0, {}},
                           "the server answered with an error: " + answer.text_or("error", "not stated"));
  std::vector<Series> all;
  for (const io::Json& one : answer.at("data").array_at("result")) {
    Series series;
    for (const io::Json::Member& label : one.at("metric").members()) {
      if (label.name == "__name__") {
        series.name = label.value.as_text();
      } else {
        series.labels.emplace_back(label.name, label.value.as_text());
      }
    }
    for (const io::Json& pair : one.array_at("values")) {
      if (pair.items().size() != 2) throw pair.error("expected a time and a value");
      const auto value = parse_number(pair.items()[1].as_text());
      if (value) series.points.push_back({pair.items()[0].as_number(), *value});
    }
    all.push_back(std::move(series));
  }
  return all;
}

}  // namespace energylens::observe
