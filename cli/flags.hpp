// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "energylens/core/parallel.hpp"
#include "energylens/hardware/catalogue.hpp"
#include "energylens/predictor/facts.hpp"
#include "energylens/predictor/predictor.hpp"
#include "energylens/table/group.hpp"
#include "energylens/table/table.hpp"

namespace energylens::cli {

/// The tables to read, and the conditions on their rows.
struct DataFlags {
  std::vector<std::string> files, where;
  void declare(Arguments& args, bool required = true);
  /// The rows of all files that satisfy every condition.
  table::Table read() const;
  /// The same as groups, with warnings. Throws Error (bad input) if no group is left.
  /// `list_unused` also names the columns that are not used.
  std::vector<table::Group> read_groups(bool list_unused = false) const;
};

/// A note that names the columns of a table which are kept, but not used.
void inform_of_unused(const table::Table& table);

/// `--where` over the groups of a model file: the index of the only match. Throws Error (usage) with a list if there is
/// no match or more than one.
std::size_t select_group(std::span<const table::GroupIdentity> groups, const std::vector<std::string>& where);

/// The same for any number of matches, at least one.
std::vector<std::size_t> select_groups(std::span<const table::GroupIdentity> groups,
                                       const std::vector<std::string>& where);

/// Throws Error (usage) for a column that does not distinguish groups.
void require_key_column(const std::string& column);

/// " (the catalogue has A, B)" for names that `name` may mean; nothing if there are none, or `name` is one of them.
std::string alike_text(const std::string& name, const std::vector<std::string>& names);

/// The tokens of one request.
struct RequestFlags {
  table::Load load;
  void declare(Arguments& args);
  /// Throws Error (usage) for more cached or image tokens than input tokens.
  void check() const;
};

/// --gpu-memory-utilization
void declare_memory_utilization(Arguments& args, double& share);

/// Facts about GPU and model in addition to measurements. `open` reads the catalogue.
struct SystemFlags {
  std::string catalogue_file;
  double kv_capacity_tokens = kUnknown, gpu_memory_utilization = kUnknown;
  double weights_gb = kUnknown, gpu_memory_gb = kUnknown, gpu_idle_w = kUnknown,
         kv_bytes_per_token = kUnknown, gpus_per_node = kUnknown, context_tokens = kUnknown;
  void declare_catalogue(Arguments& args);  ///< --catalogue, --kv-capacity-tokens, --gpu-memory-utilization
  void declare_facts(Arguments& args);      ///< the others
  void declare_context(Arguments& args);    ///< --context-tokens
  hardware::Catalogue open() const;
  void apply(predictor::FitOptions& fit) const;  ///< --kv-capacity-tokens, --gpu-memory-utilization
  /// Warns if rows state a KV capacity, which then replaces --kv-capacity-tokens.
  void warn_of_stated_capacities(std::span<const table::Group> groups) const;
  /// The catalogue's facts of a group, corrected by the idle power (W per GPU) measured with its rows, then
  /// by the flags.
  predictor::Facts facts(const table::GroupIdentity& identity, double measured_idle_w = kUnknown) const;
  /// The same with a catalogue that is open already.
  predictor::Facts facts_in(const hardware::Catalogue& catalogue, const table::GroupIdentity& identity,
                            double measured_idle_w = kUnknown) const;
};

/// Throws Error (usage) for a request of more tokens than the model can have in its context.
void check_context(const table::Load& load, const predictor::Facts& facts,
                   const table::GroupIdentity& identity);

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
