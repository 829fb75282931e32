// SPDX-License-Identifier: Apache-2.0
// From figures to a row, which the table itself then reads: a row that `table check` refuses never gets into
// the file. Held by parts_test.cpp.
#include "campaign/measurement/rows.hpp"

#include <algorithm>
#include <limits>

#include "core/file.hpp"
#include "energylens/table/table.hpp"

namespace energylens::campaign {
namespace {

using table::Column;

bool states(const Plan& plan, Column column) {
  return std::ranges::any_of(plan.identity,
                             [&](const auto& entry) { return entry.first == table::info(column).name; });
}

void set_identity(const Plan& plan, const Target& target, const RowFacts& facts, table::RowCells& row) {
  const bool made_up = facts.simulated || !facts.provenance.empty();
  std::string notes = facts.provenance.empty() ? "" : "energy not of this run: " + facts.provenance;
  row.set(Column::model, target.deployment.model);
  row.set(Column::quant, target.deployment.quant);
  for (const auto& [name, text] : plan.identity) {
    const Column column = *table::find_column(name);
    if (column == Column::notes) notes += (notes.empty() ? "" : "; ") + text;
    if (column == Column::notes || (made_up && column == Column::simulated)) continue;
    row.set_parsed(column, text);
  }
  if (made_up || !states(plan, Column::simulated)) row.set(Column::simulated, made_up ? 1 : 0);
  if (!states(plan, Column::gpu)) row.set(Column::gpu, facts.device);
  if (!states(plan, Column::kv_capacity_tokens))
    row.set(Column::kv_capacity_tokens, facts.kv_capacity_tokens);
  if (!states(plan, Column::engine_version)) row.set(Column::engine_version, facts.version);
  if (!states(plan, Column::params_b)) row.set(Column::params_b, facts.params_b);
  if (!states(plan, Column::active_params_b)) row.set(Column::active_params_b, facts.active_params_b);
  if (!states(plan, Column::arch)) row.set(Column::arch, facts.arch);
  for (const std::string& warning : facts.warnings) notes += (notes.empty() ? "" : "; ") + warning;
  row.set(Column::notes, notes);
}

void set_layout(const table::Layout& layout, table::RowCells& row) {
  row.set(Column::num_gpus, layout.gpus());
  row.set(Column::tp, layout.tp);
  row.set(Column::pp, layout.pp);
  row.set(Column::dp, layout.dp);
  row.set(Column::ep, layout.ep);
}

void set_job(const Target& target, const Figures& figures, table::RowCells& row) {
  const table::Load& load = target.load;
  const double tokens = load.batch * load.osl;
  row.set(Column::row_kind, "job");
  row.set(Column::batch, load.batch);
  row.set(Column::prefill_energy_j, figures.prefill_j);
  row.set(Column::total_energy_j, figures.total_j);
  row.set(Column::prefill_time_s, figures.prefill_s);
  row.set(Column::total_time_s, figures.total_s);
  if (load.osl > 1) {
    row.set(Column::decode_energy_j, figures.total_j - figures.prefill_j);
    row.set(Column::decode_time_s, figures.total_s - figures.prefill_s);
    row.set(Column::tpot_s, figures.tpot_s);
  }
  row.set(Column::avg_power_w, figures.total_j / figures.total_s);
  row.set(Column::energy_per_out_token_j, figures.total_j / tokens);
  row.set(Column::energy_per_request_j, figures.total_j / load.batch);
  row.set(Column::throughput_tok_s, tokens / figures.total_s);
  row.set(Column::host_energy_j, figures.host_j);
}

void set_steady(const Target& target, const Figures& figures, table::RowCells& row) {
  const double joules_per_token = figures.total_j / figures.tokens;
  row.set(Column::row_kind, "steady");
  row.set(Column::batch, figures.in_flight);
  row.set(Column::concurrency, target.load.batch);
  row.set(Column::max_batch, target.load.batch);
  row.set(Column::avg_power_w, figures.total_j / figures.window_s);
  row.set(Column::tpot_s, figures.tpot_s);
  row.set(Column::energy_per_out_token_j, joules_per_token);
  row.set(Column::energy_per_request_j, joules_per_token * target.load.osl);
  row.set(Column::throughput_tok_s, figures.tokens / figures.window_s);
}

}  // namespace

table::RowCells row_of(const Plan& plan, const Target& target, const Figures& figures,
                       const RowFacts& facts) {
  table::RowCells row;
  set_identity(plan, target, facts, row);
  set_layout(target.deployment.layout, row);
  row.set(Column::isl, target.load.isl);
  row.set(Column::osl, target.load.osl);
  row.set(Column::image_tokens,
          known(target.load.image_tokens) ? target.load.image_tokens : figures.image_tokens);
  if (target.load.kind == table::RowKind::job) {
    set_job(target, figures, row);
  } else {
    set_steady(target, figures, row);
  }
  row.set(Column::ttft_s, figures.ttft_s);
  row.set(Column::idle_power_w, facts.idle_w);
  row.set(Column::energy_scope, facts.scope);
  row.set(Column::repeat, facts.repeat);
  return row;
}

void write_samples(const std::string& file, const meter::Trace& trace) {
  write_file(file, meter::trace_csv(trace));
}

}  // namespace energylens::campaign
