// SPDX-License-Identifier: Apache-2.0
// Held by tests/discovery/measurements_test.cpp.
#include "predictor/wave_features.hpp"

#include "predictor/quantities.hpp"
#include "predictor/waves.hpp"

namespace energylens::predictor {

std::array<double, kWaveInputs.size()> wave_inputs(const table::Configuration& config, double wave_size,
                                                   const Facts& facts, Metric metric) {
  const table::Layout& layout = config.layout;
  const table::Load& load = config.load;
  const double tp = layout.tp * (layout.attention_data_parallel() ? layout.dp : 1);
  std::array<double, kWaveInputs.size()> out = {tp,
                                                static_cast<double>(layout.pp),
                                                wave_size,
                                                load.isl_or(0),
                                                load.osl,
                                                load.context(),
                                                step_share(facts, wave_size, metric)};
  for (std::size_t q = 0; q < quantities().size(); ++q) out[kCountInputs + q] = quantities()[q].of(facts);
  return out;
}

}  // namespace energylens::predictor
