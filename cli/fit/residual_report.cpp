// SPDX-License-Identifier: Apache-2.0
#include "cli/fit/residual_report.hpp"

#include "core/rounded_text.hpp"
#include "residual/fit.hpp"
#include "residual/kernel.hpp"

namespace energylens::cli {
namespace {

std::string line(const residual::Correction& correction, const std::string& form) {
  const std::span<const double> h = correction.process.hyperparameters();
  const std::string unused =
      correction.not_used == 0
          ? ""
          : ", " + std::to_string(correction.not_used) + " not used (a process takes at most " +
                std::to_string(residual::kMostProcessRows) + ", spread evenly over the loads)";
  return "residual: trained on " + std::to_string(correction.process.observations().size()) + " rows, " +
         std::to_string(correction.left_out) + " excluded" + unused + "; standard deviation from " + form +
         ": " + percent_text(h[0], 2) + " common to all layouts, " + percent_text(h[1], 2) +
         " per layout, noise " + percent_text(correction.process.noise_sd(), 2) + '\n';
}

}  // namespace

std::string residual_report_text(const residual::CorrectedModel& model) {
  const std::string formula = model.kind().starts_with("law") ? "the law" : "the formula";
  std::string text;
  for (std::size_t g = 0; g < model.groups().size(); ++g) {
    const std::optional<residual::Correction>& correction = model.corrections()[g];
    if (model.groups().size() > 1) text += model.groups()[g].text() + '\n';
    text += correction ? line(*correction, formula) : "residual: none, no energy was measured\n";
  }
  return text;
}

io::Json residual_report_json(const residual::CorrectedModel& model) {
  io::Json all = io::Json::array();
  for (std::size_t g = 0; g < model.groups().size(); ++g) {
    const std::optional<residual::Correction>& correction = model.corrections()[g];
    if (!correction) {
      all.push_back(nullptr);
      continue;
    }
    io::Json one = io::Json::object({{"group", model.groups()[g].text()},
                                     {"rows", correction->process.observations().size()},
                                     {"rows_left_out", correction->left_out},
                                     {"rows_not_used", correction->not_used},
                                     {"widening", correction->widening}});
    for (std::size_t h = 0; h < residual::kHyperparameters.size(); ++h)
      one[residual::kHyperparameters[h]] = correction->process.hyperparameters()[h];
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace energylens::cli
