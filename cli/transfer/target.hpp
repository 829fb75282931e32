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

/// Who a law is moved to. `to`: the columns that differ from the sources, as COL=VALUE. What the sources do
/// not agree on must be said; what they agree on is kept. Throws Error (usage).
table::GroupIdentity target_identity(const std::vector<table::GroupIdentity>& sources,
                                     const std::vector<std::string>& to,
                                     const hardware::Catalogue& catalogue);

/// The catalogue's figures of the target, corrected by flags. Throws Error (usage) where no rule can do
/// without one that nobody gave, in one sentence that names the flags.
predictor::Facts target_facts(const table::GroupIdentity& target,
                              const std::vector<table::GroupIdentity>& sources, const SystemFlags& system,
                              const FigureFlags& figures, const hardware::Catalogue& catalogue);

/// The group of `groups` that is the target, whichever of the catalogue's names its rows use; an empty one
/// without any. Throws Error (bad input) naming rows of others.
table::Group target_group(const table::GroupIdentity& target, std::vector<table::Group> groups,
                          const hardware::Catalogue& catalogue);

}  // namespace energylens::cli
