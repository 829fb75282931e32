// SPDX-License-Identifier: Apache-2.0
// The table of formats: one row each, and one source file each in results/ and power/. A file is of the first format one
// of whose signatures it fits, so that narrower formats are before wider ones. Held by formats_test.cpp.
#include "importers/formats.hpp"

#include <algorithm>
#include <array>

#include "core/named_table.hpp"
#include "energylens/core/error.hpp"
#include "importers/content.hpp"

namespace energylens::importers {
namespace {

using enum FormatKind;

constexpr std::array kMlenergySigns = {
    Signature{"{", {"\"configurations\"", "\"energy_per_request_joules\"", "\"task\""}},
    Signature{"{", {"\"configurations\"", "\"output_length_distribution\""}}};
constexpr std::array kMlenergyOlderSigns = {
    Signature{"", {"\"Energy/req (J)\""}},
    Signature{"", {"model,", "energy", "throughput", "response_length"}}};
constexpr std::array kMultiTurnSigns = {
    Signature{"", {"\"completed_turns\"", "\"request_throughput_per_s\""}}};
constexpr std::array kSglangSigns = {Signature{"", {"\"sharegpt_output_len\""}},
                                     Signature{"", {"\"mean_e2e_latency_ms\"", "\"output_throughput\""}}};
constexpr std::array kVllmSigns = {
    Signature{"", {"\"model_id\"", "\"total_output_tokens\"", "\"completed\""}},
    Signature{"", {"model_id,", "total_output_tokens,", "completed,"}},
    Signature{"", {",model_id", "total_output_tokens", "completed"}}};
constexpr std::array kTrtllmSigns = {Signature{"{", {"\"world_info\"", "\"request_info\""}},
                                     Signature{"{", {"\"request_info\"", "\"performance\"", "\"engine\""}}};
constexpr std::array kGuidellmSigns = {Signature{"", {"guidellm_version"}},
                                       Signature{"", {"generative_benchmark"}},
                                       Signature{"{", {"\"benchmarks\"", "\"strategy\"", "guidellm"}}};
constexpr std::array kInferencePerfSigns = {Signature{"", {"load_summary", "successes"}}};
constexpr std::array kLlmdSigns = {Signature{"", {"scenario:", "accelerator", "version"}},
                                   Signature{"{", {"\"scenario\"", "\"accelerator\"", "\"version\""}},
                                   Signature{"", {"request_performance:", "results:", "version"}},
                                   Signature{"{", {"\"request_performance\"", "\"results\"", "\"version\""}}};
constexpr std::array kInferencexSigns = {Signature{"", {"\"tput_per_gpu\""}}};
constexpr std::array kAiperfSigns = {Signature{"{", {"\"input_config\"", "\"time_to_first_token\""}},
                                     Signature{"{", {"\"request_throughput\"", "\"unit\"", "\"avg\""}}};
constexpr std::array kLlamaBenchSigns = {Signature{"", {"\"avg_ts\"", "\"build_commit\""}},
                                         Signature{"", {"build_commit", "avg_ts"}},
                                         Signature{"|", {"| model", "size |", "test |", "t/s |"}},
                                         Signature{"", {"INSERT INTO llama_bench", "avg_ts"}},
                                         Signature{"", {"CREATE TABLE IF NOT EXISTS llama_bench"}},
                                         Signature{"", {"INSERT INTO test", "avg_ts"}}};
constexpr std::array kOptimumSigns = {
    Signature{"{", {"\"efficiency\"", "\"latency\"", "\"throughput\""}},
    Signature{"{", {"\"latency\"", "\"throughput\"", "\"energy\"", "\"memory\""}},
    Signature{"{", {"\"forward\"", "\"latency\"", "\"throughput\"", "\"energy\""}}};
constexpr std::array kMlperfSigns = {Signature{"", {"MLPerf Results Summary", "SUT name"}}};
constexpr std::array kTokenPowerSigns = {Signature{"", {"\"gpu_avg_power\"", "\"energy_per_token\""}}};
constexpr std::array kEnergyScoreSigns = {Signature{"{", {"\"units\"", "\"Wh\"", "\"total\""}}};
constexpr std::array kAiconfiguratorSigns = {Signature{"", {"op_name", "latency", "power", "device"}}};
constexpr std::array kParetoSigns = {Signature{"", {"tokens/s/gpu", "tokens/s/user", "tpot"}}};

constexpr std::array kZeusSigns = {Signature{"", {"window_name", "elapsed_time", "_energy"}}};
constexpr std::array kCodecarbonSigns = {Signature{"", {"emissions_rate"}}};
constexpr std::array kSacctSigns = {Signature{"", {"JobID", "ConsumedEnergy"}}};
constexpr std::array kPtdaemonSigns = {Signature{"Time,", {"Watts,", "Volts,"}}};
constexpr std::array kIpmiSigns = {Signature{"", {"Instantaneous power reading"}}};
constexpr std::array kPowermetricsSigns = {Signature{"", {"Sampled system activity"}}};
constexpr std::array kRedfishSigns = {Signature{"{", {"\"PowerConsumedWatts\""}},
                                      Signature{"{", {"\"PowerWatts\"", "\"Reading\""}}};
constexpr std::array kScaphandreSigns = {Signature{"", {"\"consumption\"", "\"host\"", "\"timestamp\""}}};
constexpr std::array kGpustatSigns = {Signature{"", {"\"query_time\"", "\"gpus\""}}};
constexpr std::array kRangeSigns = {Signature{"{", {"\"resultType\"", "\"result\""}}};
constexpr std::array kPageSigns = {Signature{"", {"# TYPE "}}, Signature{"", {"DCGM_FI_DEV_"}},
                                   Signature{"", {"kepler_node_", "{"}}, Signature{"", {"scaph_host_"}}};
constexpr std::array kDcgmiSigns = {Signature{"#Entity", {}}, Signature{"# Entity", {}}};
constexpr std::array kDmonSigns = {Signature{"#", {" gpu", " pwr"}}};
constexpr std::array kRocmSigns = {Signature{"", {"\"card0\""}}, Signature{"", {"device,", "Package Power"}}};
constexpr std::array kAmdSigns = {Signature{"", {"socket_power"}},
                                  Signature{"", {"\"gpu_data\"", "\"power\""}},
                                  Signature{"", {"timestamp,gpu,", "power_usage"}}};
constexpr std::array kXpuSigns = {Signature{"", {"DeviceId", "GPU Power (W)"}}};
constexpr std::array kHlSigns = {Signature{"", {"timestamp", "AIP"}},
                                 Signature{"", {"timestamp", "power.draw", "HL-"}}};
constexpr std::array kNvidiaSmiSigns = {Signature{"", {"timestamp", "power.draw"}},
                                        Signature{"", {"timestamp_unix", "power_w"}},
                                        Signature{"", {"timestamp_unix", "energy_counter_j"}}};
constexpr std::array kPowerCsvSigns = {Signature{"", {"time", "gpu0"}},  Signature{"", {"time", "power"}},
                                       Signature{"", {"Time", "Power"}}, Signature{"", {"time", "GPU 0"}},
                                       Signature{"", {"time", "gpu_0"}}, Signature{"", {"time", "Power"}}};

constexpr std::array kFormats = {
    // Results of loads.
    Format{"mlenergy", "Task and model files of the ML.ENERGY leaderboard, version 3 (JSON).",
           "a task file of the ML.ENERGY leaderboard", false, import_mlenergy, result, kMlenergySigns,
           mlenergy_fields},
    Format{"mlenergy-v2", "Results of the ML.ENERGY leaderboard, versions 2 (JSON) and 1 (CSV).",
           "a result of the ML.ENERGY leaderboard, version 2 or 1", false, import_mlenergy_older, result,
           kMlenergyOlderSigns, mlenergy_older_fields},
    Format{"vllm-multi-turn", "Results of multi-turn benchmarks of vLLM (JSON).",
           "a result of vLLM's multi-turn benchmark", true, import_vllm_multi_turn, result, kMultiTurnSigns,
           vllm_multi_turn_fields},
    Format{"sglang", "Results of SGLang's bench_serving (JSON lines).", "a result of SGLang's bench_serving",
           true, import_sglang, result, kSglangSigns, sglang_fields},
    Format{"vllm", "Results of vllm bench serve and its sweeps (JSON, a list, JSON lines or CSV).",
           "a result of vllm bench serve", true, import_vllm, result, kVllmSigns, vllm_fields},
    Format{"trtllm-bench", "Reports of TensorRT-LLM's trtllm-bench (JSON).",
           "a report of TensorRT-LLM's trtllm-bench", true, import_trtllm, result, kTrtllmSigns,
           trtllm_fields},
    Format{"guidellm", "Reports of guidellm, versions 1 and 2 (JSON or YAML).", "a report of guidellm", true,
           import_guidellm, result, kGuidellmSigns, guidellm_fields},
    Format{"inference-perf", "Reports of inference-perf (JSON or YAML).", "a report of inference-perf", true,
           import_inference_perf, result, kInferencePerfSigns, inference_perf_fields},
    Format{"llm-d", "Benchmark reports of llm-d, versions 0.1 and 0.2 (YAML or JSON).",
           "a benchmark report of llm-d", true, import_llmd, result, kLlmdSigns, llmd_fields},
    Format{"inferencex", "Aggregates of InferenceX (JSON).", "a result of InferenceX", true,
           import_inferencex, result, kInferencexSigns, inferencex_fields},
    Format{"aiperf", "Summaries of AIPerf and GenAI-Perf (JSON).", "a report of AIPerf or GenAI-Perf", true,
           import_aiperf, result, kAiperfSigns, aiperf_fields},
    Format{"llama-bench", "Outputs of llama-bench (JSON, JSON lines, CSV, Markdown or SQL).",
           "a result of llama-bench", false, import_llama_bench, result, kLlamaBenchSigns,
           llama_bench_fields},
    Format{"optimum-benchmark", "Reports of optimum-benchmark (JSON).", "a report of optimum-benchmark",
           false, import_optimum, result, kOptimumSigns, optimum_fields},
    Format{"mlperf", "Summaries of MLPerf loadgen (mlperf_log_summary.txt).", "a summary of MLPerf loadgen",
           true, import_mlperf, result, kMlperfSigns, mlperf_fields},
    Format{"tokenpowerbench", "Results of TokenPowerBench (JSON).", "a result of TokenPowerBench", false,
           import_token_power, result, kTokenPowerSigns, token_power_fields},
    Format{"ai-energy-score", "Energy summaries of AI Energy Score (GPU_ENERGY_SUMMARY.json).",
           "a summary of AI Energy Score", false, import_ai_energy_score, result, kEnergyScoreSigns,
           ai_energy_score_fields},
    Format{"aiconfigurator-pareto", "Predictions of AIConfigurator (pareto.csv).",
           "a list of predictions of AIConfigurator", false, import_pareto, result, kParetoSigns,
           pareto_fields},
    Format{"aiconfigurator", "Operator tables of AIConfigurator (CSV).",
           "an operator table of AIConfigurator", false, import_aiconfigurator, result, kAiconfiguratorSigns,
           aiconfigurator_fields},
    // Power.
    Format{"zeus", "Window logs of Zeus (CSV), one row for each window.", "a log of Zeus", false, import_zeus,
           power, kZeusSigns, zeus_fields},
    Format{"codecarbon", "emissions.csv of CodeCarbon, one row for each run.", "a log of CodeCarbon", false,
           import_codecarbon, power, kCodecarbonSigns, codecarbon_fields},
    Format{"sacct", "Answers of Slurm's sacct with ConsumedEnergy, one row for each job.",
           "an answer of Slurm's sacct", false, import_sacct, power, kSacctSigns, sacct_fields},
    Format{"ptdaemon", "Logs of PTDaemon (spl.txt): power at the wall.", "a log of PTDaemon", false,
           import_ptdaemon, power, kPtdaemonSigns, ptdaemon_fields, read_ptdaemon},
    Format{"ipmitool", "Answers of ipmitool dcmi power reading: power of the node.", "an answer of ipmitool",
           false, import_ipmi, power, kIpmiSigns, ipmi_fields, read_ipmi},
    Format{"powermetrics", "Outputs of powermetrics (macOS).", "the output of powermetrics", false,
           import_powermetrics, power, kPowermetricsSigns, powermetrics_fields, read_powermetrics},
    Format{"redfish", "Answers of Redfish (JSON): power of the node.", "an answer of Redfish", false,
           import_redfish, power, kRedfishSigns, redfish_fields, read_redfish},
    Format{"scaphandre", "JSON of Scaphandre: power of the node.", "a log of Scaphandre", false,
           import_scaphandre, power, kScaphandreSigns, scaphandre_fields, read_scaphandre},
    Format{"gpustat", "Answers of gpustat --json.", "an answer of gpustat --json", false, import_gpustat,
           power, kGpustatSigns, gpustat_fields, read_gpustat},
    Format{"prometheus-range",
           "Answers of Prometheus to range queries (JSON): DCGM, Kepler, RAPL and others.",
           "an answer of a Prometheus server", false, import_prometheus_range, power, kRangeSigns,
           power_metric_fields, read_prometheus_range},
    Format{"metrics-page",
           "Pages of exporters, scraped one after the other: dcgm-exporter, Kepler and others.",
           "a page of an exporter", false, import_metrics_page, power, kPageSigns, power_metric_fields,
           read_metrics_page},
    Format{"dcgmi", "Outputs of dcgmi dmon.", "the output of dcgmi dmon", false, import_dcgmi, power,
           kDcgmiSigns, dcgmi_fields, read_dcgmi},
    Format{"dmon", "Outputs of nvidia-smi dmon.", "the output of nvidia-smi dmon", false, import_dmon, power,
           kDmonSigns, dmon_fields, read_dmon},
    Format{"rocm-smi", "Outputs of rocm-smi (CSV or JSON).", "an answer of rocm-smi", false, import_rocm_smi,
           power, kRocmSigns, rocm_smi_fields, read_rocm_smi},
    Format{"amd-smi", "Logs of amd-smi (CSV or JSON).", "a log of amd-smi", false, import_amd_smi, power,
           kAmdSigns, amd_smi_fields, read_amd_smi},
    Format{"xpu-smi", "Logs of xpu-smi dump (CSV).", "a log of xpu-smi", false, import_xpu_smi, power,
           kXpuSigns, power_csv_fields, read_power_csv},
    Format{"hl-smi", "Logs of hl-smi (CSV).", "a log of hl-smi", false, import_hl_smi, power, kHlSigns,
           power_csv_fields, read_power_csv},
    Format{"nvidia-smi", "nvidia-smi logs or recordings (CSV), one row for a window of each.",
           "a log of nvidia-smi", false, import_nvidia_smi, power, kNvidiaSmiSigns, nvidia_smi_fields,
           read_nvidia_smi},
    Format{"power-csv", "Other logs of power (CSV), also with a column per GPU.", "a log of power", false,
           import_power_csv, power, kPowerCsvSigns, power_csv_fields, read_power_csv},
};

}  // namespace

std::string_view field_use_text(FieldUse use) {
  constexpr std::array<std::string_view, 3> kTexts = {"read", "derived", "refused"};
  return kTexts[static_cast<std::size_t>(use)];
}

std::string_view format_kind_text(FormatKind kind) {
  return kind == FormatKind::result ? "result" : "power";
}

std::span<const Format> formats() {
  return kFormats;
}

const Format& find_format(std::string_view name) {
  return find_named(kFormats, name, "format");
}

const Format* recognise(std::string_view beginning) {
  const auto found = std::ranges::find_if(kFormats, [&](const Format& format) {
    return std::ranges::any_of(format.signatures, [&](const Signature& one) { return fits(one, beginning); });
  });
  return found == kFormats.end() ? nullptr : &*found;
}

}  // namespace energylens::importers
