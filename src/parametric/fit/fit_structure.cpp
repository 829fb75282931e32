// SPDX-License-Identifier: Apache-2.0
// fit_structure.cpp: from rows to a model of a given structure. Held by fit_structure_test.cpp.
#include "energylens/parametric/structure_fit.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "energylens/core/error.hpp"
#include "energylens/predictor/quantities.hpp"
#include "parametric/fit/estimate_structure.hpp"

namespace energylens::discovered {
namespace {

std::string hash_of(const std::vector<predictor::FramedRows>& framed) {
  std::vector<table::Group> groups;
  for (const predictor::FramedRows& one : framed) groups.push_back({one.frame.identity, one.rows});
  return table::data_hash(groups);
}

/// Groups with at least one row for the target, as one task.
struct Reading {
  Task task;
  std::vector<std::size_t> groups;  ///< of the model, by group of the task
};

Reading reading_of(const std::vector<predictor::FramedRows>& framed, const predictor::Structure& structure,
                   const FormulaPrograms& programs, bool energy) {
  Reading out{{structure, programs, {}}, {}};
  for (std::size_t g = 0; g < framed.size(); ++g) {
    Lessons lessons = lessons_of(framed[g], energy);
    if (lessons.log_measured.empty()) continue;
    const std::string unknown = predictor::unknown_quantity(structure.formula, framed[g].frame.facts);
    if (!unknown.empty())
      throw Error::bad_input({}, framed[g].frame.identity.text() + ": " + unknown +
                                     ", which the formula needs, is not known of this model or GPU");
    out.task.groups.push_back(std::move(lessons));
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
double store(const Reading& reading, const std::vector<std::vector<double>>& coordinates, bool shared,
             bool energy, std::vector<GroupFit>& groups) {
  const std::vector<TargetFit> fits = describe(reading.task, coordinates, shared);
  for (std::size_t i = 0; i < fits.size(); ++i)
    (energy ? groups[reading.groups[i]].energy : groups[reading.groups[i]].time) = fits[i];
  return effective_parameters(fits);
}

/// Lessons of every group with an energy, and of time for the same groups. Requires: both structures.
bool fit_jointly(const std::vector<predictor::FramedRows>& framed, const predictor::FitOptions& options,
                 Content& content) {
  const predictor::Structures& structures = content.structures;
  const FormulaPrograms energy(structures.energy->formula, structures.energy->constants);
  const FormulaPrograms time(structures.time->formula, structures.time->constants);
  Reading reading = reading_of(framed, *structures.energy, energy, true);
  if (reading.groups.empty()) return false;
  JointTask task{std::move(reading.task), {*structures.time, time, {}}, places(structures)};
  for (const std::size_t g : reading.groups) task.time.groups.push_back(lessons_of(framed[g], false));
  const JointFits fits = describe(task, estimate(task, options));
  for (std::size_t i = 0; i < reading.groups.size(); ++i) {
    content.groups[reading.groups[i]].energy = fits.energy[i];
    if (predictor::wants(options.target, false)) content.groups[reading.groups[i]].time = fits.time[i];
  }
  content.effective_parameters = effective_parameters(fits.energy);
  return true;
}

Content frame_content(const std::vector<predictor::FramedRows>& framed,
                      const predictor::FitOptions& options) {
  Content content;
  for (const predictor::FramedRows& one : framed)
    static_cast<predictor::Frame&>(content.groups.emplace_back()) = one.frame;
  content.flag_capacity_tokens = options.kv_capacity_tokens;
  content.data_hash = hash_of(framed);
  content.seed = options.seed;
  content.pooled = options.pool;
  return content;
}

}  // namespace

Model fit(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  std::vector<predictor::FramedRows> framed;
  for (const predictor::TrainingGroup& training : data)
    framed.push_back(predictor::framed(training, options));
  Content content = frame_content(framed, options);
  content.structures = options.structures ? *options.structures : found_structures();
  const bool joint = content.structures.joint && predictor::wants(options.target, true);
  bool any = joint && fit_jointly(framed, options, content);
  for (const bool energy : {false, true}) {
    if (joint) break;
    const std::optional<predictor::Structure>& structure =
        energy ? content.structures.energy : content.structures.time;
    if (!structure || !predictor::wants(options.target, energy)) continue;
    const FormulaPrograms programs(structure->formula, structure->constants);
    const Reading reading = reading_of(framed, *structure, programs, energy);
    if (reading.groups.empty()) continue;
    content.effective_parameters =
        store(reading, estimate(reading.task, options), options.pool, energy, content.groups);
    any = true;
  }
  if (!any)
    throw Error::bad_input({}, "no row has what the formula needs: batch, osl and an energy or a time");
  return Model(std::move(content));
}

Model fit_power_time(const predictor::TrainingData& data, const predictor::FitOptions& options) {
  const hardware::Catalogue& catalogue =
      options.catalogue ? *options.catalogue : hardware::Catalogue::builtin();
  const auto published = [&](const predictor::TrainingGroup& training) {
    const predictor::Facts facts = predictor::facts(training.group->identity, catalogue);
    return predictor::unknown_quantity(power_time_structures().energy->formula, facts).empty();
  };
  predictor::FitOptions with = options;
  with.structures = std::ranges::all_of(data, published) ? &power_time_structures() : &found_structures();
  return fit(data, with);
}

Model with_constants(const std::vector<predictor::FramedRows>& framed, const FittedStructure& fitted,
                     bool energy, const predictor::FitOptions& options) {
  Content content = frame_content(framed, options);
  content.pooled = framed.size() > 1;
  const FormulaPrograms programs(fitted.structure.formula, fitted.structure.constants);
  const Reading reading = reading_of(framed, fitted.structure, programs, energy);
  std::vector<std::vector<double>> coordinates;
  for (const std::size_t g : reading.groups)
    coordinates.push_back(to_coordinates(fitted.structure, fitted.constants[g]));
  content.effective_parameters = store(reading, coordinates, content.pooled, energy, content.groups);
  (energy ? content.structures.energy : content.structures.time) = fitted.structure;
  (energy ? content.energy_search : content.time_search) = fitted.search;
  return Model(std::move(content));
}

void require_joinable(const Model& other, bool energy, std::span<const table::GroupIdentity> groups) {
  const predictor::Structures& held = other.content().structures;
  if ((energy ? held.energy : held.time) || !(energy ? held.time : held.energy)) {
    throw Error::usage(std::string("the other model must hold a formula of ") +
                       (energy ? "time, and none of energy" : "energy, and none of time"));
  }
  const auto key = [](const table::GroupIdentity& identity) { return identity.key; };
  if (!std::ranges::equal(groups, other.groups(), {}, key, key))
    throw Error::usage("the other model is of other groups");
}

Model joined(const Model& one, const Model& other) {
  const bool energy = one.content().structures.energy.has_value();
  require_joinable(other, energy, one.groups());
  require_joinable(one, !energy, other.groups());
  Content content = (energy ? one : other).content();
  const Content& timed = (energy ? other : one).content();
  content.structures.time = timed.structures.time;
  content.time_search = timed.time_search;
  for (std::size_t g = 0; g < content.groups.size(); ++g) content.groups[g].time = timed.groups[g].time;
  return Model(std::move(content));
}

}  // namespace energylens::discovered
