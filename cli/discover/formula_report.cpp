// SPDX-License-Identifier: Apache-2.0
// The report is made from the model file, so that the two cannot differ.
#include "cli/discover/formula_report.hpp"

#include "cli/console.hpp"
#include "cli/output.hpp"
#include "energylens/core/rounded_text.hpp"

namespace energylens::cli {
namespace {

using io::Json;

/// Calls use(group, target, constants of the structure, fit) for each target that a group was fitted to.
template <class Use>
void for_each_fit(const discovered::Model& model, const Use& use) {
  const Json file = io::parse_json(model.to_json(), "model");
  std::size_t g = 0;
  for (const Json& group : file.array_at("groups")) {
    for (const char* const target : {"energy", "time"}) {
      if (!group.at(target).is_null()) use(model.groups()[g], target, file.at(target), group.at(target));
    }
    ++g;
  }
}

}  // namespace

std::string discovered_report_text(const discovered::Model& model) {
  std::string text;
  for_each_fit(model, [&](const table::GroupIdentity& group, const std::string& target, const Json& structure,
                          const Json& fit) {
    text += group.text() + ": " + target + " of " + std::to_string(fit.unsigned_integer("rows")) + " rows, " +
            percent_text(fit.number("mape")) + " mape in sample\n  " + structure.text("formula") + '\n';
    TextTable table("lrrrl", {"  constant", "value", "90 % from", "to", "unit"});
    for (const Json& constant : structure.array_at("constants")) {
      const Json& fitted = fit.at("constants").at(constant.text("name"));
      table.add({"  " + constant.text("name"), rounded_text(fitted.number("value")),
                 rounded_text(fitted.number("lo")), rounded_text(fitted.number("hi")),
                 constant.text("unit")});
    }
    text += table.text() + '\n';
  });
  return text;
}

Json discovered_report_rows(const discovered::Model& model) {
  Json rows = Json::array();
  for_each_fit(model, [&](const table::GroupIdentity& group, const std::string& target, const Json& structure,
                          const Json& fit) {
    for (const Json& constant : structure.array_at("constants")) {
      const Json& fitted = fit.at("constants").at(constant.text("name"));
      rows.push_back(Json::object({{"group", group.text()},
                                   {"target", target},
                                   {"constant", constant.text("name")},
                                   {"value", fitted.number("value")},
                                   {"lo", fitted.number("lo")},
                                   {"hi", fitted.number("hi")},
                                   {"unit", constant.text("unit")}}));
    }
  });
  return rows;
}

void warn_of_form(const discovered::Model& model) {
  if (model.joint()) return;
  warn(
      "the catalogue lacks figures of the model or the GPU (see energylens catalogue), so the built-in formula was "
      "fitted instead of power times time");
}

}  // namespace energylens::cli
