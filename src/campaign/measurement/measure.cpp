// SPDX-License-Identifier: Apache-2.0
// One measurement from its beginning to its row: the windows are made in measure_job.cpp and
// measure_steady.cpp, after warm_up.cpp. Held by loop_test.cpp.
#include "campaign/measurement/measure.hpp"

#include "campaign/measurement/attempt.hpp"

namespace energylens::campaign {
namespace {

/// Whether the deployment has ended; after a failure its end may take a moment.
bool has_ended(Clock& clock, Driver& driver, bool valid) {
  for (int i = 0; i < (valid ? 1 : 20); ++i) {
    if (!driver.alive()) return true;
    if (!valid) clock.sleep(0.015);
  }
  return false;
}

constexpr double kMostOfModels = 1e6;  ///< billions of parameters

/// What a server or a child reports is used if it has the right type, and ignored if not.
std::string text_of(const io::Json& about, const char* name) {
  const io::Json* const value = about.find(name);
  return value && value->is_text() ? about.text(name) : std::string();
}

double number_of(const io::Json& about, const char* name) {
  const io::Json* const value = about.find(name);
  return value && value->is_number() && value->as_number() > 0 && value->as_number() < kMostOfModels
             ? value->as_number()
             : kUnknown;
}

RowFacts facts_of(const Context& context, const Station& station, const Attempt& attempt) {
  RowFacts facts;
  facts.idle_w = station.idle.watts;
  facts.scope = attempt.selection.scope;
  facts.simulated = station.driver->simulated();
  facts.provenance = attempt.provenance;
  for (const std::string& warning : attempt.record.warnings) facts.warnings.push_back(context.clean(warning));
  facts.device = devices_of(context.meters)[attempt.selection.tracks.front()].name;
  if (const io::Json about = station.driver->about(); about.is_object()) {
    facts.version = text_of(about, "version");
    facts.arch = text_of(about, "arch");
    facts.params_b = number_of(about, "params_b");
    facts.active_params_b = number_of(about, "active_params_b");
  }
  facts.kv_capacity_tokens = station.driver->kv_capacity_tokens();
  return facts;
}

void make_row(const Context& context, const Station& station, const Run& run, Attempt& attempt) {
  RowFacts facts = facts_of(context, station, attempt);
  facts.repeat = attempt.record.repeat = run.repeat;
  attempt.record.row = row_of(context.plan, attempt.target(), attempt.figures, facts);
  if (const std::string problem = table_problem(attempt.record.row); !problem.empty()) attempt.fail(problem);
}

}  // namespace

Record measure(const Context& context, Station& station, const Run& run) {
  const double begin_s = context.clock().steady_now_s();
  Attempt attempt(context, *station.driver, run);
  const Target& target = attempt.target();
  attempt.selection = selection_for(context.meters, target.deployment.layout);
  if (!attempt.selection.problem.empty()) attempt.fail(attempt.selection.problem);
  if (attempt.valid())
    target.load.kind == table::RowKind::job ? measure_job(attempt) : measure_steady(attempt);
  if (!station.idle.problem.empty()) attempt.warn("idle power: " + station.idle.problem);
  if (attempt.valid()) make_row(context, station, run, attempt);
  Record& record = attempt.record;
  if (has_ended(context.clock(), *station.driver, attempt.valid()))
    record.reasons.insert(record.reasons.begin(), station.driver->end_text());
  record.seconds = context.clock().steady_now_s() - begin_s;
  if (!record.valid()) record.row = {};
  for (auto* const lines : {&record.reasons, &record.warnings}) {
    for (std::string& line : *lines) line = context.clean(line);
  }
  return std::move(record);
}

}  // namespace energylens::campaign
