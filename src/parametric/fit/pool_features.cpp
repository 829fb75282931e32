// SPDX-License-Identifier: Apache-2.0
// What groups have in common, as numbers: held by pool_test.cpp.
#include <algorithm>
#include <cmath>
#include <map>

#include "energylens/hardware/catalogue.hpp"
#include "numerics/summary.hpp"
#include "parametric/fit/pool.hpp"

namespace energylens::parametric {
namespace {

using Column = std::vector<double>;

/// An indicator for each value of `labels` but the commonest (ties: the first in alphabetical order).
std::vector<Column> indicators(const std::vector<std::string>& labels) {
  std::map<std::string, std::size_t> counts;
  for (const std::string& label : labels) ++counts[label];
  const auto commonest = std::max_element(counts.begin(), counts.end(),
                                          [](const auto& a, const auto& b) { return a.second < b.second; });
  std::vector<Column> out;
  for (const auto& [label, count] : counts) {
    if (label == commonest->first) continue;
    Column column;
    for (const std::string& other : labels) column.push_back(other == label ? 1 : 0);
    out.push_back(std::move(column));
  }
  return out;
}

/// ln(value / median); 0 where not known, so that such a group counts as a typical one.
Column log_ratio(const Column& values) {
  Column logs;
  for (const double value : values) {
    if (value > 0) logs.push_back(std::log(value));
  }
  const double middle = numerics::median(logs);
  Column out;
  for (const double value : values) out.push_back(value > 0 ? std::log(value) - middle : 0);
  return out;
}

double mean_osl(const table::Group& group) {
  Column osl;
  for (const table::Row& row : group.rows) {
    if (known(row.config.load.osl)) osl.push_back(row.config.load.osl);
  }
  return numerics::mean(osl);
}

void append(std::vector<Column>& columns, std::vector<Column> more) {
  for (Column& column : more) columns.push_back(std::move(column));
}

std::vector<std::string> labels(std::span<const table::Group* const> groups, std::string_view column) {
  std::vector<std::string> out;
  for (const table::Group* group : groups) {
    out.push_back(column == "arch" ? group->identity.arch : group->identity[column]);
  }
  return out;
}

}  // namespace

PoolFeatures pool_features(std::span<const table::Group* const> groups,
                           std::span<const predictor::Facts> facts) {
  Column params, active, osl, bytes;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    params.push_back(facts[g].params);
    active.push_back(facts[g].active_params);
    osl.push_back(mean_osl(*groups[g]));
    bytes.push_back(hardware::bytes_per_weight(groups[g]->identity["quant"]));
  }
  std::vector<Column> columns{Column(groups.size(), 1.0)};
  append(columns, indicators(labels(groups, "gpu")));
  PoolFeatures out;
  out.of_exponents = columns.size();
  append(columns, indicators(labels(groups, "workload")));
  append(columns, indicators(labels(groups, "arch")));
  append(columns, {log_ratio(params), log_ratio(active), log_ratio(osl), log_ratio(bytes)});
  out.values.assign(groups.size(), {});
  for (const Column& column : columns) {
    for (std::size_t g = 0; g < groups.size(); ++g) out.values[g].push_back(column[g]);
  }
  return out;
}

}  // namespace energylens::parametric
