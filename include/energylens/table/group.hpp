// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "energylens/table/row.hpp"
#include "energylens/table/table.hpp"

namespace energylens::table {

/// What the rows of a group have in common.
struct GroupIdentity {
  /// Column name and text, in the order of DESIGN: model, gpu, engine, engine_version, quant, kv_dtype,
  /// workload, role, power_limit_w, gpu_clock_mhz, interconnect; blanks left out.
  std::vector<std::pair<std::string, std::string>> key;
  double params_b = kUnknown;         ///< 1e9 parameters
  double active_params_b = kUnknown;  ///< 1e9 parameters used per token
  std::string arch;                   ///< dense | moe | ssm | hybrid | vlm | vlm-moe, or blank
  bool simulated = false;

  const std::string& operator[](std::string_view column) const;  ///< "" if blank; `arch` too
  std::string text() const;                                      ///< "Llama-3-70B, RTX4090, FP16" for people
};

/// The columns that tell groups apart, in the order of GroupIdentity::key.
std::span<const std::string_view> key_columns();

/// Rows that share one set of parameters; repeats averaged; rows in canonical order: by
/// (row_kind, batch, max_batch, isl, osl, image_tokens, cached_tokens, accepted_per_step, layout), job before
/// steady, blank before any number, layouts as the numbers (tp, pp, dp, ep).
struct Group {
  GroupIdentity identity;
  std::vector<Row> rows;
};

/// Splits a table into groups (canonical order of their keys as text, blank first) and averages repeats:
/// equal layout and load. Energies, times and powers are averaged arithmetically, J per token likewise.
/// Results that follow exactly from measured ones are filled in: of a job, the total from energy per request
/// or token, from its phases or from power and time, and one phase as the total less the other (if that is
/// more than rounding); of a steady row, energy per token, per request and for `batch` requests from one
/// another; mean power; throughput. Rows without batch, or with neither an energy nor a time, are left out.
/// `warnings`, if given, receives lines for people: a column that takes no part and differs within repeats,
/// rows left out, rows that occur twice, layouts read otherwise than written.
std::vector<Group> groups(const Table& table, std::vector<std::string>* warnings = nullptr);

/// Lines for people about names that may be slips: a column that is kept unread beside the known one of the same letters,
/// groups of the table that differ in capital letters only.
std::vector<std::string> spelling_doubts(const Table& table, std::span<const Group> groups);

/// The rows of `groups` as a table: one row for each, repeats being averaged already.
Table to_table(std::span<const Group> groups);

/// Fingerprint of what a fit can see of the groups: FNV-1a (64 bits) of their text, as 16 hexadecimal digits.
/// Equal for equal measurements, in whatever order, files and columns they came.
std::string data_hash(std::span<const Group> groups);

/// One question "which layout?": indices into Group::rows, at least two layouts, equal batch, isl, osl
/// (`job`; and equal image_tokens, cached_tokens, accepted_per_step) or equal known max_batch (`steady`).
/// With `same_gpus`, candidates of equal GPU count only (one scenario per count). A layout that occurs more
/// than once in a steady scenario keeps each of its rows.
struct Scenario {
  std::vector<std::size_t> rows;
};
/// In canonical order of their first rows. Rows without scenario energy take no part.
std::vector<Scenario> scenarios(const Group& group, bool same_gpus = false);

}  // namespace energylens::table
