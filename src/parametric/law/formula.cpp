// SPDX-License-Identifier: Apache-2.0
// The law as text, parsed: what printing, units, derivatives and export see. terms.cpp computes the same, faster;
// formula_test.cpp holds the two together.
#include "parametric/formula.hpp"

#include <vector>

#include "energylens/core/number_text.hpp"
#include "energylens/expr/text.hpp"

namespace energylens::parametric {
namespace {

expr::Expr parsed(const std::string& text) {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const ParameterInfo& info : parameter_infos()) out.emplace_back(info.name);
    for (const std::size_t own : {C0, C1, C2}) out.emplace_back(parameter_infos(Form::server)[own].name);
    return out;
  }();
  return expr::parse(text, {.parameters = names, .variables = {}, .source = "law"});
}

std::string step_share_text(const predictor::Facts& facts, Metric metric) {
  if (facts.expert_share >= 1 || facts.always_read_share >= 1) return "";
  const std::string s = number_text(predictor::always_spent_share(facts, metric)),
                    k = number_text(facts.expert_share);
  return "*(" + s + "+(1-" + s + ")*(1-(1-" + k + ")^batch))";
}

/// R(B), docs/method/law.md (4a), of `ranks` attention ranks.
std::string weights_read_text(const predictor::Facts& facts, const std::string& ranks) {
  const std::string s = number_text(facts.always_read_share), k = number_text(facts.expert_share),
                    v = number_text(facts.verified_tokens);
  if (facts.expert_share >= 1 || facts.always_read_share >= 1) return ranks;
  return "(" + s + "*" + ranks + "+(1-" + s + ")*(1-(1-" + k + ")^(batch*" + v + ")))";
}

expr::Expr server_formula(const predictor::Facts& facts, Metric metric) {
  const bool energy = metric == Metric::energy;
  const std::string parallel = "min(1,ep-1)", ranks = "(1+" + parallel + "*(dp-1))",
                    gpus = "(tp*" + ranks + ")", shared = energy ? "" : "/" + gpus;
  const std::string traffic = "(1+b5*" + std::string(energy ? "pp*" : "") + "(" + gpus + "^b6-1))" + shared;
  const std::string requests = "(batch+c1*min(1," + ranks + "-1)*(" + ranks + "*batch)^0.5)";
  const std::string heads = number_text(facts.kv_heads);
  const std::string copies = facts.kv_heads > 0 ? "*max(tp," + heads + ")/" + heads : "";
  return parsed("a1*batch*isl*" + traffic + "+(osl-1)*((b0*(" + weights_read_text(facts, ranks) + shared +
                "+c0*" + gpus + "^b1)*(1+b2*(pp-1))+b3*" + requests + "^b4*" + traffic + ")*(1+c2*" +
                parallel + ")+" + requests + "*(a1*" + traffic + "+b7*(isl+osl/2)" + copies + shared + "))");
}

}  // namespace

expr::Expr one_wave_formula(const predictor::GroupContext& group, Metric metric) {
  return group.serving ? server_formula(group.facts, metric)
                       : one_wave_formula(group.facts, group.isl_known, metric);
}

expr::Expr one_wave_formula(const predictor::Facts& facts, bool isl_known, Metric metric) {
  const std::string input = isl_known ? "a1*batch*isl" : "a1*batch";
  const std::string context = isl_known ? "(isl+osl/2)" : "osl/2";
  const std::string traffic = metric == Metric::energy ? "pp*(tp^b6-1)" : "(tp^b6-1)",
                    shared = metric == Metric::energy ? "" : "/tp";
  return parsed("(a0+" + input + ")*(1+a2*" + traffic + ")*pp^a3" + shared + "+(osl-1)*(b0" +
                step_share_text(facts, metric) + "*tp^b1*(1+b2*(pp-1))+batch^b4*(b3*(1+b5*" + traffic +
                ")+b7*" + context + ")" + shared + ")");
}

expr::Expr job_formula(const predictor::Facts& facts, bool isl_known, Metric metric) {
  const expr::Expr wave = one_wave_formula(facts, isl_known, metric);
  const std::string length = isl_known ? "(isl+osl)" : "osl";
  const expr::Expr at_once = parsed("floor(capacity/(64*max(1,ceil(" + length + "/64))))");
  const expr::Expr full = substitute(parsed("floor(batch/at_once)"), "at_once", at_once);
  const expr::Expr rest =
      substitute(substitute(parsed("batch-full*at_once"), "full", full), "at_once", at_once);
  // min(1, rest) is 0 for no remainder and 1 for one of whole requests: E1(0) = 0.
  return full * substitute(wave, "batch", at_once) +
         substitute(parsed("min(1,rest)"), "rest", rest) * substitute(wave, "batch", rest);
}

std::string parameter_unit(std::size_t index, Metric metric) {
  const ParameterInfo& info = parameter_infos()[index];
  return std::string(metric == Metric::energy ? info.energy_unit : info.time_unit);
}

}  // namespace energylens::parametric
