// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <string>
#include <vector>

#include "campaign/campaign.hpp"
#include "campaign/journal.hpp"

namespace energylens::campaign {

/// A part of a campaign that runs alone: configurations of one deployment.
struct Task {
  std::vector<std::size_t> targets;
  int gpus = 1;
};

/// The parts of a plan, in its order: each deployment's configurations, at most `most` in one. Requires: most
/// >= 1.
std::vector<Task> tasks_of(const Plan& plan, std::size_t most);
/// The plan of one part.
Plan part_of(const Plan& plan, const std::vector<Task>& tasks, std::size_t task);
/// Where a part measures.
std::string folder_of(const std::string& folder, std::size_t task);

/// The plan and the parts that `write_array` put into a folder. Throws Error.
struct Array {
  Plan plan;
  std::vector<Task> tasks;  ///< one, of all targets, for a campaign that was not split
  bool split = false;
};
Array read_array(const std::string& folder);

struct ArrayOptions {
  std::vector<std::string>
      command;  ///< words that run a part, but for its number: "--task" and that are put after them
  std::vector<std::string> sbatch;  ///< more arguments of sbatch, each as one word
  std::string gres = "gpu:{gpus}";  ///< what is asked of Slurm for the GPUs; empty: nothing
  std::size_t most = kMostTargets;  ///< configurations in one task
  bool submit = false;
};

struct ArrayReport {
  std::size_t tasks = 0, complete = 0, in_queue = 0;
  std::vector<std::size_t> submitted;  ///< tasks; without `submit`, those that would be
  std::vector<std::string> scripts, jobs;
};

/// Writes the plan, its parts and one script per number of GPUs into the folder, and submits the parts that
/// are neither complete nor in Slurm's queue as job arrays: the same call again submits what failed or was
/// preempted. Throws Error (usage) for a folder of another plan; Error (io) if Slurm rejects it.
ArrayReport write_array(Plan plan, const std::string& folder, const ArrayOptions& options);

/// All records of a folder as records of its plan, from the journals of all parts, with their warnings.
/// Throws Error.
JournalContent collect_records(const std::string& folder, const Array& array);

}  // namespace energylens::campaign
