// SPDX-License-Identifier: Apache-2.0
#include "cli/output.hpp"

#include <algorithm>
#include <cmath>

#include "core/rounded_text.hpp"
#include "io/csv_writer.hpp"

namespace energylens::cli {
namespace {

void add_cell(io::CsvWriter& csv, const io::Json* value) {
  if (value == nullptr || value->is_null()) {
    csv.blank();
  } else if (value->is_number()) {
    csv.cell(known(value->as_number()) ? io::print_json(*value, 0) : std::string());
  } else {
    csv.cell(value->is_text() ? value->as_text() : io::print_json(*value, 0));
  }
}

void add_estimate(io::Json& object, const std::string& name, const predictor::Estimate& estimate) {
  object[name] = estimate.value;
  object[name + "_lo"] = estimate.lo;
  object[name + "_hi"] = estimate.hi;
}

}  // namespace

TextTable::TextTable(std::string align, std::vector<std::string> header) : align_(std::move(align)) {
  lines_.push_back(std::move(header));
}

void TextTable::add(std::vector<std::string> cells) {
  lines_.push_back(std::move(cells));
}

std::string TextTable::text() const {
  std::vector<std::size_t> widths(align_.size(), 0);
  for (const auto& line : lines_) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string out;
  for (const auto& line : lines_) {
    std::string shown;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string padding(widths[i] - line[i].size(), ' ');
      shown += (i == 0 ? "" : "  ") + (align_[i] == 'r' ? padding + line[i] : line[i] + padding);
    }
    shown.erase(shown.find_last_not_of(' ') + 1);
    out += shown + '\n';
  }
  return out;
}

std::string csv_text(const io::Json& rows) {
  std::vector<std::string> names;
  for (const io::Json& row : rows.items()) {
    for (const io::Json::Member& member : row.members()) {
      if (std::ranges::find(names, member.name) == names.end()) names.push_back(member.name);
    }
  }
  io::CsvWriter csv;
  for (const std::string& name : names) csv.cell(name);
  csv.end_row();
  for (const io::Json& row : rows.items()) {
    for (const std::string& name : names) add_cell(csv, row.find(name));
    csv.end_row();
  }
  return std::move(csv).text();
}

std::string estimate_text(double value, double lo, double hi) {
  constexpr double kUnresolved =
      1e-6;  // of the width of the interval: three digits would show rounding errors of the solver
  const bool zero = lo <= 0 && hi >= 0 && std::abs(value) < kUnresolved * (hi - lo);
  return rounded_text(zero ? 0 : value);
}

void add_prediction(io::Json& object, const predictor::Prediction& prediction) {
  add_estimate(object, "total_energy_j", prediction.total_energy_j);
  add_estimate(object, "prefill_energy_j", prediction.prefill_energy_j);
  add_estimate(object, "decode_energy_j", prediction.decode_energy_j);
  add_estimate(object, "energy_per_out_token_j", prediction.energy_per_out_token_j);
  add_estimate(object, "total_time_s", prediction.total_time_s);
  add_estimate(object, "ttft_s", prediction.ttft_s);
  add_estimate(object, "tpot_s", prediction.tpot_s);
  add_estimate(object, "avg_power_w", prediction.avg_power_w);
  object["waves"] = prediction.waves;
  object["kv_capacity_tokens"] = prediction.kv_capacity_tokens;
  object["kv_capacity_source"] = predictor::capacity_source_text(prediction.kv_capacity_source);
  object["inside_domain"] = prediction.inside_domain;
}

std::string_view capacity_origin(predictor::CapacitySource source) {
  if (source == predictor::CapacitySource::column) return "table";
  if (source == predictor::CapacitySource::flag) return "option";
  return predictor::capacity_source_text(source);
}

io::Json identity_json(const table::GroupIdentity& identity) {
  io::Json object = io::Json::object();
  for (const auto& [column, text] : identity.key) object[column] = text;
  return object;
}

}  // namespace energylens::cli
