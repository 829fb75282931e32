// SPDX-License-Identifier: Apache-2.0
// An unknown name is either a column of the user's own, which is kept, or a mistake, which is refused. It is taken
// for a mistake only if the known column that it resembles is absent: a known quantity in another unit or without
// its unit, another tool's name for it, or a few wrong letters. Held by header_test.cpp.
#include "table/header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/nearest_name.hpp"
#include "core/text.hpp"

namespace energylens::table {
namespace {

constexpr std::array<Column, 11> kMeasured = {Column::total_energy_j,
                                              Column::prefill_energy_j,
                                              Column::decode_energy_j,
                                              Column::energy_per_out_token_j,
                                              Column::energy_per_request_j,
                                              Column::total_time_s,
                                              Column::prefill_time_s,
                                              Column::decode_time_s,
                                              Column::ttft_s,
                                              Column::tpot_s,
                                              Column::throughput_tok_s};

struct Alias {
  std::string_view name;
  Column column;
};
// Names of our columns in other tools.
constexpr std::array kAliases = std::to_array<Alias>({
    {"batch_size", Column::batch},
    {"bs", Column::batch},
    {"num_requests", Column::batch},
    {"max_num_seqs", Column::max_batch},
    {"max_batch_size", Column::max_batch},
    {"input_len", Column::isl},
    {"input_length", Column::isl},
    {"input_tokens", Column::isl},
    {"in_tokens", Column::isl},
    {"prompt_len", Column::isl},
    {"prompt_tokens", Column::isl},
    {"output_len", Column::osl},
    {"output_length", Column::osl},
    {"output_tokens", Column::osl},
    {"out_tokens", Column::osl},
    {"completion_tokens", Column::osl},
    {"gpus", Column::num_gpus},
    {"n_gpus", Column::num_gpus},
    {"gpu_count", Column::num_gpus},
    {"tp_size", Column::tp},
    {"tensor_parallel", Column::tp},
    {"tensor_parallel_size", Column::tp},
    {"pp_size", Column::pp},
    {"pipeline_parallel", Column::pp},
    {"pipeline_parallel_size", Column::pp},
    {"dp_size", Column::dp},
    {"data_parallel", Column::dp},
    {"data_parallel_size", Column::dp},
    {"ep_size", Column::ep},
    {"expert_parallel", Column::ep},
    {"expert_parallel_size", Column::ep},
    {"energy_j", Column::total_energy_j},
    {"power_w", Column::avg_power_w},
    {"energy_per_token_j", Column::energy_per_out_token_j},
    {"e2e_latency_s", Column::total_time_s},
    {"time_to_first_token", Column::ttft_s},
    {"time_per_output_token", Column::tpot_s},
    {"throughput", Column::throughput_tok_s},
    {"kv_capacity", Column::kv_capacity_tokens},
    {"model_name", Column::model},
    {"gpu_name", Column::gpu},
    {"quantization", Column::quant},
    {"quantisation", Column::quant},
});

// Units that no column of ours uses, as they end the names of columns.
constexpr std::array<std::string_view, 17> kForeignUnits = {"kj", "mj",  "uj", "wh",  "mwh", "kwh",
                                                            "kw", "mw",  "ms", "us",  "ns",  "min",
                                                            "h",  "ghz", "hz", "khz", "rpm"};

/// "total_energy" of "total_energy_j"; nothing for a column whose name does not end in a unit of our kind.
std::optional<std::string_view> without_unit(const ColumnInfo& column) {
  constexpr std::array<std::string_view, 5> kOurUnits = {"J", "W", "s", "MHz", "rps"};
  if (std::find(kOurUnits.begin(), kOurUnits.end(), column.unit) == kOurUnits.end()) return std::nullopt;
  return column.name.substr(0, column.name.rfind('_'));
}

class MistakeFinder {
 public:
  MistakeFinder(const std::set<Column>& present, const Place& place) : place_(place) {
    for (const ColumnInfo& column : columns()) {
      if (!present.contains(column.column)) absent_.push_back(column.column);
    }
  }

  void refuse_mistake(std::string_view name) const {
    refuse_foreign_unit(name);
    const std::optional<Column> meant = column_meant(name);
    if (!meant) return;
    throw Error::bad_input(at(name), fmt::format("unknown column; did you mean \"{}\"?", info(*meant).name));
  }

 private:
  Place at(std::string_view name) const { return {place_.file, place_.line, shown(name)}; }

