// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <functional>
#include <string>

#include "energylens/core/clock.hpp"
#include "energylens/core/parallel.hpp"
#include "energylens/io/json.hpp"
#include "energylens/meter/limits.hpp"
#include "energylens/meter/recorder.hpp"

namespace energylens::campaign {

/// How to run a campaign; only `record` and `limits` change what is measured.
struct CampaignOptions {
  bool shell = false;        ///< the server command is a script for /bin/sh
  bool keep_samples = true;  ///< write every reading of the meters
  bool resume = false;       ///< continue a campaign that the folder holds
  std::string api_key;       ///< written nowhere
  bool send_api_key = true;  ///< to every server; false: only if its command contains {api_key}
  meter::RecordOptions record;
  meter::Limits limits;
  const CancelToken* cancel = nullptr;
  std::function<void(const std::string&)> report_progress;  ///< one line; may be empty
  std::function<void(const std::string&)> warn;             ///< one line that the user must see; may be empty
  io::Json about;                                           ///< facts of the program for environment.json
  Clock* clock = &real_clock();                             ///< of all times in records and rows
};

}  // namespace energylens::campaign
