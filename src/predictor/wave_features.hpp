// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <array>
#include <cstddef>
#include <string_view>

#include "energylens/predictor/facts.hpp"
#include "energylens/table/row.hpp"

namespace energylens::predictor {

/// The inputs of formulas over one wave of requests on one replica. L is isl + osl/2, the mean tokens in the
/// cache of a request; weights_read the share of the weights that a decode step reads (docs/method/law.md (4)).
/// Those are counts. The published quantities follow.
inline constexpr std::size_t kCountInputs = 7;
inline constexpr std::array<std::string_view, 14> kWaveInputs = {
    "tp",           "pp",       "batch",       "isl",       "osl",        "L",   "weights_read",
    "weight_bytes", "kv_bytes", "token_flops", "bandwidth", "peak_flops", "tdp", "link"};
/// Their values for a wave of `wave_size` requests. An unknown isl counts as 0. Data-parallel attention with
/// expert parallelism counts its replicas as tp. Quantities may be unknown.
std::array<double, kWaveInputs.size()> wave_inputs(const table::Configuration& config, double wave_size,
                                                   const predictor::Facts& facts, Metric metric);

}  // namespace energylens::predictor
