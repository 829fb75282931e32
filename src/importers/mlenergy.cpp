// SPDX-License-Identifier: Apache-2.0
// A task file of the ML.ENERGY leaderboard, version 3 (github.com/ml-energy/leaderboard, public/data/tasks):
// one entry per configuration, measured by Zeus in the steady state of vLLM. Power and energy are over all
// GPUs; energy per token is per output token. Input lengths are not published. Layouts have the labels of the
// leaderboard: tp = 1, ep = n, dp = 1 means tensor parallelism n with the experts spread over the same GPUs. Held by
// mlenergy_test.cpp, also against rows that another program made from the same file.
#include <cmath>

#include "core/file.hpp"
#include "importers/fields.hpp"
#include "importers/foreign.hpp"
#include "importers/formats.hpp"
#include "importers/json_texts.hpp"
#include "importers/rows.hpp"

namespace energylens::importers {
namespace {

/// The word in the table for an architecture; tasks with images or video have other words.
std::string arch_word(const std::string& architecture, const std::string& task) {
  const bool sees = task.find("image") != std::string::npos || task.find("video") != std::string::npos;
  std::string word;
  if (architecture == "MoE") word = "moe";
  if (architecture == "Dense Transformer") word = sees ? "" : "dense";
  if (architecture.find("Hybrid") != std::string::npos) word = "hybrid";
  if (word.empty() && !sees) return architecture;
  return !sees ? word : word.empty() ? "vlm" : "vlm-" + word;
}

void set_layout(table::RowWriter& rows, Fields& fields) {
  const double gpus = fields.number("num_gpus"), dp = fields.number("data_parallel");
  double tp = fields.number("tensor_parallel");
  const double ep = fields.number("expert_parallel");
  if (tp == 1 && ep > 1 && dp == 1) tp = ep;
  rows.set("num_gpus", gpus);
  rows.set("tp", tp);
  rows.set("dp", dp);
  rows.set("ep", ep);
}

void add_row(table::RowWriter& rows, Fields& fields, const std::string& task) {
  rows.begin_row();
  rows.set("model", fields.required_text("model_id"));
  rows.set("params_b", fields.number("total_params_billions"));
  rows.set("active_params_b", fields.number("activated_params_billions"));
  rows.set("arch", arch_word(fields.text("architecture"), task));
  rows.set("gpu", fields.required_text("gpu_model"));
  rows.set("engine", "vLLM");
  rows.set("quant", fields.text("weight_precision"));
  rows.set("workload", task);
  set_layout(rows, fields);
  rows.set("row_kind", "steady");
  rows.set("batch", fields.required_number("avg_batch_size"));
  rows.set("max_batch", fields.number("max_num_seqs"));
  rows.set("osl", fields.number("avg_output_len"));
  rows.set("avg_power_w", fields.number("avg_power_watts"));
  rows.set("energy_per_out_token_j", fields.required_number("energy_per_token_joules"));
  rows.set("energy_per_request_j", fields.number("energy_per_request_joules"));
  rows.set("throughput_tok_s", fields.number("output_throughput_tokens_per_sec"));
  rows.set("tpot_s", fields.number("median_itl_ms") * 1e-3);
  rows.set("energy_scope", "gpu");
  rows.set("notes", "ML.ENERGY v3; tpot_s is the median inter-token latency");
}

bool ignored_by_mlenergy(std::string_view name) {
  return name == "nickname" || name == "model_id" || name == "gpu_model" || name == "avg_batch_size" ||
         name == "energy_per_token_joules" || (name.starts_with('p') && name.ends_with("_itl_ms"));
}

}  // namespace

Imported import_mlenergy(const Request& request) {
  table::RowWriter rows;
  std::vector<std::string> warnings;
  for (const std::string& file : request.files) {
    const std::string text = read_file(file);
    Fields fields(file);
    explained(text, file, "mlenergy", [&] {
      const io::Json json = json_in(text, file, warnings);
      const std::string task = json.text("task");
      for (const io::Json& entry : json.array_at("configurations")) {
        fields.begin(entry);
        add_row(rows, fields, task);
        fields.end(ignored_by_mlenergy);
      }
      if (json.array_at("configurations").empty()) throw json.error("\"configurations\" is empty");
    });
    const std::vector<std::string> found = fields.warnings();
    warnings.insert(warnings.end(), found.begin(), found.end());
  }
  table::Table table = finish(rows, request, warnings);
  return {std::move(table), std::move(warnings)};
}

}  // namespace energylens::importers
