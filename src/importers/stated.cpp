// SPDX-License-Identifier: Apache-2.0
// Options of the server come into a result with --metadata or by scripts around the benchmark, under the names of the
// options. Held by stated_test.cpp.
#include "importers/stated.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/text.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::importers {
namespace {

using TableColumn = table::Column;

struct OtherName {
  std::string_view name;
  TableColumn column;
};

/// Names besides that of the column; the first that is there is used.
constexpr std::array kOtherNames = {
    OtherName{"tensor_parallel_size", TableColumn::tp},
    OtherName{"tensor_parallel", TableColumn::tp},
    OtherName{"tp_size", TableColumn::tp},
    OtherName{"pipeline_parallel_size", TableColumn::pp},
    OtherName{"pipeline_parallel", TableColumn::pp},
    OtherName{"pp_size", TableColumn::pp},
    OtherName{"data_parallel_size", TableColumn::dp},
    OtherName{"data_parallel", TableColumn::dp},
    OtherName{"dp_size", TableColumn::dp},
    OtherName{"expert_parallel_size", TableColumn::ep},
    OtherName{"expert_parallel", TableColumn::ep},
    OtherName{"ep_size", TableColumn::ep},
    OtherName{"nnodes", TableColumn::num_nodes},
    OtherName{"gpu_count", TableColumn::num_gpus},
    OtherName{"num_gpu", TableColumn::num_gpus},
    OtherName{"n_gpus", TableColumn::num_gpus},
    OtherName{"max_num_seqs", TableColumn::max_batch},
    OtherName{"max_batch_size", TableColumn::max_batch},
    OtherName{"max_running_requests", TableColumn::max_batch},
    OtherName{"spec_decode_acceptance_length", TableColumn::accepted_per_step},
    OtherName{"acceptance_length", TableColumn::accepted_per_step},
    OtherName{"accept_length", TableColumn::accepted_per_step},
    OtherName{"num_speculative_tokens", TableColumn::drafted_per_step},
    OtherName{"quantization", TableColumn::quant},
    OtherName{"weight_precision", TableColumn::quant},
    OtherName{"dtype", TableColumn::quant},
    OtherName{"kv_cache_dtype", TableColumn::kv_dtype},
    OtherName{"gpu_name", TableColumn::gpu},
    OtherName{"gpu_type", TableColumn::gpu},
    OtherName{"gpu_model", TableColumn::gpu},
    OtherName{"hardware", TableColumn::gpu},
    OtherName{"accelerator", TableColumn::gpu},
    OtherName{"vllm_version", TableColumn::engine_version},
    OtherName{"framework_version", TableColumn::engine_version},
    OtherName{"version", TableColumn::engine_version},
    OtherName{"dataset_name", TableColumn::workload},
    OtherName{"power_limit_watts", TableColumn::power_limit_w},
    OtherName{"run_number", TableColumn::repeat},
};

/// "--tensor-parallel-size" as "tensor_parallel_size".
std::string plain_name(std::string_view name) {
  while (name.starts_with('-')) name.remove_prefix(1);
  std::string plain = lower_case(name);
  std::ranges::replace(plain, '-', '_');
  return plain;
}

/// The column that the name means, and how far down the list of its names that is.
std::optional<std::pair<TableColumn, std::size_t>> meaning_of(std::string_view member) {
  const std::string name = plain_name(member);
  if (const auto column = table::find_column(name)) return std::pair(*column, std::size_t{0});
  const auto found = std::ranges::find(kOtherNames, name, &OtherName::name);
  if (found == kOtherNames.end()) return std::nullopt;
  return std::pair(found->column, 1 + static_cast<std::size_t>(found - kOtherNames.begin()));
}

/// The value as the cell of a column has it; empty for one that says nothing.
std::string cell_text(const io::Json& value) {
  if (value.is_number()) return number_text(value.as_number());
  if (!value.is_text()) return {};
  const std::string lower = lower_case(value.as_text());
  return lower == "none" || lower == "null" || lower == "auto" || lower == "n/a" ? std::string()
                                                                                 : value.as_text();
}

struct Stated {
  TableColumn column;
  std::size_t rank;
  const io::Json::Member* member;
};

/// Those that mean a column, the best name of a column first.
std::vector<Stated> stated_by(const io::Json& run) {
  std::vector<Stated> all;
  for (const io::Json::Member& member : run.members()) {
    if (const auto meaning = meaning_of(member.name))
      all.push_back({meaning->first, meaning->second, &member});
  }
  std::ranges::stable_sort(all, {}, &Stated::rank);
  return all;
}

}  // namespace

void set_stated(table::RowWriter& rows, Fields& fields, const io::Json& run,
                std::vector<std::string>& warnings) {
  for (const auto& [column, rank, member] : stated_by(run)) {
    const std::string text = cell_text(member->value);
    fields.pass_over(member->name);
    if (text.empty()) {
      if (!member->value.is_null() && !member->value.is_text())
        warnings.push_back(
            fmt::format("{} is neither a number nor a text and is not used", quote(member->name)));
      continue;
    }
    const table::ColumnInfo& info = table::info(column);
    const std::string before = rows.rows().back().text(info.name);
    if (!before.empty()) {
      if (before != text)
        warnings.push_back(fmt::format("{} is {} and is not used: {} is {}", quote(member->name), shown(text),
                                       info.name, shown(before)));
    } else if (info.type == table::ColumnType::number && !parse_number(text)) {
      warnings.push_back(
          fmt::format("{} is {}, which is not a number, and is not used", quote(member->name), quote(text)));
    } else {
      rows.set(info.name, std::string_view(text));
    }
  }
}

std::string engine_of_backend(const std::string& backend) {
  struct Engine {
    std::string_view word, name;
  };
  constexpr std::array kEngines = {Engine{"vllm", "vLLM"},
                                   Engine{"sglang", "SGLang"},
                                   Engine{"tensorrt", "TensorRT-LLM"},
                                   Engine{"trt", "TensorRT-LLM"},
                                   Engine{"tgi", "TGI"},
                                   Engine{"lmdeploy", "LMDeploy"},
                                   Engine{"deepspeed", "DeepSpeed-MII"},
                                   Engine{"scalellm", "ScaleLLM"},
                                   Engine{"llama", "llama.cpp"},
                                   Engine{"ollama", "Ollama"}};
  const std::string word = lower_case(backend);
  if (word.starts_with("openai")) return {};
  const auto is_it = [&](const Engine& engine) { return word.starts_with(engine.word); };
  const auto found = std::ranges::find_if(kEngines, is_it);
  return found == kEngines.end() ? backend : std::string(found->name);
}

}  // namespace energylens::importers
