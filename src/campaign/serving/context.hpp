// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "campaign/options.hpp"
#include "campaign/plan.hpp"
#include "campaign/serving/command.hpp"
#include "campaign/serving/process.hpp"
#include "meter/recorders.hpp"

namespace energylens::campaign {

/// What every part of a running campaign shares.
struct Context {
  const Plan& plan;
  const CampaignOptions& options;
  std::span<const meter::NamedMeter> meters;
  std::string folder;
  /// Random seed of this session's prompts, so that a server that keeps running does not answer from its cache.
  std::uint64_t prompt_seed = 0;

  Clock& clock() const { return *options.clock; }
  bool cancelled() const { return options.cancel && options.cancel->cancelled(); }
  std::string log_of(const Deployment& deployment) const;
  /// The API key, if it is for this server.
  std::string sent_key() const;
  /// The text without the API key, on one line.
  std::string clean(std::string text) const;
};

/// The command of the plan for one deployment: its words, or a shell and its script, and its environment.
/// Throws Error (usage) if the key itself stands in the command.
ProcessOptions process_of(const Context& context, const Deployment& deployment, int port);

/// The API key, if any, as a header.
std::vector<std::pair<std::string, std::string>> key_headers(const std::string& api_key);

}  // namespace energylens::campaign
