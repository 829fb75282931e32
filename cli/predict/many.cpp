// SPDX-License-Identifier: Apache-2.0
// Everything is computed in columns and written row by row: the columns of the question, then those of the answer. Held by
// tests/cli/predict_many_test.cpp.
#include "cli/predict/many.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <utility>
#include <variant>

#include "cli/console.hpp"
#include "cli/output.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "energylens/registry/many.hpp"
#include "energylens/table/group.hpp"
#include "io/csv_writer.hpp"

namespace energylens::cli {
namespace {

using table::Column;

constexpr std::size_t kRowsAtOnce = 8192;

/// A column of the answer; texts of a row by a function.
struct OutColumn {
  std::string name;
  std::variant<std::span<const double>, std::span<const std::uint8_t>,
               std::function<std::string_view(std::size_t)>>
      values;
};

/// The columns to write, and the memory of those that no table holds.
class OutColumns {
 public:
  OutColumns(const table::Table& table, const table::Configurations& configs) {
    for (const table::Layout& layout : configs.layouts) layouts_.push_back(table::layout_text(layout));
    for (const Column column :
         {Column::model, Column::gpu, Column::engine, Column::quant, Column::workload}) {
      if (table.has(column)) add_text(table, column);
    }
    add("layout",
        [this, &configs](std::size_t row) -> std::string_view { return layouts_[configs.layout[row]]; });
    if (table.has(Column::row_kind)) add_text(table, Column::row_kind);
    for (const Column column : {Column::batch, Column::max_batch, Column::isl, Column::osl,
                                Column::image_tokens, Column::cached_tokens, Column::accepted_per_step}) {
      if (table.has(column)) all_.push_back({std::string(info(column).name), table.numbers(column)});
    }
    for (const table::TextColumn& own : table.unknown_columns())
      add(own.name, [&own](std::size_t row) -> std::string_view { return own[row]; });
  }
  OutColumns(const OutColumns&) = delete;
  OutColumns& operator=(const OutColumns&) = delete;

  void add(std::string name, std::function<std::string_view(std::size_t)> text) {
    all_.push_back({std::move(name), std::move(text)});
  }
  void keep(std::string name, std::vector<double> values) {
    all_.push_back({std::move(name), std::span<const double>(numbers_.emplace_back(std::move(values)))});
  }
  void keep(std::string name, std::vector<std::uint8_t> values) {
    all_.push_back({std::move(name), std::span<const std::uint8_t>(truths_.emplace_back(std::move(values)))});
  }

  /// Rows that are outside the fitted domain.
  std::size_t outside() const {
    return static_cast<std::size_t>(std::ranges::count(truths_.back(), std::uint8_t{0}));
  }

  std::string csv(std::size_t rows) const {
    io::CsvWriter csv;
    for (const OutColumn& column : all_) csv.cell(column.name);
    csv.end_row();
    for (std::size_t row = 0; row < rows; ++row) {
      for (const OutColumn& column : all_) add_cell(csv, column, row);
      csv.end_row();
    }
    return std::move(csv).text();
  }

  io::Json json(std::size_t rows) const {
    io::Json out = io::Json::array();
    for (std::size_t row = 0; row < rows; ++row) {
      io::Json object = io::Json::object();
      for (const OutColumn& column : all_) object[column.name] = json_cell(column, row);
      out.push_back(std::move(object));
    }
    return out;
  }

 private:
  void add_text(const table::Table& table, Column column) {
    add(std::string(info(column).name),
        [&table, column](std::size_t row) { return table.text(column, row); });
  }

  static void add_cell(io::CsvWriter& csv, const OutColumn& column, std::size_t row) {
    if (const auto* const numbers = std::get_if<0>(&column.values)) {
      csv.cell((*numbers)[row]);
    } else if (const auto* const truths = std::get_if<1>(&column.values)) {
      csv.cell(std::string_view((*truths)[row] != 0 ? "true" : "false"));
    } else {
      csv.cell(std::get<2>(column.values)(row));
    }
  }

  static io::Json json_cell(const OutColumn& column, std::size_t row) {
    if (const auto* const numbers = std::get_if<0>(&column.values)) return (*numbers)[row];
    if (const auto* const truths = std::get_if<1>(&column.values)) return (*truths)[row] != 0;
    const std::string_view text = std::get<2>(column.values)(row);
    return text.empty() ? io::Json() : io::Json(text);
  }

