// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "energylens/campaign/plan.hpp"
#include "energylens/campaign/record.hpp"
#include "energylens/core/parallel.hpp"
#include "energylens/meter/recorders.hpp"

namespace energylens::campaign {

/// How to run a campaign; only `record` and `limits` change what is measured.
struct CampaignOptions {
  bool shell = false;        ///< the server command is a script for /bin/sh
  bool keep_samples = true;  ///< write every reading of the meters
  bool resume = false;       ///< go on with what the folder holds
  std::string api_key;       ///< sent to the server, written nowhere
  meter::RecordOptions record;
  meter::Limits limits;
  const CancelToken* cancel = nullptr;
  std::function<void(const std::string&)> say;   ///< one line of what is being done; may be empty
  std::function<void(const std::string&)> warn;  ///< one line that people must see; may be empty
  io::Json about;                                ///< facts of the program for environment.json
};

/// How far a campaign has come.
struct Summary {
  std::size_t targets = 0, complete = 0, given_up = 0;
  std::size_t rows = 0, invalid = 0;
  std::size_t left = 0;  ///< measurements still to come at least
  bool cancelled = false;
  struct Missing {
    std::string what, reason;
    int rows = 0;
  };
  std::vector<Missing> missing;  ///< targets without all their rows, with the last reason
};

/// Names of the files in a campaign's folder.
inline constexpr const char* kJournalFile = "journal.jsonl";
inline constexpr const char* kRowsFile = "rows.csv";
inline constexpr const char* kPlanFile = "plan.json";
inline constexpr const char* kEnvironmentFile = "environment.json";

/// Measures what is missing in `folder`, which is made if need be. After every measurement the journal and
/// rows.csv are on the disk. Throws Error (usage) for a folder that holds a campaign already (without
/// `resume`), or one of another plan; Error (io) for a disk that is full: what was measured before is kept.
Summary run_campaign(Plan plan, const std::string& folder, std::span<const meter::NamedMeter> meters,
                     const CampaignOptions& options);

/// How far the records of a plan have come.
Summary summarise(const Plan& plan, std::span<const Record> records);
/// The valid rows, in the order of the plan and of their repeats, as a measurement table.
std::string rows_of(std::span<const Record> records);

}  // namespace energylens::campaign
