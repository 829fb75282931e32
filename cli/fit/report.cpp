// SPDX-License-Identifier: Apache-2.0
#include "cli/fit/report.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "cli/output.hpp"
#include "core/count_text.hpp"
#include "core/rounded_text.hpp"
#include "energylens/expr/text.hpp"
#include "energylens/parametric/law_model.hpp"
#include "predictor/waves.hpp"

namespace energylens::cli {
namespace {

std::string range_text(const parametric::Range& range) {
  if (!known(range.min)) return "blank";
  if (range.min == range.max) return count_text(range.min);
  return count_text(range.min) + " to " + count_text(range.max);
}

std::string domain_text(const parametric::Domain& domain) {
  std::string layouts;
  for (const table::Layout& layout : domain.layouts) {
    layouts += (layouts.empty() ? "" : " ") + table::layout_text(layout);
  }
  return "fitted domain: layouts " + layouts + "; batch " + range_text(domain.batch) + ", isl " +
         range_text(domain.isl) + ", osl " + range_text(domain.osl) + '\n';
}

/// The KV cache that fits and predictions of one layout take for granted.
predictor::Prediction probe(const parametric::Model& model, std::size_t group, const table::Layout& layout) {
  const parametric::Domain& domain = model.context(group).domain;
  table::Configuration config;
  config.layout = layout;
  config.load.batch = predictor::replicas(layout);
  config.load.isl = model.context(group).isl_known ? domain.isl.min : kUnknown;
  config.load.osl = domain.osl.min;
  return model.predict(group, config);
}

std::string capacity_text(const parametric::Model& model, std::size_t group) {
  std::string text;
  for (const table::Layout& layout : model.context(group).domain.layouts) {
    const predictor::Prediction said = probe(model, group, layout);
    if (!known(said.kv_capacity_tokens)) continue;
    text += (text.empty() ? "" : ", ") + table::layout_text(layout) + ' ' +
            rounded_text(said.kv_capacity_tokens) + " (" +
            std::string(capacity_origin(said.kv_capacity_source)) + ')';
  }
  return text.empty() ? "KV capacity unknown; assuming all requests run at once\n"
                      : "KV capacity in tokens: " + text + '\n';
}

io::Json capacity_json(const parametric::Model& model, std::size_t group) {
  io::Json all = io::Json::array();
  for (const table::Layout& layout : model.context(group).domain.layouts) {
    const predictor::Prediction said = probe(model, group, layout);
    all.push_back(io::Json::object({{"layout", table::layout_text(layout)},
                                    {"tokens", said.kv_capacity_tokens},
                                    {"source", predictor::capacity_source_text(said.kv_capacity_source)}}));
  }
  return all;
}

std::string parameter_table(const std::vector<parametric::FittedParameter>& parameters) {
  const bool explained =
      !std::ranges::all_of(parameters, &std::string::empty, &parametric::FittedParameter::meaning);
  TextTable text("lrlrll", {"", "value", "unit", "90 % interval", "", explained ? "meaning" : ""});
  for (const parametric::FittedParameter& one : parameters) {
    text.add({one.name, estimate_text(one.value, one.lo, one.hi), one.unit == "1" ? "" : one.unit,
              rounded_text(one.lo) + " .. " + rounded_text(one.hi),
              one.determined.value_or(true) ? "" : "undetermined", one.meaning});
  }
  return text.text();
}

/// One line per layout: how often measurements fall although the law rises, and the steepest fall.
std::string falls_text(const parametric::TargetFit& fit, std::string_view target) {
  std::string text;
  for (const parametric::LayoutResidual& one : fit.by_layout) {
    const parametric::Fall* steepest = nullptr;
    std::size_t places = 0;
    for (const parametric::Fall& fall : fit.falls) {
      if (fall.layout != one.layout) continue;
      ++places;
      if (steepest == nullptr || fall.drop > steepest->drop) steepest = &fall;
    }
    if (steepest == nullptr) continue;
    text += "measured " + std::string(target) + " of " + table::layout_text(one.layout) +
            " decreases where the law increases in " + std::to_string(places) +
            (places == 1 ? " place" : " places") + ", by up to " + percent_text(steepest->drop) + " from " +
            steepest->axis + ' ' + count_text(steepest->from) + " to " + count_text(steepest->to) + '\n';
  }
  return text;
}

/// What the data determine, and how the rows of each layout lie around the law.
std::string law_text(const parametric::LawFit& fit, std::string_view metric) {
  std::string text = "the data determine " + std::to_string(fit.rank) + " of " +
                     std::to_string(parametric::kParameters) + " parameter combinations\n";
  for (const std::string& sentence : fit.undetermined) text += "  " + sentence + '\n';
  TextTable layouts("lrrr", {"layout", "rows", "mean residual", "standard deviation"});
  for (const parametric::LayoutResidual& one : fit.by_layout) {
    layouts.add({table::layout_text(one.layout), std::to_string(one.rows), percent_text(std::expm1(one.bias)),
                 percent_text(one.sd)});
  }
  return text + layouts.text() + falls_text(fit, metric);
}

std::string metric_report(const parametric::Model& model, std::size_t group, predictor::Metric metric) {
  const parametric::TargetFit& fit = *model.fit(group, metric);
  const auto* const law = dynamic_cast<const parametric::LawModel*>(&model);
  const std::string_view name = predictor::metric_text(metric);
  std::string text = std::string(name) + ": " + std::to_string(fit.rows) + " rows, " +
                     rounded_text(fit.effective_parameters) + " effective parameters, mean absolute error " +
                     percent_text(fit.mape) + " (in sample), residual standard deviation " +
                     percent_text(fit.residual_sd);
  if (!fit.termination.empty()) text += ", " + fit.termination;
  text += '\n';
  if (!law) text += "  " + expr::print(model.formula(group, metric)) + '\n';
  text += parameter_table(model.parameters(group, metric));
  return law ? text + law_text(*law->fit(group, metric), name) : text;
}

io::Json range_json(const parametric::Range& range) {
  return io::Json::array({range.min, range.max});
}

io::Json domain_json(const parametric::Domain& domain) {
  io::Json layouts = io::Json::array();
  for (const table::Layout& layout : domain.layouts) layouts.push_back(table::layout_text(layout));
  return io::Json::object({{"layouts", layouts},
                           {"batch", range_json(domain.batch)},
                           {"isl", range_json(domain.isl)},
                           {"osl", range_json(domain.osl)},
                           {"image_tokens", range_json(domain.image_tokens)}});
}

io::Json parameter_json(const parametric::FittedParameter& one) {
  return io::Json::object({{"name", one.name},
                           {"value", one.value},
                           {"lo", one.lo},
                           {"hi", one.hi},
                           {"unit", one.unit},
                           {"determined", one.determined ? io::Json(*one.determined) : io::Json()},
                           {"meaning", one.meaning}});
}

io::Json metric_json(const parametric::Model& model, std::size_t group, predictor::Metric metric) {
  if (!model.fit(group, metric)) return {};
  const parametric::TargetFit& fit = *model.fit(group, metric);
  const bool law = model.kind() == "law";
  io::Json parameters = io::Json::array(), layouts = io::Json::array(), falls = io::Json::array();
  for (const parametric::FittedParameter& one : model.parameters(group, metric))
    parameters.push_back(parameter_json(one));
  for (const parametric::LayoutResidual& one : fit.by_layout) {
    layouts.push_back(io::Json::object({{"layout", table::layout_text(one.layout)},
                                        {"rows", one.rows},
                                        {"log_bias", one.bias},
                                        {"log_sd", one.sd}}));
  }
  for (const parametric::Fall& fall : fit.falls) {
    falls.push_back(io::Json::object({{"layout", table::layout_text(fall.layout)},
                                      {"axis", fall.axis},
                                      {"from", fall.from},
                                      {"to", fall.to},
                                      {"drop", fall.drop}}));
  }
  return io::Json::object({{"rows", fit.rows},
                           {"effective_parameters", fit.effective_parameters},
                           {"rank", law ? io::Json(fit.rank) : io::Json()},
                           {"mape", fit.mape},
                           {"residual_sd", fit.residual_sd},
                           {"termination", law ? io::Json(fit.termination) : io::Json()},
                           {"formula", expr::print(model.formula(group, metric))},
                           {"parameters", parameters},
                           {"undetermined", io::Json::array_of(fit.undetermined)},
                           {"residuals_by_layout", layouts},
                           {"falls", falls}});
}

/// "rows.csv:12", or the layout alone of a row that no file has.
std::string place_text(const table::Row& row) {
  return row.line > 0 ? row.file + ':' + std::to_string(row.line) : "";
}

std::string worst_rows_text(const std::vector<parametric::FittedRow>& rows, std::string_view what,
                            std::string_view unit) {
  if (rows.empty()) return {};
  TextTable text("llrrrrrr", {"row", "layout", "batch", "isl", "osl", "measured", "fitted", "deviation"});
  for (const parametric::FittedRow& one : rows) {
    const table::Load& load = one.row->config.load;
    text.add({place_text(*one.row), table::layout_text(one.row->config.layout), count_text(load.batch),
              count_text(load.isl), count_text(load.osl), quantity_text(one.measured, unit),
              quantity_text(one.fitted, unit), percent_text(one.deviation())});
  }
  return '\n' + std::string(what) + " farthest from the fit\n" + text.text();
}

std::string assessment_text(const parametric::Assessment& assessment) {
  return worst_rows_text(assessment.worst_energies, "energies", "J") +
         worst_rows_text(assessment.worst_times, "times", "s") +
         "\nverdict: " + predictor::verdict_text(assessment.verdict) + '\n';
}

io::Json worst_rows_json(const std::vector<parametric::FittedRow>& rows) {
  io::Json all = io::Json::array();
  for (const parametric::FittedRow& one : rows) {
    const table::Load& load = one.row->config.load;
    all.push_back(io::Json::object({{"file", one.row->file.empty() ? io::Json() : io::Json(one.row->file)},
                                    {"line", one.row->line > 0 ? io::Json(one.row->line) : io::Json()},
                                    {"layout", table::layout_text(one.row->config.layout)},
                                    {"batch", load.batch},
                                    {"isl", load.isl},
                                    {"osl", load.osl},
                                    {"measured", one.measured},
                                    {"fitted", one.fitted},
                                    {"deviation", one.deviation()}}));
  }
  return all;
}

void add_assessment(io::Json& object, const parametric::Assessment& assessment) {
  object["verdict"] = predictor::grade_text(assessment.verdict.grade);
  object["verdict_reasons"] = io::Json::array_of(assessment.verdict.reasons);
  object["worst_energies"] = worst_rows_json(assessment.worst_energies);
  object["worst_times"] = worst_rows_json(assessment.worst_times);
}

}  // namespace

AssessedFit assess_fit(parametric::Model& model, const predictor::TrainingData& data,
                       const predictor::FitOptions& settings) {
  AssessedFit fit{model, {}};
  for (std::size_t g = 0; g < data.size(); ++g) {
    fit.assessments.push_back(parametric::assess(model, g, data[g], settings));
    model.set_verdict(g, fit.assessments.back().verdict);
  }
  return fit;
}

std::string fit_report_text(const AssessedFit& fit) {
  const parametric::Model& model = fit.model;
  std::string text;
  for (std::size_t g = 0; g < model.groups().size(); ++g) {
    const table::GroupIdentity& identity = model.groups()[g];
    text += (text.empty() ? "" : "\n") + identity.text() +
            (identity.simulated ? " (simulated, or played from a recording: not a measurement)" : "") + '\n' +
            domain_text(model.context(g).domain) + capacity_text(model, g);
    for (const predictor::Metric metric : predictor::kMetrics) {
      if (model.fit(g, metric)) text += '\n' + metric_report(model, g, metric);
    }
    text += assessment_text(fit.assessments[g]);
  }
  return text;
}

io::Json fit_report_json(const AssessedFit& fit) {
  const parametric::Model& model = fit.model;
  io::Json groups = io::Json::array();
  for (std::size_t g = 0; g < model.groups().size(); ++g) {
    const table::GroupIdentity& identity = model.groups()[g];
    io::Json object = io::Json::object({{"group", identity_json(identity)},
                                        {"simulated", identity.simulated},
                                        {"domain", domain_json(model.context(g).domain)},
                                        {"kv_capacity", capacity_json(model, g)}});
    for (const predictor::Metric metric : predictor::kMetrics)
      object[predictor::metric_text(metric)] = metric_json(model, g, metric);
    object["warnings"] = io::Json::array_of(model.warnings(g));
    add_assessment(object, fit.assessments[g]);
    object["measured_rows"] =
        model.context(g).measured_rows ? io::Json(*model.context(g).measured_rows) : io::Json();
    groups.push_back(object);
  }
  const parametric::FitRecord& record = model.record();
  return io::Json::object({{"predictor", model.kind()},
                           {"pooled", record.pooled},
                           {"seed", record.seed},
                           {"data_hash", record.data_hash},
                           {"effective_parameters", record.effective_parameters},
                           {"groups", groups}});
}

io::Json fit_report_rows(const AssessedFit& fit) {
  const parametric::Model& model = fit.model;
  io::Json rows = io::Json::array();
  for (std::size_t g = 0; g < model.groups().size(); ++g) {
    for (const predictor::Metric metric : predictor::kMetrics) {
      if (!model.fit(g, metric)) continue;
      for (const parametric::FittedParameter& one : model.parameters(g, metric)) {
        io::Json row = io::Json::object(
            {{"group", model.groups()[g].text()}, {"target", predictor::metric_text(metric)}});
        const io::Json parameter = parameter_json(one);
        for (const io::Json::Member& member : parameter.members()) row[member.name] = member.value;
        row["verdict"] = predictor::grade_text(fit.assessments[g].verdict.grade);
        rows.push_back(row);
      }
    }
  }
  return rows;
}

}  // namespace energylens::cli