  std::vector<OutColumn> all_;
  std::vector<std::string> layouts_;
  std::deque<std::vector<double>> numbers_;  // a deque: spans of its members stay valid
  std::deque<std::vector<std::uint8_t>> truths_;
};

void refuse_parquet(const std::string& path) {
  if (lower_case(path).ends_with(".parquet")) {
    throw Error::usage(
        path +
        ": Parquet is neither read nor written; use CSV, or energylens.Model.predict of the Python "
        "package, which takes and returns data frames");
  }
}

/// Refuses a row that names another system than the group that answers.
void check_system(const table::Table& table, const table::GroupIdentity& identity) {
  for (const Column column : {Column::model, Column::gpu, Column::engine, Column::quant, Column::workload}) {
    const std::string_view name = info(column).name;
    const std::string& ours = identity[name];
    if (!table.has(column) || ours.empty()) continue;
    const std::string normal = table::normal_text(column, ours);
    std::string_view last = ours;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const std::string_view text = table.text(column, row);
      if (text.empty() || text == last) continue;
      if (table::normal_text(column, text) != normal) {
        throw Error::bad_input({table.file(row), table.line(row), std::string(name)},
                               '"' + std::string(text) + "\" is not the \"" + ours +
                                   "\" of the model; select the group with --where");
      }
      last = text;
    }
  }
}

void check_rows(const table::Table& table, const table::Configurations& configs, const AskedModel& model,
                double context_tokens) {
  const auto wrong = registry::first_unanswerable(*model.predictor, model.group, configs, context_tokens);
  if (wrong)
    throw Error::bad_input({table.file(wrong->row), table.line(wrong->row), wrong->column}, wrong->reason);
}

void add_values(OutColumns& out, registry::PredictedColumns values) {
  out.keep("total_energy_j", std::move(values.total_energy_j));
  out.keep("energy_per_out_token_j", std::move(values.energy_per_out_token_j));
  out.keep("total_time_s", std::move(values.total_time_s));
  out.keep("avg_power_w", std::move(values.avg_power_w));
  out.keep("inside_domain", std::move(values.inside_domain));
}

/// All quantities of a prediction with their intervals.
void add_estimates(OutColumns& out, const ManyOptions& options, const AskedModel& model,
                   const table::Configurations& configs) {
  const std::span<const registry::NamedQuantity> quantities = registry::quantities();
  const std::size_t rows = configs.rows();
  std::vector<std::vector<double>> columns(3 * quantities.size(), std::vector<double>(rows, kUnknown));
  std::vector<double> waves(rows, kUnknown), capacity(rows, kUnknown);
  std::vector<std::uint8_t> inside(rows);
  RunOptions run = options.run.options("predict");
  const Progress progress = std::exchange(run.progress, {});
  for (std::size_t first = 0; first < rows; first += kRowsAtOnce) {
    const std::size_t count = std::min(kRowsAtOnce, rows - first);
    const auto predictions =
        registry::predict_rows(*model.predictor, model.group, configs, first, count, run);
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t q = 0; q < quantities.size(); ++q) {
        const predictor::Estimate& estimate = predictions[i].*quantities[q].estimate;
        columns[3 * q][first + i] = estimate.value;
        columns[3 * q + 1][first + i] = estimate.lo;
        columns[3 * q + 2][first + i] = estimate.hi;
      }
      waves[first + i] = predictions[i].waves;
      capacity[first + i] = predictions[i].kv_capacity_tokens;
      inside[first + i] = predictions[i].inside_domain;
    }
    if (progress) progress(first + count, rows);
  }
  constexpr std::string_view kEnds[] = {"", "_lo", "_hi"};
  for (std::size_t i = 0; i < columns.size(); ++i)
    out.keep(std::string(quantities[i / 3].name) + std::string(kEnds[i % 3]), std::move(columns[i]));
  out.keep("waves", std::move(waves));
  out.keep("kv_capacity_tokens", std::move(capacity));
  out.keep("inside_domain", std::move(inside));
}

}  // namespace

void ManyOptions::declare(Arguments& args) {
  args.text(
      "--configurations", file, "FILE",
      "CSV file with one configuration per row, in the columns of a table: layout (or tp, pp, dp, ep), batch, "
      "isl, osl, ...; - is standard input");
  args.reads();
  args.flag("--intervals", intervals,
            "of --configurations: every quantity with its 90 % interval, not only energy, time and power");
  args.text("-o,--output", output, "FILE",
            "file for the predictions of --configurations; - is standard output");
  args.writes();
  run.declare(args);
}

std::size_t predict_many(const ManyOptions& options, const std::string& format, const AskedModel& model,
                         double context_tokens) {
  refuse_parquet(options.file);
  refuse_parquet(options.output);
  const table::Table table =
      table::parse_csv(read_file(options.file), options.file, table::ResultColumns::optional);
  const table::GroupIdentity& identity = model.predictor->groups()[model.group];
  check_system(table, identity);
  const table::Configurations configs = table::configurations(table);
  check_rows(table, configs, model, context_tokens);
  OutColumns out(table, configs);
  if (options.intervals) {
    add_estimates(out, options, model, configs);
  } else {
    add_values(out, registry::predict_values(*model.predictor, model.group, configs,
                                             options.run.options("predict")));
  }
  std::string text;
  if (format == "json") {
    io::Json answer = io::Json::object({{"configurations", configs.rows()}});
    add_echo(answer, io::Json::object({{"configurations", options.file}}), model);
    answer["predictions"] = out.json(configs.rows());
    text = io::print_json(answer) + '\n';
  } else {
    text = out.csv(configs.rows());
  }
  if (options.output == "-") {
    print(text);
  } else {
    write_file(options.output, text);
  }
  return out.outside();
}

}  // namespace energylens::cli
