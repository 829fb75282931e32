// SPDX-License-Identifier: Apache-2.0
// Reading a table: bytes of CSV per second on one core, into typed columns, all checks included.
#include <benchmark/benchmark.h>

#include <cmath>
#include <string>

#include "energylens/core/number_text.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/table/group.hpp"
#include "energylens/table/table.hpp"

namespace {

using energylens::number_text;

/// A value with seven significant digits, as measurements are written.
std::string measured(double value) {
  const double scale = std::pow(10, 6 - std::floor(std::log10(value)));
  return number_text(std::round(value * scale) / scale);
}

/// A campaign of `rows` jobs with every phase measured, identity columns, and three columns of the user's
/// own. With `quoted_notes` every row ends in a text that needs quotation marks.
std::string campaign(std::size_t rows, bool quoted_notes) {
  std::string text =
      "dataset,model,params_b,arch,gpu,num_gpus,tp,pp,dp,ep,quant,engine,engine_version,row_kind,batch,max_"
      "batch,isl,"
      "osl,prefill_energy_j,decode_energy_j,total_energy_j,prefill_time_s,decode_time_s,total_time_s,avg_"
      "power_w,"
      "idle_power_w,ttft_s,tpot_s,energy_per_out_token_j,throughput_tok_s,kv_capacity_tokens,temperature_c,"
      "repeat,"
      "source_file,notes\n";
  energylens::Rng rng(1);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t tp = std::size_t{1} << rng.below(4);
    const auto gpus = static_cast<double>(tp);
    const double batch = static_cast<double>(1 + rng.below(256)),
                 osl = static_cast<double>(64 + rng.below(4096));
    const double prefill_s = 0.05 + 2 * rng.uniform(), decode_s = osl * (0.02 + 0.03 * rng.uniform());
    const double power_w = gpus * (150 + 400 * rng.uniform()), total_s = prefill_s + decode_s;
    text += "campaign,Llama-3-70B,70,dense,H100-80GB-SXM," + number_text(gpus) + ',' + number_text(gpus) +
            ",1,1,1,FP16,vLLM,0.11.2,job," + number_text(batch) + ",256,512," + number_text(osl);
    for (const double value : {power_w * prefill_s, power_w * decode_s, power_w * total_s, prefill_s,
                               decode_s, total_s, power_w, gpus * 95.5, prefill_s * 1.02, decode_s / osl,
                               power_w * total_s / (batch * osl), batch * osl / total_s}) {
      text += ',' + measured(value);
    }
    text += ",390000," + number_text(40 + static_cast<double>(rng.below(30))) + ',' +
            std::to_string(row % 3) + ",results/run_" + std::to_string(row / 3) + ".json,";
    text += quoted_notes ? "\"warm start, fans at 70 %, counter read at an edge\"\n" : "warm start\n";
  }
  return text;
}

void parse_table(benchmark::State& state) {
  const std::string text = campaign(static_cast<std::size_t>(state.range(0)), state.range(1) != 0);
  for (auto _ : state) benchmark::DoNotOptimize(energylens::table::parse_csv(text, "bench.csv"));
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}
BENCHMARK(parse_table)
    ->ArgNames({"rows", "quoted"})
    ->ArgsProduct({{1000, 50000}, {0, 1}})
    ->Unit(benchmark::kMillisecond);

void group_table(benchmark::State& state) {
  const energylens::table::Table table =
      energylens::table::parse_csv(campaign(static_cast<std::size_t>(state.range(0)), false), "bench.csv");
  for (auto _ : state) benchmark::DoNotOptimize(energylens::table::groups(table));
  state.SetItemsProcessed(state.range(0) * state.iterations());
}
BENCHMARK(group_table)->ArgName("rows")->Arg(50000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
