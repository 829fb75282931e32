// SPDX-License-Identifier: Apache-2.0
// Held by layout_of_test.cpp.
#include "table/layout_of.hpp"

#include <fmt/format.h>

#include "energylens/core/error.hpp"

namespace energylens::table {
namespace {

struct GivenFactors {
  double tp, pp, dp, ep;
};

double or_one(double value) {
  return known(value) ? value : 1;
}

/// The layout in the text; separate columns of factors must repeat it.
Layout from_text(const Table& table, std::size_t row, const GivenFactors& given) {
  const std::string_view text = table.text(Column::layout, row);
  Layout layout;
  try {
    layout = parse_layout(text);
  } catch (const Error& error) {
    throw Error::bad_input(place_of(table, row, Column::layout), error.message());
  }
  const auto agree = [&](Column column, double cell, int factor) {
    if (!known(cell) || cell == factor) return;
    throw Error::bad_input(place_of(table, row, column), fmt::format("{} contradicts the layout {}",
                                                                     number_text(cell), layout_text(layout)));
  };
  agree(Column::tp, given.tp, layout.tp);
  agree(Column::pp, given.pp, layout.pp);
  agree(Column::dp, given.dp, layout.dp);
  agree(Column::ep, given.ep, layout.ep);
  return layout;
}

Layout from_factors(const Table& table, std::size_t row, const GivenFactors& given, double num_gpus) {
  const bool only_gpus = known(num_gpus) && !known(given.tp) && !known(given.pp) && !known(given.dp);
  const double tp = only_gpus ? num_gpus : or_one(given.tp);
  const double pp = or_one(given.pp);
  const double dp = or_one(given.dp);
  const double ep = or_one(given.ep);
  if (!(tp * pp * dp <= kMostGpus && ep <= kMostGpus)) {
    throw Error::bad_input(place_of(table, row, Column::tp), "more than 1,000,000 GPUs");
  }
  return {static_cast<int>(tp), static_cast<int>(pp), static_cast<int>(dp), static_cast<int>(ep)};
}

}  // namespace

Place place_of(const Table& table, std::size_t row, Column column) {
  return {table.file(row), table.line(row), std::string(info(column).name)};
}

Layout layout_of(const Table& table, std::size_t row, bool* ep_beside_tp) {
  const GivenFactors given{number_at(table, Column::tp, row), number_at(table, Column::pp, row),
                           number_at(table, Column::dp, row), number_at(table, Column::ep, row)};
  const double num_gpus = number_at(table, Column::num_gpus, row);
  Layout layout = table.text(Column::layout, row).empty() ? from_factors(table, row, given, num_gpus)
                                                          : from_text(table, row, given);
  if (ep_beside_tp) *ep_beside_tp = false;
  if (!known(num_gpus) || num_gpus == layout.gpus()) return layout;
  const double gpus_with_experts = static_cast<double>(layout.gpus()) * layout.ep;
  if (layout.dp == 1 && num_gpus == gpus_with_experts && num_gpus <= kMostGpus) {
    if (ep_beside_tp) *ep_beside_tp = true;
    layout.tp *= layout.ep;
    return layout;
  }
  throw Error::bad_input(place_of(table, row, Column::num_gpus),
                         fmt::format("{} GPUs, but tp*pp*dp = {}*{}*{} = {}", number_text(num_gpus),
                                     layout.tp, layout.pp, layout.dp, layout.gpus()));
}

}  // namespace energylens::table
