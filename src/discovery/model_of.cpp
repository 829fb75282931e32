// SPDX-License-Identifier: Apache-2.0
// From the chosen formula of a search to a model. Held by tests/discovery/model_of_test.cpp.

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "discovery/discover.hpp"
#include "discovery/structure_of.hpp"
#include "energylens/expr/expr.hpp"
#include "energylens/predictor/group_context.hpp"
#include "parametric/structure_fit.hpp"
#include "predictor/quantities.hpp"

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

/// The rows that were searched, by group.
std::vector<predictor::PreparedRows> prepared(const Discovery& found, const Measurements& data,
                                              const predictor::FitOptions& options) {
  predictor::TrainingData training;
  for (const table::Group* group : data.groups) training.push_back({group, {}, {}});
  for (const std::size_t i : found.rows) {
    const std::size_t g = data.problem.group_of(i);
    const std::ptrdiff_t row = data.rows[i] - data.groups[g]->rows.data();
    training[g].rows.push_back(static_cast<std::size_t>(row));
  }
  std::vector<predictor::PreparedRows> out;
  for (const predictor::TrainingGroup& group : training)
    out.push_back(predictor::prepared_rows(group, options));
  return out;
}

predictor::Metric metric_of(const Measurements& data) {
  return data.energy ? predictor::Metric::energy : predictor::Metric::time;
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
    // Where published figures distinguish groups, one set of coefficients is for all of them.
    const bool own = c.per_group || (c.coefficient && !predictor::has_quantity(formula.expr));
    out.constants.push_back(
        {c.name, c.unit, own, logarithmic, logarithmic ? geometric_mean(above) : c.values.front()});
  }
  return out;
}

parametric::StructureModel model_of(const Discovery& found, const Measurements& data,
                                    const predictor::FitOptions& options) {
  const search::Formula& chosen = found.front.chosen();
  const predictor::Structure structure = structure_of(chosen, data.problem.form, true);
  std::vector<std::vector<double>> constants;
  for (std::size_t g = 0; g < data.groups.size(); ++g)
    constants.push_back(constants_of(chosen, structure, g));
  const parametric::Provenance provenance{found.problem.fingerprint(),
                                          std::string(search::ended_text(found.front.why)),
                                          found.problem.group_names,
                                          found.problem.rows(),
                                          found.front.evaluations,
                                          options.seed,
                                          chosen.complexity,
                                          chosen.loss,
                                          chosen.cv_mape};
  return parametric::with_constants(prepared(found, data, options), {structure, constants, provenance},
                                    metric_of(data), options);
}

}  // namespace energylens::discovery
