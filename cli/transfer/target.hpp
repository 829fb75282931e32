// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/flags.hpp"

namespace energylens::cli {

/// Figures of the target that the catalogue may lack, in the units of the command line.
struct FigureFlags {
  double bandwidth_gb_s = kUnknown, tdp_w = kUnknown, peak_tflops = kUnknown, link_gb_s = kUnknown;
  double active_params_b = kUnknown;
  void declare(Arguments& args);
};

/// The target of a transfer. `to`: the columns that differ from the sources, as COL=VALUE. Columns in which
/// the sources differ must be given; those in which they agree are kept. Throws Error (usage).
table::GroupIdentity target_identity(const std::vector<table::GroupIdentity>& sources,
                                     const std::vector<std::string>& to,
                                     const hardware::Catalogue& catalogue);

/// The catalogue's figures of the target, corrected by flags. Throws Error (usage), naming the flags, if a
/// figure is unknown that every rule needs.
predictor::Facts target_facts(const table::GroupIdentity& target,
                              const std::vector<table::GroupIdentity>& sources, const SystemFlags& system,
                              const FigureFlags& figures, const hardware::Catalogue& catalogue);

/// The group of `groups` that is the target, by any name that the catalogue has for it; an empty group if
/// there are no groups. Throws Error (bad input) naming rows of other systems.
table::Group target_group(const table::GroupIdentity& target, std::vector<table::Group> groups,
                          const hardware::Catalogue& catalogue);

/// Refuses, or warns of, properties of the target that the law has no term for. Without rows of the target, nothing in
/// its predictions would change with them. Throws Error (usage) if the target differs from its sources in nothing else.
void check_modelled(const table::GroupIdentity& target, const std::vector<table::GroupIdentity>& sources,
                    const std::vector<std::string>& to, bool has_rows);

}  // namespace energylens::cli
