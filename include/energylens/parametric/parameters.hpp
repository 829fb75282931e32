// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "energylens/predictor/metric.hpp"

namespace energylens::parametric {

using predictor::Metric;

inline constexpr std::size_t kParameters = 12;

/// Which terms of the law act: those of jobs, and of rows that state no isl; or those of servers, whose steps hold
/// prompts and decode tokens alike. docs/method/law.md, "Servers". Twelve numbers act in either.
enum class Form { job, server };

/// Indices into Parameters, in the order of `parameter_infos()`.
enum ParameterIndex : std::size_t { A0, A1, A2, A3, B0, B1, B2, B3, B4, B5, B6, B7 };
/// The places of the three numbers that only servers have: start-up, its traffic and its pipeline do not act there.
inline constexpr ParameterIndex C0 = A0, C1 = A2, C2 = A3;

/// The twelve numbers of one group and one target, in the order of `parameter_infos()` of its form.
using Parameters = std::array<double, kParameters>;

/// One row of the table of parameters, used by reports, the model file, the bounds and the documents.
struct ParameterInfo {
  std::string_view name;         ///< a0 ... b7, c0 ... c2 as in docs/method/law.md
  std::string_view energy_unit;  ///< unit when the target is energy
  std::string_view time_unit;    ///< unit when the target is time
  std::string_view meaning;      ///< one sentence
  bool scale;                    ///< carries the unit: a size of this group
  bool positive;                 ///< above 0, fitted as its logarithm; scales are
  double min, max;
};
std::span<const ParameterInfo, kParameters> parameter_infos(Form form = Form::job);

}  // namespace energylens::parametric
