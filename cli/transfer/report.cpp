// SPDX-License-Identifier: Apache-2.0
#include "cli/transfer/report.hpp"

#include <array>

#include "cli/output.hpp"
#include "core/rounded_text.hpp"
#include "energylens/parametric/transfer.hpp"

namespace energylens::cli {
namespace {

using io::Json;

/// One figure that ratios are made of, and where the catalogue has it from.
struct FigureRow {
  std::string_view name, unit;
  double predictor::Facts::*value;
  hardware::Figure (*published)(const hardware::Gpu*, const hardware::Model*, const std::string& quant);
};

using hardware::Figure;
using hardware::Gpu;
constexpr std::array<FigureRow, 7> kFigures = {{
    {"weight bytes", "B", &predictor::Facts::weight_bytes,
     [](const Gpu*, const hardware::Model* m, const std::string&) { return m ? m->params : Figure{}; }},
    {"KV bytes per token", "B", &predictor::Facts::kv_bytes_per_token,
     [](const Gpu*, const hardware::Model* m, const std::string&) { return m ? m->kv_heads : Figure{}; }},
    {"active parameters", "", &predictor::Facts::active_params,
     [](const Gpu*, const hardware::Model* m, const std::string&) {
       return m ? m->active_params : Figure{};
     }},
    {"memory bandwidth", "B/s", &predictor::Facts::gpu_bandwidth_bytes_s,
     [](const Gpu* g, const hardware::Model*, const std::string&) {
       return g ? g->bandwidth_bytes_s : Figure{};
     }},
    {"peak operations", "1/s", &predictor::Facts::gpu_peak_flops,
     [](const Gpu* g, const hardware::Model*, const std::string& quant) {
       return g ? g->peak(hardware::compute_type(quant)) : Figure{};
     }},
    {"link bandwidth", "B/s", &predictor::Facts::gpu_link_bytes_s,
     [](const Gpu* g, const hardware::Model*, const std::string&) { return g ? g->link_bytes_s : Figure{}; }},
    {"power limit", "W", &predictor::Facts::gpu_tdp_w,
     [](const Gpu* g, const hardware::Model*, const std::string&) { return g ? g->tdp_w : Figure{}; }},
}};

struct Target {
  const char* name;
  std::optional<parametric::LawFit> parametric::GroupLaw::*fit;
  std::string_view parametric::ParameterInfo::*unit;
  predictor::Metric metric;
};
constexpr std::array kTargets = {Target{"energy", &parametric::GroupLaw::energy,
                                        &parametric::ParameterInfo::energy_unit, predictor::Metric::energy},
                                 Target{"time", &parametric::GroupLaw::time,
                                        &parametric::ParameterInfo::time_unit, predictor::Metric::time}};

/// The source of a figure of the target: that of its catalogue entry, else the flags or the table.
std::string source_of(const FigureRow& figure, const parametric::GroupLaw& law,
                      const hardware::Catalogue& catalogue) {
  if (!known(law.facts.*figure.value)) return "unknown";
  const Figure published =
      figure.published(catalogue.find_gpu(law.identity["gpu"]), catalogue.find_model(law.identity["model"]),
                       law.identity["quant"]);
  return known(published.value) ? published.source : "options or table";
}

std::string number(double value) {
  return known(value) ? rounded_text(value, 4) : "-";
}

std::string figures_text(const Moved& moved) {
  const parametric::GroupLaw& law = moved.model.laws().front();
  std::vector<std::string> header{"figure", law.identity.text()};
  for (const parametric::GroupLaw* source : moved.sources) header.push_back(source->identity.text());
  header.insert(header.end(), {"unit", "source of the target's value"});
  TextTable text("l" + std::string(1 + moved.sources.size(), 'r') + "ll", header);
  for (const FigureRow& figure : kFigures) {
    std::vector<std::string> cells{std::string(figure.name), number(law.facts.*figure.value)};
    for (const parametric::GroupLaw* source : moved.sources)
      cells.push_back(number(source->facts.*figure.value));
    cells.insert(cells.end(), {std::string(figure.unit), source_of(figure, law, moved.catalogue)});
    text.add(std::move(cells));
  }
  return text.text();
}

std::string weight_text(const parametric::LawFit& fit) {
  if (fit.rows == 0) return "no rows; parameters come from the prior alone";
  const std::string rows = std::to_string(fit.rows) + (fit.rows == 1 ? " row" : " rows");
  if (!fit.prior) return rows + ", no prior";
  return rows + ", prior weight " + rounded_text(fit.prior->weight) + ", " +
         rounded_text(fit.effective_parameters) + " effective parameters determined by the rows";
}

std::string ratios_text(const parametric::LawFit& fit, std::size_t parameter) {
  std::string text;
  for (const parametric::PriorSource& source : fit.prior->sources) {
    text += (text.empty() ? "" : " ") + rounded_text(source.ratios[parameter]);
  }
  return text;
}

std::string target_text(const parametric::LawFit& fit, const Target& target, parametric::Form form) {
  TextTable text("lrlrrl", {"", "value", "unit", "90 % interval", "scaled by", "ratio of"});
  for (std::size_t i = 0; i < parametric::kParameters; ++i) {
    const parametric::ParameterInfo& info = parametric::parameter_infos(form)[i];
    const parametric::ParameterFit& one = fit.intervals[i];
    const std::string_view unit = info.*target.unit;
    const std::string rule = fit.prior ? parametric::ratio_rule(i, target.metric, form) : "";
    text.add({std::string(info.name), estimate_text(one.value, one.lo, one.hi),
              unit == "1" ? "" : std::string(unit), rounded_text(one.lo) + " .. " + rounded_text(one.hi),
              rule.empty() ? "unchanged" : ratios_text(fit, i), rule});
  }
  return std::string(target.name) + ": " + weight_text(fit) + '\n' + text.text();
}

Json prior_json(const parametric::LawFit& fit, const Target& target, parametric::Form form) {
  if (!fit.prior) return nullptr;
  Json sources = Json::array();
  for (const parametric::PriorSource& source : fit.prior->sources) {
    Json ratios = Json::array();
    for (std::size_t i = 0; i < parametric::kParameters; ++i) {
      const std::string rule = parametric::ratio_rule(i, target.metric, form);
      if (rule.empty()) continue;
      ratios.push_back(Json::object({{"parameter", parametric::parameter_infos(form)[i].name},
                                     {"ratio", source.ratios[i]},
                                     {"rule", rule}}));
    }
    sources.push_back(Json::object(
        {{"group", source.group}, {"ratios", ratios}, {"unknown", Json::array_of(source.unknown)}}));
  }
  return Json::object({{"weight", fit.prior->weight}, {"sources", std::move(sources)}});
}

Json parameters_json(const parametric::LawFit& fit, const Target& target, parametric::Form form) {
  Json out = Json::array();
  for (std::size_t i = 0; i < parametric::kParameters; ++i) {
    const parametric::ParameterInfo& info = parametric::parameter_infos(form)[i];
    const parametric::ParameterFit& one = fit.intervals[i];
    out.push_back(Json::object({{"name", info.name},
                                {"value", one.value},
                                {"lo", one.lo},
                                {"hi", one.hi},
                                {"unit", info.*target.unit},
                                {"determined", one.determined}}));
  }
  return out;
}

Json figures_json(const Moved& moved) {
  const parametric::GroupLaw& law = moved.model.laws().front();
  Json out = Json::array();
  for (const FigureRow& figure : kFigures) {
    Json sources = Json::array();
    for (const parametric::GroupLaw* source : moved.sources) sources.push_back(source->facts.*figure.value);
    out.push_back(Json::object({{"figure", figure.name},
                                {"unit", figure.unit},
                                {"target", law.facts.*figure.value},
                                {"sources", std::move(sources)},
                                {"source", source_of(figure, law, moved.catalogue)}}));
  }
  return out;
}

}  // namespace

std::string transfer_report_text(const Moved& moved) {
  const parametric::GroupLaw& law = moved.model.laws().front();
  std::string text = law.identity.text() + ", transferred from";
  for (std::size_t i = 0; i < moved.sources.size(); ++i) {
    text += (i == 0 ? " " : "; ") + moved.sources[i]->identity.text();
  }
  text += "\n\n" + figures_text(moved);
  for (const Target& target : kTargets) {
    if (const auto& fit = law.*target.fit) text += '\n' + target_text(*fit, target, form_of(law));
  }
  if (law.verdict) text += "\nverdict: " + predictor::verdict_text(*law.verdict) + '\n';
  return text;
}

Json transfer_report_json(const Moved& moved) {
  const parametric::GroupLaw& law = moved.model.laws().front();
  Json sources = Json::array();
  for (const parametric::GroupLaw* source : moved.sources) sources.push_back(identity_json(source->identity));
  Json out = Json::object({{"group", identity_json(law.identity)},
                           {"sources", std::move(sources)},
                           {"figures", figures_json(moved)}});
  for (const Target& target : kTargets) {
    const auto& fit = law.*target.fit;
    out[target.name] = fit ? Json::object({{"rows", fit->rows},
                                           {"effective_parameters", fit->effective_parameters},
                                           {"residual_sd", fit->residual_sd},
                                           {"prior", prior_json(*fit, target, form_of(law))},
                                           {"parameters", parameters_json(*fit, target, form_of(law))}})
                           : Json();
  }
  out["warnings"] = Json::array_of(law.warnings);
  out["verdict"] = law.verdict ? Json(predictor::grade_text(law.verdict->grade)) : Json();
  out["verdict_reasons"] = law.verdict ? Json::array_of(law.verdict->reasons) : Json();
  out["measured_rows"] = law.measured_rows ? Json(*law.measured_rows) : Json();
  return out;
}

Json transfer_report_rows(const Moved& moved) {
  const parametric::GroupLaw& law = moved.model.laws().front();
  Json rows = Json::array();
  for (const Target& target : kTargets) {
    const auto& fit = law.*target.fit;
    if (!fit) continue;
    for (const Json& parameter : parameters_json(*fit, target, form_of(law)).items()) {
      Json row = Json::object({{"group", law.identity.text()}, {"target", target.name}, {"rows", fit->rows}});
      row["prior_weight"] = fit->prior ? fit->prior->weight : kUnknown;
      for (const Json::Member& member : parameter.members()) row[member.name] = member.value;
      rows.push_back(row);
    }
  }
  return rows;
}

}  // namespace energylens::cli