  void refuse_foreign_unit(std::string_view name) const {
    const std::string folded = lower_case(name);
    const std::size_t end = folded.rfind('_');
    if (end == std::string::npos) return;
    const std::string_view quantity = std::string_view(folded).substr(0, end);
    const std::string_view unit = std::string_view(folded).substr(end + 1);
    if (std::find(kForeignUnits.begin(), kForeignUnits.end(), unit) == kForeignUnits.end()) return;
    for (const Column column : absent_) {
      if (without_unit(info(column)) != quantity) continue;
      throw Error::bad_input(at(name), fmt::format("unknown unit in {}; convert to {} in {}", quote(name),
                                                   info(column).name, info(column).unit));
    }
  }

  std::optional<Column> column_meant(std::string_view name) const {
    const std::string folded = lower_case(name);
    for (const Column column : absent_) {
      if (without_unit(info(column)) == folded) return column;
    }
    for (const Alias& alias : kAliases) {
      const bool same = nearest_name(name, std::span(&alias.name, 1), 0).has_value();
      if (same && std::find(absent_.begin(), absent_.end(), alias.column) != absent_.end())
        return alias.column;
    }
    // Short names resemble each other, so that only another spelling of the same letters counts for them.
    std::vector<std::string_view> names;
    for (const Column column : absent_) names.push_back(info(column).name);
    const std::optional<std::string> near = nearest_name(name, names, name.size() < 5 ? 0 : 2);
    return near ? find_column(*near) : std::nullopt;
  }

  std::vector<Column> absent_;
  Place place_;
};

/// A header of one cell that contains the separator of another dialect.
void refuse_other_separator(std::span<const std::string_view> names, const Place& place) {
  if (names.size() != 1) return;
  for (const auto& [separator, name] : {std::pair{';', "semicolons"}, std::pair{'\t', "tabs"}}) {
    if (names.front().find(separator) != std::string_view::npos)
      throw Error::bad_input(place, fmt::format("cells are separated by {}; use commas", name));
  }
}

void refuse_blanks_and_doubles(std::span<const std::string_view> names, const Place& place) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) {
      throw Error::bad_input(place, fmt::format("column {} of the header has no name", i + 1));
    }
    if (!seen.insert(names[i]).second) {
      throw Error::bad_input({place.file, place.line, shown(names[i])}, "duplicate column");
    }
  }
}

/// `; is it the column "btch"?` if an unknown column is near enough, else nothing.
std::string near_unknown(std::string_view wanted, std::span<const std::string_view> names) {
  std::vector<std::string_view> unknown;
  std::copy_if(names.begin(), names.end(), std::back_inserter(unknown),
               [](std::string_view name) { return !find_column(name); });
  const std::optional<std::string> near = nearest_name(wanted, unknown);
  return near ? fmt::format("; is it the column {}?", quote(*near)) : "";
}

void require_columns(const std::set<Column>& present, std::span<const std::string_view> names,
                     const Place& place, ResultColumns results) {
  if (!present.contains(Column::batch)) {
    throw Error::bad_input({place.file, place.line, "batch"},
                           "missing column" + near_unknown("batch", names));
  }
  const bool measured = std::any_of(kMeasured.begin(), kMeasured.end(),
                                    [&](Column column) { return present.contains(column); });
  if (measured || results == ResultColumns::optional) return;
  throw Error::bad_input(place, "no result column; add one such as total_energy_j or total_time_s" +
                                    near_unknown("total_energy_j", names));
}

/// Wide sheets of other programs are not tables of measurements, and a table costs memory per column and row.
void refuse_too_many(std::span<const std::string_view> names, const Place& place) {
  constexpr std::size_t kMostColumns = 4096;
  if (names.size() <= kMostColumns) return;
  throw Error::bad_input(
      place, fmt::format("the header has {} columns; a table has at most {}", names.size(), kMostColumns));
}

}  // namespace

Header read_header(std::span<const std::string_view> names, const Place& place, ResultColumns results) {
  refuse_too_many(names, place);
  refuse_other_separator(names, place);
  refuse_blanks_and_doubles(names, place);
  Header header;
  std::set<Column> present;
  for (const std::string_view name : names) {
    header.push_back(find_column(name));
    if (header.back()) present.insert(*header.back());
  }
  const MistakeFinder mistakes(present, place);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!header[i]) mistakes.refuse_mistake(names[i]);
  }
  require_columns(present, names, place, results);
  return header;
}

}  // namespace energylens::table
