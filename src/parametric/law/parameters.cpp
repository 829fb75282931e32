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

}  // namespace

std::span<const ParameterInfo, kParameters> parameter_infos() {
  return kInfos;
}

}  // namespace energylens::parametric
