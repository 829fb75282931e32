// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "campaign/plan.hpp"
#include "campaign/record.hpp"

namespace energylens::campaign {

inline const std::string kSmallPlan = R"({
  "identity": {"model": "toy", "gpu": "none", "quant": "fp16"},
  "grid": {"layout": ["tp1", "tp2"], "batch": [1, 4], "isl": [128], "osl": [8, 16]},
  "repeats": 2, "max_repeats": 4, "width": 0, "serve_cmd": "serve --port {port}", "seed": 7
})";

inline Plan small_plan() {
  return parse_plan(kSmallPlan, "plan.json");
}

/// A valid record of the run, of so many joules.
inline Record made_record(const Plan& plan, std::size_t target, int attempt, int repeat, double joules) {
  Record record;
  record.target = target;
  record.what = target_text(plan.targets[target]);
  record.attempt = attempt;
  record.repeat = repeat;
  record.begin_s = 1e9;
  record.seconds = 2;
  record.details = io::Json::object();
  record.row.set(table::Column::model, std::string("toy"));
  record.row.set(table::Column::batch, plan.targets[target].load.batch);
  record.row.set(table::Column::total_energy_j, joules);
  record.row.set(table::Column::repeat, repeat);
  return record;
}

}  // namespace energylens::campaign
