// SPDX-License-Identifier: Apache-2.0
// From an estimate to the reported fit. Held by report_test.cpp.
#include "parametric/fit/report.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "numerics/distributions.hpp"
#include "numerics/summary.hpp"
#include "parametric/fit/identifiability.hpp"
#include "predictor/waves.hpp"

namespace energylens::parametric {
namespace {

/// Smaller drops than this are noise of repeats.
constexpr double kNotableDrop = 0.01;
constexpr std::size_t kFewRows = 20;

std::vector<LayoutResidual> residuals_by_layout(const predictor::PreparedRows& prepared,
                                                std::span<const Observation> observations,
                                                std::span<const double> residuals) {
  std::map<table::Layout, std::vector<double>> by_layout;
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    if (observations[i].share < 0.5) continue;  // the larger phase stands for the row
    by_layout[prepared.rows[observations[i].row].config.layout].push_back(residuals[i]);
  }
  std::vector<LayoutResidual> out;
  for (const auto& [layout, values] : by_layout) {
    out.push_back({layout, values.size(), numerics::mean(values), numerics::sd(values)});
  }
  return out;
}

struct CurvePoint {
  double at, value;
};

/// Rows that differ in one axis only, as curves.
template <typename Key>
void add_falls(const std::map<Key, std::vector<CurvePoint>>& curves, const std::string& axis,
               std::vector<Fall>& out) {
  for (const auto& [key, points] : curves) {
    std::vector<CurvePoint> sorted = points;
    std::sort(sorted.begin(), sorted.end(),
              [](const CurvePoint& a, const CurvePoint& b) { return a.at < b.at; });
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      const double drop = 1 - sorted[i].value / sorted[i - 1].value;
      if (drop > kNotableDrop) out.push_back({std::get<0>(key), axis, sorted[i - 1].at, sorted[i].at, drop});
    }
  }
}

/// Where a measured curve falls although the law, which rises in batch, isl and osl by construction, cannot.
std::vector<Fall> falls_of(const predictor::PreparedRows& prepared, Metric metric) {
  using Key = std::tuple<table::Layout, double, double>;
  std::map<Key, std::vector<CurvePoint>> by_batch, by_isl, by_osl;
  for (const table::Row& row : prepared.rows) {
    const double value = metric == Metric::energy ? row.results.total_energy_j : row.results.total_time_s;
    const table::Load& load = row.config.load;
    if (!known(value) || load.kind != table::RowKind::job || !known(load.isl)) continue;
    by_batch[{row.config.layout, load.isl, load.osl}].push_back({load.batch, value});
    by_isl[{row.config.layout, load.batch, load.osl}].push_back({load.isl, value});
    by_osl[{row.config.layout, load.batch, load.isl}].push_back({load.osl, value});
  }
  std::vector<Fall> out;
  add_falls(by_batch, "batch", out);
  add_falls(by_isl, "isl", out);
  add_falls(by_osl, "osl", out);
  return out;
}

}  // namespace

std::vector<ParameterFit> intervals_of(const Coordinates& natural, std::span<const double> covariance,
                                       double degrees_of_freedom, Form form) {
  const double t = numerics::student_t_quantile(0.95, degrees_of_freedom);
  std::vector<ParameterFit> out;
  for (std::size_t j = 0; j < kParameters; ++j) {
    const ParameterInfo& info = parameter_infos(form)[j];
    const double half = t * std::sqrt(covariance[j * kParameters + j]);
    const auto shown = [&info](double z) {
      return std::clamp(info.positive ? std::exp(z) : z, info.min, info.max);
    };
    out.push_back({shown(natural[j]), shown(natural[j] - half), shown(natural[j] + half), false});
  }
  return out;
}

LawFit describe(const predictor::PreparedRows& prepared, Metric metric,
                std::span<const Observation> observations, const Reference& reference,
                const PointEstimate& fit, const Uncertainty& u) {
  const Form form = form_of(prepared.context);
  const Coordinates natural = moved_to_origin(fit.coordinates, reference, form);
  LawFit out;
  out.parameters = parameters_at(natural, form);
  out.covariance = moved_to_origin(u.covariance, reference, form);
  out.intervals = intervals_of(natural, out.covariance, u.degrees_of_freedom, form);
  for (std::size_t j = 0; j < kParameters; ++j) out.intervals[j].determined = u.determined[j];
  out.residual_sd = u.residual_sd;
  out.prefill_sd = u.prefill_sd;
  out.decode_sd = u.decode_sd;
  out.mape = u.mape;
  out.rows = u.rows;
  out.degrees_of_freedom = u.degrees_of_freedom;
  out.effective_parameters = u.effective_parameters;
  out.rank = u.rank;
  out.undetermined = undetermined_sentences(prepared, observations, u);
  out.termination = numerics::termination_text(fit.why);
  out.by_layout = residuals_by_layout(prepared, observations, log_residuals(observations, fit.coordinates));
  out.falls = falls_of(prepared, metric);
  return out;
}

std::vector<std::string> poverty_warnings(const predictor::PreparedRows& prepared, const Domain& domain) {
  std::vector<std::string> out;
  if (prepared.rows.size() < kFewRows) {
    const std::string count =
        std::to_string(prepared.rows.size()) + (prepared.rows.size() == 1 ? " row" : " rows");
    out.push_back("only " + count + ": intervals are wide and depend on the prior");
  }
  if (domain.layouts.size() == 1) {
    out.push_back("one layout only (" + table::layout_text(domain.layouts[0]) +
                  "): the effect of the layout on energy comes from the prior");
  }
  return out;
}

}  // namespace energylens::parametric
