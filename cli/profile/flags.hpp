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
  std::string variable = "OPENAI_API_KEY";
  void declare(Arguments& args);
  std::string key() const;  ///< empty if it is not set
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
