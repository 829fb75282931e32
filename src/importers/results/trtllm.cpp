// SPDX-License-Identifier: Apache-2.0
// Reports of `trtllm-bench throughput|latency --report_json`. The energy is that of the GPUs that NVML counts, in joules;
// its mean power is of one GPU, so that the total is what is used. Held by results_test.cpp.
#include "importers/formats.hpp"
#include "importers/readers/json_path.hpp"
#include "importers/results/load_rows.hpp"

namespace energylens::importers {
namespace {

constexpr std::array kTrtllmFields = {
    text_field("engine.model", &LoadResult::model),
    text_field("engine.model_path", &LoadResult::model),
    text_field("engine.version", &LoadResult::engine_version),
    text_field("engine.quantization", &LoadResult::quant),
    text_field("engine.dtype", &LoadResult::quant),
    text_field("engine.kv_cache_dtype", &LoadResult::kv_dtype),
    refused_field("engine.backend", "backend of the engine"),
    text_field("machine.name", &LoadResult::gpu),
    number_field("world_info.tp_size", &LoadResult::tp),
    number_field("world_info.pp_size", &LoadResult::pp),
    number_field("world_info.ep_size", &LoadResult::ep),
    number_field("world_info.world_size", &LoadResult::num_gpus),
    number_field("world_info.max_batch_size", &LoadResult::max_batch),
    number_field("request_info.num_requests", &LoadResult::completed),
    number_field("request_info.avg_input_length", &LoadResult::isl),
    number_field("request_info.avg_output_length", &LoadResult::osl),
    number_field("request_info.avg_num_concurrent_requests", &LoadResult::in_flight),
    number_field("performance.total_latency_ms", &LoadResult::duration_s, 1e-3, "duration of the run"),
    number_field("performance.avg_request_latency_ms", &LoadResult::e2e_s, 1e-3),
    number_field("performance.request_latency_percentiles_ms.average", &LoadResult::e2e_s, 1e-3),
    number_field("performance.request_throughput_req_s", &LoadResult::completed_rps),
    number_field("performance.system_output_throughput_tok_s", &LoadResult::output_tok_s),
    number_field("streaming_metrics.avg_ttft_ms", &LoadResult::ttft_s, 1e-3),
    number_field("streaming_metrics.avg_tpot_ms", &LoadResult::tpot_s, 1e-3),
    number_field("decoding_stats.acceptance_length", &LoadResult::accepted_per_step),
    number_field("energy.total_energy_j", &LoadResult::total_energy_j, 1, "over all GPUs of the run"),
    refused_field("energy.average_gpu_power", "of one GPU; the total is energy over duration"),
    refused_field("energy.output_tps_per_w", "follows from the others"),
    refused_field("dataset", "names of files"),
    refused_field("backend", "backend of the engine"),
    refused_field("*", "further settings"),
};

void finish_trtllm(const io::Json& run, LoadResult& r) {
  r.in_flight_source = "batch is the mean concurrency";
  if (!at_path(run, "engine.quantization") && !r.quant.empty())
    r.notes.emplace_back("quant is the data type of the engine");
}

void add_trtllm(const io::Json& document, const std::string& file, LoadRows& rows) {
  LoadResult defaults;
  defaults.tool = "trtllm-bench";
  defaults.engine = "TensorRT-LLM";
  add_run(document, kTrtllmFields, file, rows, defaults, finish_trtllm);
}

}  // namespace

Imported import_trtllm(const Request& request) {
  return import_documents(request, "trtllm-bench", add_trtllm);
}
std::vector<FieldInfo> trtllm_fields() {
  return field_infos(kTrtllmFields);
}

}  // namespace energylens::importers
