// SPDX-License-Identifier: Apache-2.0
#include "cli/power_curve.hpp"

#include <cmath>

#include "cli/console.hpp"
#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/library/library.hpp"
#include "energylens/predictor/facts.hpp"
#include "powercap/apply.hpp"

namespace energylens::cli {

powercap::GpuCurve power_curve(const std::string& model_file, const table::GroupIdentity& identity,
                               double tdp_w) {
  const std::string& gpu = identity["gpu"];
  const std::vector<powercap::GpuCurve> fitted =
      library::is_address(model_file) ? std::vector<powercap::GpuCurve>{} : powercap::read_curves(model_file);
  const powercap::GpuCurve curve = powercap::curve_of(fitted, gpu, tdp_w);
  if (!known(curve.curve.static_w)) {
    throw Error::usage("the model has no rows of \"" + gpu +
                       "\" at several power limits, and the catalogue has no TDP of it");
  }
  if (!curve.curve.fitted) {
    constexpr double kWide = 1.645;  // of a 90 % interval
    const powercap::Factors half = powercap::at_cap(curve.curve, tdp_w, tdp_w / 2);
    warn("no rows of \"" + gpu +
         "\" at several power limits; power limits follow a prior, within a factor of " +
         rounded_text(std::exp(kWide * half.log_sd_energy)) + " in energy at half of the TDP");
  }
  return curve;
}

void limit_power(const PowerLimit& limit, const predictor::Predictor& predictor, std::size_t group,
                 const table::Layout& layout, predictor::Prediction& prediction) {
  if (!known(limit.watts) && !known(limit.clock_share)) return;
  if (known(limit.watts) && known(limit.clock_share))
    throw Error::usage("specify either --power-limit-w or --clock-share");
  const predictor::Facts* const facts = predictor.facts(group);
  const powercap::GpuCurve curve =
      power_curve(limit.model_file, predictor.groups()[group], facts ? facts->gpu_tdp_w : kUnknown);
  const std::optional<powercap::Factors> factors =
      known(limit.watts) ? powercap::apply_cap(curve.curve, layout.gpus(), limit.watts, prediction)
                         : powercap::apply_clock(curve.curve, layout.gpus(), limit.clock_share, prediction);
  if (!factors)
    throw Error::usage(std::string(known(limit.watts) ? "--power-limit-w" : "--clock-share") +
                       " requires a model that predicts energy and time");
}

}  // namespace energylens::cli
