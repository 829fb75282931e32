// SPDX-License-Identifier: Apache-2.0
// The law and found formulas as sums. Each addend of the law is written once, as text over the variables of the header;
// terms.cpp computes their sum, faster. Held by term_formulas_test.cpp against terms.cpp and against predictions.
#include "parametric/term_formulas.hpp"

#include <algorithm>

#include "energylens/core/number_text.hpp"
#include "energylens/expr/text.hpp"
#include "energylens/parametric/law_model.hpp"
#include "parametric/structure_model.hpp"
#include "predictor/quantities.hpp"

namespace energylens::parametric {
namespace {

using predictor::Facts;

expr::Expr term_of(const std::string& text, Form form) {
  std::vector<std::string> names;
  for (const ParameterInfo& info : parameter_infos(form)) names.emplace_back(info.name);
  return expr::parse(text, {.parameters = names, .variables = {}, .source = "law"});
}

/// Collects the factors and addends of one form.
class TermList {
 public:
  explicit TermList(Form form) : form_(form) {}
  void factor(std::string name, const std::string& formula) {
    out_.factors.push_back({std::move(name), false, term_of(formula, form_)});
  }
  void wave_factor(std::string name, const std::string& formula) {
    out_.factors.push_back({std::move(name), true, term_of(formula, form_)});
  }
  void prefill(std::string name, std::string meaning, const std::string& formula) {
    out_.terms.push_back({std::move(name), std::move(meaning), true, term_of(formula, form_)});
  }
  void decode(std::string name, std::string meaning, const std::string& formula) {
    out_.terms.push_back({std::move(name), std::move(meaning), false, term_of("steps*" + formula, form_)});
  }
  FormulaTerms take() && { return std::move(out_); }

