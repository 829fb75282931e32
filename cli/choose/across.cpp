// SPDX-License-Identifier: Apache-2.0
#include "cli/choose/across.hpp"

#include "choose/across.hpp"
#include "cli/asked_model.hpp"
#include "cli/choose/answers.hpp"
#include "cli/choose/report.hpp"
#include "cli/output.hpp"
#include "cli/power_curve.hpp"
#include "core/rounded_text.hpp"
#include "energylens/registry/kinds.hpp"

namespace energylens::cli {
namespace {

constexpr std::string_view kQuality =
    "The answers of different models and quantisations may differ in quality, which this comparison does not judge.";

std::string group_text(const Answer& answer, bool show_model) {
  return (show_model ? answer.model + ": " : "") + answer.identity.text();
}

std::vector<choose::Choice> choices_of(const std::vector<Answer>& answers) {
  std::vector<choose::Choice> out;
  for (const Answer& one : answers) out.push_back(one.choice);
  return out;
}

}  // namespace

choose::Choice answer(const predictor::Predictor& predictor, const std::string& model,
                      const ChooseOptions& options, choose::Question& question) {
  const std::size_t group = question.group;
  require_answers(predictor, group, question);
  const predictor::Facts* fitted = predictor.facts(group);
  predictor::Facts facts =
      options.system.facts(predictor.groups()[group], fitted ? fitted->gpu_idle_w : kUnknown);
  if (fitted) predictor::fill_unknown(facts, *fitted);
  check_context(question.request, facts, predictor.groups()[group]);
  check_traffic(predictor, facts, options.traffic.given(), question);
  warn_of_unknown_facts(facts, predictor, group, options.system);
  if (!options.power_limits.empty()) {
    question.power_limits_w = options.power_limits;
    question.power_curve = power_curve(model, predictor.groups()[group], facts.gpu_tdp_w).curve;
  }
  return choose::rank(predictor, facts, question);
}

std::vector<Answer> answers_of(const ChooseOptions& options) {
  std::vector<Answer> out;
  for (const std::string& model : options.models) {
    const auto predictor = registry::load(model);
    for (const std::size_t group : select_groups(predictor->groups(), options.where)) {
      choose::Question question = question_of(options, group);
      question.seed = options.question.seed + out.size();
      Answer one{model, predictor->groups()[group], answer(*predictor, model, options, question), question};
      const predictor::GroupContext* const context = predictor->stored_context(group);
      warn_of_verdict(context);
      one.sound = is_sound(context);
      out.push_back(std::move(one));
    }
  }
  return out;
}

bool best_is_sound(const std::vector<Answer>& answers) {
  const std::vector<choose::Choice> choices = choices_of(answers);
  const std::vector<choose::GroupBest> ranked = choose::across_groups(choices);
  if (ranked.empty()) return false;
  const std::size_t best = ranked.front().index;
  return answers[best].sound && choices[best].configurations.front().prediction.inside_domain;
}

std::string across_text(const std::vector<Answer>& answers, bool show_model) {
  TextTable text("rllrrrrrr", {"rank", "group", "layout", "J/request", "GPU h/1000", "TTFT ms", "TPOT ms",
                               "power W", "P(best)"});
  const std::vector<choose::Choice> choices = choices_of(answers);
  for (const choose::GroupBest& one : choose::across_groups(choices)) {
    const choose::Configuration& best = choices[one.index].configurations.front();
    const predictor::Prediction& p = best.prediction;
    text.add({std::to_string(one.rank), group_text(answers[one.index], show_model), configuration_name(best),
              rounded_text(best.energy_per_request_j), rounded_text(one.gpu_hours_per_1000_requests),
              rounded_text(1e3 * p.ttft_s.value), rounded_text(1e3 * p.tpot_s.value),
              rounded_text(p.avg_power_w.value), percent_text(one.chance_best, 2)});
  }
  std::string out = text.text();
  for (const Answer& one : answers) {
    if (one.choice.accepted == 0)
      out += "no configuration within the limits: " + group_text(one, show_model) + '\n';
  }
  return out + '\n' + std::string(kQuality) + '\n';
}

io::Json across_json(const std::vector<Answer>& answers) {
  const std::vector<choose::Choice> choices = choices_of(answers);
  io::Json groups = io::Json::array();
  for (const choose::GroupBest& one : choose::across_groups(choices)) {
    io::Json json = io::Json::object({{"rank", one.rank}, {"model_file", answers[one.index].model}});
    json["group"] = identity_json(answers[one.index].identity);
    json["group_chance_best"] = one.chance_best;
    json["gpu_hours_per_1000_requests"] = one.gpu_hours_per_1000_requests;
    json["configuration"] = configuration_json(choices[one.index].configurations.front());
    groups.push_back(std::move(json));
  }
  io::Json out = io::Json::object({{"groups", std::move(groups)}, {"quality", kQuality}});
  if (!answers.empty()) out["question"] = question_json(answers.front().question, CostQuestion());
  return out;
}

io::Json across_rows(const std::vector<Answer>& answers) {
  io::Json rows = io::Json::array();
  const io::Json across = across_json(answers);
  for (const io::Json& group : across.array_at("groups")) {
    io::Json row = io::Json::object();
    for (const io::Json::Member& member : group.members()) {
      if (!member.value.is_object()) row[member.name] = member.value;
    }
    for (const char* const part : {"group", "configuration"}) {
      for (const io::Json::Member& member : group.at(part).members()) {
        if (member.name != "rank" && !member.value.is_array()) row[member.name] = member.value;
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace energylens::cli
