// SPDX-License-Identifier: Apache-2.0
// A mistake that scales every energy by a property of its row (the number of GPUs, say) leaves a law that fits badly,
// because no parameter can undo it; the law fits well again once the energies are scaled back. A mistake in a few rows
// shows in their ratios to a law that the other rows determine. Held by assess_test.cpp.
#include "energylens/parametric/assess.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "core/count_text.hpp"
#include "core/text.hpp"
#include "numerics/distributions.hpp"
#include "numerics/summary.hpp"
#include "parametric/fit/fit_steps.hpp"
#include "parametric/law/plausible.hpp"
#include "predictor/waves.hpp"

namespace energylens::parametric {
namespace {

using predictor::Grade;

constexpr std::size_t kWorstRows = 5;
/// Mean errors and spreads of rows up to which a fit is good, and up to which it can be used. Fits to public tables
/// of one setting have a median error of 4 % and a 90 % quantile of 11 %.
constexpr double kGoodError = 0.10, kGoodSpread = 0.18, kUsableError = 0.25, kUsableSpread = 0.35;
constexpr std::size_t kEnoughRows = 20;
/// A row that is off by more than this factor is compared with the factors of known mistakes.
constexpr double kFarFactor = 1.5;
/// A mistake explains a ratio to within this factor.
constexpr double kExplainedFactor = 1.3;
/// A correction must lower the mean error at least by this factor to be named.
constexpr double kClearlyBetter = 0.5;
/// The mean power of a GPU under load is above this share of its limit: clocks are up and the weights are loaded.
constexpr double kLeastLoad = 0.08;
/// Means of power exceed the limit of a GPU by less than this factor.
constexpr double kAboveLimit = 1.1;
/// No variant of a GPU has a limit that is higher by this factor than that of the catalogue.
constexpr double kFarAboveLimit = 1.4;
/// Of the rows that show a mistake, so that it is named.
constexpr double kMostRows = 0.6, kManyRows = 0.25;

/// One way in which the energy of a row may be a part of the energy of the deployment, or in another unit.
struct Slip {
  std::string_view share;  ///< of the energy in what was measured
  std::string_view question;
  double (*factor)(const table::Configuration&);  ///< right over measured energy
};

double gpus_of(const table::Configuration& config) {
  return config.layout.gpus();
}
double replicas_of(const table::Configuration& config) {
  return config.layout.dp;
}
double requests_of(const table::Configuration& config) {
  return config.load.batch;
}
double tokens_of(const table::Configuration& config) {
  return config.load.batch * config.load.osl;
}

constexpr std::array kSlips = std::to_array<Slip>({
    {"1/GPUs", "is it the energy of one GPU instead of all?", gpus_of},
    {"1/dp", "is it the energy of one replica instead of all?", replicas_of},
    {"1/batch", "is it the energy of one request instead of the whole job?", requests_of},
    {"1/tokens", "is it the energy of one token instead of the whole job?", tokens_of},
    {"1/1000", "is it in kJ?", [](const table::Configuration&) { return 1e3; }},
    {"1/3600", "is it in Wh?", [](const table::Configuration&) { return 3600.0; }},
    {"1/3600000", "is it in kWh?", [](const table::Configuration&) { return 3.6e6; }},
    {"1000 times", "is it in mJ?", [](const table::Configuration&) { return 1e-3; }},
});

bool is_steady(const table::Row& row) {
  return row.config.load.kind == table::RowKind::steady;
}

double measured_of(const table::Row& row, Metric metric) {
  return metric == Metric::energy ? row.scenario_energy_j() : row.scenario_time_s();
}

double fitted_of(const predictor::Prediction& p, const table::Row& row, Metric metric) {
  if (metric == Metric::energy) return p.scenario_energy(row.config.load.kind).value;
  return is_steady(row) ? p.tpot_s.value : p.total_time_s.value;
}

std::vector<FittedRow> fitted_rows(const Model& model, std::size_t group,
                                   const predictor::PreparedRows& prepared,
                                   const predictor::TrainingGroup& training, Metric metric) {
  std::vector<FittedRow> out;
  for (std::size_t i = 0; i < prepared.rows.size(); ++i) {
    table::Configuration config = prepared.rows[i].config;
    if (!model.context(group).isl_known) config.load.isl = kUnknown;
    const table::Row& row = training.group->rows[training.rows[i]];
    const double measured = measured_of(row, metric);
    if (!(measured > 0)) continue;
    const double fitted = fitted_of(model.predict(group, config), row, metric);
    if (fitted > 0) out.push_back({&row, measured, fitted});
  }
  return out;
}

std::vector<FittedRow> worst_of(std::vector<FittedRow> rows) {
  const auto distance = [](const FittedRow& one) { return -std::abs(std::log(one.measured / one.fitted)); };
  std::ranges::stable_sort(rows, {}, distance);
  if (rows.size() > kWorstRows) rows.resize(kWorstRows);
  return rows;
}

/// Collects reasons, worst first, and the worst grade.
class Reasons {
 public:
  void add(Grade grade, std::string reason) { all_.emplace_back(grade, std::move(reason)); }
  predictor::Verdict verdict() {
    std::ranges::stable_sort(all_, [](const auto& a, const auto& b) { return a.first > b.first; });
    predictor::Verdict out;
    for (auto& [grade, reason] : all_) {
      out.grade = std::max(out.grade, grade);
      out.reasons.push_back(std::move(reason));
    }
    return out;
  }

