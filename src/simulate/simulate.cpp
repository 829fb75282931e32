// SPDX-License-Identifier: Apache-2.0
// The simulated campaign: check the options, make the grid, run every configuration through the physical model, add
// noise, write rows. Noise is one factor exp(noise * normal) for each phase, drawn in row order from one stream; totals
// are the sums of the noisy phases, as in a table of measurements. Held by simulate_test.cpp.
#include "energylens/simulate/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/predictor/facts.hpp"
#include "predictor/feasible.hpp"
#include "simulate/serve.hpp"
#include "table/row_writer.hpp"

namespace energylens::simulate {
namespace {

using table::Column;

/// One row to make: a configuration and the number of its repeat.
struct Point {
  table::Layout layout;
  Load load;
  int repeat = 0;
};

/// The columns of a simulated table, whether or not a row fills them.
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

/// The cells of a simulated row. Numbers keep seven digits, more than any instrument gives.
class Row {
 public:
  void set(Column column, std::string_view text) { cells_.set(column, text); }
  void set(Column column, double value) {
    cells_.set(column, known(value) ? fmt::format("{:.7g}", value) : std::string());
  }
  const table::RowCells& cells() const { return cells_; }

 private:
  table::RowCells cells_;
};

bool whole_from(double value, double least) {
  return value >= least && value <= 1e9 && std::trunc(value) == value;
}

/// Adds a fault for every value that is not a whole number of at least `least`, and for an empty list.
void check_list(const std::vector<double>& values, std::string_view name, double least, std::string& faults) {
  if (values.empty()) faults += fmt::format("; {} is empty", name);
  for (const double value : values) {
    if (whole_from(value, least)) continue;
    faults += fmt::format("; {}: {} is not a whole number of at least {}", name, number_text(value),
                          number_text(least));
  }
}

double smallest(const std::vector<double>& values) {
  double least = std::numeric_limits<double>::infinity();
  for (const double value : values) least = std::min(least, value);
  return least;
}

void check_layouts(const Options& options, std::string& faults) {
  for (const table::Layout& layout : options.layouts) {
    const std::string text = table::layout_text(layout);
    if (layout.ep != 1) faults += fmt::format("; {}: expert parallelism is not simulated", text);
    if (layout.tp < 1 || layout.pp < 1 || layout.dp < 1) {
      faults += fmt::format("; {}: factors of a layout are whole numbers of at least 1", text);
    } else if (layout.gpus() > options.total_gpus) {
      faults +=
          fmt::format("; {} needs {} GPUs, but total_gpus is {}", text, layout.gpus(), options.total_gpus);
    }
  }
}

void check_tokens(const Options& options, std::string& faults) {
  const double isl = smallest(options.isls);
  if (!whole_from(options.image_tokens, 0) || options.image_tokens > isl) {
    faults += "; image_tokens is not a whole number from 0 to the smallest isl";
  }
  if (!whole_from(options.cached_tokens, 0) || options.cached_tokens >= isl) {
    faults += "; cached_tokens is not a whole number from 0 to less than the smallest isl";
  }
}

std::vector<table::Layout> grid(const Options& options) {
  std::vector<table::Layout> layouts;
  for (int tp = 1; tp <= options.total_gpus; tp *= 2) {
    for (int pp = 1; tp * pp <= options.total_gpus; pp *= 2) {
      for (int dp = 1; tp * pp * dp <= options.total_gpus; dp *= 2) {
        if (dp == 1 || options.replicas) layouts.push_back({tp, pp, dp, 1});
      }
    }
  }
  return layouts;
}

/// The layouts asked for, each refused if the model does not go onto it; or those of the grid that it goes
/// onto.
std::vector<table::Layout> usable_layouts(const Options& options, const System& system,
                                          const hardware::Model& model) {
  const predictor::Facts facts = facts_of(system);
  std::vector<table::Layout> usable;
  for (const table::Layout& layout : options.layouts.empty() ? grid(options) : options.layouts) {
    const std::string reason = predictor::infeasible(layout, facts, options.total_gpus);
    if (reason.empty()) {
      usable.push_back(layout);
    } else if (!options.layouts.empty()) {
      throw Error::usage(fmt::format("{} in {} does not fit onto {} of {}: {}", model.name, options.quant,
                                     table::layout_text(layout), options.gpu, reason));
    }
  }
  return usable;
}

std::vector<Point> points(const Options& options, const System& system, const hardware::Model& model) {
  std::vector<Point> all;
  const auto add = [&](const table::Layout& layout, double isl, double osl) {
    if (held_at_once(system, layout, isl, osl) < 1) return;
    for (const double batch : options.batches) {
      for (int repeat = 0; repeat < options.repeats; ++repeat) {
        all.push_back({layout, {batch, isl, osl, options.image_tokens, options.cached_tokens}, repeat});
      }
    }
  };
  for (const table::Layout& layout : usable_layouts(options, system, model)) {
    for (const double isl : options.isls) {
      for (const double osl : options.osls) add(layout, isl, osl);
    }
  }
  return all;
}

void set_identity(const Options& options, const hardware::Model& model, Row& row) {
  row.set(Column::model, model.name);
  row.set(Column::params_b, model.params.value / 1e9);
  row.set(Column::active_params_b, model.active_params.value / 1e9);
  row.set(Column::arch, model.arch);
  row.set(Column::gpu, options.gpu);
  row.set(Column::engine, kEngine);
  row.set(Column::quant, options.quant);
  row.set(Column::kv_dtype, options.kv_dtype);
  row.set(Column::role, "aggregated");
  row.set(Column::simulated, 1);
  row.set(Column::power_limit_w, options.power_limit_w);
  row.set(Column::energy_scope, "gpu");
  row.set(Column::notes, "computed by a physical model; nothing was measured");
}

void set_configuration(const System& system, const Point& point, Row& row) {
  row.set(Column::num_gpus, point.layout.gpus());
  row.set(Column::tp, point.layout.tp);
  row.set(Column::pp, point.layout.pp);
  row.set(Column::dp, point.layout.dp);
  row.set(Column::isl, point.load.isl);
  row.set(Column::osl, point.load.osl);
  if (point.load.image_tokens > 0) row.set(Column::image_tokens, point.load.image_tokens);
  if (point.load.cached_tokens > 0) row.set(Column::cached_tokens, point.load.cached_tokens);
  row.set(Column::idle_power_w, system.idle_w * point.layout.gpus());
  row.set(Column::kv_capacity_tokens, kv_capacity_tokens(system, point.layout));
  row.set(Column::repeat, point.repeat);
}

/// Multiplies by exp(sd * normal).
class Noise {
 public:
  Noise(double sd, std::uint64_t seed) : sd_(sd), rng_(seed) {}
  double operator()(double value) { return value * std::exp(sd_ * rng_.normal()); }
  Phase operator()(Phase phase) {
    phase.joules = (*this)(phase.joules);
    phase.seconds = (*this)(phase.seconds);
    return phase;
  }

