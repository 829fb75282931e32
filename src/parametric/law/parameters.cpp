// SPDX-License-Identifier: Apache-2.0
#include "energylens/parametric/parameters.hpp"

#include <limits>

namespace energylens::parametric {
namespace {

constexpr double kFree = std::numeric_limits<double>::infinity();

// docs/method/law.md (1); the order is that of Parameters.
constexpr std::array<ParameterInfo, kParameters> kInfos{{
    {"a0", "J", "s", "start-up of one prefill pass: launches and weight reading", true, true, 0, kFree},
    {"a1", "J/token", "s/token", "prefill work per input token that is computed", true, true, 0, kFree},
    {"a2", "1", "1", "traffic between GPUs in prefill, as a share of its work", false, true, 0, kFree},
    {"a3", "1", "1", "how prefill scales with the number of pipeline stages", false, false, -kFree, kFree},
    {"b0", "J", "s", "one decode step at no load: reading the weights and waiting", true, true, 0, kFree},
    {"b1", "1", "1", "how the no-load step scales with the tensor-parallel degree", false, false, -kFree,
     kFree},
    {"b2", "1", "1", "what every further pipeline stage adds to the no-load step, as a share of it", false,
     true, 0, kFree},
    {"b3", "J", "s", "work of one decode step of one request", true, true, 0, kFree},
    {"b4", "1", "1", "how a decode step grows with the batch", false, false, 0, 1},
    {"b5", "1", "1", "traffic between GPUs in decode, as a share of its work", false, true, 0, kFree},
    {"b6", "1", "1", "how traffic grows with the tensor-parallel degree", false, true, 0, kFree},
    {"b7", "J/token", "s/token", "reading one cached token of one request in one decode step", true, true, 0,
     kFree},
}};

/// Those of servers: docs/method/law.md (5a).
constexpr std::array<ParameterInfo, kParameters> kServerInfos = [] {
  std::array<ParameterInfo, kParameters> infos = kInfos;
  infos[C0] = {"c0",  "1",  "1", "what a decode step takes without reading, over one that reads all weights",
               false, true, 0,   kFree};
  infos[A1].meaning = "work per token, of a prompt or decoded";
  infos[C1] = {"c1",  "1",  "1", "how unevenly requests lie on the ranks of data-parallel attention",
               false, true, 0,   kFree};
  infos[C2] = {"c2",  "1",  "1", "what expert parallelism adds to a decode step, as a share of it",
               false, true, 0,   kFree};
  infos[B0].meaning = "reading all weights once";
  infos[B1].meaning = "how a decode step without reading scales with the number of GPUs";
  infos[B3].meaning = "what a decode step of one request takes beyond a1";
  infos[B4].meaning = "how b3 grows with the batch";
  infos[B5].meaning = "traffic between GPUs, as a share of work";
  return infos;
}();

}  // namespace

std::span<const ParameterInfo, kParameters> parameter_infos(Form form) {
  return form == Form::job ? kInfos : kServerInfos;
}

}  // namespace energylens::parametric