 private:
  std::vector<std::pair<Grade, std::string>> all_;
};

Grade grade_of(const TargetFit& fit) {
  if (!(fit.mape <= kUsableError && fit.residual_sd <= kUsableSpread)) return Grade::do_not_use;
  return fit.mape <= kGoodError && fit.residual_sd <= kGoodSpread ? Grade::good : Grade::usable;
}

std::string error_reason(const TargetFit& fit, Metric metric) {
  std::string text =
      fmt::format("mean error of the {} {} over {}", metric == Metric::energy ? "energies" : "times",
                  percent_text(fit.mape, 2), plural(fit.rows, "row"));
  if (fit.residual_sd <= kUsableSpread)
    text +=
        ", 90 % of them within about " + percent_text(std::expm1(numerics::kNormal90 * fit.residual_sd), 2);
  return text;
}

/// The fit of energies multiplied by the factor of a slip; nothing if the factor is the same in all rows.
std::optional<LawFit> fit_corrected(const predictor::PreparedRows& prepared, const Slip& slip,
                                    const predictor::FitOptions& options) {
  predictor::PreparedRows corrected = prepared;
  double least = kUnknown, most = kUnknown;
  for (table::Row& row : corrected.rows) {
    const double factor = slip.factor(row.config);
    if (!known(factor) || !(factor > 0)) return std::nullopt;
    least = known(least) ? std::min(least, factor) : factor;
    most = known(most) ? std::max(most, factor) : factor;
    for (double table::Results::*const energy :
         {&table::Results::prefill_energy_j, &table::Results::decode_energy_j,
          &table::Results::total_energy_j})
      row.results.*energy *= factor;
  }
  if (!(most > kFarFactor * least)) return std::nullopt;
  predictor::FitOptions quick = options;
  quick.bootstrap = 0;
  return fit_target(corrected, Metric::energy, quick);
}

/// A slip of all rows: with the energies scaled back, the law fits clearly better.
std::string slip_of_all(const predictor::PreparedRows& prepared, const TargetFit& fit,
                        const predictor::FitOptions& options) {
  const Slip* best = nullptr;
  double least = kClearlyBetter * fit.mape;
  for (const Slip& slip : kSlips) {
    const std::optional<LawFit> corrected = fit_corrected(prepared, slip, options);
    if (!corrected || !(corrected->mape < least)) continue;
    least = corrected->mape;
    best = &slip;
  }
  if (!best) return {};
  return fmt::format("energy falls as {}: {} (the mean error would be {} instead of {})", best->share,
                     best->question, percent_text(least, 2), percent_text(fit.mape, 2));
}

std::string place_text(const table::Row& row) {
  return row.line > 0 ? fmt::format("{}:{}", row.file, row.line) : table::layout_text(row.config.layout);
}

/// A slip of some rows: their ratio to the law that the others determine is the factor of the slip.
std::string slip_of_some(std::span<const FittedRow> rows) {
  std::vector<const FittedRow*> far;
  for (const FittedRow& one : rows) {
    const double ratio = one.fitted / one.measured;
    if (ratio > kFarFactor || ratio < 1 / kFarFactor) far.push_back(&one);
  }
  if (far.empty() || 2 * far.size() > rows.size()) return {};
  const Slip* best = nullptr;
  std::vector<const FittedRow*> explained;
  for (const Slip& slip : kSlips) {
    std::vector<const FittedRow*> by_this;
    for (const FittedRow* one : far) {
      const double factor = slip.factor(one->row->config), left = one->fitted / one->measured / factor;
      const bool scales = factor > kFarFactor || factor < 1 / kFarFactor;
      if (scales && left < kExplainedFactor && left * kExplainedFactor > 1) by_this.push_back(one);
    }
    if (by_this.size() <= explained.size()) continue;
    explained = std::move(by_this);
    best = &slip;
  }
  if (!best || static_cast<double>(explained.size()) < kMostRows * static_cast<double>(far.size())) return {};
  return fmt::format("{} (first {}) {} {} of the fitted energy: {}", plural(explained.size(), "row"),
                     place_text(*explained.front()->row), explained.size() == 1 ? "has" : "have", best->share,
                     best->question);
}

double row_power_w(const table::Row& row) {
  const table::Results& r = row.results;
  const double power = is_steady(row) ? r.avg_power_w : r.total_energy_j / r.total_time_s;
  return known(power) ? power : r.avg_power_w;
}

/// What the power of each GPU says: below what a GPU with loaded weights draws, or above its limit.
void assess_power(const predictor::PreparedRows& prepared, bool slip_named, Reasons& reasons) {
  if (table::covers_more_than_gpus(prepared.context.identity)) return;
  const predictor::Facts& facts = prepared.context.facts;
  const double least = std::max(0.8 * (known(facts.gpu_idle_w) ? facts.gpu_idle_w : 0),
                                kLeastLoad * (known(facts.gpu_tdp_w) ? facts.gpu_tdp_w : 0));
  const std::optional<double> stated = parse_number(prepared.context.identity["power_limit_w"]);
  const double limit = stated ? *stated : facts.gpu_tdp_w;
  std::size_t with_power = 0, above = 0, far_above = 0;
  std::vector<double> low;
  double most = 0;
  for (const table::Row& row : prepared.rows) {
    const double power = row_power_w(row), gpus = gpus_of(row.config);
    if (!known(power)) continue;
    ++with_power;
    if (gpus > 1 && power / gpus < least && power > least) low.push_back(power / gpus);
    if (power / gpus > kAboveLimit * limit) ++above;
    if (power / gpus > kFarAboveLimit * limit) ++far_above;
    most = std::max(most, power / gpus);
  }
  if (!slip_named && static_cast<double>(low.size()) > kManyRows * static_cast<double>(with_power))
    reasons.add(
        Grade::do_not_use,
        fmt::format("{} of {} state a power of {} per GPU (median), less than one GPU draws without load: is "
                    "it the energy of one GPU instead of all?",
                    low.size(), plural(with_power, "row"), quantity_text(numerics::median(low), "W")));
  if (above > 0)
    reasons.add(
        static_cast<double>(far_above) > kManyRows * static_cast<double>(with_power) ? Grade::do_not_use
                                                                                     : Grade::usable,
        fmt::format("{} of {} state more power per GPU than its limit of {}, up to {}: are energies, times "
                    "or the number of GPUs of something else?",
                    above, plural(with_power, "row"), quantity_text(limit, "W"), quantity_text(most, "W")));
}

/// Whether a mistake was named.
bool assess_energies(const predictor::PreparedRows& prepared, const TargetFit& fit,
                     std::span<const FittedRow> rows, const predictor::FitOptions& options,
                     Reasons& reasons) {
  const Grade grade = grade_of(fit);
  std::string slip;
  if (grade != Grade::good) {
    slip = slip_of_some(rows);
    if (slip.empty()) slip = slip_of_all(prepared, fit, options);
    if (!slip.empty()) reasons.add(Grade::do_not_use, slip);
  }
  reasons.add(grade, error_reason(fit, Metric::energy));
  return !slip.empty();
}

/// Bad times alone spoil latencies and rates, not the ranking of jobs by energy.
void assess_times(const TargetFit& fit, bool alone, Reasons& reasons) {
  const Grade grade = grade_of(fit);
  if (grade == Grade::good && !alone) return;
  std::string reason = error_reason(fit, Metric::time);
  if (grade == Grade::do_not_use && !alone) reason += ": do not use latencies and rates";
  reasons.add(alone ? grade : std::min(grade, Grade::usable), reason);
}

void assess_amount(const predictor::PreparedRows& prepared, std::span<const table::Layout> layouts,
                   Reasons& reasons) {
  const std::size_t rows = prepared.rows.size();
  if (rows < kEnoughRows)
    reasons.add(Grade::usable,
                fmt::format("only {}: intervals are wide and depend on the prior", plural(rows, "row")));
  if (layouts.size() == 1)
    reasons.add(Grade::usable, "one layout only (" + table::layout_text(layouts.front()) +
                                   "): the effect of the layout comes from the prior");
}

}  // namespace

Assessment assess(const Model& model, std::size_t group, const predictor::TrainingGroup& training,
                  const predictor::FitOptions& options) {
  const predictor::GroupContext& context = model.context(group);
  Assessment out;
  Reasons reasons;
  if (training.rows.empty()) {
    reasons.add(Grade::usable, "no row of this group was measured: everything comes from other groups");
    out.verdict = reasons.verdict();
    return out;
  }
  const predictor::PreparedRows prepared = predictor::prepared_rows(training, options, &context.facts);
  const TargetFit* const energy = model.fit(group, Metric::energy);
  const TargetFit* const time = model.fit(group, Metric::time);
  const std::vector<FittedRow> energies = fitted_rows(model, group, prepared, training, Metric::energy);
  bool slip_named = energy && assess_energies(prepared, *energy, energies, options, reasons);
  const std::optional<std::string> one_gpu = table::energy_of_one_gpu(*training.group);
  if (one_gpu && !slip_named) reasons.add(Grade::do_not_use, *one_gpu);
  slip_named = slip_named || one_gpu;
  if (const std::string low = below_arithmetic_text(prepared); !low.empty() && !slip_named)
    reasons.add(Grade::do_not_use, low);
  assess_power(prepared, slip_named, reasons);
  if (time) assess_times(*time, energy == nullptr, reasons);
  assess_amount(prepared, prepared.context.domain.layouts, reasons);
  if (context.identity.simulated)
    reasons.add(Grade::usable, "rows are simulated or played back: nothing was measured");
  out.verdict = reasons.verdict();
  out.worst_energies = worst_of(energies);
  out.worst_times = worst_of(fitted_rows(model, group, prepared, training, Metric::time));
  return out;
}

}  // namespace energylens::parametric
