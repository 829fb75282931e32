// SPDX-License-Identifier: Apache-2.0
#include "cli/fit/forms.hpp"

#include "cli/console.hpp"
#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/library/library.hpp"
#include "energylens/parametric/fit.hpp"
#include "parametric/structure_fit.hpp"

namespace energylens::cli {

std::shared_ptr<parametric::Model> fit_form(const predictor::TrainingData& data,
                                            const predictor::FitOptions& settings, bool law) {
  if (law) return std::make_shared<parametric::LawModel>(parametric::fit_law(data, settings));
  auto model = std::make_shared<parametric::StructureModel>(parametric::fit_power_time(data, settings));
  if (!model->joint()) {
    warn(
        "the catalogue lacks figures of a model or GPU; fitted the built-in formula, which needs none, instead of power times time");
  }
  return model;
}

std::shared_ptr<parametric::Model> fit_with_library(const predictor::TrainingData& data,
                                                    const predictor::FitOptions& settings) {
  auto model = std::make_shared<parametric::LawModel>(library::Library::builtin().fit(data, settings));
  for (const parametric::GroupLaw& law : model->laws()) {
    const std::optional<parametric::LawFit>& fit = law.energy ? law.energy : law.time;
    if (fit && fit->prior)
      inform(law.identity.text() + ": prior from the library, weight " + rounded_text(fit->prior->weight));
  }
  return model;
}

void refuse_for_library(const predictor::FitOptions& fit, bool residual, bool law) {
  const char* const flag = fit.pool            ? "--pool"
                           : fit.bootstrap > 0 ? "--bootstrap"
                           : residual          ? "--residual"
                           : !law              ? "--form"
                                               : nullptr;
  if (flag) throw Error::usage(std::string(flag) + " cannot be combined with --prior library");
}

}  // namespace energylens::cli
