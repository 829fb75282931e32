// SPDX-License-Identifier: Apache-2.0
// A campaign as a job array. Every task is a campaign of its own in a folder of its own, so that tasks share
// no file. squeue lists the queued tasks by the job's name, which contains the plan's id. Held by
// array_test.cpp and, with a real slurmctld, by tests/campaign/slurm_test.py.
#include "campaign/slurm.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "campaign/journal/folder.hpp"
#include "campaign/schedule.hpp"
#include "campaign/serving/command.hpp"
#include "campaign/serving/process.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

namespace energylens::campaign {
namespace {

using io::Json;

std::string joined(const std::vector<std::size_t>& numbers) {
  std::string text;
  for (const std::size_t number : numbers) text += (text.empty() ? "" : ",") + std::to_string(number);
  return text;
}

Json tasks_json(const std::vector<Task>& tasks) {
  Json json = Json::object({{"format", "energylens-tasks"}, {"version", 1}, {"tasks", Json::array()}});
  for (const Task& task : tasks) {
    Json targets = Json::array();
    for (const std::size_t target : task.targets) targets.push_back(target);
    json["tasks"].push_back(Json::object({{"gpus", task.gpus}, {"configurations", std::move(targets)}}));
  }
  return json;
}

std::vector<Task> tasks_from(const Json& json, std::size_t targets) {
  std::vector<Task> tasks;
  for (const Json& item : json.array_at("tasks")) {
    Task task;
    task.gpus = static_cast<int>(item.integer("gpus"));
    for (const Json& target : item.array_at("configurations")) {
      const std::uint64_t number = target.as_unsigned();
      if (number >= targets) throw target.error("the plan has no such configuration");
      task.targets.push_back(number);
    }
    if (task.targets.empty()) throw item.error("a task without configurations");
    tasks.push_back(std::move(task));
  }
  return tasks;
}

std::string job_name(const Plan& plan) {
  return "energylens-" + plan.id;
}

/// A line break would begin a line of the script that is somebody else's.
void refuse_line_breaks(const std::string& what, const std::string& text) {
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }))
    throw Error::usage(what + " of a Slurm job array contains a line break or another control character");
}

/// Throws Error (usage) for what a script cannot hold as text.
void check_script(const std::string& folder, const ArrayOptions& options) {
  refuse_line_breaks("--gres", options.gres);
  refuse_line_breaks("the folder", folder);
  for (const std::string& word : options.command) refuse_line_breaks("the command of a task", word);
  if (folder.find_first_of("\"\\") != folder.npos)
    throw Error::usage(
        "the folder of a Slurm job array must not have a quotation mark or backslash in its name");
}

/// The script of all tasks with this number of GPUs.
std::string script_of(const Plan& plan, const std::string& folder, int gpus, const ArrayOptions& options) {
  const std::string gres = fill(options.gres, {{"gpus", std::to_string(gpus)}});
  std::string text = "#!/bin/sh\n#SBATCH --job-name=" + job_name(plan) + "\n#SBATCH --output=\"" + folder +
                     "/logs/slurm_%A_%a.log\"\n";
  if (!gres.empty()) text += "#SBATCH --gres=" + gres + '\n';
  text += "# On SIGTERM, a task stops its server and keeps what it measured.\nexec";
  for (const std::string& word : options.command) text += ' ' + shell_quoted(word);
  return text + " --task \"$SLURM_ARRAY_TASK_ID\"\n";
}

/// Numbers of the tasks that Slurm has in its queue.
std::set<std::size_t> queued_tasks(const Plan& plan) {
  const ProgramOutput output =
      output_of({"squeue", "--noheader", "--array", "--name=" + job_name(plan), "--format=%K"}, 60);
  if (!output.succeeded) throw Error(ErrorCode::io, {}, "squeue failed; is this a Slurm cluster?");
  std::set<std::size_t> tasks;
  for (std::string_view left = output.text; !left.empty();) {
    const std::string_view line = left.substr(0, left.find('\n'));
    left.remove_prefix(std::min(left.size(), line.size() + 1));
    if (const auto number = parse_number(line.substr(0, line.find(' '))); number && *number >= 0)
      tasks.insert(static_cast<std::size_t>(*number));
  }
  return tasks;
}

bool is_complete(const Plan& plan, const std::string& folder, const std::vector<Task>& tasks,
                 std::size_t task) {
  const JournalContent journal = read_journal(folder_of(folder, task) + '/' + kJournalFile);
  return Schedule(part_of(plan, tasks, task), journal.records).least_left() == 0;
}

std::string submit(const std::string& folder, const std::string& script,
                   const std::vector<std::size_t>& tasks, const ArrayOptions& options) {
  std::vector<std::string> words = {"sbatch", "--parsable", "--array=" + joined(tasks)};
  words.insert(words.end(), options.sbatch.begin(), options.sbatch.end());
  words.push_back(script);
  const std::string log = folder + "/logs/sbatch.log";
  const ProgramOutput output = output_of(words, 60, log);
  if (!output.succeeded)
    throw Error(ErrorCode::io, {}, "sbatch rejected " + script + ": " + last_line_of(log));
  return output.text.substr(0, output.text.find_first_of(";\n"));
}

}  // namespace

