// SPDX-License-Identifier: Apache-2.0
// From the front of a search to a model. Held by tests/discovery/from_front_test.cpp.
#include "energylens/discovery/from_front.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "energylens/expr/expr.hpp"
#include "energylens/predictor/group_context.hpp"
#include "energylens/predictor/quantities.hpp"

namespace energylens::discovery {
namespace {

/// Whether the constant occurs as an exponent only.
bool exponent(const expr::Expr& formula, const std::string& name) {
  const std::span<const expr::Node> nodes = formula.nodes();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].op != expr::Op::parameter || formula.name(nodes[i]) != name) continue;
    const bool is_last_operand = i + 1 < nodes.size() && nodes[i + 1].op == expr::Op::power;
    if (!is_last_operand) return false;
  }
  return true;
}

double geometric_mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += std::log(value) / static_cast<double>(values.size());
  return std::exp(sum);
}

/// A group may lack a term that others have: its coefficient is 0, which no logarithm reaches.
constexpr double kLeastShare = 1e-9;

std::vector<double> constants_of(const search::Formula& formula, const predictor::Structure& structure,
                                 std::size_t group) {
  std::vector<double> out;
  for (std::size_t k = 0; k < formula.constants.size(); ++k) {
    const std::vector<double>& values = formula.constants[k].values;
    const double value = values[values.size() == 1 ? 0 : group];
    const double least = kLeastShare * structure.constants[k].start;
    out.push_back(structure.constants[k].logarithmic ? std::max(value, least) : value);
  }
  return out;
}

}  // namespace

predictor::Structure structure_of(const search::Formula& formula, const std::string& form, bool positive) {
  predictor::Structure out;
  out.form = form;
  out.formula = formula.expr;
  for (const search::Formula::Part& part : formula.parts) {
    if (part.name == "prefill") out.prefill = part.expr;
  }
  for (const search::Constant& c : formula.constants) {
    const bool all_positive = std::ranges::all_of(c.values, [](double v) { return v > 0; });
    const bool some = c.coefficient && positive;  // 0 in a group that lacks the term
    std::vector<double> above;
    std::ranges::copy_if(c.values, std::back_inserter(above), [](double v) { return v > 0; });
    const bool logarithmic = !above.empty() && (some || all_positive) && !exponent(formula.expr, c.name);
    // Where published figures tell groups apart, one set of coefficients is for all of them.
    const bool own = c.per_group || (c.coefficient && !predictor::has_quantity(formula.expr));
    out.constants.push_back(
        {c.name, c.unit, own, logarithmic, logarithmic ? geometric_mean(above) : c.values.front()});
  }
  return out;
}

parametric::StructureModel from_front(const search::Front& front, const Measurements& data, bool energy,
                                      const predictor::FitOptions& options) {
  const search::Formula& chosen = front.chosen();
  std::vector<predictor::PreparedRows> prepared;
  for (std::size_t g = 0; g < data.groups.size(); ++g) {
    predictor::TrainingGroup training{data.groups[g], {}, {}};
    for (std::size_t i = 0; i < data.rows.size(); ++i) {
      if (data.problem.group_of(i) == g)
        training.rows.push_back(static_cast<std::size_t>(data.rows[i] - data.groups[g]->rows.data()));
    }
    prepared.push_back(predictor::prepared_rows(training, options));
  }
  parametric::FittedStructure fitted{structure_of(chosen, data.problem.form, true), {}, {}};
  for (std::size_t g = 0; g < prepared.size(); ++g)
    fitted.constants.push_back(constants_of(chosen, fitted.structure, g));
  fitted.search = {data.problem.fingerprint(),
                   std::string(search::ended_text(front.why)),
                   data.problem.group_names,
                   data.problem.rows(),
                   front.evaluations,
                   options.seed,
                   chosen.complexity,
                   chosen.loss,
                   chosen.cv_mape};
  return parametric::with_constants(prepared, fitted,
                                    energy ? predictor::Metric::energy : predictor::Metric::time, options);
}

}  // namespace energylens::discovery
