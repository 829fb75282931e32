// SPDX-License-Identifier: Apache-2.0
// Operator tables of AIConfigurator (github.com/ai-dynamo/aiconfigurator) as CSV: one call of one kernel per line,
// with `latency` in ms and `power` in W of one GPU. The energy of a call is their product. Such a row is not a serving
// job: `model` names the operator, and its sizes are in separate columns. Lines whose power is 0 or blank are
// left out and counted. Held by aiconfigurator_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "importers/content.hpp"
#include "importers/foreign.hpp"
#include "importers/formats.hpp"
#include "importers/rows.hpp"
#include "io/sheet.hpp"

namespace energylens::importers {
namespace {

using Column = std::optional<std::size_t>;

/// Columns that have a meaning in the table; the others are kept under their own name.
constexpr std::array<std::string_view, 12> kRead = {
    "framework", "version",    "device", "op_name", "kernel_source", "batch_size",
    "isl",       "num_tokens", "m",      "latency", "power",         "power_limit"};

class Operators {
 public:
  Operators(const std::string& text, const std::string& file) : sheet_(text, file), file_(file) {
    for (const char* name : {"op_name", "device", "latency", "power"}) {
      if (!sheet_.find(name))
        throw Error::bad_input({file, 1, {}}, fmt::format("missing column {}", quote(name)));
    }
    for (const char* name : {"batch_size", "num_tokens", "m"}) {
      if (!size_) size_ = sheet_.find(name);
    }
    if (!size_)
      throw Error::bad_input({file, 1, {}}, "missing column \"batch_size\", \"num_tokens\" or \"m\"");
  }

  void add_rows(table::RowWriter& rows, std::vector<std::string>& warnings) {
    std::size_t without_power = 0;
    while (sheet_.next()) {
      const double power_w = number("power", "a power in watts");
      if (power_w > 0) {
        add_row(rows, power_w);
      } else {
        ++without_power;
      }
    }
    if (without_power > 0)
      warnings.push_back(fmt::format("{}: ignored {} without power", file_, plural(without_power, "line")));
    if (sheet_.cut_off()) warnings.push_back(file_ + ": ignored the last line, which is cut off");
  }

 private:
  std::string_view text(std::string_view name) const { return sheet_.cell(sheet_.find(name)); }
  double number(std::string_view name, std::string_view wanted) const {
    return sheet_.number(sheet_.find(name), wanted);
  }

  void add_row(table::RowWriter& rows, double power_w) {
    const double latency_s = number("latency", "a latency in ms") * 1e-3;
    if (!(latency_s > 0))
      throw Error::bad_cell(sheet_.place(sheet_.find("latency")), io::shown(text("latency")),
                            "a latency in ms");
    rows.begin_row();
    rows.set("model", text("op_name"));
    rows.set("gpu", text("device"));
    rows.set("engine", text("framework"));
    rows.set("engine_version", text("version"));
    rows.set("workload", shape());
    rows.set("quant", text(precision_column()));
    rows.set("kv_dtype", text("kv_cache_dtype"));
    rows.set("row_kind", "job");
    rows.set("batch", sheet_.number(size_, "a size"));
    rows.set("isl", text("isl"));
    rows.set("total_time_s", latency_s);
    rows.set("avg_power_w", power_w);
    rows.set("total_energy_j", latency_s * power_w);
    rows.set("power_limit_w", text("power_limit"));
    rows.set("energy_scope", "gpu");
    rows.set("notes", "one call of an operator on one GPU; not a serving job");
    for (const std::string& name : sheet_.names()) {
      if (std::ranges::find(kRead, name) == kRead.end()) rows.set("op_" + name, text(name));
    }
  }

  /// The kernel and all sizes except the batch: calls of one shape are one workload.
  std::string shape() const {
    std::string words(text("kernel_source"));
    for (const std::string& name : sheet_.names()) {
      if (std::ranges::find(kRead, name) != kRead.end() || text(name).empty()) continue;
      words += ' ' + name + '=' + std::string(text(name));
    }
    return words;
  }

  std::string_view precision_column() const {
    for (const std::string_view name : {"gemm_dtype", "attn_dtype", "moe_dtype"}) {
      if (sheet_.find(name)) return name;
    }
    return "";
  }

  io::Sheet sheet_;
  std::string file_;
  Column size_;
};

}  // namespace

Imported import_aiconfigurator(const Request& request) {
  table::RowWriter rows;
  std::vector<std::string> warnings;
  for (const std::string& file : request.files) {
    const std::string text = text_of(file, request);
    explained(text, file, "aiconfigurator", [&] { Operators(text, file).add_rows(rows, warnings); });
  }
  table::Table table = finish(rows, request, warnings);
  return {std::move(table), std::move(warnings)};
}

std::vector<FieldInfo> aiconfigurator_fields() {
  return {{"op_name", "model", FieldUse::read, "the operator"},
          {"device", "gpu", FieldUse::read, ""},
          {"framework, version", "engine, engine_version", FieldUse::read, ""},
          {"kernel_source and sizes", "workload", FieldUse::read, "all sizes but the batch"},
          {"gemm_dtype, attn_dtype, moe_dtype", "quant", FieldUse::read, ""},
          {"kv_cache_dtype", "kv_dtype", FieldUse::read, ""},
          {"batch_size, num_tokens, m", "batch", FieldUse::read, ""},
          {"isl", "isl", FieldUse::read, ""},
          {"latency", "total_time_s", FieldUse::read, "ms"},
          {"power", "avg_power_w", FieldUse::read, "W of one GPU; lines without it are left out"},
          {"power_limit", "power_limit_w", FieldUse::read, ""},
          {"", "total_energy_j", FieldUse::derived, "latency times power"},
          {"all others", "op_...", FieldUse::read, "columns of their own"},
          {"Parquet", "", FieldUse::refused, "convert it: duckdb -c \"COPY (FROM 'x.parquet') TO 'x.csv'\""}};
}

}  // namespace energylens::importers
