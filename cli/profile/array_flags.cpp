// SPDX-License-Identifier: Apache-2.0
#include "cli/profile/array_flags.hpp"

#include <filesystem>

#include "cli/console.hpp"
#include "cli/verb.hpp"
#include "energylens/core/error.hpp"

namespace energylens::cli {
namespace {

/// The words by which this program runs a task: the same flags, on any node that sees the same files.
std::vector<std::string> task_command(const std::string& folder, const CampaignFlags& campaign) {
  std::vector<std::string> words = {std::filesystem::read_symlink("/proc/self/exe").string(),
                                    "profile",
                                    folder + '/' + campaign::kPlanFile,
                                    "-o",
                                    folder,
                                    "--resume",
                                    "--quiet"};
  for (const std::string& meter : campaign.meters.names) words.insert(words.end(), {"--meter", meter});
  words.insert(words.end(), {"--period-s", number_text(campaign.options.record.period_s), "--max-gap-s",
                             number_text(campaign.options.limits.max_gap_s)});
  if (!campaign.key.variable.empty()) words.insert(words.end(), {"--api-key-env", campaign.key.variable});
  if (campaign.options.shell) words.emplace_back("--shell");
  if (campaign.no_samples) words.emplace_back("--no-samples");
  return words;
}

std::string report_text(const campaign::ArrayReport& report, bool submit) {
  std::string text = std::to_string(report.complete) + " of " + std::to_string(report.tasks) +
                     " tasks complete, " + std::to_string(report.in_queue) + " in the queue, " +
                     std::to_string(report.submitted.size()) +
                     (submit ? " submitted" : " to submit (use --submit)") + '\n';
  for (const std::string& script : report.scripts) text += "script: " + script + '\n';
  for (const std::string& job : report.jobs) text += "job: " + job + '\n';
  return text;
}

std::string report_json(const campaign::ArrayReport& report) {
  io::Json json = io::Json::object(
      {{"tasks", report.tasks}, {"complete", report.complete}, {"in_queue", report.in_queue}});
  json["submitted"] = io::Json::array();
  for (const std::size_t task : report.submitted) json["submitted"].push_back(task);
  json["scripts"] = io::Json::array_of(report.scripts);
  json["jobs"] = io::Json::array_of(report.jobs);
  return io::print_json(json) + '\n';
}

}  // namespace

void ArrayFlags::declare(Arguments& args) {
  args.flag("--slurm", slurm, "write a Slurm job array for the incomplete tasks");
  args.flag("--submit", options.submit, "submit the job array; repeating the command resubmits failed tasks");
  args.whole("--configurations-per-task", most, {.min = 1, .max = 1e9, .whole = true},
             "maximum number of configurations per task [all that use the same server]");
  args.text("--gres", options.gres, "TEXT", "Slurm resources of a task (sbatch --gres); \"\" requests none");
  args.repeated("--sbatch", options.sbatch, "ARG",
                "additional sbatch argument such as --sbatch=--partition=long; may be repeated");
  args.whole("--task", task, {.min = 0, .max = 1e9, .whole = true}, "run only this task of the job array");
}

int ArrayFlags::run(const campaign::Plan& plan, const std::string& folder, const CampaignFlags& campaign,
                    const std::string& format) const {
  if (folder.empty()) throw Error::usage("-o FOLDER is required");
  campaign::ArrayOptions all = options;
  const std::string absolute = std::filesystem::absolute(folder).lexically_normal().string();
  all.command = task_command(absolute, campaign);
  if (most > 0) all.most = static_cast<std::size_t>(most);
  const campaign::ArrayReport report = campaign::write_array(plan, absolute, all);
  print(format == "json" ? report_json(report) : report_text(report, options.submit));
  return kOk;
}

}  // namespace energylens::cli
