// SPDX-License-Identifier: Apache-2.0
// Read from the text of the model file, so that the report and the file cannot differ.
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
    text += group.text() + ": " + target + " fitted to " + std::to_string(fit.unsigned_integer("rows")) +
            " rows, mean absolute error " + percent_text(fit.number("mape")) + " (in sample)\n  " +
            structure.text("formula") + '\n';
    TextTable table("lrrrl", {"  constant", "value", "90 % from", "to", "unit"});
    for (const Json& constant : structure.array_at("constants")) {
      const Json& said = fit.at("constants").at(constant.text("name"));
      table.add({"  " + constant.text("name"), rounded_text(said.number("value")),
                 rounded_text(said.number("lo")), rounded_text(said.number("hi")), constant.text("unit")});
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
      const Json& said = fit.at("constants").at(constant.text("name"));
      rows.push_back(Json::object({{"group", group.text()},
                                   {"target", target},
                                   {"constant", constant.text("name")},
                                   {"value", said.number("value")},
                                   {"lo", said.number("lo")},
                                   {"hi", said.number("hi")},
                                   {"unit", constant.text("unit")}}));
    }
  });
  return rows;
}

void warn_of_form(const discovered::Model& model) {
  if (model.joint()) return;
  warn(
      "the catalogue lacks figures of a model or GPU; fitted the built-in formula, which needs none, instead of power times time");
}

}  // namespace energylens::cli
