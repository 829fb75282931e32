// SPDX-License-Identifier: Apache-2.0
// The process in a model file: for each group its training rows. The process is computed
// again from them, so that predictions come back bit for bit. Held by model_file_test.cpp.
#include "residual/corrections_file.hpp"

#include <algorithm>
#include <cmath>

#include "energylens/core/error.hpp"
#include "energylens/predictor/file.hpp"
#include "residual/kernel.hpp"

namespace energylens::residual {
namespace {

using io::Json;

/// More rows than any process is trained on: the factor of n rows takes n^2 numbers.
constexpr std::size_t kMostRows = 20'000;
constexpr double kGreatestLog = 100;

/// Waves as [weight, ln batch, ln osl, ln isl].
Json row_json(const numerics::Observation& row, std::span<const table::Layout> layouts) {
  Json waves = Json::array();
  for (const numerics::Point& wave : row.at) {
    Json numbers = Json::array({wave.weight});
    for (const double feature : wave.features) numbers.push_back(feature);
    waves.push_back(std::move(numbers));
  }
  return Json::object({{"layout", table::layout_text(layouts[row.at.front().label])},
                       {"log_ratio", row.value},
                       {"waves", std::move(waves)}});
}

numerics::Observation row_from(const Json& json, std::span<const table::Layout> layouts) {
  numerics::Observation row;
  row.value = predictor::number_in(json, "log_ratio", {-kGreatestLog, kGreatestLog});
  const table::Layout layout = predictor::layout_from(json.at("layout"));
  const auto label = static_cast<std::size_t>(std::ranges::find(layouts, layout) - layouts.begin());
  if (label == layouts.size()) throw json.at("layout").error("a layout that this correction does not list");
  for (const Json& wave : json.array_at("waves")) {
    const std::vector<double> numbers = wave.as_numbers();
    if (numbers.size() != 4)
      throw wave.error("a wave must be four numbers: weight, ln batch, ln osl, ln isl");
    if (!(numbers[0] > 0 && numbers[0] <= 1e12) ||
        !std::all_of(numbers.begin() + 1, numbers.end(),
                     [](double x) { return std::abs(x) <= kGreatestLog; }))
      throw wave.error("a wave must be a weight above 0 and three logarithms of numbers of tokens");
    row.at.push_back({{numbers.begin() + 1, numbers.end()}, label, numbers[0]});
  }
  if (row.at.empty()) throw json.at("waves").error("a row must have at least one wave");
  return row;
}

Json correction_json(const std::optional<Correction>& correction) {
  if (!correction) return nullptr;
  Json layouts = Json::array(), hyperparameters = Json::object(), rows = Json::array();
  for (const table::Layout& layout : correction->layouts) layouts.push_back(table::layout_text(layout));
  for (std::size_t h = 0; h < kHyperparameters.size(); ++h) {
    hyperparameters[kHyperparameters[h]] = correction->process.hyperparameters()[h];
  }
  for (const numerics::Observation& row : correction->process.observations()) {
    rows.push_back(row_json(row, correction->layouts));
  }
  return Json::object({{"layouts", std::move(layouts)},
                       {"hyperparameters", std::move(hyperparameters)},
                       {"rows_left_out", correction->left_out},
                       {"widening", correction->widening},
                       {"rows", std::move(rows)}});
}

double positive(const Json& json, std::string_view name) {
  const double value = json.number(name);
  if (!(value > 0)) throw json.at(name).error(std::string(name) + " must be positive");
  return predictor::number_in(json, name, {1e-9, 1e9});
}

std::optional<Correction> correction_from(const Json& json) {
  if (json.is_null()) return std::nullopt;
  std::vector<table::Layout> layouts;
  for (const Json& layout : json.array_at("layouts")) layouts.push_back(predictor::layout_from(layout));
  std::vector<double> values;
  for (const std::string_view name : kHyperparameters)
    values.push_back(positive(json.at("hyperparameters"), name));
  std::vector<numerics::Observation> rows;
  for (const Json& row : json.array_at("rows")) rows.push_back(row_from(row, layouts));
  if (rows.size() > kMostRows) throw json.at("rows").error("too many training rows for a process");
  numerics::Process process(prior(), std::move(values), std::move(rows));
  return Correction{std::move(process), std::move(layouts),
                    static_cast<std::size_t>(json.unsigned_integer("rows_left_out")), 0,
                    positive(json, "widening")};
}

}  // namespace

Json corrections_json(std::span<const std::optional<Correction>> corrections) {
  Json all = Json::array();
  for (const std::optional<Correction>& one : corrections) all.push_back(correction_json(one));
  return all;
}

std::vector<std::optional<Correction>> corrections_from(const Json& json, const parametric::Model& form) {
  std::vector<std::optional<Correction>> out;
  for (const Json& one : json.items()) out.push_back(correction_from(one));
  if (out.size() != form.groups().size())
    throw json.error("there must be one correction, or null, for each group");
  for (std::size_t g = 0; g < out.size(); ++g) {
    if (out[g] && !form.fit(g, predictor::Metric::energy))
      throw json.error("a group without an energy formula cannot have a correction");
  }
  return out;
}

}  // namespace energylens::residual
