// SPDX-License-Identifier: Apache-2.0
// The law: a whole fit, and predictions of jobs in random order by every way there is (items are
// predictions).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>

#include "energylens/core/rng.hpp"
#include "energylens/parametric/fit.hpp"
#include "energylens/simulate/simulate.hpp"
#include "expr/program.hpp"
#include "parametric/fast_law.hpp"
#include "parametric/formula.hpp"
#include "parametric/law/terms.hpp"

namespace energylens::parametric {
namespace {

constexpr std::size_t kFitRows = 50, kJobs = 1 << 14;

constexpr Parameters kParametersOf70b{60, 0.3, 0.2, 0.1, 40, 0.15, 0.4, 3, 0.8, 0.2, 0.05, 4e-4};

/// Fifty rows drawn from a simulated campaign with phases, waves and noise.
table::Group fifty_rows() {
  simulate::Options options;
  options.batches = {1, 4, 16, 64, 256, 1024};
  options.isls = {128, 512, 2048};
  options.osls = {64, 256, 1024};
  options.noise = 0.03;
  table::Group group = table::groups(simulate::simulate(options)).front();
  Rng rng(1);
  for (std::size_t i = group.rows.size(); i > 1; --i) std::swap(group.rows[i - 1], group.rows[rng.below(i)]);
  group.rows.resize(std::min(kFitRows, group.rows.size()));
  return group;
}

void fit_group(benchmark::State& state) {
  const table::Group group = fifty_rows();
  const predictor::TrainingData data = predictor::all_rows(std::span(&group, 1));
  predictor::FitOptions options;
  options.target = predictor::Target::energy;
  options.starts = static_cast<int>(state.range(0));
  options.run.threads = 1;
  for (auto _ : state) benchmark::DoNotOptimize(fit_law(data, options));
  state.counters["rows"] = static_cast<double>(group.rows.size());
}
BENCHMARK(fit_group)->ArgName("starts")->Arg(1)->Arg(8)->Unit(benchmark::kMillisecond);

/// Rows of one group, in random order.
table::Group many_rows(std::size_t rows) {
  simulate::Options options;
  options.batches = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
  options.isls = {128, 256, 512, 1024, 2048, 4096};
  options.osls = {64, 128, 256, 512, 1024};
  options.noise = 0.03;
  const table::Group grid = table::groups(simulate::simulate(options)).front();
  table::Group group{grid.identity, {}};
  Rng rng(1);
  while (group.rows.size() < rows) {
    table::Row row = grid.rows[rng.below(grid.rows.size())];
    const double factor = std::exp(0.03 * rng.normal());
    row.results.prefill_energy_j *= factor;
    row.results.decode_energy_j *= factor;
    row.results.total_energy_j *= factor;
    group.rows.push_back(row);
  }
  return group;
}

void fit_many_rows(benchmark::State& state) {
  const table::Group group = many_rows(static_cast<std::size_t>(state.range(0)));
  const predictor::TrainingData data = predictor::all_rows(std::span(&group, 1));
  predictor::FitOptions options;
  options.target = predictor::Target::energy;
  options.run.threads = static_cast<int>(state.range(1));
  for (auto _ : state) benchmark::DoNotOptimize(fit_law(data, options));
  state.SetItemsProcessed(static_cast<std::int64_t>(group.rows.size()) * state.iterations());
}
BENCHMARK(fit_many_rows)
    ->ArgNames({"rows", "threads"})
    ->Args({5000, 1})
    ->Args({50000, 1})
    ->Args({50000, 2})
    ->Args({500000, 2})
    ->Unit(benchmark::kMillisecond);

/// Jobs of up to four thousand requests, some in waves.
struct Workload {
  Workload(bool experts, int most_replicas) : law{kParametersOf70b, {}, true, Metric::energy} {
    if (experts) {
      law.facts.expert_share = 8.0 / 256;
      law.facts.always_read_share = 0.05;
    }
    for (int dp = 1; dp <= most_replicas; dp *= 2) {
      for (int tp = 1; tp <= 8; tp *= 2) {
        for (int pp = 1; pp <= 4; pp *= 2) layouts.push_back({{tp, pp, dp, 1}, 100000.0 * tp * pp});
      }
    }
    Rng rng(1);
    for (std::size_t i = 0; i < kJobs; ++i) {
      layout.push_back(static_cast<std::uint32_t>(rng.below(layouts.size())));
      batch.push_back(std::floor(std::pow(4000, rng.uniform())));
      isl.push_back(static_cast<double>(1 + rng.below(4000)));
      osl.push_back(static_cast<double>(1 + rng.below(1000)));
    }
  }
  table::Configuration configuration(std::size_t i) const {
    table::Configuration config{layouts[layout[i]].layout, {}, layouts[layout[i]].kv_capacity_tokens};
    config.load.batch = batch[i];
    config.load.isl = isl[i];
    config.load.osl = osl[i];
    return config;
  }

