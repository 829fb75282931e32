// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "campaign/slurm.hpp"
#include "cli/profile/flags.hpp"

namespace energylens::cli {

/// A campaign as a job array of Slurm.
struct ArrayFlags {
  bool slurm = false;
  int task = -1, most = 0;
  campaign::ArrayOptions options;
  void declare(Arguments& args);
  /// Writes the array, submits it if asked for, and reports what it did. Returns the exit code.
  int run(const campaign::Plan& plan, const std::string& folder, const CampaignFlags& campaign,
          const std::string& format) const;
};

}  // namespace energylens::cli
