// SPDX-License-Identifier: Apache-2.0
// Numbers are words of one text, because a library holds about 50 000 of them: as values of JSON, which know their place,
// they would take ten times as long to read. Held by tests/library/library_test.cpp.
#include "parametric/compact_law.hpp"

#include <charconv>
#include <cmath>

#include "energylens/predictor/file.hpp"
#include "parametric/fit/report.hpp"
#include "parametric/law/terms.hpp"

namespace energylens::parametric {
namespace {

using io::Json;

std::vector<double> words_of(const Json& json, std::size_t count) {
  const std::string& text = json.as_text();
  const char* at = text.data();
  const char* const end = at + text.size();
  std::vector<double> out;
  while (at < end) {
    if (*at == ' ') {
      ++at;
      continue;
    }
    double value = 0;
    const std::from_chars_result result = std::from_chars(at, end, value);
    if (result.ec != std::errc{} || !std::isfinite(value)) throw json.error("not a list of numbers");
    out.push_back(value);
    at = result.ptr;
  }
  if (out.size() != count)
    throw json.error("expected " + std::to_string(count) + " numbers, not " + std::to_string(out.size()));
  return out;
}

Parameters parameters_in(const Json& json, Form form) {
  const std::vector<double> values = words_of(json, kParameters);
  Parameters out{};
  for (std::size_t j = 0; j < kParameters; ++j) {
    const ParameterInfo& info = parameter_infos(form)[j];
    if (!(values[j] >= info.min && values[j] <= info.max) || (info.positive && values[j] == 0))
      throw json.error(std::string(info.name) + " is outside its bounds");
    out[j] = values[j];
  }
  return out;
}

std::vector<double> covariance_in(const Json& json) {
  const std::vector<double> lower = words_of(json, kParameters * (kParameters + 1) / 2);
  std::vector<double> out(kParameters * kParameters);
  std::size_t at = 0;
  for (std::size_t i = 0; i < kParameters; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      out[i * kParameters + j] = out[j * kParameters + i] = lower[at++];
    }
  }
  return out;
}

std::optional<LawFit> compact_fit_from(const Json& json, Form form) {
  if (json.is_null()) return std::nullopt;
  LawFit fit;
  fit.parameters = parameters_in(json.at("parameters"), form);
  fit.covariance = covariance_in(json.at("covariance"));
  fit.residual_sd = predictor::number_in(json, "residual_sd", predictor::kLogSdInFile);
  fit.prefill_sd = predictor::number_in_or_unknown(json, "prefill_sd", predictor::kLogSdInFile);
  fit.decode_sd = predictor::number_in_or_unknown(json, "decode_sd", predictor::kLogSdInFile);
  fit.mape = json.number_or_unknown("mape");
  fit.rows = static_cast<std::size_t>(json.unsigned_integer("rows"));
  fit.degrees_of_freedom = predictor::number_in(json, "degrees_of_freedom", {1e-6, 1e12});
  fit.effective_parameters = json.number_or_unknown("effective_parameters");
  fit.rank = static_cast<int>(json.integer("rank"));
  fit.termination = "from the library";
  fit.intervals =
      intervals_of(coordinates_of(fit.parameters, form), fit.covariance, fit.degrees_of_freedom, form);
  return fit;
}

}  // namespace

GroupLaw compact_law_from(const Json& json, const hardware::Catalogue& catalogue) {
  GroupLaw law;
  static_cast<predictor::GroupContext&>(law) = predictor::context_without_facts_from(json);
  law.facts = predictor::facts(law.identity, catalogue);
  const double idle_w = json.number_or_unknown("idle_w");
  if (known(idle_w)) law.facts.gpu_idle_w = idle_w;
  law.energy = compact_fit_from(json.at("energy"), form_of(law));
  law.time = compact_fit_from(json.at("time"), form_of(law));
  return law;
}

}  // namespace energylens::parametric
