// SPDX-License-Identifier: Apache-2.0
// The loop: ask the schedule for the next measurement, start its server unless it runs, measure, write. A
// record counts once it is in the journal; rows.csv is rewritten from the journal each time. Held by
// loop_test.cpp, which kills it anywhere.
#include "campaign/campaign.hpp"

#include <algorithm>
#include <filesystem>
#include <random>

#include "campaign/journal.hpp"
#include "campaign/journal/folder.hpp"
#include "campaign/measurement/measure.hpp"
#include "campaign/schedule.hpp"
#include "campaign/serving/driver.hpp"
#include "campaign/serving/environment.hpp"
#include "core/file.hpp"
#include "core/rounded_text.hpp"
#include "energylens/core/rng.hpp"

namespace energylens::campaign {
namespace {

/// Adds this session to environment.json, with the settings that changed since the last one.
void write_environment(const Context& context, const std::vector<PlanChange>& changes) {
  const std::string file = context.folder + '/' + kEnvironmentFile;
  io::Json all = io::Json::object({{"sessions", io::Json::array()}});
  if (std::filesystem::exists(file)) all = io::parse_json(read_file(file), file);
  io::Json session = environment_json(context);
  session["plan_changes"] = io::Json::array();
  for (const PlanChange& one : changes)
    session["plan_changes"].push_back(
        io::Json::object({{"setting", one.setting}, {"from", one.from}, {"to", one.to}}));
  all["sessions"].push_back(std::move(session));
  write_file(file, io::print_json(all) + '\n');
}

/// Adds a deployment that is ready to this session, with what it reports about itself.
void note_deployment(const Context& context, const Deployment& deployment, Driver& driver) {
  const std::string file = context.folder + '/' + kEnvironmentFile;
  io::Json all = io::parse_json(read_file(file), file), last = all.array_at("sessions").back();
  io::Json sessions = io::Json::array();
  for (std::size_t i = 0; i + 1 < all.array_at("sessions").size(); ++i)
    sessions.push_back(all.array_at("sessions")[i]);
  last["deployments"].push_back(io::Json::object({{"layout", table::layout_text(deployment.layout)},
                                                  {"model", deployment.model},
                                                  {"quant", deployment.quant},
                                                  {"time_unix", context.clock().wall_now_s()},
                                                  {"kv_capacity_tokens", driver.kv_capacity_tokens()},
                                                  {"about", driver.about()}}));
  sessions.push_back(std::move(last));
  all["sessions"] = std::move(sessions);
  write_file(file, io::print_json(all) + '\n');
}

/// The deployment that runs, if any.
class Serving {
 public:
  explicit Serving(const Context& context) : context_(context) {}

  /// Starts the deployment unless it runs. Returns why it did not start; empty if it did.
  std::string ensure_running(const Deployment& deployment) {
    if (station_.driver && deployment_ == deployment && station_.driver->alive()) return {};
    station_ = {};
    report_progress("starting " + table::layout_text(deployment.layout));
    try {
      station_.driver = context_.plan.driver == "exec" ? start_exec(context_, deployment)
                                                       : start_http(context_, deployment);
      deployment_ = deployment;
      note_deployment(context_, deployment, *station_.driver);
      station_.idle = measure_idle(context_, deployment);
      return {};
    } catch (const Error& error) {
      station_ = {};
      if (error.code() != ErrorCode::io) throw;
      return context_.clean(error.message());
    }
  }
  Station& station() { return station_; }
  void forget_if_ended() {
    if (station_.driver && !station_.driver->alive()) station_ = {};
  }

