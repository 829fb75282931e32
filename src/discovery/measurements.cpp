// SPDX-License-Identifier: Apache-2.0
// Held by tests/discovery/measurements_test.cpp: a table made from a known formula, waves and replicas
// included, is its problem.
#include "discovery/measurements.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/named_table.hpp"
#include "energylens/core/error.hpp"
#include "energylens/expr/text.hpp"
#include "energylens/predictor/facts.hpp"
#include "predictor/quantities.hpp"
#include "predictor/row_weight.hpp"
#include "predictor/wave_features.hpp"
#include "predictor/waves.hpp"
#include "search/normalised_inputs.hpp"

namespace energylens::discovery {
namespace {

constexpr std::size_t kFewestRows = 3;
constexpr std::size_t kFolds = 10;

constexpr std::size_t kColumns = predictor::kWaveInputs.size();

/// A dimension of counts, and the inputs that have it.
struct Tag {
  std::string_view name;
  Dimension dimension;
  std::array<std::string_view, 3> inputs;
  double most_per;  ///< highest power by which coefficients may be divided; 2 for tokens: steps times cache
};
constexpr std::array<Tag, 3> kTags = {{{"tokens", Dimension::token, {"isl", "osl", "L"}, 2},
                                       {"requests", Dimension::request, {"batch"}, 1},
                                       {"gpus", Dimension::gpu, {"tp", "pp"}, 1}}};

/// The units, and each of them divided by the dimensions of the inputs.
std::vector<Unit> per_count(std::vector<Unit> units, const std::vector<search::Input>& inputs) {
  for (const Tag& tag : kTags) {
    const Unit count = Unit::base(tag.dimension);
    if (std::none_of(inputs.begin(), inputs.end(), [&](const search::Input& i) { return i.unit == count; }))
      continue;
    const std::size_t before = units.size();
    for (double e = 1; e <= tag.most_per; ++e) {
      for (std::size_t i = 0; i < before; ++i) units.push_back(units[i] / power(count, e));
    }
  }
  return units;
}

double target_of(const table::Row& row, bool energy) {
  return energy ? row.results.total_energy_j : row.results.total_time_s;
}

/// Folds for cross-validation. Kernels have steps at certain batches in all layouts and lengths, so a fold is
/// a whole range of batch: the rows of each group, ordered by requests per replica, are cut into tenths as
/// nearly as possible, and only where the batch changes.
std::vector<std::size_t> batch_folds(const std::vector<const table::Row*>& rows,
                                     const std::vector<std::size_t>& groups) {
  const auto per_replica = [&](std::size_t i) {
    return rows[i]->config.load.batch / predictor::replicas(rows[i]->config.layout);
  };
  std::vector<std::size_t> order(rows.size()), folds(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return std::pair(groups[i], per_replica(i)); });
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && groups[order[end]] == groups[order[begin]]) ++end;
    const bool one_batch = per_replica(order[begin]) == per_replica(order[end - 1]);
    const std::size_t n = end - begin;
    for (std::size_t i = begin; i < end; ++i) {
      const bool same = i > begin && !one_batch && per_replica(order[i]) == per_replica(order[i - 1]);
      folds[order[i]] = same ? folds[order[i - 1]] : (i - begin) * std::min(kFolds, n) / n;
    }
    // The largest batch may fill more than the last tenth.
    if (folds[order[end - 1]] == folds[order[begin]]) folds[order[end - 1]] = 1;
    begin = end;
  }
  return folds;
}

class Reader {
 public:
  Reader(const MeasurementOptions& options, bool with_isl) : options_(options), with_isl_(with_isl) {}

