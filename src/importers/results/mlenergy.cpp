// SPDX-License-Identifier: Apache-2.0
// A task file of the ML.ENERGY leaderboard, version 3 (github.com/ml-energy/leaderboard, public/data/tasks):
// one entry per configuration, measured by Zeus in the steady state of vLLM. Power and energy are over all
// GPUs; energy per token is per output token. Input lengths are not published. Layouts have the labels of the
// leaderboard: tp = 1, ep = n, dp = 1 means tensor parallelism n with the experts spread over the same GPUs. Held by
// mlenergy_test.cpp, also against rows that another program made from the same file.
#include <array>
#include <cmath>

#include "importers/content.hpp"
#include "importers/fields.hpp"
#include "importers/foreign.hpp"
#include "importers/formats.hpp"
#include "importers/readers/json_texts.hpp"
#include "importers/results/load_result.hpp"
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

/// An entry of a model file with what the file states for all of them, as an entry of a task file has it.
io::Json whole_entry(const io::Json& entry, const io::Json& file) {
  io::Json whole = entry;
  const auto add = [&](const io::Json* members) {
    if (!members || !members->is_object()) return;
    for (const io::Json::Member& member : members->members()) {
      if (!whole.find(member.name) && !member.value.is_array() && !member.value.is_object())
        whole[member.name] = member.value;
    }
  };
  if (!whole.is_object()) return whole;
  add(entry.find("parallelization"));
  if (file.find("model_id")) add(&file);
  return whole;
}

constexpr std::array kMlenergyFields = {
    read_field("task", "workload"),
    read_field("configurations[].model_id", "model", "of the file in model files"),
    read_field("configurations[].gpu_model", "gpu"),
    read_field("configurations[].total_params_billions", "params_b"),
    read_field("configurations[].activated_params_billions", "active_params_b"),
    read_field("configurations[].architecture", "arch"),
    read_field("configurations[].weight_precision", "quant"),
    read_field("configurations[].num_gpus", "num_gpus"),
    read_field("configurations[].tensor_parallel", "tp", "in parallelization in model files"),
    read_field("configurations[].data_parallel", "dp"),
    read_field("configurations[].expert_parallel", "ep"),
    read_field("configurations[].avg_batch_size", "batch"),
    read_field("configurations[].max_num_seqs", "max_batch"),
    read_field("configurations[].avg_output_len", "osl"),
    read_field("configurations[].avg_power_watts", "avg_power_w"),
    read_field("configurations[].energy_per_token_joules", "energy_per_out_token_j"),
    read_field("configurations[].energy_per_request_joules", "energy_per_request_j"),
    read_field("configurations[].output_throughput_tokens_per_sec", "throughput_tok_s"),
    read_field("configurations[].median_itl_ms", "tpot_s"),
    derived_field("tp", "expert_parallel where tensor and data parallel are 1"),
    refused_field("configurations[].p90_itl_ms, p95, p99", "quantiles"),
    refused_field("nickname", "another name of the model"),
    refused_field("output_length_distribution", "model files"),
};

bool ignored_by_mlenergy(std::string_view name) {
  return name == "nickname" || name == "task" || name == "parallelization" ||
         name == "output_length_distribution" || name == "max_num_batched_tokens" ||
         name == "task_display_name" || name == "model_id" || name == "gpu_model" ||
         name == "avg_batch_size" || name == "energy_per_token_joules" ||
         (name.starts_with('p') && name.ends_with("_itl_ms"));
}

}  // namespace

Imported import_mlenergy(const Request& request) {
  table::RowWriter rows;
  std::vector<std::string> warnings;
  for (const std::string& file : request.files) {
    const std::string text = text_of(file, request);
    Fields fields(file);
    explained(text, file, "mlenergy", [&] {
      const io::Json json = json_in(text, file, warnings);
      const std::string task = json.text("task");
      for (const io::Json& entry : json.array_at("configurations")) {
        const io::Json whole = whole_entry(entry, json);
        fields.begin(whole);
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

std::vector<FieldInfo> mlenergy_fields() {
  return field_infos(kMlenergyFields);
}

}  // namespace energylens::importers
