// SPDX-License-Identifier: Apache-2.0
// Held by simulate_test.cpp: what is written here reads back as a table.
#include "simulate/row_text.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdio>

#include "energylens/core/number_text.hpp"

namespace energylens::simulate {
namespace {

constexpr auto kWritten = [] {
  using enum table::Column;
  return std::array{model,
                    params_b,
                    active_params_b,
                    arch,
                    gpu,
                    engine,
                    quant,
                    kv_dtype,
                    role,
                    simulated,
                    num_gpus,
                    tp,
                    pp,
                    dp,
                    power_limit_w,
                    row_kind,
                    batch,
                    max_batch,
                    isl,
                    osl,
                    image_tokens,
                    cached_tokens,
                    prefill_energy_j,
                    decode_energy_j,
                    total_energy_j,
                    prefill_time_s,
                    decode_time_s,
                    total_time_s,
                    avg_power_w,
                    idle_power_w,
                    ttft_s,
                    tpot_s,
                    energy_per_out_token_j,
                    energy_per_request_j,
                    throughput_tok_s,
                    kv_capacity_tokens,
                    energy_scope,
                    repeat,
                    notes};
}();

std::string joined(const std::vector<std::string>& cells) {
  std::string text;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) text += ',';
    text += cell;
  }
  return text + '\n';
}

std::string quoted_if_needed(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

RowText::RowText() : cells_(kWritten.size()) {}

void RowText::set(table::Column column, std::string_view text) {
  const auto place = std::find(kWritten.begin(), kWritten.end(), column);
  assert(place != kWritten.end());
  cells_[static_cast<std::size_t>(place - kWritten.begin())] = quoted_if_needed(text);
}

void RowText::set(table::Column column, double value) {
  if (!known(value)) return;
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), "%.7g", value);
  set(column, std::string_view(digits.data()));
}

std::string RowText::line() const {
  return joined(cells_);
}

std::string row_header() {
  std::vector<std::string> names;
  for (const table::Column column : kWritten) names.emplace_back(table::info(column).name);
  return joined(names);
}

}  // namespace energylens::simulate
