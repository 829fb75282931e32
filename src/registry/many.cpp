// SPDX-License-Identifier: Apache-2.0
// Jobs of plain requests under the law are evaluated by FastLaw, block by block. What it cannot answer is asked one by one:
// steady rows, cached and image tokens, limits of servers, capacities of single rows, requests that fit into no cache.
// Held by many_test.cpp, which asks for each configuration both ways.
#include "energylens/registry/many.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/count_text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/parametric/law_model.hpp"
#include "parametric/fast_law.hpp"
#include "predictor/in_flight.hpp"
#include "predictor/inside.hpp"

namespace energylens::registry {
namespace {

using table::Configurations;

constexpr std::size_t kBlock = 16384;

bool all_unknown(std::span<const double> column) {
  return std::ranges::none_of(column, [](double value) { return known(value); });
}

bool unknown_at(std::span<const double> column, std::size_t row) {
  return column.empty() || !known(column[row]);
}

/// The fitted law of a group, ready for very many jobs.
class FastGroup {
 public:
  FastGroup(const parametric::LawModel& model, std::size_t group, const Configurations& configs)
      : law_(model.laws()[group]), configs_(configs), highest_power_w_(predictor::highest_power_w(law_)) {
    for (const table::Layout& layout : configs.layouts) add_layout(model, group, layout);
    if (law_.energy) energy_.emplace(plain(*law_.energy, parametric::Metric::energy), fast_layouts_);
    if (law_.time) time_.emplace(plain(*law_.time, parametric::Metric::time), fast_layouts_);
    no_lengths_.assign(configs.isl.empty() ? std::min(kBlock, configs.rows()) : 0, kUnknown);
    all_plain_ = configs.steady.empty() && std::ranges::all_of(plain_columns(), all_unknown);
  }

  /// Predicts rows `first` to `first + count`; returns those that are left.
  std::vector<std::size_t> predict(std::size_t first, std::size_t count, PredictedColumns& out) const {
    const std::span<const double> isl =
        configs_.isl.empty() ? std::span(no_lengths_).first(count) : configs_.isl.subspan(first, count);
    const parametric::Jobs jobs{std::span(configs_.layout).subspan(first, count),
                                configs_.batch.subspan(first, count), isl,
                                configs_.osl.subspan(first, count)};
    if (energy_) energy_->evaluate(jobs, std::span(out.total_energy_j).subspan(first, count));
    if (time_) time_->evaluate(jobs, std::span(out.total_time_s).subspan(first, count));
    for (std::size_t row = first; row < first + count; ++row) complete(row, isl[row - first], out);
    std::vector<std::size_t> left;
    for (std::size_t row = first; row < first + count; ++row) {
      if (!answered(row, out)) left.push_back(row);
    }
    return left;
  }

 private:
  std::vector<std::span<const double>> plain_columns() const {
    return {configs_.max_batch, configs_.image_tokens, configs_.cached_tokens, configs_.accepted_per_step,
            configs_.kv_capacity_tokens};
  }

  /// The capacity that the model assumes for the least request is that of all, unless one fits into no cache.
  void add_layout(const parametric::LawModel& model, std::size_t group, const table::Layout& layout) {
    table::Configuration least{layout, {}};
    least.load.batch = least.load.osl = 1;
    if (law_.isl_known) least.load.isl = 1;
    const predictor::Prediction prediction = model.predict(group, least);
    fast_layouts_.push_back({layout, prediction.kv_capacity_tokens});
    usable_.push_back(prediction.valid && prediction.kv_block_tokens == predictor::kKvBlockTokens);
    least.load = {};
    fitted_.push_back(predictor::outside(law_.domain, least).empty());
  }

  parametric::PlainLaw plain(const parametric::LawFit& fit, parametric::Metric metric) const {
    return {fit.parameters, law_.facts, law_.isl_known, metric};
  }