 private:
  void report_progress(const std::string& text) const {
    if (context_.options.report_progress) context_.options.report_progress(text);
  }
  const Context& context_;
  Deployment deployment_;
  Station station_;
};

Record failed_start(const Context& context, const Run& run, const std::string& problem) {
  Record record;
  record.target = run.target;
  record.what = target_text(context.plan.targets[run.target]);
  record.attempt = run.attempt;
  record.begin_s = context.clock().wall_now_s();
  record.reasons = {problem};
  record.start_failed = true;
  record.details = io::Json::object();
  return record;
}

std::string progress_text(const Plan& plan, const Schedule& schedule, std::size_t done, const Run& run) {
  double known_part = 0;
  const double left_s = schedule.seconds_left(&known_part);
  return std::to_string(done) + " of " + std::to_string(done + schedule.least_left()) + " measurements, " +
         (known_part < 1 ? "at least " : "") + rounded_text(left_s / 60, 2) + " min left; " +
         target_text(plan.targets[run.target]) + ", repeat " + std::to_string(run.repeat);
}

void warn_about(const Context& context, const Record& record) {
  if (!context.options.warn) return;
  if (!record.valid()) context.options.warn(record.what + ": invalid: " + record.reasons.front());
  for (const std::string& warning : record.warnings) context.options.warn(record.what + ": " + warning);
}

void write_rows(const Context& context, const Journal& journal) {
  write_file(context.folder + '/' + kRowsFile, rows_of(journal.records()));
}

void refuse_unmetered_deployments(const Plan& plan, std::span<const meter::NamedMeter> meters) {
  for (const Deployment& deployment : plan.deployments()) {
    const Selection selection = selection_for(meters, deployment.layout);
    if (!selection.problem.empty())
      throw Error::usage(table::layout_text(deployment.layout) + ": " + selection.problem);
  }
}

/// Orphaned servers of an earlier run that was killed would draw power during measurements.
void kill_orphans(const std::string& id, const std::string& folder, const CampaignOptions& options) {
  if (const std::size_t killed = kill_orphans_of(id, identity_of(folder)); killed > 0 && options.warn)
    options.warn("killed " + std::to_string(killed) + " orphaned processes of an earlier run");
}

/// Requires: the journal is locked, so that no other run of this campaign is alive.
std::vector<PlanChange> resolve_or_clear(Plan& plan, const std::string& folder,
                                         const CampaignOptions& options) {
  try {
    return resolve_plan(plan, folder, options.resume);
  } catch (const Error&) {
    kill_orphans(plan.id, folder, options);
    throw;
  }
}

/// From the plan's seed and a random number; small enough for a JSON number.
std::uint64_t new_prompt_seed(const Plan& plan) {
  return (splitmix64(plan.seed) + std::random_device{}()) % (std::uint64_t{1} << 32);
}

/// Measures until nothing is left.
void measure_all(const Context& context, Journal& journal, Schedule& schedule) {
  Serving serving(context);
  while (const auto run = schedule.next()) {
    if (context.cancelled()) return;
    if (context.options.report_progress)
      context.options.report_progress(progress_text(context.plan, schedule, journal.records().size(), *run));
    try {
      const std::string problem = serving.ensure_running(context.plan.targets[run->target].deployment);
      Record record =
          problem.empty() ? measure(context, serving.station(), *run) : failed_start(context, *run, problem);
      warn_about(context, record);
      schedule.add(record);
      journal.append(std::move(record));
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) return;
      throw;
    }
    write_rows(context, journal);
    serving.forget_if_ended();
  }
}

}  // namespace

std::string rows_of(std::span<const Record> records) {
  std::vector<const Record*> valid;
  for (const Record& record : records) {
    if (record.valid()) valid.push_back(&record);
  }
  std::ranges::stable_sort(valid, {},
                           [](const Record* record) { return std::pair(record->target, record->repeat); });
  std::vector<const table::RowCells*> rows;
  for (const Record* record : valid) rows.push_back(&record->row);
  return rows_csv(rows);
}

Summary summarise(const Plan& plan, std::span<const Record> records) {
  const Schedule schedule(plan, records);
  Summary summary;
  summary.targets = plan.targets.size();
  summary.left = schedule.least_left();
  std::vector<std::string> reasons(plan.targets.size());
  for (const Record& record : records) {
    ++(record.valid() ? summary.rows : summary.invalid);
    if (!record.valid()) reasons[record.target] = record.reasons.front();
  }
  for (std::size_t i = 0; i < plan.targets.size(); ++i) {
    if (schedule.complete(i)) ++summary.complete;
    if (!schedule.complete(i))
      summary.missing.push_back(
          {target_text(plan.targets[i]), reasons[i], static_cast<int>(schedule.progress(i).energies.size())});
  }
  return summary;
}

Summary run_campaign(Plan plan, const std::string& folder, std::span<const meter::NamedMeter> meters,
                     const CampaignOptions& options) {
  check_runnable(plan);
  refuse_unmetered_deployments(plan, meters);
  if (std::filesystem::exists(folder + '/' + kTasksFile))
    throw Error::usage(folder + " contains a campaign for Slurm; use --slurm --submit to continue it");
  if (options.shell) check_shell_names(plan);
  refuse_foreign_folder(folder, kJournalFile);
  make_folder(folder);
  Journal journal(folder + '/' + kJournalFile);
  if (would_lose_rows(folder, journal.rows()))
    throw Error::bad_input(
        {folder + '/' + kRowsFile, 0, {}},
        "has more rows than the journal, which is damaged or another one; move one of them away");
  const std::vector<PlanChange> changes = resolve_or_clear(plan, folder, options);
  for (const std::string& warning : journal.warnings()) {
    if (options.warn) options.warn(warning);
  }
  const Context context{plan, options, meters, folder, new_prompt_seed(plan)};
  kill_orphans(plan.id, folder, options);
  constexpr std::string_view kOurs[] = {kRowsFile, kPlanFile, kEnvironmentFile};
  remove_unfinished(folder, kOurs);
  remove_unfinished(folder + "/samples");
  Schedule schedule(plan, journal.records());
  write_environment(context, changes);
  write_rows(context, journal);
  measure_all(context, journal, schedule);
  if (options.report_progress) options.report_progress("");
  Summary summary = summarise(plan, journal.records());
  for (std::size_t i = 0; i < plan.targets.size(); ++i) summary.given_up += schedule.given_up(i);
  summary.cancelled = context.cancelled();
  return summary;
}

}  // namespace energylens::campaign
