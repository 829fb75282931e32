// SPDX-License-Identifier: Apache-2.0
// A table of the kinds of files that people try to import, by words that only they contain. The first kind that fits is
// taken, so that the narrower ones are first. Held by foreign_test.cpp.
#include "importers/foreign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "importers/content.hpp"

namespace energylens::importers {
namespace {

constexpr std::string_view kByHand =
    "it cannot be imported yet; write its figures into a table (energylens table template)";
constexpr std::string_view kAsLog =
    "it cannot be imported yet; record with nvidia-smi --query-gpu=timestamp,uuid,power.draw --format=csv -lms 100, or "
    "with energylens meter --samples FILE";

struct Kind {
  std::string_view start;                 ///< of the file, after blanks; may be empty
  std::array<std::string_view, 3> words;  ///< all of which it contains; empty ones do not count
  std::string_view what;
  std::string_view remedy;
};

constexpr std::array kKinds = {
    // Not texts, or not data.
    Kind{"PAR1", {}, "a Parquet file", "convert it to CSV: duckdb -c \"COPY (FROM 'x.parquet') TO 'x.csv'\""},
    Kind{"\x1F\x8B", {}, "a gzip-compressed file", "decompress it: gunzip FILE"},
    Kind{"\x28\xB5\x2F\xFD", {}, "a zstd-compressed file", "decompress it: unzstd FILE"},
    Kind{"PK\x03\x04", {}, "a ZIP archive or a spreadsheet", "unpack it, or save the sheet as CSV"},
    Kind{"SQLite format 3", {}, "a database of SQLite, such as a report of Nsight", kByHand},
    Kind{
        "version https://git-lfs", {}, "a pointer of Git LFS, not the file itself", "fetch it: git lfs pull"},
    Kind{"<!DOCTYPE", {}, "a web page", "download the raw file instead"},
    Kind{"<html", {}, "a web page", "download the raw file instead"},
    // Ours.
    Kind{"",
         {"\"total_gpu_energy_j\"", "\"power_valid\"", "\"devices\""},
         "a report of energylens meter",
         "give it to a result as --energy FILE"},
    Kind{"", {"\"uncounted_answers\"", "\"ttft_s\""}, "a result of energylens bench", kByHand},
    Kind{"",
         {"energy_per_out_token_j", ",batch"},
         "a measurement table",
         "it needs no import: energylens fit FILE"},
    // Results of benchmarks.
    Kind{"",
         {"\"avg_latency\"", "\"percentiles\""},
         "a result of vllm bench latency",
         "import reads results of vllm bench serve --save-result"},
    Kind{"",
         {"\"elapsed_time\"", "\"tokens_per_second\""},
         "a result of vllm bench throughput",
         "import reads results of vllm bench serve --save-result"},
    Kind{":::MLLOG",
         {},
         "the detailed log of MLPerf",
         "import mlperf_log_summary.txt, with the times of power_begin and power_end as --begin and --end"},
    // Power and energy.
    Kind{"#", {" gpu", " pid"}, "the output of nvidia-smi pmon, which has no power", kAsLog},
    Kind{"", {"NVSMI LOG"}, "the output of nvidia-smi -q", kAsLog},
    Kind{"", {"<nvidia_smi_log>"}, "the output of nvidia-smi -q -x", kAsLog},
    Kind{"", {"| NVIDIA-SMI"}, "the table that nvidia-smi prints", kAsLog},
    Kind{"", {"PkgWatt"}, "the output of turbostat", kByHand},
};

/// Kinds that are only looked for in files of no format.
constexpr std::array kWiderKinds = {
    Kind{"",
         {"\"energy_per_request_joules\""},
         "a part of the ML.ENERGY leaderboard, version 3",
         "import reads its task and model files, with \"task\" and \"configurations\""},
};

bool fits_kind(const Kind& kind, std::string_view text) {
  return fits(Signature{kind.start, {kind.words[0], kind.words[1], kind.words[2]}}, text);
}

}  // namespace

std::string foreign_text(std::string_view text, std::string_view format) {
  text = beginning_of_text(text);
  const auto is_it = [&](const Kind& one) { return fits_kind(one, text); };
  const auto kind = std::ranges::find_if(kKinds, is_it);
  if (kind != kKinds.end()) return fmt::format("this looks like {}; {}", kind->what, kind->remedy);
  const Format* const found = recognise(text);
  const auto wider = std::ranges::find_if(kWiderKinds, is_it);
  if (!found && wider != kWiderKinds.end())
    return fmt::format("this looks like {}; {}", wider->what, wider->remedy);
  if (!found || found->name == format) return {};
  return fmt::format("this looks like {}; it is read by energylens import {}", found->what, found->name);
}

}  // namespace energylens::importers
