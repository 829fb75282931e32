// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "campaign/campaign.hpp"
#include "cli/console.hpp"
#include "cli/profile/array_flags.hpp"
#include "cli/profile/flags.hpp"
#include "cli/profile/report.hpp"
#include "cli/verb.hpp"

namespace energylens::cli {
namespace {

struct ProfileOptions {
  PlanFlags plan;
  CampaignFlags campaign;
  ArrayFlags array;
  std::string folder, format = "table";
  bool dry_run = false, strict = false;
};

int measure(const ProfileOptions& options, const campaign::Plan& plan, const std::string& folder) {
  if (folder.empty()) throw Error::usage("-o FOLDER is required");
  const std::vector<TriedMeter> tried =
      options.campaign.meters.open_some(options.campaign.options.limits.max_gap_s);
  const std::vector<meter::NamedMeter> meters = open_ones(tried);
  stop_on_terminate();
  const campaign::Summary summary = campaign::run_campaign(plan, folder, meters, options.campaign.ready());
  print(summary_text(summary, folder + '/' + campaign::kRowsFile, options.format));
  if (summary.cancelled) {
    inform("stopped; continue with --resume");
    return kInterrupted;
  }
  if (options.strict && !summary.missing.empty()) return kMeasurementInvalid;
  return summary.rows == 0 ? kFailure : kOk;
}

/// One task of an array. One that lacks rows has failed: Slurm, and whoever looks, shall see it.
int measure_task(const ProfileOptions& options) {
  const campaign::Array array = campaign::read_array(options.folder);
  const auto task = static_cast<std::size_t>(options.array.task);
  ProfileOptions strict = options;
  strict.strict = true;
  return measure(strict, campaign::part_of(array.plan, array.tasks, task),
                 campaign::folder_of(options.folder, task));
}

int profile(const ProfileOptions& options) {
  if (options.array.task >= 0) return measure_task(options);
  const campaign::Plan plan = options.plan.read();
  if (options.campaign.options.shell) campaign::check_shell_names(plan);
  if (const std::string why = campaign::anonymity(plan); !why.empty()) warn(why);
  if (options.dry_run) {
    campaign::check_consistent(plan);
    print(dry_run_text(plan, options.format));
    return kOk;
  }
  if (options.array.slurm) return options.array.run(plan, options.folder, options.campaign, options.format);
  if (options.array.options.submit) throw Error::usage("--submit requires --slurm");
  return measure(options, plan, options.folder);
}

}  // namespace

Run profile_verb(Arguments& args) {
  const auto options = std::make_shared<ProfileOptions>();
  options->plan.declare(args);
  args.text("-o,--output", options->folder, "FOLDER",
            "output folder for rows.csv, meter readings, journal, plan, environment and logs (required)");
  args.uses_files(FileRole::written, [options](FileUses& uses) {
    if (options->folder.empty()) return;  // a plan that lies there is that of the campaign to go on with
    for (const char* name :
         {campaign::kRowsFile, campaign::kJournalFile, campaign::kTasksFile, campaign::kEnvironmentFile})
      uses.writes("-o", options->folder + '/' + name);
  });
  args.flag("--dry-run", options->dry_run, "show what would be measured and the estimated duration");
  args.flag("--resume", options->campaign.options.resume, "continue an interrupted campaign");
  options->campaign.declare(args);
  options->array.declare(args);
  args.flag("--strict", options->strict, "exit with code 3 if a configuration lacks valid rows");
  args.choice("--format", options->format, {"table", "json"}, "output format of the summary");
  args.example("energylens profile plan.json --dry-run");
  args.example(
      "energylens profile plan.json -o campaign --serve-cmd \"vllm serve {model} --tensor-parallel-size {tp} "
      "--pipeline-parallel-size {pp} --port {port} --no-enable-prefix-caching\"");
  args.example("energylens profile plan.json -o campaign --slurm --submit --sbatch=--partition=gpu");
  return [options] { return profile(*options); };
}

}  // namespace energylens::cli
