// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
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

  const std::string& operator[](std::string_view column) const;  ///< "" if blank
  std::string text() const;  ///< "Llama-3-70B, RTX4090, FP16" for people
};

/// Rows that share one set of parameters; repeats averaged; rows in canonical order: by
/// (row_kind, batch, max_batch, isl, osl, image_tokens, cached_tokens, accepted_per_step, layout).
struct Group {
  GroupIdentity identity;
  std::vector<Row> rows;
};

/// Splits a table into groups (canonical order of their keys as text) and averages repeats: equal layout and
/// load. Energies, times and powers are averaged arithmetically, J per token likewise. Rows without any energy and
/// any time are left out. `warnings`, if given, receives lines for people: an unknown column that differs
/// within repeats, rows left out.
std::vector<Group> groups(const Table& table, std::vector<std::string>* warnings = nullptr);

/// One question "which layout?": indices into Group::rows, at least two layouts, equal batch, isl, osl (`job`)
/// or equal max_batch (`steady`). With `same_gpus`, candidates of equal GPU count only (one scenario per
/// count). A layout that occurs more than once in a steady scenario keeps each of its rows.
struct Scenario {
  std::vector<std::size_t> rows;
};
/// In canonical order of their first rows. Rows without scenario energy take no part.
std::vector<Scenario> scenarios(const Group& group, bool same_gpus = false);

}  // namespace energylens::table
