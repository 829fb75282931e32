// SPDX-License-Identifier: Apache-2.0
// The table of formats: one row and one source file each. Held by formats_test.cpp.
#include "importers/formats.hpp"

#include <array>

#include "core/named_table.hpp"
#include "energylens/core/error.hpp"

namespace energylens::importers {
namespace {

constexpr std::array kFormats = {
    Format{"mlenergy", "Task files of the ML.ENERGY leaderboard, version 3 (JSON).", false, import_mlenergy},
    Format{"vllm", "Results of vllm bench serve (JSON, a list or JSON lines).", true, import_vllm},
    Format{"nvidia-smi", "nvidia-smi logs or recordings (CSV), one row for a window of each.", false,
           import_nvidia_smi},
    Format{"aiconfigurator", "Operator tables of AIConfigurator (CSV).", false, import_aiconfigurator},
};

}  // namespace

std::span<const Format> formats() {
  return kFormats;
}

const Format& find_format(std::string_view name) {
  return find_named(kFormats, name, "format");
}

}  // namespace energylens::importers
