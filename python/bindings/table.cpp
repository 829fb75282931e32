// SPDX-License-Identifier: Apache-2.0
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "energylens/table/table.hpp"
#include "python/bindings/bindings.hpp"

namespace energylens::python {
namespace {

namespace nb = nanobind;
using table::Table;

std::vector<std::string> column_names(const Table& table) {
  std::vector<std::string> names;
  for (const table::ColumnInfo& column : table::columns()) {
    if (table.has(column.column)) names.emplace_back(column.name);
  }
  for (const table::TextColumn& column : table.unknown_columns()) names.push_back(column.name);
  return names;
}

/// A column of texts, or nothing if it has no such name.
nb::object texts_of(const Table& table, const std::string& name) {
  nb::list cells;
  if (const auto column = table::find_column(name)) {
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const std::string_view text = table.text(*column, row);
      cells.append(text.empty() ? nb::object(nb::none()) : nb::object(nb::str(text.data(), text.size())));
    }
    return cells;
  }
  for (const table::TextColumn& column : table.unknown_columns()) {
    if (column.name != name) continue;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const std::string& text = column[row];
      cells.append(text.empty() ? nb::object(nb::none()) : nb::object(nb::str(text.data(), text.size())));
    }
    return cells;
  }
  throw nb::key_error(name.c_str());
}

/// Numbers as an array that refers to the table, texts as a list with None for a blank.
nb::object column_of(nb::handle self, const std::string& name) {
  const Table& table = nb::cast<const Table&>(self);
  const auto column = table::find_column(name);
  if (!column || table::info(*column).type == table::ColumnType::text) return texts_of(table, name);
  const std::span<const double> values = table.numbers(*column);
  return nb::cast(
      nb::ndarray<nb::numpy, const double, nb::ndim<1>>(values.data(), {values.size()}, nb::borrow(self)));
}

}  // namespace

void bind_table(nb::module_& module) {
  nb::class_<Table>(module, "Table", "Measurements in columns, checked and typed.")
      .def_static(
          "parse",
          [](const std::string& text, const std::string& name, bool results_required) {
            const nb::gil_scoped_release released;
            return table::parse_csv(
                text, name,
                results_required ? table::ResultColumns::required : table::ResultColumns::optional);
          },
          nb::arg("text"), nb::arg("name"), nb::arg("results_required") = true,
          "Reads the text of a CSV file; `name` stands for the file in messages.")
      .def_prop_ro("rows", &Table::rows)
      .def_prop_ro("columns", &column_names)
      .def("column", &column_of, nb::arg("name"),
           nb::sig("def column(self, name: str) -> numpy.typing.NDArray[numpy.float64] | list[str | None]"))
      .def("to_csv", [](const Table& table) { return table::to_csv(table); });
}

}  // namespace energylens::python