  PlainLaw law;
  std::vector<FastLayout> layouts;
  std::vector<std::uint32_t> layout;
  std::vector<double> batch, isl, osl;
};

void count_jobs(benchmark::State& state) {
  state.SetItemsProcessed(static_cast<std::int64_t>(kJobs) * state.iterations());
}

void predict_fast(benchmark::State& state, bool experts, int most_replicas) {
  const Workload work(experts, most_replicas);
  const FastLaw fast(work.law, work.layouts);
  std::vector<double> out(kJobs);
  for (auto _ : state) {
    fast.evaluate({work.layout, work.batch, work.isl, work.osl}, out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  count_jobs(state);
}
BENCHMARK_CAPTURE(predict_fast, dense, false, 1);
BENCHMARK_CAPTURE(predict_fast, experts, true, 1);
BENCHMARK_CAPTURE(predict_fast, dense_with_replicas, false, 8);

void predict_by_expression(benchmark::State& state, bool experts) {
  const Workload work(experts, 1);
  std::vector<double> tp, pp, capacity, out(kJobs);
  for (const std::uint32_t i : work.layout) {
    tp.push_back(work.layouts[i].layout.tp);
    pp.push_back(work.layouts[i].layout.pp);
    capacity.push_back(work.layouts[i].kv_capacity_tokens);
  }
  std::vector<std::string> names;
  for (const ParameterInfo& info : parameter_infos()) names.emplace_back(info.name);
  const std::vector<std::string> variables{"tp", "pp", "capacity", "batch", "isl", "osl"};
  const expr::Program program(job_formula(work.law.facts, true, Metric::energy), variables, names);
  const std::vector<std::span<const double>> columns{tp, pp, capacity, work.batch, work.isl, work.osl};
  expr::Workspace workspace;
  for (auto _ : state) {
    program.evaluate(columns, work.law.parameters, out, workspace);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  count_jobs(state);
}
BENCHMARK_CAPTURE(predict_by_expression, dense, false);
BENCHMARK_CAPTURE(predict_by_expression, experts, true);

void predict_by_terms(benchmark::State& state) {
  const Workload work(false, 1);
  std::vector<table::Configuration> configs;
  for (std::size_t i = 0; i < kJobs; ++i) configs.push_back(work.configuration(i));
  const Reading reading{work.law.facts, true, Metric::energy};
  std::vector<double> out(kJobs);
  for (auto _ : state) {
    for (std::size_t i = 0; i < kJobs; ++i)
      out[i] = evaluate(work.law.parameters, terms(configs[i], reading)).total();
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  count_jobs(state);
}
BENCHMARK(predict_by_terms);

/// The public way with intervals and domain, one configuration at a time.
void predict_with_intervals(benchmark::State& state) {
  const table::Group group = fifty_rows();
  predictor::FitOptions options;
  options.run.threads = 1;
  const LawModel model = fit_law(predictor::all_rows(std::span(&group, 1)), options);
  for (auto _ : state) {
    for (const table::Row& row : group.rows) benchmark::DoNotOptimize(model.predict(0, row.config));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(group.rows.size()) * state.iterations());
}
BENCHMARK(predict_with_intervals);

/// The cheapest layout for every load of a grid, preparation of the law included.
void sweep_layouts(benchmark::State& state) {
  constexpr std::size_t kLoads = 512 * 16;
  const Workload work(false, 8);
  std::vector<double> batch, isl, osl, out(kLoads), least(kLoads);
  for (std::size_t i = 0; i < kLoads; ++i) {
    batch.push_back(static_cast<double>(1 + i % 512));
    isl.push_back(static_cast<double>(64 << (i / 512 % 4)));
    osl.push_back(static_cast<double>(64 << (i / 2048)));
  }
  for (auto _ : state) {
    const FastLaw fast(work.law, work.layouts);
    std::fill(least.begin(), least.end(), HUGE_VAL);
    for (std::uint32_t l = 0; l < work.layouts.size(); ++l) {
      const std::vector<std::uint32_t> layout(kLoads, l);
      fast.evaluate({layout, batch, isl, osl}, out);
      for (std::size_t i = 0; i < kLoads; ++i) least[i] = out[i] < least[i] ? out[i] : least[i];
    }
    benchmark::DoNotOptimize(least.data());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(kLoads * work.layouts.size()) * state.iterations());
}
BENCHMARK(sweep_layouts)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace energylens::parametric

BENCHMARK_MAIN();
