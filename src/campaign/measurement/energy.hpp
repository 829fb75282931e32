// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/io/json.hpp"
#include "energylens/meter/limits.hpp"
#include "meter/recorders.hpp"

namespace energylens::campaign {

/// Energy of the devices of one deployment over a window.
struct WindowEnergy {
  meter::Window window;
  double joules = kUnknown, uncertainty_j = kUnknown;
  double host_j = kUnknown;  ///< of processors and memory, if they are metered too
  std::string provenance;    ///< where readings come from that are not of this window; empty if they are
  std::vector<std::string> reasons, warnings;
  double seconds() const {
    const double steady_s = window.steady_end_s - window.steady_begin_s;
    return known(steady_s) ? steady_s : window.end_s - window.begin_s;
  }
};

/// The tracks that measure a deployment of `gpus` GPUs: the first GPUs (of the first meter that has any), else
/// modules, else all packages.
struct Selection {
  std::vector<std::size_t> tracks, host;
  std::string scope;    ///< "gpu", "module" or "package"
  std::string problem;  ///< why it cannot be measured; empty if it can
};
/// `meters` are the names of the tracks' sources, in their order.
Selection select(const std::vector<meter::Device>& devices, const std::vector<std::string>& meters, int gpus);

WindowEnergy energy_in(const meter::Trace& trace, const Selection& selection, const meter::Window& window,
                       const meter::Limits& limits);

io::Json window_json(const WindowEnergy& energy);

}  // namespace energylens::campaign
