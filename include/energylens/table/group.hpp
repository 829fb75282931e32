// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "energylens/table/row.hpp"
#include "energylens/table/table.hpp"

namespace energylens::table {

/// The properties that all rows of a group share.
struct GroupIdentity {
  /// Column name and text, in the order of DESIGN: model, gpu, engine, engine_version, quant, kv_dtype,
  /// workload, role, power_limit_w, gpu_clock_mhz, interconnect; blanks left out.
  std::vector<std::pair<std::string, std::string>> key;
  double params_b = kUnknown;         ///< 1e9 parameters
  double active_params_b = kUnknown;  ///< 1e9 parameters used per token
  std::string arch;                   ///< dense | moe | ssm | hybrid | vlm | vlm-moe, or blank
  bool simulated = false;
  std::string
      energy_scope;  ///< what the energies cover, such as gpu or node; blank if the rows do not state it

  const std::string& operator[](std::string_view column) const;  ///< "" if blank; also for `arch`
  std::string text() const;                                      ///< "Llama-3-70B, RTX4090, FP16" for people
};

/// Whether the energies state that they cover more than GPUs, such as the node around them.
bool covers_more_than_gpus(const GroupIdentity& identity);

/// The columns that distinguish groups, in the order of GroupIdentity::key.
std::span<const std::string_view> key_columns();

/// A text of an identity column in the form in which groups are told apart: blanks never matter; capital letters, hyphens,
/// vendors ("NVIDIA H100") and synonyms (bfloat16 is bf16, "v0.6.1" is 0.6.1) do not in gpu, engine, engine_version, quant,
/// kv_dtype, arch and interconnect. "" for a blank.
std::string normal_text(Column column, std::string_view text);

/// A condition on texts of a column: they are equal if their normal_text is.
class TextTest {
 public:
  TextTest(Column column, const io::Condition& condition);
  bool holds(std::string_view text) const;

 private:
  Column column_;
  io::CellTest test_;
};

/// Rows that share one set of parameters, with repeats averaged. Rows are in canonical order: by
/// (row_kind, batch, max_batch, isl, osl, image_tokens, cached_tokens, accepted_per_step, drafted_per_step, layout), job before
/// steady, blank before any number, layouts as the numbers (tp, pp, dp, ep).
struct Group {
  GroupIdentity identity;
  std::vector<Row> rows;
};

/// Splits a table into groups by the normal_text of their keys, in canonical order (keys as text, blank first), and averages
/// repeats, which are rows of equal layout and load. Of several spellings the commonest names the group. Averages are arithmetic means. Results that follow exactly from measured ones are filled in.
/// For a job: the total from energy per request or token, from its phases, or from power and time. For a steady row:
/// energy per token, per request and for `batch` requests from one another. For both: mean power and throughput. Rows
/// without batch, or with neither an energy nor a time, are left out. `warnings`, if given, receives one line per
/// finding: columns that are not used and differ within repeats, repeats that are far apart, rows left out, duplicate
/// rows, layouts that are read differently than written.
std::vector<Group> groups(const Table& table, std::vector<std::string>* warnings = nullptr);

/// Warnings about names that may be misspelt: an unused column with the same letters as a known one, groups that differ
/// so little (capital letters, a slip, the patch version of the engine, a blank) that they are probably one.
std::vector<std::string> spelling_findings(const Table& table, std::span<const Group> groups);

/// What rows show whose energies are of one GPU instead of all: under equal load and pipeline degree, the power of each
/// GPU falls as 1/GPUs. Nothing if it does not, or if too few rows of different numbers of GPUs have an energy and a time.
std::optional<std::string> energy_of_one_gpu(const Group& group);

/// Fingerprint of the groups as a fit sees them: FNV-1a (64 bits) of their text, as 16 hexadecimal digits. Equal for
/// equal measurements in any order, files and columns.
std::string data_hash(std::span<const Group> groups);

/// The rows that compare layouts under one load, as indices into Group::rows. They have at least two layouts. Job rows
/// have equal batch, isl, osl, image_tokens, cached_tokens, accepted_per_step and drafted_per_step; steady rows have equal known
/// max_batch (where none is stated: concurrency) and, if they state isl, lengths within a factor of 1.25. With `same_gpus`, all layouts also have the same number of GPUs (one scenario per number). A layout may
/// have several rows in a steady scenario.
struct Scenario {
  std::vector<std::size_t> rows;
};
/// In canonical order of their first rows. Rows without scenario energy are left out.
std::vector<Scenario> scenarios(const Group& group, bool same_gpus = false);

}  // namespace energylens::table
