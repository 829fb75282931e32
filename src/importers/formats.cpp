// SPDX-License-Identifier: Apache-2.0
// The table of formats: one row and one file each. Held by formats_test.cpp.
#include "importers/formats.hpp"

#include <algorithm>
#include <array>

#include "energylens/core/error.hpp"
#include "energylens/core/nearest_name.hpp"

namespace energylens::importers {
namespace {

constexpr std::array kFormats = {
    Format{"mlenergy", "A task file of the ML.ENERGY leaderboard, version 3 (JSON).", false, import_mlenergy},
    Format{"vllm", "Results of vllm bench serve (JSON, a list or JSON lines).", true, import_vllm},
    Format{"nvidia-smi", "A window of nvidia-smi logs or recordings as one row (CSV).", false,
           import_nvidia_smi},
    Format{"aiconfigurator", "A table of operators of AIConfigurator (CSV).", false, import_aiconfigurator},
};

}  // namespace

std::span<const Format> formats() {
  return kFormats;
}

const Format& find_format(std::string_view name) {
  const auto found = std::ranges::find(kFormats, name, &Format::name);
  if (found != kFormats.end()) return *found;
  std::vector<std::string_view> names;
  std::string all;
  for (const Format& format : kFormats) {
    names.push_back(format.name);
    all += (all.empty() ? "" : ", ") + std::string(format.name);
  }
  const std::optional<std::string> near = nearest_name(name, names);
  throw Error::usage("unknown format \"" + std::string(name) + "\"; " +
                     (near ? "did you mean \"" + *near + "\"?" : "available: " + all));
}

}  // namespace energylens::importers
