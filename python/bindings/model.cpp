// SPDX-License-Identifier: Apache-2.0
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <map>
#include <string>

#include "energylens/core/error.hpp"
#include "energylens/expr/text.hpp"
#include "energylens/parametric/model.hpp"
#include "energylens/registry/kinds.hpp"
#include "energylens/registry/many.hpp"
#include "python/bindings/bindings.hpp"
#include "python/bindings/long_work.hpp"

namespace energylens::python {
namespace {

namespace nb = nanobind;
using predictor::Predictor;

using Arrays = std::map<std::string, Numbers>;
using Layouts = nb::ndarray<const std::uint32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Flags = nb::ndarray<const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

std::span<const double> span_of(const Arrays& arrays, const std::string& name, std::size_t rows) {
  const auto found = arrays.find(name);
  if (found == arrays.end()) return {};
  if (found->second.size() != rows) throw nb::value_error((name + ": another length than layout").c_str());
  return {found->second.data(), rows};
}

/// The columns, which refer to the arrays.
table::Configurations configurations_of(const std::vector<std::string>& layouts, const Layouts& layout,
                                        const Arrays& arrays, const Flags& steady) {
  const std::size_t rows = layout.size();
  table::Configurations out;
  for (const std::string& text : layouts) out.layouts.push_back(table::parse_layout(text));
  out.layout.assign(layout.data(), layout.data() + rows);
  for (const std::uint32_t index : out.layout) {
    if (index >= layouts.size()) throw nb::index_error("layout");
  }
  if (steady.size() == rows) out.steady.assign(steady.data(), steady.data() + rows);
  out.batch = span_of(arrays, "batch", rows);
  out.max_batch = span_of(arrays, "max_batch", rows);
  out.isl = span_of(arrays, "isl", rows);
  out.osl = span_of(arrays, "osl", rows);
  out.image_tokens = span_of(arrays, "image_tokens", rows);
  out.cached_tokens = span_of(arrays, "cached_tokens", rows);
  out.accepted_per_step = span_of(arrays, "accepted_per_step", rows);
  out.kv_capacity_tokens = span_of(arrays, "kv_capacity_tokens", rows);
  return out;
}

void check_rows(const Predictor& model, std::size_t group, const table::Configurations& configs) {
  if (const auto wrong = registry::first_unanswerable(model, group, configs))
    throw Error::bad_input({"configurations", static_cast<long>(wrong->row) + 1, wrong->column},
                           wrong->reason);
}

nb::dict values(const Predictor& model, std::size_t group, const std::vector<std::string>& layouts,
                const Layouts& layout, const Arrays& arrays, const Flags& steady, int threads,
                const nb::object& report) {
  const table::Configurations configs = configurations_of(layouts, layout, arrays, steady);
  CancelToken cancel;
  registry::PredictedColumns columns = long_work(report, cancel, [&](SharedProgress& progress) {
    check_rows(model, group, configs);
    const Progress pass = [&progress](std::size_t done, std::size_t total) {
      progress.set("predict", done, total);
    };
    return registry::predict_values(model, group, configs,
                                    {.threads = threads, .progress = pass, .cancel = &cancel});
  });
  nb::dict out;
  out["total_energy_j"] = to_numpy(std::move(columns.total_energy_j));
  out["energy_per_out_token_j"] = to_numpy(std::move(columns.energy_per_out_token_j));
  out["total_time_s"] = to_numpy(std::move(columns.total_time_s));
  out["avg_power_w"] = to_numpy(std::move(columns.avg_power_w));
  out["inside_domain"] = to_numpy(std::move(columns.inside_domain));
  return out;
}

nb::dict estimates(const Predictor& model, std::size_t group, const std::vector<std::string>& layouts,
                   const Layouts& layout, const Arrays& arrays, const Flags& steady, int threads,
                   const nb::object& report) {
  const table::Configurations configs = configurations_of(layouts, layout, arrays, steady);
  CancelToken cancel;
  const std::vector<predictor::Prediction> all = long_work(report, cancel, [&](SharedProgress& progress) {
    check_rows(model, group, configs);
    const Progress pass = [&progress](std::size_t done, std::size_t total) {
      progress.set("predict", done, total);
    };
    return registry::predict_rows(model, group, configs, 0, configs.rows(),
                                  {.threads = threads, .progress = pass, .cancel = &cancel});
  });
  nb::dict out;
  const auto add = [&](const std::string& name, auto&& value_of) {
    std::vector<double> column;
    column.reserve(all.size());
    for (const predictor::Prediction& one : all) column.push_back(value_of(one));
    out[name.c_str()] = to_numpy(std::move(column));
  };
  for (const registry::NamedQuantity& quantity : registry::quantities()) {
    const std::string name(quantity.name);
    add(name, [&](const predictor::Prediction& one) { return (one.*quantity.estimate).value; });
    add(name + "_lo", [&](const predictor::Prediction& one) { return (one.*quantity.estimate).lo; });
    add(name + "_hi", [&](const predictor::Prediction& one) { return (one.*quantity.estimate).hi; });
  }
  add("waves", [](const predictor::Prediction& one) { return one.waves; });
  add("kv_capacity_tokens", [](const predictor::Prediction& one) { return one.kv_capacity_tokens; });
  std::vector<std::uint8_t> inside;
  for (const predictor::Prediction& one : all) inside.push_back(one.inside_domain);
  out["inside_domain"] = to_numpy(std::move(inside));
  return out;
}

std::vector<std::map<std::string, std::string>> groups_of(const Predictor& model) {
  std::vector<std::map<std::string, std::string>> out;
  for (const table::GroupIdentity& identity : model.groups()) {
    auto& group = out.emplace_back();
    for (const auto& [column, text] : identity.key) group[column] = text;
  }
  return out;
}

/// The formula of one wave on one replica and its fitted numbers; None for a predictor that is no formula or lacks the
/// metric.
nb::object formula_of(const Predictor& predictor, std::size_t group, const std::string& metric_name) {
  const auto* const model = dynamic_cast<const parametric::Model*>(&predictor);
  const predictor::Metric metric =
      metric_name == "time" ? predictor::Metric::time : predictor::Metric::energy;
  if (model == nullptr || model->fit(group, metric) == nullptr) return nb::none();
  const expr::Expr formula = model->formula(group, metric);
  nb::list parameters;
  for (const parametric::FittedParameter& one : model->parameters(group, metric)) {
    nb::dict entry;
    entry["name"] = one.name;
    entry["unit"] = one.unit;
    entry["value"] = one.value;
    entry["lo"] = one.lo;
    entry["hi"] = one.hi;
    entry["meaning"] = one.meaning;
    parameters.append(entry);
  }
  nb::dict out;
  out["text"] = expr::print(formula);
  out["latex"] = expr::print_latex(formula);
  out["variables"] = formula.variables();
  out["parameters"] = parameters;
  return out;
}

}  // namespace

void bind_model(nb::module_& module) {
  constexpr const char* kPredict =
      "(self, group: int, layouts: list[str], layout: numpy.typing.NDArray[numpy.uint32], columns: dict[str, "
      "numpy.typing.NDArray[numpy.float64]], steady: numpy.typing.NDArray[numpy.uint8], threads: int = 0, report: "
      "Callable[[str, int, int], object] | None = None) -> dict[str, numpy.typing.NDArray[numpy.float64]]";
  static const std::string values_signature = std::string("def values") + kPredict,
                           estimates_signature = std::string("def estimates") + kPredict;
  nb::class_<Predictor>(module, "Predictor", "What a model file holds.")
      .def_static(
          "from_json",
          [](const std::string& text, const std::string& name) {
            const nb::gil_scoped_release released;
            return registry::load(text, name);
          },
          nb::arg("text"), nb::arg("name"))
      .def_prop_ro("kind", [](const Predictor& model) { return std::string(model.kind()); })
      .def_prop_ro("groups", &groups_of)
      .def("values", &values, nb::arg("group"), nb::arg("layouts"), nb::arg("layout"), nb::arg("columns"),
           nb::arg("steady"), nb::arg("threads") = 0, nb::arg("report").none() = nb::none(),
           nb::sig(values_signature.c_str()))
      .def("estimates", &estimates, nb::arg("group"), nb::arg("layouts"), nb::arg("layout"),
           nb::arg("columns"), nb::arg("steady"), nb::arg("threads") = 0,
           nb::arg("report").none() = nb::none(), nb::sig(estimates_signature.c_str()))
      .def("formula", &formula_of, nb::arg("group"), nb::arg("metric"),
           nb::sig("def formula(self, group: int, metric: str) -> dict[str, object] | None"));
}

}  // namespace energylens::python
