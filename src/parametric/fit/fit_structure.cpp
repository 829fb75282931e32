// SPDX-License-Identifier: Apache-2.0
// fit_structure.cpp: from rows to a model of a given structure. Held by fit_structure_test.cpp.
#include "parametric/structure_fit.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "energylens/core/error.hpp"
#include "parametric/fit/estimate_structure.hpp"
#include "parametric/fit/fit_steps.hpp"
#include "predictor/quantities.hpp"

namespace energylens::parametric {
namespace {

/// Groups with at least one row for the target, as one task.
struct TaskGroups {
  Task task;
  std::vector<std::size_t> groups;  ///< of the model, by group of the task
};

TaskGroups reading_of(const std::vector<predictor::PreparedRows>& prepared,
                      const predictor::Structure& structure, const FormulaPrograms& programs, Metric metric) {
  TaskGroups out{{structure, programs, {}}, {}};
  for (std::size_t g = 0; g < prepared.size(); ++g) {
    TrainingRows training = training_rows_of(prepared[g], metric);
    if (training.log_measured.empty()) continue;
    const std::string unknown = predictor::unknown_quantity(structure.formula, prepared[g].context.facts);
    if (!unknown.empty())
      throw Error::bad_input({}, prepared[g].context.identity.text() + ": " + unknown +
                                     ", which the formula requires, is unknown for this model or GPU");
    out.task.groups.push_back(std::move(training));
    out.groups.push_back(g);
  }
  return out;
}

/// By constant of time: that of energy with its name.
std::vector<std::size_t> places(const predictor::Structures& structures) {
  std::vector<std::size_t> out;
  for (const predictor::StructureConstant& c : structures.time->constants) {
    const auto& all = structures.energy->constants;
    const auto found = std::ranges::find(all, c.name, &predictor::StructureConstant::name);
    assert(found != all.end());
    out.push_back(static_cast<std::size_t>(found - all.begin()));
  }
  return out;
}

/// Fits of one target go to the groups. Returns the effective parameters.
double store(const TaskGroups& reading, const std::vector<std::vector<double>>& coordinates, bool shared,
             Metric metric, std::vector<GroupStructure>& groups) {
  const std::vector<StructureFit> fits = describe(reading.task, coordinates, shared);
  for (std::size_t i = 0; i < fits.size(); ++i)
    (metric == Metric::energy ? groups[reading.groups[i]].energy : groups[reading.groups[i]].time) = fits[i];
  return effective_parameters(fits);
}

/// TrainingRows of every group with an energy, and of time for the same groups. Requires: both structures.
bool fit_jointly(const std::vector<predictor::PreparedRows>& prepared, const predictor::FitOptions& options,
                 StructureContent& content) {
  const predictor::Structures& structures = content.structures;
  const FormulaPrograms energy(structures.energy->formula, structures.energy->constants);
  const FormulaPrograms time(structures.time->formula, structures.time->constants);
  TaskGroups reading = reading_of(prepared, *structures.energy, energy, Metric::energy);
  if (reading.groups.empty()) return false;
  JointTask task{std::move(reading.task), {*structures.time, time, {}}, places(structures)};
  for (const std::size_t g : reading.groups)
    task.time.groups.push_back(training_rows_of(prepared[g], Metric::time));
  const JointFits fits = describe(task, estimate(task, options));
  for (std::size_t i = 0; i < reading.groups.size(); ++i) {
    content.groups[reading.groups[i]].energy = fits.energy[i];
    if (predictor::wants(options.target, Metric::time)) content.groups[reading.groups[i]].time = fits.time[i];
  }
  content.effective_parameters = effective_parameters(fits.energy);
  return true;
}

StructureContent content_with_contexts(const std::vector<predictor::PreparedRows>& prepared,
                                       const predictor::FitOptions& options) {
  StructureContent content{record_of(options, prepared), {}, {}, {}, {}};
  for (const predictor::PreparedRows& one : prepared)
    static_cast<predictor::GroupContext&>(content.groups.emplace_back()) = one.context;
  return content;
}

}  // namespace

StructureModel fit_structures(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  std::vector<predictor::PreparedRows> prepared;
  for (const predictor::TrainingGroup& training : data)
    prepared.push_back(predictor::prepared_rows(training, options));
  StructureContent content = content_with_contexts(prepared, options);
  content.structures = options.structures ? *options.structures : found_structures();
  const bool joint = content.structures.joint && predictor::wants(options.target, Metric::energy);
  bool any = joint && fit_jointly(prepared, options, content);
  for (const Metric metric : {Metric::time, Metric::energy}) {
    if (joint) break;
    const std::optional<predictor::Structure>& structure =
        metric == Metric::energy ? content.structures.energy : content.structures.time;
    if (!structure || !predictor::wants(options.target, metric)) continue;
    const FormulaPrograms programs(structure->formula, structure->constants);
    const TaskGroups reading = reading_of(prepared, *structure, programs, metric);
    if (reading.groups.empty()) continue;
    content.effective_parameters =
        store(reading, estimate(reading.task, options), options.pool, metric, content.groups);
    any = true;
  }
  if (!any)
    throw Error::bad_input({}, "no row can be fitted: a row requires batch, osl and an energy or a time");
  return StructureModel(std::move(content));
}

StructureModel fit_power_time(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  const hardware::Catalogue& catalogue =
      options.catalogue ? *options.catalogue : hardware::Catalogue::builtin();
  const auto published = [&](const predictor::TrainingGroup& training) {
    const predictor::Facts facts = predictor::facts(training.group->identity, catalogue);
    return predictor::unknown_quantity(power_time_structures().energy->formula, facts).empty();
  };
  predictor::FitOptions with = options;
  with.structures = std::ranges::all_of(data, published) ? &power_time_structures() : &found_structures();
  return fit_structures(data, with);
}

StructureModel with_constants(const std::vector<predictor::PreparedRows>& prepared,
                              const FittedStructure& fitted, Metric metric,
                              const predictor::FitOptions& options) {
  StructureContent content = content_with_contexts(prepared, options);
  content.pooled = prepared.size() > 1;
  const FormulaPrograms programs(fitted.structure.formula, fitted.structure.constants);
  const TaskGroups reading = reading_of(prepared, fitted.structure, programs, metric);
  std::vector<std::vector<double>> coordinates;
  for (const std::size_t g : reading.groups)
    coordinates.push_back(to_coordinates(fitted.structure, fitted.constants[g]));
  content.effective_parameters = store(reading, coordinates, content.pooled, metric, content.groups);
  (metric == Metric::energy ? content.structures.energy : content.structures.time) = fitted.structure;
  (metric == Metric::energy ? content.energy_search : content.time_search) = fitted.search;
  return StructureModel(std::move(content));
}

void require_joinable(const StructureModel& other, Metric metric,
                      std::span<const table::GroupIdentity> groups) {
  const predictor::Structures& held = other.content().structures;
  const bool energy = metric == Metric::energy;
  if ((energy ? held.energy : held.time) || !(energy ? held.time : held.energy)) {
    throw Error::usage(std::string("the --with model must contain a formula of ") +
                       (energy ? "time, and none of energy" : "energy, and none of time"));
  }
  const auto key = [](const table::GroupIdentity& identity) { return identity.key; };
  if (!std::ranges::equal(groups, other.groups(), {}, key, key))
    throw Error::usage("the --with model contains other groups");
}

StructureModel joined(const StructureModel& one, const StructureModel& other) {
  const bool energy = one.content().structures.energy.has_value();
  require_joinable(other, energy ? Metric::energy : Metric::time, one.groups());
  require_joinable(one, energy ? Metric::time : Metric::energy, other.groups());
  StructureContent content = (energy ? one : other).content();
  const StructureContent& timed = (energy ? other : one).content();
  content.structures.time = timed.structures.time;
  content.time_search = timed.time_search;
  for (std::size_t g = 0; g < content.groups.size(); ++g) content.groups[g].time = timed.groups[g].time;
  return StructureModel(std::move(content));
}

}  // namespace energylens::parametric
