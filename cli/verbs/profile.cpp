// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "../campaign_flags.hpp"
#include "../campaign_report.hpp"
#include "../console.hpp"
#include "../verb.hpp"

namespace energylens::cli {
namespace {

struct Options {
  PlanFlags plan;
  CampaignFlags campaign;
  std::string folder, format = "table";
  bool dry_run = false, strict = false;
};

int measure(const Options& options, const campaign::Plan& plan) {
  if (options.folder.empty()) throw Error::usage("-o FOLDER is required: where the measurements go");
  const std::vector<TriedMeter> tried = options.campaign.meters.open_some();
  const std::vector<meter::NamedMeter> meters = open_ones(tried);
  stop_on_terminate();
  const campaign::Summary summary =
      campaign::run_campaign(plan, options.folder, meters, options.campaign.ready());
  print(summary_text(summary, options.folder, options.format));
  if (summary.cancelled) {
    note("stopped; --resume goes on");
    return kInterrupted;
  }
  if (summary.rows == 0) return kFailure;
  return options.strict && !summary.missing.empty() ? int{kMeasurementInvalid} : int{kOk};
}

int profile(const Options& options) {
  const campaign::Plan plan = options.plan.read();
  if (!options.dry_run) return measure(options, plan);
  print(dry_run_text(plan, options.format));
  return kOk;
}

}  // namespace

Run profile_verb(Arguments& args) {
  const auto options = std::make_shared<Options>();
  options->plan.declare(args);
  args.text("-o,--output", options->folder, "FOLDER", "rows.csv, raw samples, journal, resolved plan, environment, logs");
  args.flag("--dry-run", options->dry_run, "only tell what would be measured, and how long that takes");
  args.flag("--resume", options->campaign.options.resume, "go on with what the folder holds");
  options->campaign.declare(args);
  args.flag("--strict", options->strict, "exit code 3 if a configuration lacks valid rows");
  args.choice("--format", options->format, {"table", "json"}, "how to print the summary");
  args.example("energylens profile plan.json --dry-run");
  args.example(
      "energylens profile plan.json -o campaign --serve-cmd \"vllm serve {model} --tensor-parallel-size {tp} "
      "--pipeline-parallel-size {pp} --port {port} --no-enable-prefix-caching\"");
  return [options] { return profile(*options); };
}

}  // namespace energylens::cli