std::vector<Task> tasks_of(const Plan& plan, std::size_t most) {
  const std::vector<std::size_t> deployment = plan.deployment_of_target();
  std::vector<Task> tasks;
  std::map<std::size_t, std::size_t> open;  // the last task of each deployment
  for (std::size_t target = 0; target < plan.targets.size(); ++target) {
    const auto found = open.find(deployment[target]);
    if (found == open.end() || tasks[found->second].targets.size() >= most) {
      open[deployment[target]] = tasks.size();
      tasks.push_back({{}, plan.targets[target].deployment.layout.gpus()});
    }
    tasks[open[deployment[target]]].targets.push_back(target);
  }
  return tasks;
}

Plan part_of(const Plan& plan, const std::vector<Task>& tasks, std::size_t task) {
  if (task >= tasks.size())
    throw Error::usage("unknown task " + std::to_string(task) + ": the campaign has " +
                       std::to_string(tasks.size()));
  Plan part = plan;
  part.targets.clear();
  for (const std::size_t target : tasks[task].targets) part.targets.push_back(plan.targets[target]);
  part.id.clear();
  return part;
}

std::string folder_of(const std::string& folder, std::size_t task) {
  return folder + "/task_" + std::to_string(task);
}

Array read_array(const std::string& folder) {
  Array array;
  const std::string plan_file = folder + '/' + kPlanFile, tasks_file = folder + '/' + kTasksFile;
  array.plan = parse_plan(read_file(plan_file), plan_file);
  array.split = std::filesystem::exists(tasks_file);
  if (array.split) {
    array.tasks = tasks_from(io::parse_json(read_file(tasks_file), tasks_file), array.plan.targets.size());
  } else {
    // Folders of other programs may hold a plan.json and a rows.csv too.
    if (!std::filesystem::exists(folder + '/' + kJournalFile))
      throw Error::usage(folder + " does not contain a campaign: missing " + std::string(kJournalFile));
    array.tasks = {Task{}};
    for (std::size_t i = 0; i < array.plan.targets.size(); ++i) array.tasks.front().targets.push_back(i);
  }
  return array;
}

ArrayReport write_array(Plan plan, const std::string& folder, const ArrayOptions& options) {
  check_runnable(plan);
  if (std::filesystem::exists(folder + '/' + kJournalFile))
    throw Error::usage(folder + " contains a campaign that was started without --slurm");
  check_script(folder, options);
  refuse_foreign_folder(folder, kTasksFile);
  make_folder(folder);
  resolve_plan(plan, folder, true);
  const std::string tasks_file = folder + '/' + kTasksFile;
  if (!std::filesystem::exists(tasks_file))
    write_file(tasks_file, io::print_json(tasks_json(tasks_of(plan, options.most))) + '\n');
  const std::vector<Task> tasks = read_array(folder).tasks;
  const std::set<std::size_t> queued = options.submit ? queued_tasks(plan) : std::set<std::size_t>();
  ArrayReport report;
  report.tasks = tasks.size();
  std::map<int, std::vector<std::size_t>> by_gpus;
  for (std::size_t task = 0; task < tasks.size(); ++task) {
    const bool complete = is_complete(plan, folder, tasks, task), waits = queued.contains(task);
    report.complete += complete;
    report.in_queue += !complete && waits;
    std::vector<std::size_t>& group = by_gpus[tasks[task].gpus];
    if (!complete && !waits) group.push_back(task);
  }
  for (const auto& [gpus, group] : by_gpus) {
    const std::string script = folder + "/slurm_" + std::to_string(gpus) + "gpu.sh";
    write_file(script, script_of(plan, folder, gpus, options));
    report.scripts.push_back(script);
    report.submitted.insert(report.submitted.end(), group.begin(), group.end());
    if (options.submit && !group.empty()) report.jobs.push_back(submit(folder, script, group, options));
  }
  return report;
}

JournalContent collect_records(const std::string& folder, const Array& array) {
  JournalContent all;
  for (std::size_t task = 0; task < array.tasks.size(); ++task) {
    const std::string journal = (array.split ? folder_of(folder, task) : folder) + '/' + kJournalFile;
    JournalContent part = read_journal(journal);
    all.refused += part.refused;
    all.warnings.insert(all.warnings.end(), part.warnings.begin(), part.warnings.end());
    for (Record& record : part.records) {
      if (record.target >= array.tasks[task].targets.size())
        throw Error::bad_input({journal, 0, ""}, "belongs to another plan");
      record.target = array.tasks[task].targets[record.target];
      all.records.push_back(std::move(record));
    }
  }
  return all;
}

}  // namespace energylens::campaign
