// SPDX-License-Identifier: Apache-2.0
#include "cli/fit/library_prior.hpp"

#include "cli/console.hpp"
#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/library/library.hpp"

namespace energylens::cli {

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
