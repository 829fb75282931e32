// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "energylens/importers/import.hpp"
#include "energylens/io/json.hpp"

namespace energylens::importers {

/// What tools report about one run of a load, in SI units; unknown and empty where a tool does not. Each importer fills
/// what its format has; LoadRows makes the row of the table.
struct LoadResult {
  std::string tool;  ///< in the notes
  std::string model, gpu, engine, engine_version, quant, kv_dtype, workload, arch;
  double params_b = kUnknown, active_params_b = kUnknown;
  double tp = kUnknown, pp = kUnknown, dp = kUnknown, ep = kUnknown, num_gpus = kUnknown,
         num_nodes = kUnknown;
  double power_limit_w = kUnknown;

  std::string row_kind = "steady";
  double prompts = kUnknown, completed = kUnknown, failed = kUnknown;  ///< requests
  double duration_s = kUnknown, begin_s = kUnknown, end_s = kUnknown;  ///< of the run; times since 1970
  std::string date;                                                    ///< of the result, "20260214-153825"
  double input_tokens = kUnknown, output_tokens = kUnknown;            ///< of all completed requests
  double isl = kUnknown, osl = kUnknown;                               ///< means per request
  bool nominal_lengths = false;     ///< isl and osl are what was asked for, not what was counted
  double cached_tokens = kUnknown;  ///< mean per request
  double accepted_per_step = kUnknown;

  double concurrency = kUnknown, rate_rps = kUnknown, max_batch = kUnknown;
  double in_flight = kUnknown;  ///< mean, as the tool measured it
  std::string in_flight_source;

  double ttft_s = kUnknown, tpot_s = kUnknown, itl_s = kUnknown, e2e_s = kUnknown;  ///< means
  double median_ttft_s = kUnknown, median_tpot_s = kUnknown, median_itl_s = kUnknown, median_e2e_s = kUnknown;
  double output_tok_s = kUnknown, completed_rps = kUnknown;
  double prefill_time_s = kUnknown, decode_time_s = kUnknown;

  double total_energy_j = kUnknown, avg_power_w = kUnknown;
  double energy_per_out_token_j = kUnknown, energy_per_request_j = kUnknown;
  double prefill_energy_j = kUnknown, decode_energy_j = kUnknown, host_energy_j = kUnknown;
  std::string energy_scope;  ///< gpu, module, node or wall
  bool simulated = false;

  std::vector<std::string> notes, warnings;
};

/// One row of the table of fields of a format: a path in the file and the member it fills. The table is read by
/// `read_fields`, and is the documentation of the format.
struct LoadField {
  std::string_view path;
  std::variant<std::monostate, double LoadResult::*, std::string LoadResult::*> to;
  double factor = 1;  ///< to SI units
  FieldUse use = FieldUse::read;
  std::string_view column;   ///< in the documentation; empty = that of the member
  std::string_view meaning;  ///< may be empty
};

constexpr LoadField number_field(std::string_view path, double LoadResult::*to, double factor = 1,
                                 std::string_view meaning = {}) {
  return {path, to, factor, FieldUse::read, {}, meaning};
}
constexpr LoadField text_field(std::string_view path, std::string LoadResult::*to,
                               std::string_view meaning = {}) {
  return {path, to, 1, FieldUse::read, {}, meaning};
}
/// A field that the importer reads by code of its own.
constexpr LoadField read_field(std::string_view path, std::string_view column,
                               std::string_view meaning = {}) {
  return {path, {}, 1, FieldUse::read, column, meaning};
}
constexpr LoadField derived_field(std::string_view column, std::string_view meaning) {
  return {{}, {}, 1, FieldUse::derived, column, meaning};
}
constexpr LoadField refused_field(std::string_view path, std::string_view meaning) {
  return {path, {}, 1, FieldUse::refused, {}, meaning};
}

/// Fills members from a run; the first of several paths to one member that is there counts. Adds a warning for a value
/// that should be a number and is not one.
void read_fields(const io::Json& run, std::span<const LoadField> fields, LoadResult& result);

/// Names of top-level members of the run that no field and no refused field begins with.
std::vector<std::string> unknown_members(const io::Json& run, std::span<const LoadField> fields);

/// The documentation of a table of fields.
std::vector<FieldInfo> field_infos(std::span<const LoadField> fields);

}  // namespace energylens::importers