  void complete(std::size_t row, double isl, PredictedColumns& out) const {
    const std::uint32_t layout = configs_.layout[row];
    const double batch = configs_.batch[row], osl = configs_.osl[row], energy = out.total_energy_j[row];
    const double watts = energy / out.total_time_s[row];
    out.energy_per_out_token_j[row] = energy / (batch * osl);
    out.avg_power_w[row] = watts;
    const double replicas = predictor::replicas(configs_.layouts[layout]);
    const predictor::Domain& domain = law_.domain;
    out.inside_domain[row] = fitted_[layout] && within(domain.batch, batch / replicas) &&
                             within(domain.isl, isl) && within(domain.osl, osl) &&
                             !(watts / configs_.layouts[layout].gpus() > highest_power_w_);
  }

  bool answered(std::size_t row, const PredictedColumns& out) const {
    constexpr double kGreatest = 1e21;  // beyond, predictor::drop_implausible decides
    const auto plausible = [](double value) { return value > 0 && value < kGreatest; };
    if (!usable_[configs_.layout[row]]) return false;
    if (energy_ && !plausible(out.total_energy_j[row])) return false;
    if (time_ && !plausible(out.total_time_s[row])) return false;
    if (all_plain_) return true;
    if (configs_.is_steady(row)) return false;
    return std::ranges::all_of(plain_columns(),
                               [row](std::span<const double> column) { return unknown_at(column, row); });
  }

