// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <string_view>

#include "energylens/core/error.hpp"
#include "energylens/predictor/predictor.hpp"

namespace energylens {

/// Calls `use` with the JSON text, one of its numbers being replaced: members each in turn, of arrays every ninth number.
inline void for_each_edited_number(
    const std::string& json,
    const std::function<void(const std::string& text, const std::string& what)>& use) {
  std::size_t in_array = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < json.size(); ++at) {
    if (json[at] == '"' && json[at - 1] != '\\') quoted = !quoted;
    const bool begins = !quoted && at > 0 && (json[at - 1] == ' ' || json[at - 1] == '[') &&
                        (json[at] == '-' || std::isdigit(static_cast<unsigned char>(json[at])));
    if (!begins) continue;
    const std::size_t end = json.find_first_of(",]}\n", at);
    const std::string number = json.substr(at, end - at);
    const bool member = at > 1 && json[at - 2] == ':';
    if (!member && in_array++ % 9 != 0) continue;
    const std::string negated = number[0] == '-' ? number.substr(1) : '-' + number;
    for (const std::string& other :
         {negated, std::string("0"), std::string("1e300"), std::string("1e30"), std::string("1e-300"),
          std::string("1e999"), std::string("null"), std::string("NaN")}) {
      const std::size_t line = json.rfind('\n', at);
      use(json.substr(0, at) + other + json.substr(end),
          json.substr(line + 1, at - line - 1) + number + " -> " + other);
    }
    at = end - 1;
  }
}

/// A prediction holds numbers that a machine can show, or none.
inline void expect_plausible(const predictor::Prediction& p, const std::string& what) {
  for (const predictor::Estimate* one :
       {&p.total_energy_j, &p.prefill_energy_j, &p.decode_energy_j, &p.energy_per_out_token_j,
        &p.total_time_s, &p.ttft_s, &p.tpot_s, &p.avg_power_w}) {
    if (!known(one->value)) continue;
    const double rounding = known(p.total_energy_j.value) ? 1e-6 * std::abs(p.total_energy_j.value) : 0;
    EXPECT_TRUE(one->value >= -rounding && one->value < 1e25) << what << ": " << one->value;
    EXPECT_FALSE(one->lo > one->value * (1 + 1e-9) + 1e-9 || one->hi < one->value * (1 - 1e-9) - 1e-9)
        << what;
  }
}

/// Reads every edited text: it is refused at its place, or what it gives is plausible. At least half are refused.
template <class Read>
void expect_edits_refused_or_plausible(const std::string& json,
                                       std::span<const table::Configuration> questions, const Read& read) {
  std::size_t edits = 0, refused = 0;
  for_each_edited_number(json, [&](const std::string& text, const std::string& what) {
    ++edits;
    try {
      const auto model = read(text);
      for (const table::Configuration& question : questions)
        expect_plausible(model.predict(0, question), what);
    } catch (const Error& error) {
      ++refused;
      EXPECT_EQ(error.code(), ErrorCode::bad_input) << what;
      EXPECT_EQ(error.place().file, "model.json") << what << error.what();
    }
  });
  EXPECT_GT(edits, 300u);
  EXPECT_GT(2 * refused, edits);
}

}  // namespace energylens
