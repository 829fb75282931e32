// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>

#include "campaign/serving/command.hpp"
#include "campaign/serving/process.hpp"
#include "energylens/campaign/campaign.hpp"

namespace energylens::campaign {

/// What everything that runs in a campaign needs to know.
struct Context {
  const Plan& plan;
  const CampaignOptions& options;
  std::span<const meter::NamedMeter> meters;
  std::string folder;
  /// Of the prompts of this session: a server that stays up must not find those of an earlier one in its
  /// cache.
  std::uint64_t prompt_seed = 0;

  bool cancelled() const { return options.cancel && options.cancel->cancelled(); }
  std::string log_of(const Deployment& deployment) const;
  /// The text without the key, on one line.
  std::string clean(std::string text) const;
};

/// The command of the plan for one deployment: its words, or a shell and its script, and its environment.
/// Throws Error (usage) if the key itself stands in the command.
ProcessOptions process_of(const Context& context, const Deployment& deployment, int port);

/// The API key, if any, as a header.
std::vector<std::pair<std::string, std::string>> key_headers(const std::string& api_key);

}  // namespace energylens::campaign
