// SPDX-License-Identifier: Apache-2.0
#include "cli/fit/report.hpp"

#include <array>
#include <cmath>
#include <optional>

#include "cli/output.hpp"
#include "energylens/core/count_text.hpp"
#include "energylens/core/rounded_text.hpp"
#include "energylens/predictor/waves.hpp"

namespace energylens::cli {
namespace {

struct Target {
  std::string_view name;
  const std::optional<law::TargetFit> law::GroupLaw::*fit;
  std::string_view law::ParameterInfo::*unit;
};
constexpr std::array kTargets = {Target{"energy", &law::GroupLaw::energy, &law::ParameterInfo::energy_unit},
                                 Target{"time", &law::GroupLaw::time, &law::ParameterInfo::time_unit}};

std::string range_text(const law::Range& range) {
  if (!known(range.min)) return "blank";
  if (range.min == range.max) return count_text(range.min);
  return count_text(range.min) + " to " + count_text(range.max);
}

std::string domain_text(const law::Domain& domain) {
  std::string layouts;
  for (const table::Layout& layout : domain.layouts) {
    layouts += (layouts.empty() ? "" : " ") + table::layout_text(layout);
  }
  return "fitted domain: layouts " + layouts + "; batch " + range_text(domain.batch) + ", isl " +
         range_text(domain.isl) + ", osl " + range_text(domain.osl) + '\n';
}

/// The KV cache that fits and predictions of one layout take for granted.
predictor::Prediction probe(const law::Model& model, std::size_t group, const table::Layout& layout) {
  const law::Domain& domain = model.laws()[group].domain;
  table::Configuration config;
  config.layout = layout;
  config.load.batch = predictor::replicas(layout);
  config.load.isl = model.laws()[group].isl_known ? domain.isl.min : kUnknown;
  config.load.osl = domain.osl.min;
  return model.predict(group, config);
}

std::string capacity_text(const law::Model& model, std::size_t group) {
  std::string text;
  for (const table::Layout& layout : model.laws()[group].domain.layouts) {
    const predictor::Prediction said = probe(model, group, layout);
    if (!known(said.kv_capacity_tokens)) continue;
    text += (text.empty() ? "" : ", ") + table::layout_text(layout) + ' ' +
            rounded_text(said.kv_capacity_tokens) + " (" + said.kv_capacity_source + ')';
  }
  return text.empty() ? "KV capacity unknown; assuming all requests run at once\n"
                      : "KV capacity in tokens: " + text + '\n';
}

io::Json capacity_json(const law::Model& model, std::size_t group) {
  io::Json all = io::Json::array();
  for (const table::Layout& layout : model.laws()[group].domain.layouts) {
    const predictor::Prediction said = probe(model, group, layout);
    all.push_back(io::Json::object({{"layout", table::layout_text(layout)},
                                    {"tokens", said.kv_capacity_tokens},
                                    {"source", said.kv_capacity_source}}));
  }
  return all;
}

std::string parameter_table(const law::TargetFit& fit, const Target& target) {
  TextTable text("lrlrll", {"", "value", "unit", "90 % interval", "", "meaning"});
  for (std::size_t i = 0; i < law::kParameters; ++i) {
    const law::ParameterInfo& info = law::parameter_infos()[i];
    const law::ParameterFit& one = fit.intervals[i];
    const std::string_view unit = info.*target.unit;
    text.add({std::string(info.name), estimate_text(one.value, one.lo, one.hi),
              unit == "1" ? "" : std::string(unit), rounded_text(one.lo) + " .. " + rounded_text(one.hi),
              one.determined ? "" : "undetermined", std::string(info.meaning)});
  }
  return text.text();
}

/// One line per layout: how often measurements fall although the law rises, and the steepest fall.
std::string falls_text(const law::TargetFit& fit, std::string_view target) {
  std::string text;
  for (const law::LayoutResidual& one : fit.by_layout) {
    const law::Fall* steepest = nullptr;
    std::size_t places = 0;
    for (const law::Fall& fall : fit.falls) {
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

std::string target_text(const law::TargetFit& fit, const Target& target) {
  std::string text = std::string(target.name) + ": " + std::to_string(fit.rows) + " rows, " +
                     rounded_text(fit.effective_parameters) + " effective parameters, mean absolute error " +
                     percent_text(fit.mape) + " (in sample), residual standard deviation " +
                     percent_text(fit.residual_sd) + ", " + fit.termination + '\n' +
                     parameter_table(fit, target);
  text += "the data determine " + std::to_string(fit.rank) + " of " + std::to_string(law::kParameters) +
          " parameter combinations\n";
  for (const std::string& sentence : fit.undetermined) text += "  " + sentence + '\n';
  TextTable layouts("lrrr", {"layout", "rows", "mean of measured/law - 1", "standard deviation"});
  for (const law::LayoutResidual& one : fit.by_layout) {
    layouts.add({table::layout_text(one.layout), std::to_string(one.rows), percent_text(std::expm1(one.bias)),
                 percent_text(one.sd)});
  }
  text += layouts.text();
  return text + falls_text(fit, target.name);
}

io::Json range_json(const law::Range& range) {
  return io::Json::array({range.min, range.max});
}

io::Json domain_json(const law::Domain& domain) {
  io::Json layouts = io::Json::array();
  for (const table::Layout& layout : domain.layouts) layouts.push_back(table::layout_text(layout));
  return io::Json::object({{"layouts", layouts},
                           {"batch", range_json(domain.batch)},
                           {"isl", range_json(domain.isl)},
                           {"osl", range_json(domain.osl)},
                           {"image_tokens", range_json(domain.image_tokens)}});
}

io::Json parameter_json(const law::TargetFit& fit, const Target& target, std::size_t i) {
  const law::ParameterInfo& info = law::parameter_infos()[i];
  const law::ParameterFit& one = fit.intervals[i];
  return io::Json::object({{"name", info.name},
                           {"value", one.value},
                           {"lo", one.lo},
                           {"hi", one.hi},
                           {"unit", info.*target.unit},
                           {"determined", one.determined},
                           {"meaning", info.meaning}});
}

io::Json target_json(const law::TargetFit& fit, const Target& target) {
  io::Json parameters = io::Json::array(), layouts = io::Json::array(), falls = io::Json::array();
  for (std::size_t i = 0; i < law::kParameters; ++i) parameters.push_back(parameter_json(fit, target, i));
  for (const law::LayoutResidual& one : fit.by_layout) {
    layouts.push_back(io::Json::object({{"layout", table::layout_text(one.layout)},
                                        {"rows", one.rows},
                                        {"log_bias", one.bias},
                                        {"log_sd", one.sd}}));
  }
  for (const law::Fall& fall : fit.falls) {
    falls.push_back(io::Json::object({{"layout", table::layout_text(fall.layout)},
                                      {"axis", fall.axis},
                                      {"from", fall.from},
                                      {"to", fall.to},
                                      {"drop", fall.drop}}));
  }
  return io::Json::object({{"rows", fit.rows},
                           {"effective_parameters", fit.effective_parameters},
                           {"rank", fit.rank},
                           {"mape", fit.mape},
                           {"residual_sd", fit.residual_sd},
                           {"termination", fit.termination},
                           {"parameters", parameters},
                           {"undetermined", io::Json::array_of(fit.undetermined)},
                           {"residuals_by_layout", layouts},
                           {"falls", falls}});
}

}  // namespace

std::string fit_report_text(const law::Model& model) {
  std::string text;
  for (std::size_t g = 0; g < model.laws().size(); ++g) {
    const law::GroupLaw& group = model.laws()[g];
    text += (text.empty() ? "" : "\n") + group.identity.text() +
            (group.identity.simulated ? " (simulated or played back: nothing of it was measured here)" : "") +
            '\n' + domain_text(group.domain) + capacity_text(model, g);
    for (const Target& target : kTargets) {
      if (const auto& fit = group.*target.fit) text += '\n' + target_text(*fit, target);
    }
  }
  return text;
}

io::Json fit_report_json(const law::Model& model) {
  io::Json groups = io::Json::array();
  for (std::size_t g = 0; g < model.laws().size(); ++g) {
    const law::GroupLaw& group = model.laws()[g];
    io::Json object = io::Json::object({{"group", identity_json(group.identity)},
                                        {"simulated", group.identity.simulated},
                                        {"domain", domain_json(group.domain)},
                                        {"kv_capacity", capacity_json(model, g)}});
    for (const Target& target : kTargets) {
      const auto& fit = group.*target.fit;
      object[target.name] = fit ? target_json(*fit, target) : io::Json();
    }
    object["warnings"] = io::Json::array_of(group.warnings);
    groups.push_back(object);
  }
  return io::Json::object({{"predictor", model.kind()},
                           {"pooled", model.pooled()},
                           {"seed", model.seed()},
                           {"data_hash", model.data_hash()},
                           {"effective_parameters", model.effective_parameters()},
                           {"groups", groups}});
}

io::Json fit_report_rows(const law::Model& model) {
  io::Json rows = io::Json::array();
  for (const law::GroupLaw& group : model.laws()) {
    for (const Target& target : kTargets) {
      const auto& fit = group.*target.fit;
      for (std::size_t i = 0; fit && i < law::kParameters; ++i) {
        io::Json row = io::Json::object({{"group", group.identity.text()}, {"target", target.name}});
        const io::Json parameter = parameter_json(*fit, target, i);
        for (const io::Json::Member& member : parameter.members()) row[member.name] = member.value;
        rows.push_back(row);
      }
    }
  }
  return rows;
}

}  // namespace energylens::cli