 private:
  double sd_;
  Rng rng_;
};

void set_job(const System& system, const Point& point, Noise& noise, Row& row) {
  const JobOutcome exact = run_job(system, point.layout, point.load);
  const Phase first = noise(exact.prefill);
  const Phase rest = noise(exact.decode);
  const double joules = first.joules + rest.joules;
  const double seconds = first.seconds + rest.seconds;
  const double tokens = point.load.batch * point.load.osl;
  row.set(Column::row_kind, "job");
  row.set(Column::batch, point.load.batch);
  row.set(Column::prefill_energy_j, first.joules);
  row.set(Column::decode_energy_j, rest.joules);
  row.set(Column::total_energy_j, joules);
  row.set(Column::prefill_time_s, first.seconds);
  row.set(Column::decode_time_s, rest.seconds);
  row.set(Column::total_time_s, seconds);
  row.set(Column::avg_power_w, joules / seconds);
  row.set(Column::ttft_s, exact.ttft_s * first.seconds / exact.prefill.seconds);
  if (known(exact.tpot_s)) row.set(Column::tpot_s, exact.tpot_s * rest.seconds / exact.decode.seconds);
  row.set(Column::energy_per_out_token_j, joules / tokens);
  row.set(Column::energy_per_request_j, joules / point.load.batch);
  row.set(Column::throughput_tok_s, tokens / seconds);
}

void set_steady(const System& system, const Point& point, Noise& noise, Row& row) {
  const SteadyOutcome exact = run_steady(system, point.layout, point.load);
  const double joules = noise(exact.joules_per_token);
  const double tpot = noise(exact.tpot_s);
  const double tokens_per_s = exact.tokens_per_s * exact.tpot_s / tpot;
  row.set(Column::row_kind, "steady");
  row.set(Column::batch, exact.in_flight);
  row.set(Column::max_batch, point.load.batch);
  row.set(Column::avg_power_w, joules * tokens_per_s);
  row.set(Column::ttft_s, exact.ttft_s);
  row.set(Column::tpot_s, tpot);
  row.set(Column::energy_per_out_token_j, joules);
  row.set(Column::energy_per_request_j, joules * point.load.osl);
  row.set(Column::throughput_tok_s, tokens_per_s);
}

}  // namespace

void Options::validate() const {
  std::string faults;
  if (total_gpus < 1) faults += "; total_gpus is not at least 1";
  if (repeats < 1) faults += "; repeats is not at least 1";
  if (!(noise >= 0 && noise <= 1)) faults += "; noise is not between 0 and 1";
  if (known(gpu_memory_utilization) && !(gpu_memory_utilization > 0 && gpu_memory_utilization <= 1))
    faults += "; gpu_memory_utilization is not above 0 and at most 1";
  if (known(power_limit_w) && !(power_limit_w > 0)) faults += "; power_limit_w is not positive";
  check_list(batches, "batches", 1, faults);
  check_list(isls, "isls", 1, faults);
  check_list(osls, "osls", kind == table::RowKind::steady ? 2 : 1, faults);
  check_tokens(*this, faults);
  check_layouts(*this, faults);
  if (!faults.empty()) throw Error::usage("cannot simulate: " + faults.substr(2));
}

std::string simulate_csv(const Options& options, const hardware::Catalogue& catalogue) {
  options.validate();
  const System system = find_system(options, catalogue);
  const hardware::Model& model = *catalogue.find_model(options.model);
  const std::vector<Point> all = points(options, system, model);
  if (all.empty()) {
    throw Error::bad_input({}, fmt::format("no layout of at most {} {} holds {} and one request",
                                           options.total_gpus, options.gpu, model.name));
  }
  Noise noise(options.noise, options.seed);
  table::RowWriter rows(kWritten);
  for (const Point& point : all) {
    if (options.cancel && options.cancel->cancelled()) throw Error::cancelled();
    Row row;
    set_identity(options, model, row);
    set_configuration(system, point, row);
    if (options.kind == table::RowKind::job) {
      set_job(system, point, noise, row);
    } else {
      set_steady(system, point, noise, row);
    }
    rows.add(row.cells());
  }
  return rows.csv();
}

table::Table simulate(const Options& options, const hardware::Catalogue& catalogue) {
  return table::parse_csv(simulate_csv(options, catalogue), "simulated");
}

}  // namespace energylens::simulate
