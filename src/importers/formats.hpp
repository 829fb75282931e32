// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/importers/import.hpp"

namespace energylens::importers {

// Results of loads: one source file each in results/.
Imported import_mlenergy(const Request& request);
Imported import_mlenergy_older(const Request& request);
Imported import_vllm(const Request& request);
Imported import_vllm_multi_turn(const Request& request);
Imported import_sglang(const Request& request);
Imported import_trtllm(const Request& request);
Imported import_aiperf(const Request& request);
Imported import_guidellm(const Request& request);
Imported import_inference_perf(const Request& request);
Imported import_llmd(const Request& request);
Imported import_inferencex(const Request& request);
Imported import_llama_bench(const Request& request);
Imported import_optimum(const Request& request);
Imported import_mlperf(const Request& request);
Imported import_token_power(const Request& request);
Imported import_ai_energy_score(const Request& request);
Imported import_aiconfigurator(const Request& request);
Imported import_pareto(const Request& request);
std::vector<FieldInfo> mlenergy_fields(), mlenergy_older_fields(), vllm_fields(), vllm_multi_turn_fields(),
    sglang_fields(), trtllm_fields(), aiperf_fields(), guidellm_fields(), inference_perf_fields(),
    llmd_fields(), inferencex_fields(), llama_bench_fields(), optimum_fields(), mlperf_fields(),
    token_power_fields(), ai_energy_score_fields(), aiconfigurator_fields(), pareto_fields();

// Power logs, in power/.
using Text = const std::string&;
meter::Trace read_nvidia_smi(Text text, Text file, const Request& request);
meter::Trace read_power_csv(Text text, Text file, const Request& request);
meter::Trace read_amd_smi(Text text, Text file, const Request& request);
meter::Trace read_rocm_smi(Text text, Text file, const Request& request);
meter::Trace read_dmon(Text text, Text file, const Request& request);
meter::Trace read_dcgmi(Text text, Text file, const Request& request);
meter::Trace read_gpustat(Text text, Text file, const Request& request);
meter::Trace read_prometheus_range(Text text, Text file, const Request& request);
meter::Trace read_metrics_page(Text text, Text file, const Request& request);
meter::Trace read_ipmi(Text text, Text file, const Request& request);
meter::Trace read_redfish(Text text, Text file, const Request& request);
meter::Trace read_ptdaemon(Text text, Text file, const Request& request);
meter::Trace read_powermetrics(Text text, Text file, const Request& request);
meter::Trace read_scaphandre(Text text, Text file, const Request& request);
Imported import_nvidia_smi(const Request& request);
Imported import_power_csv(const Request& request);
Imported import_amd_smi(const Request& request);
Imported import_rocm_smi(const Request& request);
Imported import_xpu_smi(const Request& request);
Imported import_hl_smi(const Request& request);
Imported import_dmon(const Request& request);
Imported import_dcgmi(const Request& request);
Imported import_gpustat(const Request& request);
Imported import_prometheus_range(const Request& request);
Imported import_metrics_page(const Request& request);
Imported import_ipmi(const Request& request);
Imported import_redfish(const Request& request);
Imported import_ptdaemon(const Request& request);
Imported import_powermetrics(const Request& request);
Imported import_scaphandre(const Request& request);
Imported import_zeus(const Request& request);
Imported import_codecarbon(const Request& request);
Imported import_sacct(const Request& request);
std::vector<FieldInfo> nvidia_smi_fields(), power_csv_fields(), amd_smi_fields(), rocm_smi_fields(),
    dmon_fields(), dcgmi_fields(), gpustat_fields(), power_metric_fields(), ipmi_fields(), redfish_fields(),
    ptdaemon_fields(), powermetrics_fields(), scaphandre_fields(), zeus_fields(), codecarbon_fields(),
    sacct_fields();

}  // namespace energylens::importers
