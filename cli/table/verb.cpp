// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "cli/table/warnings.hpp"
#include "cli/verb.hpp"
#include "core/file.hpp"
#include "core/rounded_text.hpp"
#include "core/text.hpp"

namespace energylens::cli {
namespace {

struct CheckOptions {
  DataFlags data;
  std::string format = "table";
};

io::Json group_summary(const table::Group& group) {
  io::Json object = identity_json(group.identity);
  std::vector<std::string> layouts;
  std::size_t job = 0;
  for (const table::Row& row : group.rows) {
    const std::string text = table::layout_text(row.config.layout);
    if (std::find(layouts.begin(), layouts.end(), text) == layouts.end()) layouts.push_back(text);
    job += row.config.load.kind == table::RowKind::job;
  }
  std::sort(layouts.begin(), layouts.end());
  object["rows"] = group.rows.size();
  object["job_rows"] = job;
  object["energy_rows"] =
      std::ranges::count_if(group.rows, [](const table::Row& row) { return known(row.scenario_energy_j()); });
  object["time_rows"] =
      std::ranges::count_if(group.rows, [](const table::Row& row) { return known(row.scenario_time_s()); });
  object["scenarios"] = table::scenarios(group).size();
  object["layouts"] = join(layouts, " ");
  return object;
}

std::string check_text(const table::Table& table, const std::vector<table::Group>& groups) {
  TextTable text("lrrl", {"group", "rows", "scenarios", "layouts"});
  for (const table::Group& group : groups) {
    const io::Json summary = group_summary(group);
    text.add({group.identity.text(), rounded_text(summary.number("rows"), 9),
              rounded_text(summary.number("scenarios"), 9), summary.text("layouts")});
  }
  return fmt::format("{}{} rows, {}; the rows of a group are counted after averaging repeats\n", text.text(),
                     rounded_text(static_cast<double>(table.rows()), 12), plural(groups.size(), "group"));
}

int check(const CheckOptions& options) {
  const table::Table table = options.data.read();
  if (table.rows() == 0) throw Error::bad_input({options.data.files.front(), 0, {}}, "the table has no rows");
  inform_of_unused(table);
  std::vector<std::string> warnings;
  const std::vector<table::Group> groups = table::groups(table, &warnings);
  warn(warnings);
  warn(table::spelling_findings(table, groups));
  warn_of_gaps(groups);
  if (options.format == "table") {
    print(check_text(table, groups));
    return kOk;
  }
  io::Json rows = io::Json::array();
  for (const table::Group& group : groups) rows.push_back(group_summary(group));
  print(options.format == "csv" ? csv_text(rows) : io::print_json(rows) + '\n');
  return kOk;
}

std::string_view family_text(table::ColumnFamily family) {
  switch (family) {
    case table::ColumnFamily::identity:
      return "identity";
    case table::ColumnFamily::layout:
      return "layout";
    case table::ColumnFamily::operating_point:
      return "operating point";
    case table::ColumnFamily::load:
      return "load";
    case table::ColumnFamily::results:
      return "results";
    case table::ColumnFamily::facts:
      return "other";
  }
  return {};
}

std::string columns_text() {
  TextTable text("llll", {"column", "unit", "family", "meaning"});
  for (const table::ColumnInfo& column : table::columns()) {
    text.add({std::string(column.name), std::string(column.unit), std::string(family_text(column.family)),
              std::string(column.meaning)});
  }
  return text.text();
}

struct ConvertOptions {
  DataFlags data;
  std::string format = "csv", output = "-";
};

}  // namespace

Run table_check_verb(Arguments& args) {
  const auto options = std::make_shared<CheckOptions>();
  options->data.declare(args);
  declare_format(args, options->format);
  args.example("energylens table check measurements.csv --where gpu=H100-80GB-SXM");
  return [options] { return check(*options); };
}

Run table_template_verb(Arguments& args) {
  const auto explain = std::make_shared<bool>(false);
  args.flag("--columns", *explain, "describe the columns instead");
  args.example("energylens table template > measurements.csv");
  return [explain] {
    print(*explain ? columns_text() : table::table_template());
    return int{kOk};
  };
}

Run table_convert_verb(Arguments& args) {
  const auto options = std::make_shared<ConvertOptions>();
  options->data.declare(args);
  args.choice("--format", options->format, {"csv", "json"}, "output format");
  args.text("-o,--output", options->output, "FILE", "output file; - writes to standard output");
  args.writes();
  args.example("energylens table convert a.csv b.csv --where 'batch>=8' --format json -o both.json");
  return [options] {
    const table::Table table = options->data.read();
    write_file(options->output, options->format == "csv" ? table::to_csv(table) : table::to_json(table));
    return int{kOk};
  };
}

}  // namespace energylens::cli
