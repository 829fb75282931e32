// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "campaign/options.hpp"
#include "campaign/plan.hpp"
#include "cli/arguments.hpp"
#include "cli/meter/flags.hpp"

namespace energylens::cli {

/// A plan file and what flags change of it.
struct PlanFlags {
  PlanFlags() : settings(campaign::setting_infos().size(), kUnknown) {}
  std::string file, seed;
  campaign::PlanChanges changes;
  std::vector<std::string> pairs;
  std::vector<double> settings;  ///< by setting_infos(); unknown: as the plan states
  void declare(Arguments& args);
  /// Throws Error.
  campaign::Plan read() const;
};

/// The variable of the environment that holds the API key of a server: a key on a command line can be read by
/// all.
struct KeyFlags {
  std::string variable;  ///< empty: not given
  void declare(Arguments& args);
  /// Of the variable, else of OPENAI_API_KEY, so that it can be kept out of everything that is written; empty if it is
  /// not set. Throws Error (usage).
  std::string key() const;
  /// The key if it was asked for with the flag: it is not for every server. Else empty, with a note if there is one;
  /// warns if it would be readable on its way to `url`.
  std::string key_for(const std::string& url) const;
};

/// How measurements are taken.
struct CampaignFlags {
  MeterFlags meters;
  KeyFlags key;
  campaign::CampaignOptions options;
  bool no_samples = false, quiet = false;
  void declare(Arguments& args);
  /// With Ctrl-C, progress and warnings.
  campaign::CampaignOptions ready() const;
};

}  // namespace energylens::cli