  const parametric::GroupLaw& law_;
  const Configurations& configs_;
  double highest_power_w_;
  std::vector<parametric::FastLayout> fast_layouts_;
  std::vector<char> usable_, fitted_;  ///< by layout
  std::optional<parametric::FastLaw> energy_, time_;
  std::vector<double> no_lengths_;  ///< where there is no isl
  bool all_plain_ = false;
};

void ask_one(const predictor::Predictor& predictor, std::size_t group, const Configurations& configs,
             std::size_t row, PredictedColumns& out) {
  const predictor::Prediction one = predict_one(predictor, group, configs[row]);
  out.total_energy_j[row] = one.total_energy_j.value;
  out.energy_per_out_token_j[row] = one.energy_per_out_token_j.value;
  out.total_time_s[row] = one.total_time_s.value;
  out.avg_power_w[row] = one.avg_power_w.value;
  out.inside_domain[row] = one.inside_domain;
}

/// What a configuration lacks, as column and reason.
struct Needs {
  bool isl_known = true;
  double context_tokens = kUnknown;
  std::string model, group;
};

Needs needs_of(const predictor::Predictor& predictor, std::size_t group, double context_tokens) {
  const table::GroupIdentity& identity = predictor.groups()[group];
  Needs needs{.context_tokens = context_tokens,
              .model = identity["model"].empty() ? "the model" : identity["model"],
              .group = identity.text()};
  if (const predictor::GroupContext* const context = predictor.stored_context(group))
    needs.isl_known = context->isl_known;
  predictor::Facts facts;
  facts.context_tokens = context_tokens;
  if (const predictor::Facts* const stored = predictor.facts(group)) predictor::fill_unknown(facts, *stored);
  if (!known(facts.context_tokens)) facts = predictor::facts(identity, hardware::Catalogue::builtin());
  needs.context_tokens = facts.context_tokens;
  return needs;
}

std::optional<Unanswerable> mistake(const Needs& needs, const Configurations& configs, std::size_t row) {
  const auto refuse = [row](std::string column, std::string reason) {
    return Unanswerable{row, std::move(column), std::move(reason)};
  };
  const auto at = [row](std::span<const double> column) { return column.empty() ? kUnknown : column[row]; };
  const double batch = at(configs.batch), isl = at(configs.isl), osl = at(configs.osl);
  if (!(batch > 0)) return refuse("batch", "a configuration requires a batch above 0");
  if (!(osl > 0)) return refuse("osl", "a configuration requires an osl above 0");
  if (needs.isl_known && !(isl >= 0)) return refuse("isl", "this model requires isl");
  if (!needs.isl_known && known(isl))
    return refuse("isl", "the rows of " + needs.group + " state no isl: omit isl");
  const double parts = (known(at(configs.cached_tokens)) ? at(configs.cached_tokens) : 0);
  if (parts > isl || at(configs.image_tokens) > isl)
    return refuse(parts > isl ? "cached_tokens" : "image_tokens", "more tokens than isl");
  const double tokens = (known(isl) ? isl : 0) + osl;
  if (!(tokens > needs.context_tokens)) return std::nullopt;
  return refuse("isl",
                fmt::format("a request of {} tokens (input and output) is longer than the context of {}, {} "
                            "tokens",
                            count_text(tokens), needs.model, count_text(needs.context_tokens)));
}

/// Runs `body` for blocks of rows; throws when it was cancelled.
void for_blocks(std::size_t rows, const RunOptions& run,
                const std::function<void(std::size_t first, std::size_t count)>& body) {
  const std::size_t blocks = (rows + kBlock - 1) / kBlock;
  const std::size_t done = parallel_for(blocks, run, [&](std::size_t block) {
    const std::size_t first = block * kBlock;
    body(first, std::min(kBlock, rows - first));
  });
  if (done < blocks) throw Error::cancelled();
}

}  // namespace

std::span<const NamedQuantity> quantities() {
  using predictor::Prediction;
  static constexpr NamedQuantity kQuantities[] = {
      {"total_energy_j", &Prediction::total_energy_j},
      {"prefill_energy_j", &Prediction::prefill_energy_j},
      {"decode_energy_j", &Prediction::decode_energy_j},
      {"energy_per_out_token_j", &Prediction::energy_per_out_token_j},
      {"total_time_s", &Prediction::total_time_s},
      {"ttft_s", &Prediction::ttft_s},
      {"tpot_s", &Prediction::tpot_s},
      {"avg_power_w", &Prediction::avg_power_w}};
  return kQuantities;
}

std::optional<Unanswerable> first_unanswerable(const predictor::Predictor& predictor, std::size_t group,
                                               const Configurations& configurations, double context_tokens) {
  const Needs needs = needs_of(predictor, group, context_tokens);
  for (std::size_t row = 0; row < configurations.rows(); ++row) {
    if (auto found = mistake(needs, configurations, row)) return found;
  }
  return std::nullopt;
}

predictor::Prediction predict_one(const predictor::Predictor& predictor, std::size_t group,
                                  table::Configuration config) {
  predictor::Prediction prediction = predictor.predict(group, config);
  if (!prediction.valid || config.load.kind == table::RowKind::job) return prediction;
  const double most = predictor::most_in_flight(config, prediction);
  if (config.load.batch <= most) return prediction;
  config.load.batch = most;
  return predictor.predict(group, config);
}

PredictedColumns predict_values(const predictor::Predictor& predictor, std::size_t group,
                                const Configurations& configurations, const RunOptions& run) {
  const std::size_t rows = configurations.rows();
  PredictedColumns out;
  for (std::vector<double>* column :
       {&out.total_energy_j, &out.energy_per_out_token_j, &out.total_time_s, &out.avg_power_w})
    column->assign(rows, kUnknown);
  out.inside_domain.assign(rows, 0);
  const auto* const law = dynamic_cast<const parametric::LawModel*>(&predictor);
  std::optional<FastGroup> fast;
  if (rows > 0 && law && !law->context(group).serving) fast.emplace(*law, group, configurations);
  for_blocks(rows, run, [&](std::size_t first, std::size_t count) {
    if (fast) {
      for (const std::size_t row : fast->predict(first, count, out))
        ask_one(predictor, group, configurations, row, out);
      return;
    }
    for (std::size_t row = first; row < first + count; ++row)
      ask_one(predictor, group, configurations, row, out);
  });
  return out;
}

std::vector<predictor::Prediction> predict_rows(const predictor::Predictor& predictor, std::size_t group,
                                                const Configurations& configurations, std::size_t first,
                                                std::size_t count, const RunOptions& run) {
  std::vector<predictor::Prediction> out(count);
  const std::size_t done = parallel_for(
      count, run, [&](std::size_t i) { out[i] = predict_one(predictor, group, configurations[first + i]); });
  if (done < count) throw Error::cancelled();
  return out;
}

}  // namespace energylens::registry
