// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "campaign/options.hpp"
#include "campaign/plan.hpp"
#include "campaign/record.hpp"
#include "meter/recorders.hpp"

namespace energylens::campaign {

/// The state of a campaign.
struct Summary {
  std::size_t targets = 0, complete = 0, given_up = 0;
  std::size_t rows = 0, invalid = 0;
  std::size_t left = 0;  ///< measurements that are certainly still to be made
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
inline constexpr const char* kTasksFile = "tasks.json";  ///< of a job array

/// Measures what is missing in `folder`, which is created if necessary. After every measurement the journal and
/// rows.csv are on the disk. Throws Error (usage) for a folder that holds a campaign already (without
/// `resume`), or a campaign of another plan; Error (io) for a full disk: earlier measurements are kept.
Summary run_campaign(Plan plan, const std::string& folder, std::span<const meter::NamedMeter> meters,
                     const CampaignOptions& options);

/// The state of a campaign by its records.
Summary summarise(const Plan& plan, std::span<const Record> records);
/// The valid rows, in the order of the plan and of their repeats, as a measurement table.
std::string rows_of(std::span<const Record> records);

/// Whether rows.csv in the folder has more rows than `rows`: it would lose some if it were written again.
bool would_lose_rows(const std::string& folder, std::size_t rows);

}  // namespace energylens::campaign
