// SPDX-License-Identifier: Apache-2.0
// Held by the fits that use it: tests/parametric/model/predict_test.cpp, tests/parametric/model/predict_structure_test.cpp.
#include "energylens/predictor/group_context.hpp"

#include <algorithm>
#include <map>

#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"
#include "numerics/summary.hpp"
#include "predictor/inside.hpp"
#include "predictor/waves.hpp"

namespace energylens::predictor {
namespace {

/// Means of power exceed the limit of a GPU by less than this factor.
constexpr double kOverLimit = 1.05;
/// Of a count in a sentence: 1025 must not read like a limit of 1024.
constexpr int kDigits = 6;

void widen(Range& range, double value) {
  if (!known(value)) return;
  range.min = known(range.min) ? std::min(range.min, value) : value;
  range.max = known(range.max) ? std::max(range.max, value) : value;
}

bool contains(const std::vector<table::Layout>& layouts, const table::Layout& layout) {
  return std::ranges::find(layouts, layout) != layouts.end();
}

/// Replicas of a fitted layout are inside: their energies add.
bool layout_fitted(const Domain& domain, const table::Layout& layout) {
  if (contains(domain.layouts, layout)) return true;
  if (layout.attention_data_parallel()) return false;
  return std::ranges::any_of(domain.layouts, [&layout](const table::Layout& fitted) {
    return fitted.tp == layout.tp && fitted.pp == layout.pp && fitted.ep == layout.ep &&
           !fitted.attention_data_parallel();
  });
}

std::string outside_range(std::string_view name, double value, const Range& range) {
  if (within(range, value)) return {};
  const auto text = [](double number) { return rounded_text(number, kDigits); };
  return std::string(name) + " " + text(value) + " is outside the fitted " + text(range.min) + " to " +
         text(range.max);
}

void require_one_request(const table::Row& row) {
  if (waves(row.config).count() > 0 || !known(row.config.load.batch)) return;
  const table::Load& load = row.config.load;
  throw Error::bad_input({row.file, row.line, "kv_capacity_tokens"},
                         "a KV cache of " + number_text(row.config.kv_capacity_tokens) +
                             " tokens is too small for one request of isl " + number_text(load.isl) +
                             " + osl " + number_text(load.osl) + " tokens");
}

/// The capacity that the rows of each layout state; of several the least, which no wave can break.
LayoutCapacities stated_capacity(const TrainingGroup& training) {
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
double measured_idle_w(const TrainingGroup& training) {
  std::vector<double> watts;
  for (const std::size_t index : training.rows) {
    const table::Row& row = training.group->rows[index];
    if (known(row.results.idle_power_w)) watts.push_back(row.results.idle_power_w / row.config.layout.gpus());
  }
  return watts.empty() ? kUnknown : numerics::median(watts);
}

/// Of one GPU: the one that was set, else its TDP; unknown if the energies cover more than GPUs.
double power_limit_w(const GroupContext& context) {
  if (table::covers_more_than_gpus(context.identity)) return kUnknown;
  const std::optional<double> set = parse_number(context.identity["power_limit_w"]);
  return set ? *set : context.facts.gpu_tdp_w;
}

}  // namespace

Domain domain_of(std::span<const table::Row> rows) {
  Domain domain;
  for (const table::Row& row : rows) {
    const table::Layout& layout = row.config.layout;
    if (!contains(domain.layouts, layout)) domain.layouts.push_back(layout);
    widen(domain.batch, row.config.load.batch / replicas(layout));
    widen(domain.isl, row.config.load.isl);
    widen(domain.osl, row.config.load.osl);
    widen(domain.image_tokens, row.config.load.image_tokens);
    widen(domain.accepted_per_step, row.config.load.accepted_per_step);
  }
  std::ranges::sort(domain.layouts);
  return domain;
}

std::string outside(const Domain& domain, const table::Configuration& config) {
  std::string out;
  const auto add = [&out](const std::string& reason) {
    if (!reason.empty()) out += (out.empty() ? "" : "; ") + reason;
  };
  if (!layout_fitted(domain, config.layout))
    add("layout " + table::layout_text(config.layout) + " was not measured");
  add(outside_range("batch", config.load.batch / replicas(config.layout), domain.batch));
  add(outside_range("isl", config.load.isl, domain.isl));
  add(outside_range("osl", config.load.osl, domain.osl));
  add(outside_range("image_tokens", config.load.image_tokens, domain.image_tokens));
  const double accepted = config.load.accepted_per_step;
  if (accepted > 1 && !known(domain.accepted_per_step.min)) {
    add("speculative decoding with a stated accepted_per_step was not measured");
  } else {
    add(outside_range("accepted_per_step", accepted, domain.accepted_per_step));
  }
  return out;
}

CapacityRules capacity_rules(const GroupContext& context, const table::Layout& layout, double flag_tokens) {
  return {context.facts, flag_tokens, contains(context.domain.layouts, layout), &context.stated_capacity};
}

PreparedRows prepared_rows(const TrainingGroup& training, const FitOptions& options,
                           const Facts* facts_given) {
  const hardware::Catalogue& catalogue =
      options.catalogue ? *options.catalogue : hardware::Catalogue::builtin();
  PreparedRows out;
  GroupContext& context = out.context;
  context.identity = training.group->identity;
  context.stated_capacity = stated_capacity(training);
  context.facts = facts_given ? *facts_given : facts(training.group->identity, catalogue);
  if (!facts_given) set_memory_share(context.facts, options.gpu_memory_utilization);
  const double idle_w = measured_idle_w(training);
  if (known(idle_w)) context.facts.gpu_idle_w = idle_w;  // this machine's own, before the catalogue's
  std::size_t steady = 0;
  for (const std::size_t index : training.rows) {
    table::Row row = training.group->rows[index];
    row.config = with_capacity(
        row.config, resolve_kv_capacity(row.config, {context.facts, options.kv_capacity_tokens, true}));
    require_one_request(row);
    context.isl_known = context.isl_known && known(row.config.load.isl);
    steady += row.config.load.kind == table::RowKind::steady;
    out.rows.push_back(std::move(row));
  }
  context.serving = context.isl_known && 2 * steady > out.rows.size();
  context.domain = domain_of(out.rows);
  context.measured_rows = context.identity.simulated ? 0 : out.rows.size();
  return out;
}

table::Configuration resolved(const GroupContext& context, const table::Configuration& config,
                              const Capacity& capacity, Prediction& out) {
  if (!context.isl_known && known(config.load.isl)) {
    throw Error::usage("the rows of " + context.identity.text() + " do not state isl: omit it");
  }
  const table::Configuration copy = with_capacity(config, capacity);
  out.kv_capacity_tokens = capacity.tokens;
  out.kv_capacity_source = capacity.source;
  out.kv_block_tokens = capacity.block_tokens;
  out.waves = waves(copy).count();
  out.valid = out.waves > 0;
  out.outside = outside(context.domain, config);
  out.inside_domain = out.outside.empty();
  return copy;
}

double highest_power_w(const GroupContext& context) {
  return kOverLimit * power_limit_w(context);
}

void mark_power(const GroupContext& context, const table::Layout& layout, Prediction& out) {
  const double limit_w = power_limit_w(context);
  const double power_w = out.avg_power_w.value / layout.gpus();
  if (!(power_w > kOverLimit * limit_w)) return;
  out.outside += (out.outside.empty() ? "" : "; ") + ("mean power of " + rounded_text(power_w)) +
                 " W per GPU is above its limit of " + rounded_text(limit_w) + " W";
  out.inside_domain = false;
}

bool answerable(const GroupContext& context, const table::Load& load) {
  return load.batch > 0 && load.osl > 0 && (!context.isl_known || known(load.isl));
}

}  // namespace energylens::predictor