 private:
  Form form_;
  FormulaTerms out_;
};

bool has_experts(double always_share) {
  return always_share < 1;
}

/// (1-s)*(1-(1-k)^tokens), the share of the weights that lies in experts which `tokens` read.
std::string experts_text(const Facts& facts, double always_share, const std::string& tokens) {
  return "(1-" + number_text(always_share) + ")*(1-(1-" + number_text(facts.expert_share) + ")^" + tokens +
         ")";
}

constexpr const char* kExpertsMeaning = "reading the experts that the tokens of a decode step use";
constexpr const char* kStagesMeaning = "waiting of further pipeline stages in decode";
constexpr const char* kPrefillWork = "work of prefill, per input token";
constexpr const char* kPrefillTraffic = "traffic between GPUs in prefill";
constexpr const char* kDecodeWork = "work of decode steps, per request";
constexpr const char* kDecodeTraffic = "traffic between GPUs in decode";
constexpr const char* kCache = "reading the KV cache";

std::string traffic_text(Metric metric) {
  return metric == Metric::energy ? "pp*(t^b6-1)" : "t^b6-1";
}

/// Work that t GPUs share takes a t-th of the time, and as much energy.
std::string shared_text(Metric metric) {
  return metric == Metric::energy ? "" : "/t";
}

FormulaTerms job_terms(const GroupLaw& law, Metric metric) {
  const std::string shared = shared_text(metric), work = law.isl_known ? "a1*n*input" : "a1*n";
  const double always = predictor::always_spent_share(law.facts, metric);
  const bool experts = has_experts(always);
  const std::string s = number_text(always);
  TermList terms(Form::job);
  terms.factor("traffic", traffic_text(metric));
  terms.factor("pass_scale", "pp^a3" + shared);
  terms.factor("reading", "b0*t^b1");
  if (experts) terms.wave_factor("expert_share", experts_text(law.facts, always, "n"));
  terms.wave_factor("growth", "n^b4" + shared);
  terms.prefill("start_up", "start-up of prefill passes: launches and reading the weights", "a0*pass_scale");
  terms.prefill("prefill_work", kPrefillWork, work + "*pass_scale");
  terms.prefill("prefill_traffic", kPrefillTraffic, "(a0+" + work + ")*a2*traffic*pass_scale");
  terms.decode("weights", "reading the weights that every decode step reads, launches and waiting",
               experts ? s + "*reading" : "reading");
  if (experts) terms.decode("experts", kExpertsMeaning, "expert_share*reading");
  terms.decode("stages", kStagesMeaning,
               (experts ? "(" + s + "+expert_share)*" : std::string()) + "reading*b2*(pp-1)");
  terms.decode("decode_work", kDecodeWork, "growth*b3");
  terms.decode("decode_traffic", kDecodeTraffic, "growth*b3*b5*traffic");
  terms.decode("cache", kCache, "growth*b7*context");
  return std::move(terms).take();
}

FormulaTerms server_terms(const GroupLaw& law, Metric metric) {
  const Facts& facts = law.facts;
  const std::string shared = shared_text(metric), s = number_text(facts.always_read_share),
                    heads = number_text(facts.kv_heads),
                    drafting =
                        facts.layers > 0 ? "*(1+(step_tokens-1)/" + number_text(facts.layers) + ")" : "",
                    always = "b0*" + s + "*ranks" + drafting + shared;
  const bool experts = has_experts(facts.always_read_share);
  TermList terms(Form::server);
  terms.factor("traffic", traffic_text(metric));
  terms.factor("waits", "b0*c0*t^b1" + drafting);
  if (experts)
    terms.wave_factor("expert_reading", "b0*" + experts_text(facts, facts.always_read_share, "(n*verified)") +
                                            drafting + shared);
  terms.wave_factor("no_load", always + (experts ? "+expert_reading" : "") + "+waits");
  terms.wave_factor("requests", "n+c1*min(1,ranks-1)*(ranks*n)^0.5");
  terms.wave_factor("growth", "b3*(requests*step_tokens)^b4" + shared);
  terms.wave_factor("token_work", "a1*requests*step_tokens" + shared);
  terms.prefill("prefill_work", kPrefillWork, "a1*n*input" + shared);
  terms.prefill("prefill_traffic", kPrefillTraffic, "a1*n*input*b5*traffic" + shared);
  terms.decode("weights", "reading the weights that every decode step reads", always);
  if (experts) terms.decode("experts", kExpertsMeaning, "expert_reading");
  terms.decode("step_overhead", "launches and waiting of decode steps", "waits");
  terms.decode("stages", kStagesMeaning, "no_load*b2*(pp-1)");
  terms.decode("decode_work", kDecodeWork, "(growth+token_work)");
  terms.decode("decode_traffic", kDecodeTraffic, "(growth+token_work)*b5*traffic");
  terms.decode("expert_parallelism", "what expert parallelism adds to decode steps",
               "c2*apart*(no_load*(1+b2*(pp-1))+growth*(1+b5*traffic))");
  terms.decode("cache", kCache,
               "b7*requests*step_tokens*context" +
                   (facts.kv_heads > 0 ? "*max(tp," + heads + ")/" + heads : "") + shared);
  return std::move(terms).take();
}

bool is_sum(const expr::Expr& formula) {
  return formula.root().op == expr::Op::add || formula.root().op == expr::Op::subtract;
}

/// The addends of the sum at the root, multiplied out where one factor is a sum; a subtracted one has a sign.
void add_addends(const expr::Expr& formula, bool negative, std::vector<expr::Expr>& out) {
  const expr::Op op = formula.root().op;
  if (is_sum(formula)) {
    add_addends(formula.left(), negative, out);
    add_addends(formula.right(), negative != (op == expr::Op::subtract), out);
    return;
  }
  const bool product = op == expr::Op::multiply;
  if (product && is_sum(formula.left()) != is_sum(formula.right())) {
    const bool left = is_sum(formula.left());
    std::vector<expr::Expr> inner;
    add_addends(left ? formula.left() : formula.right(), negative, inner);
    for (const expr::Expr& one : inner) out.push_back(left ? one * formula.right() : formula.left() * one);
    return;
  }
  out.push_back(negative ? -formula : formula);
}

/// The share of the weights that a decode step of n requests reads, docs/method/law.md (4).
expr::Expr weights_read_expr(const Facts& facts, Metric metric) {
  const double spent = predictor::always_spent_share(facts, metric);
  if (spent >= 1) return expr::Expr::constant(1);
  const std::string s = number_text(spent);
  return expr::parse(s + "+" + experts_text(facts, spent, "n"));
}

/// The formula over the variables of FormulaTerm.
expr::Expr over_wave(expr::Expr formula, const Facts& facts, Metric metric) {
  const auto rename = [&formula](std::string_view from, const expr::Expr& to) {
    formula = substitute(formula, from, to);
  };
  rename("tp", expr::Expr::variable("t"));
  rename("batch", expr::Expr::variable("n"));
  rename("L", expr::Expr::variable("context"));
  rename("weights_read", weights_read_expr(facts, metric));
  for (const predictor::PublishedQuantity& quantity : predictor::quantities())
    rename(quantity.name, expr::Expr::constant(quantity.of(facts)));
  return formula;
}

FormulaTerms found_terms(const StructureModel& model, std::size_t group, Metric metric) {
  const predictor::Structures& structures = model.content().structures;
  const predictor::Structure& structure = metric == Metric::energy ? *structures.energy : *structures.time;
  std::vector<expr::Expr> addends, of_prefill;
  add_addends(structure.formula, false, addends);
  if (structure.prefill) add_addends(*structure.prefill, false, of_prefill);
  FormulaTerms out;
  for (const expr::Expr& addend : addends) {
    const bool prefill = std::find(of_prefill.begin(), of_prefill.end(), addend) != of_prefill.end();
    out.terms.push_back({"term_" + std::to_string(out.terms.size() + 1), expr::print(addend), prefill,
                         over_wave(addend, model.context(group).facts, metric)});
  }
  return out;
}

}  // namespace

FormulaTerms formula_terms(const Model& model, std::size_t group, Metric metric) {
  if (const auto* const found = dynamic_cast<const StructureModel*>(&model))
    return found_terms(*found, group, metric);
  const GroupLaw& law = dynamic_cast<const LawModel&>(model).laws()[group];
  return law.serving ? server_terms(law, metric) : job_terms(law, metric);
}

}  // namespace energylens::parametric
