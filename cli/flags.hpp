// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "energylens/core/parallel.hpp"
#include "energylens/hardware/catalogue.hpp"
#include "energylens/predictor/facts.hpp"
#include "energylens/table/group.hpp"
#include "energylens/table/table.hpp"

namespace energylens::cli {

/// Tables to read and which of their rows to use.
struct DataFlags {
  std::vector<std::string> files, where;
  void declare(Arguments& args, bool required = true);
  /// The rows of all files that satisfy every condition.
  table::Table read() const;
  /// The same as groups; warns of what was left out. Throws Error (bad input) if no group is left.
  std::vector<table::Group> read_groups() const;
};

/// Throws Error (usage) if `output` is one of the files that are read.
void refuse_overwriting(const std::string& output, std::span<const std::string> inputs);

/// `--where` over the groups of a model file: the index of the only one that is left. Throws Error (usage) if
/// none or several are, listing them.
std::size_t select_group(std::span<const table::GroupIdentity> groups, const std::vector<std::string>& where);

/// The same without a wish for one: indices of all that are left, at least one.
std::vector<std::size_t> select_groups(std::span<const table::GroupIdentity> groups,
                                       const std::vector<std::string>& where);

/// Throws Error (usage) for a column that does not tell groups apart, naming the near one.
void require_key_column(const std::string& column);

/// " (the catalogue has A, B)" of the names that `name` may mean; nothing if there are none, or it is one of
/// them.
std::string alike_text(const std::string& name, const std::vector<std::string>& names);

/// What one request is.
struct RequestFlags {
  table::Load load;
  void declare(Arguments& args);
  /// Throws Error (usage) for tokens from the cache or from images that are no part of isl, as tables are
  /// refused.
  void check() const;
};

/// What is known of GPU and model besides measurements. The catalogue is read by `open`.
struct SystemFlags {
  std::string catalogue_file;
  double kv_capacity_tokens = kUnknown;
  double weights_gb = kUnknown, gpu_memory_gb = kUnknown, gpu_idle_w = kUnknown,
         kv_bytes_per_token = kUnknown;
  void declare_catalogue(Arguments& args);  ///< --catalogue, --kv-capacity-tokens
  void declare_facts(Arguments& args);      ///< the others
  hardware::Catalogue open() const;
  /// The catalogue's facts of a group, corrected by the idle power (W per GPU) measured with its rows, then
  /// by the flags.
  predictor::Facts facts(const table::GroupIdentity& identity, double measured_idle_w = kUnknown) const;
};

/// --format table|json|csv
void declare_format(Arguments& args, std::string& format);
/// --threads, --quiet
struct RunFlags {
  int threads = 0;
  bool quiet = false;
  void declare(Arguments& args);
  RunOptions options(const std::string& what) const;  ///< with progress line and Ctrl-C
};

}  // namespace energylens::cli
