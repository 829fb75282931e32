// SPDX-License-Identifier: Apache-2.0
// A table of the kinds of files that people try to import, by words that only they contain. The first kind that fits is
// taken, so that the narrower ones are first. Held by foreign_test.cpp.
#include "importers/foreign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace energylens::importers {
namespace {

/// Kinds are known by their beginning.
constexpr std::size_t kBeginning = 1u << 16;

constexpr std::string_view kByHand =
    "it cannot be imported yet; write its figures into a table (energylens table template)";
constexpr std::string_view kAsLog =
    "it cannot be imported yet; record with nvidia-smi --query-gpu=timestamp,uuid,power.draw --format=csv -lms 100, or "
    "with energylens meter --samples FILE";
constexpr std::string_view kAsMeter =
    "import nvidia-smi reads logs with a time in each line; to record it, use energylens "
    "meter --samples FILE, which reads the energy counters";

struct Kind {
  std::string_view start;                 ///< of the file, after blanks; may be empty
  std::array<std::string_view, 3> words;  ///< all of which it contains; empty ones do not count
  std::string_view what;
  std::string_view format;  ///< that imports it; may be empty
  std::string_view remedy;
};

constexpr std::array kKinds = {
    // Not texts, or not data.
    Kind{"PAR1",
         {},
         "a Parquet file",
         "",
         "convert it to CSV: duckdb -c \"COPY (FROM 'x.parquet') TO 'x.csv'\""},
    Kind{"\x1F\x8B", {}, "a gzip-compressed file", "", "decompress it: gunzip FILE"},
    Kind{"\x28\xB5\x2F\xFD", {}, "a zstd-compressed file", "", "decompress it: unzstd FILE"},
    Kind{"PK\x03\x04", {}, "a ZIP archive or a spreadsheet", "", "unpack it, or save the sheet as CSV"},
    Kind{"SQLite format 3", {}, "a database of SQLite, such as a report of Nsight", "", kByHand},
    Kind{"version https://git-lfs",
         {},
         "a pointer of Git LFS, not the file itself",
         "",
         "fetch it: git lfs pull"},
    Kind{"<!DOCTYPE", {}, "a web page", "", "download the raw file instead"},
    Kind{"<html", {}, "a web page", "", "download the raw file instead"},
    // Ours.
    Kind{"",
         {"\"model_id\"", "\"total_output_tokens\"", "\"completed\""},
         "a result of vllm bench serve",
         "vllm",
         ""},
    Kind{"",
         {"\"configurations\"", "\"energy_per_request_joules\"", "\"task\""},
         "a task file of the ML.ENERGY leaderboard",
         "mlenergy",
         ""},
    Kind{"", {"timestamp", "power.draw"}, "a log of nvidia-smi", "nvidia-smi", ""},
    Kind{"", {"timestamp_unix", "gpu_"}, "a recording of GPU power", "nvidia-smi", ""},
    Kind{"", {"op_name", "latency", "power"}, "an operator table of AIConfigurator", "aiconfigurator", ""},
    Kind{"",
         {"\"total_gpu_energy_j\"", "\"power_valid\"", "\"devices\""},
         "a report of energylens meter",
         "",
         "give it to import vllm as --energy FILE"},
    Kind{"", {"\"uncounted_answers\"", "\"ttft_s\""}, "a result of energylens bench", "", kByHand},
    Kind{"",
         {"energy_per_out_token_j", ",batch"},
         "a measurement table",
         "",
         "it needs no import: energylens fit FILE"},
    // Results of benchmarks.
    Kind{"", {"\"sharegpt_output_len\""}, "a result of SGLang's bench_serving", "", kByHand},
    Kind{"",
         {"\"mean_e2e_latency_ms\"", "\"output_throughput\""},
         "a result of SGLang's bench_serving",
         "",
         kByHand},
    Kind{"",
         {"\"completed_turns\"", "\"request_throughput_per_s\""},
         "a result of vLLM's multi-turn benchmark",
         "",
         kByHand},
    Kind{"",
         {"\"avg_latency\"", "\"percentiles\""},
         "a result of vllm bench latency",
         "",
         "import reads results of vllm bench serve --save-result"},
    Kind{"",
         {"\"elapsed_time\"", "\"tokens_per_second\""},
         "a result of vllm bench throughput",
         "",
         "import reads results of vllm bench serve --save-result"},
    Kind{"", {"\"world_info\"", "\"request_info\""}, "a report of TensorRT-LLM's trtllm-bench", "", kByHand},
    Kind{"", {"\"guidellm_version\""}, "a report of guidellm", "", kByHand},
    Kind{"", {"\"benchmarks\"", "\"strategy\"", "guidellm"}, "a report of guidellm", "", kByHand},
    Kind{"", {"\"load_summary\"", "\"successes\""}, "a report of inference-perf", "", kByHand},
    Kind{
        "", {"\"input_config\"", "\"time_to_first_token\""}, "a report of AIPerf or GenAI-Perf", "", kByHand},
    Kind{"",
         {"\"request_throughput\"", "\"unit\"", "\"avg\""},
         "a report of AIPerf or GenAI-Perf",
         "",
         kByHand},
    Kind{"", {"\"tput_per_gpu\""}, "a result of InferenceX", "", kByHand},
    Kind{"", {"scenario:", "accelerator"}, "a benchmark report of llm-d (YAML)", "", kByHand},
    Kind{"", {"\"scenario\"", "\"accelerator\""}, "a benchmark report of llm-d", "", kByHand},
    Kind{"", {"\"avg_ts\"", "\"build_commit\""}, "a result of llama-bench", "", kByHand},
    Kind{"", {"build_commit,", "avg_ts"}, "a result of llama-bench", "", kByHand},
    Kind{"",
         {"\"efficiency\"", "\"latency\"", "\"throughput\""},
         "a report of optimum-benchmark",
         "",
         kByHand},
    Kind{"", {"\"gpu_avg_power\"", "\"energy_per_token\""}, "a result of TokenPowerBench", "", kByHand},
    Kind{"",
         {"\"Energy/req (J)\""},
         "a result of the ML.ENERGY leaderboard, version 2",
         "",
         "import mlenergy reads version 3; write these figures into a table (energylens table template)"},
    Kind{"",
         {"\"energy_per_request_joules\""},
         "a part of the ML.ENERGY leaderboard, version 3",
         "",
         "import mlenergy reads its task files, with \"task\" and \"configurations\""},
    // Power and energy.
    Kind{"", {"\"query_time\"", "\"gpus\""}, "an answer of gpustat --json", "", kAsLog},
    Kind{"", {"\"card0\""}, "an answer of rocm-smi --json", "", kAsMeter},
    Kind{"", {"device,", "Graphics Package Power"}, "an answer of rocm-smi --csv", "", kAsMeter},
    Kind{"", {"socket_power"}, "a log of amd-smi", "", kAsMeter},
    Kind{"", {"\"resultType\"", "\"values\""}, "an answer of a Prometheus server", "", kAsLog},
    Kind{"",
         {"DCGM_FI_"},
         "a page of dcgm-exporter, with the figures of one moment",
         "",
         "meter it: energylens meter --meter dcgm=URL --samples FILE -- COMMAND"},
    Kind{"#Entity", {}, "the output of dcgmi dmon, whose lines have no time", "", kAsLog},
    Kind{"# Entity", {}, "the output of dcgmi dmon, whose lines have no time", "", kAsLog},
    Kind{"#", {" gpu", " pwr"}, "the output of nvidia-smi dmon", "", kAsLog},
    Kind{"#", {" gpu", " pid"}, "the output of nvidia-smi pmon, which has no power", "", kAsLog},
    Kind{"", {"NVSMI LOG"}, "the output of nvidia-smi -q", "", kAsLog},
    Kind{"", {"<nvidia_smi_log>"}, "the output of nvidia-smi -q -x", "", kAsLog},
    Kind{"", {"| NVIDIA-SMI"}, "the table that nvidia-smi prints", "", kAsLog},
    Kind{"", {"window_name", "elapsed_time"}, "a log of Zeus", "", kByHand},
    Kind{"", {"emissions_rate"}, "a log of CodeCarbon", "", kByHand},
    Kind{"",
         {"ConsumedEnergy"},
         "an answer of Slurm's sacct, which is the energy of whole nodes",
         "",
         kByHand},
    Kind{"", {"Watts,", "Volts,"}, "a log of PTDaemon, which is the power of a whole machine", "", kByHand},
    Kind{"",
         {"Instantaneous power reading"},
         "an answer of ipmitool, which is the power of a whole machine",
         "",
         kByHand},
    Kind{"", {"Sampled system activity"}, "the output of powermetrics", "", kByHand},
    Kind{"", {"PkgWatt"}, "the output of turbostat", "", kByHand},
};

bool fits(const Kind& kind, std::string_view text) {
  if (kind.start.empty() && kind.words.front().empty()) return false;
  if (!text.starts_with(kind.start)) return false;
  return std::ranges::all_of(kind.words, [&](std::string_view word) { return text.find(word) != text.npos; });
}

}  // namespace

std::string foreign_text(std::string_view text, std::string_view format) {
  text = text.substr(0, kBeginning);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  const auto found = std::ranges::find_if(kKinds, [&](const Kind& kind) { return fits(kind, text); });
  if (found == kKinds.end() || found->format == format) return {};
  if (found->format.empty()) return fmt::format("this looks like {}; {}", found->what, found->remedy);
  return fmt::format("this looks like {}; it is read by energylens import {}", found->what, found->format);
}

}  // namespace energylens::importers