  void read(const table::Group& group) {
    const hardware::Catalogue& catalogue =
        options_.catalogue ? *options_.catalogue : hardware::Catalogue::builtin();
    predictor::Facts facts = predictor::facts(group.identity, catalogue);
    predictor::set_memory_share(facts, options_.gpu_memory_utilization);
    std::vector<const table::Row*> usable;
    for (const table::Row& row : group.rows) {
      const table::Load& load = row.config.load;
      const bool whole = known(load.batch) && known(load.osl) && (known(load.isl) || !with_isl_);
      if (target_of(row, options_.energy) > 0 && whole) {
        usable.push_back(&row);
      } else {
        ++left_out_;
      }
    }
    if (usable.size() < kFewestRows) {
      if (!usable.empty())
        out_.warnings.push_back(group.identity.text() + ": " + std::to_string(usable.size()) +
                                " rows, too few for a search; ignored");
      return;
    }
    check_quantities(group, facts);
    const predictor::RowWeights weights(group.rows);
    for (const table::Row* row : usable) add(*row, facts, weights.of(*row));
    out_.problem.group_names.push_back(group.identity.text());
    out_.groups.push_back(&group);
  }

  Measurements finish() {
    search::Problem& p = out_.problem;
    out_.energy = options_.energy;
    if (p.target.empty()) {
      throw Error::bad_input({}, std::string("no group has ") + std::to_string(kFewestRows) + " rows with " +
                                     (options_.energy ? "a total energy" : "a total time") +
                                     ", batch, isl and osl");
    }
    if (left_out_ > 0)
      out_.warnings.push_back("ignored " + std::to_string(left_out_) +
                              " rows without a target, batch, isl or osl");
    p.target_name = options_.energy ? "total_energy_j" : "total_time_s";
    p.target_unit = parse_unit(options_.energy ? "J" : "s");
    p.form = options_.form;
    p.ties = {{"L", expr::parse("isl + osl/2")}};
    for (std::size_t c = 0; c < predictor::kCountInputs; ++c) add_column(c);
    if (!options_.tags.empty()) search::add_normalised_inputs(p);
    add_quantities();
    const bool alone =
        std::all_of(p.shares.begin(), p.shares.end(), [](const search::Share& s) { return s.weight == 1; });
    if (alone && p.shares.size() == p.rows()) p.shares.clear();
    p.folds = batch_folds(out_.rows, p.groups);
    if (repeated_ > 0) p.noise_sd = std::sqrt(variance_ / repeated_);
    return std::move(out_);
  }

 private:
  void add(const table::Row& row, const predictor::Facts& facts, double weight) {
    const table::Configuration config = with_capacity(row.config, facts);
    const predictor::Waves waves = predictor::waves(config);
    if (waves.count() <= 0) {
      throw Error::bad_input({row.file, row.line, "kv_capacity_tokens"},
                             "the KV cache cannot hold one request of this row");
    }
    search::Problem& p = out_.problem;
    const std::size_t index = p.target.size();
    if (options_.energy) {
      for (const predictor::EqualWaves& equal : predictor::waves_of_all_replicas(config))
        if (equal.count > 0) add_point(index, equal.count, equal.size, config, facts);
    } else {
      if (waves.full > 0) add_point(index, waves.full, waves.size, config, facts);
      if (waves.remainder > 0) add_point(index, 1, waves.remainder, config, facts);
    }
    p.target.push_back(target_of(row, options_.energy));
    p.groups.push_back(out_.groups.size());
    p.weights.push_back(weight);
    out_.rows.push_back(&row);
    if (known(row.log_sd) && row.repeats > 1) {
      variance_ += row.log_sd * row.log_sd;
      ++repeated_;
    }
  }

  table::Configuration with_capacity(const table::Configuration& config,
                                     const predictor::Facts& facts) const {
    return predictor::with_capacity(
        config, predictor::resolve_kv_capacity(config, {facts, options_.kv_capacity_tokens, true}));
  }

  void add_point(std::size_t row, double weight, double size, const table::Configuration& config,
                 const predictor::Facts& facts) {
    out_.problem.shares.push_back({row, columns_[0].size(), weight});
    const std::array<double, kColumns> values = predictor::wave_inputs(
        config, size, facts, options_.energy ? predictor::Metric::energy : predictor::Metric::time);
    for (std::size_t c = 0; c < kColumns; ++c) columns_[c].push_back(values[c]);
  }

