// SPDX-License-Identifier: Apache-2.0
#include "prepare.hpp"

#include <algorithm>
#include <map>

#include "energylens/core/error.hpp"
#include "energylens/model/waves.hpp"
#include "energylens/stats/summary.hpp"

namespace energylens::law {
namespace {

void require_one_request(const table::Row& row) {
  if (model::waves(row.config).count() > 0 || !known(row.config.load.batch)) return;
  const table::Load& load = row.config.load;
  throw Error::bad_input({row.file, row.line, "kv_capacity_tokens"},
                         "a KV cache of " + number_text(row.config.kv_capacity_tokens) +
                             " tokens holds not one request of isl " + number_text(load.isl) + " + osl " +
                             number_text(load.osl) + " tokens");
}

/// The capacity that the rows of each layout state; of several the least, which no wave can break.
std::vector<std::pair<table::Layout, double>> stated_capacity(const model::TrainingGroup& training) {
  std::map<table::Layout, double> least;
  for (const std::size_t row : training.rows) {
    const table::Configuration& config = training.group->rows[row].config;
    if (!known(config.kv_capacity_tokens)) continue;
    const auto [place, first] = least.emplace(config.layout, config.kv_capacity_tokens);
    if (!first) place->second = std::min(place->second, config.kv_capacity_tokens);
  }
  return {least.begin(), least.end()};
}

/// Median idle power per GPU that the rows state; unknown if none does.
double measured_idle_w(const model::TrainingGroup& training) {
  std::vector<double> watts;
  for (const std::size_t index : training.rows) {
    const table::Row& row = training.group->rows[index];
    if (known(row.results.idle_power_w)) watts.push_back(row.results.idle_power_w / row.config.layout.gpus());
  }
  return watts.empty() ? kUnknown : stats::median(watts);
}

}  // namespace

model::Capacity capacity_of(const table::Configuration& config, const model::Facts& facts, double flag_tokens,
                            bool measured) {
  model::Capacity capacity = model::kv_capacity(config, facts, flag_tokens);
  const bool none_fits = model::requests_at_once(capacity.tokens, config.load.isl, config.load.osl) < 1;
  if (none_fits && measured && capacity.source == "catalogue") return {kUnknown, "unlimited"};
  return capacity;
}

Prepared prepare(const model::TrainingGroup& training, const model::FitOptions& options, const model::Facts* facts) {
  const hardware::Catalogue& catalogue =
      options.catalogue ? *options.catalogue : hardware::Catalogue::builtin();
  Prepared out;
  out.group = training.group;
  out.stated_capacity = stated_capacity(training);
  out.facts = facts ? *facts : model::facts(training.group->identity, catalogue);
  const double idle_w = measured_idle_w(training);
  if (known(idle_w)) out.facts.gpu_idle_w = idle_w;  // this machine's own, before the catalogue's
  for (const std::size_t index : training.rows) {
    table::Row row = training.group->rows[index];
    const model::Capacity capacity = capacity_of(row.config, out.facts, options.kv_capacity_tokens, true);
    row.config.kv_capacity_tokens = capacity.tokens;
    require_one_request(row);
    out.isl_known = out.isl_known && known(row.config.load.isl);
    out.rows.push_back(std::move(row));
  }
  return out;
}

}  // namespace energylens::law
