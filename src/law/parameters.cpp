// SPDX-License-Identifier: Apache-2.0
#include "energylens/law/parameters.hpp"

#include <limits>

namespace energylens::law {
namespace {

constexpr double kFree = std::numeric_limits<double>::infinity();

// docs/law.md (1); the order is that of Parameters.
constexpr std::array<ParameterInfo, kParameters> kInfos{{
    {"a0", "J", "s", "start-up of one prefill pass: launches and weight reading", true, 0, kFree},
    {"a1", "J/token", "s/token", "prefill work per input token that is computed", true, 0, kFree},
    {"a2", "1", "1", "how prefill scales with the tensor-parallel degree", false, -kFree, kFree},
    {"a3", "1", "1", "how prefill scales with the number of pipeline stages", false, -kFree, kFree},
    {"b0", "J", "s", "one decode step at no load: reading the weights and waiting", true, 0, kFree},
    {"b1", "1", "1", "how the no-load step scales with the tensor-parallel degree", false, -kFree, kFree},
    {"b2", "1", "1", "how the no-load step scales with the number of pipeline stages", false, -kFree, kFree},
    {"b3", "J", "s", "compute and traffic of one decode step of one request", true, 0, kFree},
    {"b4", "1", "1", "how compute and traffic grow with the batch", false, 0, 1},
    {"b5", "1", "1", "how compute and traffic scale with the tensor-parallel degree", false, -kFree, kFree},
    {"b6", "1", "1", "how compute and traffic scale with the number of pipeline stages", false, -kFree, kFree},
    {"b7", "J/token", "s/token", "reading one cached token in one decode step", true, 0, kFree},
}};

}  // namespace

std::span<const ParameterInfo, kParameters> parameter_infos() { return kInfos; }

}  // namespace energylens::law