  void add_column(std::size_t c) {
    const std::vector<double>& values = columns_[c];
    search::Problem& p = out_.problem;
    if (std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); })) {
      p.constants.push_back({std::string(predictor::kWaveInputs[c]), values.front()});
      return;
    }
    p.inputs.push_back({std::string(predictor::kWaveInputs[c]), unit_of(predictor::kWaveInputs[c]), values});
  }

  Unit unit_of(std::string_view input) const {
    for (const Tag& tag : kTags) {
      const bool on = std::find(options_.tags.begin(), options_.tags.end(), tag.name) != options_.tags.end();
      if (on && std::find(tag.inputs.begin(), tag.inputs.end(), input) != tag.inputs.end())
        return Unit::base(tag.dimension);
    }
    return Unit();
  }

  bool wanted(std::string_view quantity) const {
    return std::find(options_.quantities.begin(), options_.quantities.end(), quantity) !=
           options_.quantities.end();
  }

  void check_quantities(const table::Group& group, const predictor::Facts& facts) const {
    for (const predictor::PublishedQuantity& quantity : predictor::quantities()) {
      if (!wanted(quantity.name) || known(quantity.of(facts))) continue;
      throw Error::bad_input({}, group.identity.text() + ": " + std::string(quantity.name) + " (" +
                                     std::string(quantity.meaning) +
                                     ") is unknown; leave it out of --quantities or add it with --catalogue");
    }
  }

  void add_quantities() {
    for (std::size_t q = 0; q < predictor::quantities().size(); ++q) {
      const predictor::PublishedQuantity& quantity = predictor::quantities()[q];
      if (wanted(quantity.name))
        out_.problem.inputs.push_back(
            {std::string(quantity.name), parse_unit(quantity.unit), columns_[predictor::kCountInputs + q]});
    }
  }

  const MeasurementOptions& options_;
  bool with_isl_;
  Measurements out_;
  std::vector<double> columns_[kColumns];
  std::size_t left_out_ = 0;
  double variance_ = 0, repeated_ = 0;
};

}  // namespace

std::vector<std::string> checked_tags(const std::vector<std::string>& tags) {
  for (const std::string& name : tags) find_named(kTags, name, "tag");
  return tags;
}

Measurements measurements(std::span<const table::Group> groups, const MeasurementOptions& options) {
  bool with_isl = false;
  for (const table::Group& group : groups) {
    for (const table::Row& row : group.rows) with_isl = with_isl || known(row.config.load.isl);
  }
  Reader reader(options, with_isl);
  for (const table::Group& group : groups) reader.read(group);
  return reader.finish();
}

search::Options measurement_options(const Measurements& measurements) {
  const bool energy = measurements.energy;
  search::Options options;
  options.loss = search::Loss::log_error;
  options.positive_coefficients = true;
  options.real_exponents = true;
  options.constant_units = {parse_unit(energy ? "J" : "s")};
  options.operators = {{"+", 1}, {"*", 1}, {"/", 1}, {"^", 1}};
  for (const search::Input& input : measurements.problem.inputs) {
    const std::string& name = input.name;
    if (name == "batch" || name == "isl" || name == "osl" || name == "L") options.rising.push_back(name);
    if (name == "batch") options.concave.push_back(name);
  }
  options.constant_units = per_count(std::move(options.constant_units), measurements.problem.inputs);
  const bool with_quantities = std::any_of(
      measurements.problem.inputs.begin(), measurements.problem.inputs.end(), [](const search::Input& input) {
        return std::ranges::any_of(predictor::quantities(), [&](const predictor::PublishedQuantity& q) {
          return q.name == input.name;
        });
      });
  if (with_quantities) {
    options.constant_units =
        predictor::quantity_coefficients(energy ? predictor::Metric::energy : predictor::Metric::time);
    options.coefficients = search::Scope::shared;
  }
  return options;
}

}  // namespace energylens::discovery
