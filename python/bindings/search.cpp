// SPDX-License-Identifier: Apache-2.0
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <map>
#include <optional>
#include <string>

#include "energylens/core/error.hpp"
#include "energylens/expr/text.hpp"
#include "energylens/search/search.hpp"
#include "expr/program.hpp"
#include "python/bindings/bindings.hpp"
#include "python/bindings/long_work.hpp"

namespace energylens::python {
namespace {

namespace nb = nanobind;
using nb::literals::operator""_a;

std::vector<double> copied(const Numbers& array) {
  return {array.data(), array.data() + array.size()};
}

search::Loss loss_named(const std::string& name) {
  if (name == "log_error") return search::Loss::log_error;
  if (name == "absolute") return search::Loss::absolute;
  if (name == "relative") return search::Loss::relative;
  throw Error::usage("unknown loss \"" + name + "\"; available: absolute, relative, log_error");
}

search::Scope scope_named(const std::string& name) {
  if (name == "shared") return search::Scope::shared;
  if (name == "per_group") return search::Scope::per_group;
  throw Error::usage("unknown scope \"" + name + "\"; available: shared, per_group");
}

/// Settings by the names of search::Options; absent ones keep their defaults.
search::Options options_of(const nb::dict& given) {
  search::Options out;
  const auto set = [&given]<class Value>(const char* name, Value& target) {
    if (given.contains(name)) target = nb::cast<Value>(given[name]);
  };
  const auto text = [&given](const char* name) {
    return given.contains(name) ? nb::cast<std::string>(given[name]) : std::string();
  };
  if (const std::string operators = text("operators"); !operators.empty())
    out.operators = search::parse_operators(operators);
  set("max_complexity", out.max_complexity);
  set("units", out.units);
  set("real_exponents", out.real_exponents);
  set("positive_coefficients", out.positive_coefficients);
  set("rising", out.rising);
  set("concave", out.concave);
  set("guesses", out.guesses);
  set("seed", out.seed);
  set("evaluations", out.evaluations);
  set("time_limit_s", out.time_limit_s);
  set("target_loss", out.target_loss);
  set("islands", out.islands);
  set("threads", out.threads);
  if (const std::string loss = text("loss"); !loss.empty()) out.loss = loss_named(loss);
  if (const std::string scope = text("coefficients"); !scope.empty()) out.coefficients = scope_named(scope);
  if (const std::string scope = text("exponents"); !scope.empty()) out.exponents = scope_named(scope);
  if (given.contains("constant_units")) {
    for (const std::string& unit : nb::cast<std::vector<std::string>>(given["constant_units"]))
      out.constant_units.push_back(parse_unit(unit));
  }
  return out;
}

search::Problem problem_of(const std::vector<std::string>& names, const std::vector<std::string>& units,
                           const std::vector<Numbers>& columns, const Numbers& target, const nb::dict& more) {
  search::Problem out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out.inputs.push_back({names[i], parse_unit(units[i]), copied(columns[i])});
  out.target = copied(target);
  if (more.contains("target_name")) out.target_name = nb::cast<std::string>(more["target_name"]);
  if (more.contains("target_unit")) out.target_unit = parse_unit(nb::cast<std::string>(more["target_unit"]));
  if (more.contains("weights")) out.weights = copied(nb::cast<Numbers>(more["weights"]));
  if (more.contains("groups")) out.groups = nb::cast<std::vector<std::size_t>>(more["groups"]);
  if (more.contains("group_names")) out.group_names = nb::cast<std::vector<std::string>>(more["group_names"]);
  if (more.contains("template")) out.form = nb::cast<std::string>(more["template"]);
  if (more.contains("noise_sd")) out.noise_sd = nb::cast<double>(more["noise_sd"]);
  return out;
}

nb::dict dict_of(const search::Formula& formula, std::size_t groups) {
  nb::list exact;  // by group, with numbers that read back exactly
  for (std::size_t group = 0; group < groups; ++group)
    exact.append(expr::print(formula.with_constants(group)));
  nb::dict constants;
  for (const search::Constant& one : formula.constants) constants[one.name.c_str()] = one.values;
  nb::dict out;
  out["equation"] = formula.text();
  out["exact"] = exact;
  out["latex"] = expr::print_latex(formula.expr);
  out["complexity"] = formula.complexity;
  out["loss"] = formula.loss;
  out["score"] = formula.score;
  out["description_length"] = formula.description_length;
  out["constants"] = constants;
  out["chosen"] = formula.chosen;
  return out;
}

nb::dict run_search(const std::vector<std::string>& names, const std::vector<std::string>& units,
                    const std::vector<Numbers>& columns, const Numbers& target, const nb::dict& more,
                    const nb::dict& settings, const nb::object& report) {
  search::Problem problem = problem_of(names, units, columns, target, more);
  search::Options options = options_of(settings);
  CancelToken cancel;
  options.cancel = &cancel;
  const search::Front front = long_work(report, cancel, [&](SharedProgress& progress) {
    search::set_constants_aside(problem);
    options.watch = [&](const search::Status& status) {
      progress.set(status.best.empty() ? "search" : status.best.back().equation, status.evaluations,
                   options.evaluations);
    };
    return search::search(problem, options);
  });
  nb::list formulas;
  for (const search::Formula& formula : front.formulas)
    formulas.append(dict_of(formula, problem.group_count()));
  nb::dict out;
  out["formulas"] = formulas;
  out["ended"] = std::string(search::ended_text(front.why));
  out["evaluations"] = front.evaluations;
  out["seconds"] = front.seconds;
  out["warnings"] = search::warnings(front);
  return out;
}

nb::object evaluate(const std::string& formula, const std::vector<std::string>& names,
                    const std::vector<Numbers>& columns) {
  const std::size_t rows = columns.empty() ? 1 : columns.front().size();
  std::vector<std::span<const double>> spans;
  for (const Numbers& column : columns) {
    if (column.size() != rows) throw nb::value_error("columns of different lengths");
    spans.emplace_back(column.data(), rows);
  }
  std::vector<double> out(rows);
  {
    const nb::gil_scoped_release released;
    expr::ParseOptions inputs;
    inputs.variables = names;
    const expr::Program program(expr::parse(formula, inputs), names);
    expr::Workspace workspace;
    program.evaluate(spans, {}, out, workspace);
  }
  return to_numpy(std::move(out));
}

}  // namespace

void bind_search(nb::module_& module) {
  module.def(
      "search", &run_search, "names"_a, "units"_a, "columns"_a, "target"_a, "more"_a, "settings"_a,
      nb::arg("report").none() = nb::none(),
      nb::sig("def search(names: list[str], units: list[str], columns: "
              "list[numpy.typing.NDArray[numpy.float64]], target: numpy.typing.NDArray[numpy.float64], more: "
              "dict[str, object], settings: dict[str, object], report: Callable[[str, int, int], object] | "
              "None = None) -> dict[str, object]"),
      "Searches for formulas; the front by rising complexity.");
  module.def("evaluate", &evaluate, "formula"_a, "names"_a, "columns"_a,
             nb::sig("def evaluate(formula: str, names: list[str], columns: "
                     "list[numpy.typing.NDArray[numpy.float64]]) -> numpy.typing.NDArray[numpy.float64]"),
             "Values of a formula, row by row.");
}

}  // namespace energylens::python
