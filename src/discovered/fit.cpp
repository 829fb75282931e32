// SPDX-License-Identifier: Apache-2.0
// fit.cpp: from rows, or from the front of a search, to a model. Held by fit_test.cpp.
#include "energylens/discovered/fit.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "energylens/core/error.hpp"
#include "energylens/expr/algebra.hpp"
#include "energylens/search/quantities.hpp"
#include "estimate.hpp"

namespace energylens::discovered {
namespace {

/// Whether the constant occurs as an exponent only.
bool exponent(const expr::Expr& formula, const std::string& name) {
  const std::span<const expr::Node> nodes = formula.nodes();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].op != expr::Op::parameter || formula.name(nodes[i]) != name) continue;
    const bool is_last_operand = i + 1 < nodes.size() && nodes[i + 1].op == expr::Op::power;
    if (!is_last_operand) return false;
  }
  return true;
}

double geometric_mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += std::log(value) / static_cast<double>(values.size());
  return std::exp(sum);
}

/// A group may lack a term that others have: its coefficient is 0, which no logarithm reaches.
constexpr double kLeastShare = 1e-9;

std::vector<double> constants_of(const search::Formula& formula, const model::Structure& structure,
                                 std::size_t group) {
  std::vector<double> out;
  for (std::size_t k = 0; k < formula.constants.size(); ++k) {
    const std::vector<double>& values = formula.constants[k].values;
    const double value = values[values.size() == 1 ? 0 : group];
    const double least = kLeastShare * structure.constants[k].start;
    out.push_back(structure.constants[k].logarithmic ? std::max(value, least) : value);
  }
  return out;
}

std::string hash_of(const std::vector<model::FramedRows>& framed) {
  std::vector<table::Group> groups;
  for (const model::FramedRows& one : framed) groups.push_back({one.frame.identity, one.rows});
  return table::data_hash(groups);
}

/// Groups with at least one row for the target, as one task.
struct Reading {
  Task task;
  std::vector<std::size_t> groups;  ///< of the model, by group of the task
};

Reading reading_of(const std::vector<model::FramedRows>& framed, const model::Structure& structure,
                   const FormulaPrograms& programs, bool energy) {
  Reading out{{structure, programs, {}}, {}};
  for (std::size_t g = 0; g < framed.size(); ++g) {
    Lessons lessons = lessons_of(framed[g], energy);
    if (lessons.log_measured.empty()) continue;
    const std::string unknown = search::unknown_quantity(structure.formula, framed[g].frame.facts);
    if (!unknown.empty())
      throw Error::bad_input({}, framed[g].frame.identity.text() + ": " + unknown +
                                     ", which the formula needs, is not known of this model or GPU");
    out.task.groups.push_back(std::move(lessons));
    out.groups.push_back(g);
  }
  return out;
}

/// By constant of time: that of energy with its name.
std::vector<std::size_t> places(const model::Structures& structures) {
  std::vector<std::size_t> out;
  for (const model::StructureConstant& c : structures.time->constants) {
    const auto& all = structures.energy->constants;
    const auto found = std::ranges::find(all, c.name, &model::StructureConstant::name);
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
bool fit_jointly(const std::vector<model::FramedRows>& framed, const model::FitOptions& options,
                 Content& content) {
  const model::Structures& structures = content.structures;
  const FormulaPrograms energy(structures.energy->formula, structures.energy->constants);
  const FormulaPrograms time(structures.time->formula, structures.time->constants);
  Reading reading = reading_of(framed, *structures.energy, energy, true);
  if (reading.groups.empty()) return false;
  JointTask task{std::move(reading.task), {*structures.time, time, {}}, places(structures)};
  for (const std::size_t g : reading.groups) task.time.groups.push_back(lessons_of(framed[g], false));
  const JointFits fits = describe(task, estimate(task, options));
  for (std::size_t i = 0; i < reading.groups.size(); ++i) {
    content.groups[reading.groups[i]].energy = fits.energy[i];
    if (model::wants(options.target, false)) content.groups[reading.groups[i]].time = fits.time[i];
  }
  content.effective_parameters = effective_parameters(fits.energy);
  return true;
}

Content frame_content(const std::vector<model::FramedRows>& framed, const model::FitOptions& options) {
  Content content;
  for (const model::FramedRows& one : framed)
    static_cast<model::Frame&>(content.groups.emplace_back()) = one.frame;
  content.flag_capacity_tokens = options.kv_capacity_tokens;
  content.data_hash = hash_of(framed);
  content.seed = options.seed;
  content.pooled = options.pool;
  return content;
}

}  // namespace

model::Structure structure_of(const search::Formula& formula, const std::string& form, bool positive) {
  model::Structure out;
  out.form = form;
  out.formula = formula.expr;
  for (const search::Formula::Part& part : formula.parts) {
    if (part.name == "prefill") out.prefill = part.expr;
  }
  for (const search::Constant& c : formula.constants) {
    const bool all_positive = std::ranges::all_of(c.values, [](double v) { return v > 0; });
    const bool some = c.coefficient && positive;  // 0 in a group that lacks the term
    std::vector<double> above;
    std::ranges::copy_if(c.values, std::back_inserter(above), [](double v) { return v > 0; });
    const bool logarithmic = !above.empty() && (some || all_positive) && !exponent(formula.expr, c.name);
    // Where published figures tell groups apart, one set of coefficients is for all of them.
    const bool own = c.per_group || (c.coefficient && !search::has_quantity(formula.expr));
    out.constants.push_back(
        {c.name, c.unit, own, logarithmic, logarithmic ? geometric_mean(above) : c.values.front()});
  }
  return out;
}

Model fit(const model::TrainingData& data, const model::FitOptions& options) {
  std::vector<model::FramedRows> framed;
  for (const model::TrainingGroup& training : data) framed.push_back(model::framed(training, options));
  Content content = frame_content(framed, options);
  content.structures = options.structures ? *options.structures : found_structures();
  const bool joint = content.structures.joint && model::wants(options.target, true);
  bool any = joint && fit_jointly(framed, options, content);
  for (const bool energy : {false, true}) {
    if (joint) break;
    const std::optional<model::Structure>& structure =
        energy ? content.structures.energy : content.structures.time;
    if (!structure || !model::wants(options.target, energy)) continue;
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

Model fit_power_time(const model::TrainingData& data, const model::FitOptions& options) {
  const hardware::Catalogue& catalogue =
      options.catalogue ? *options.catalogue : hardware::Catalogue::builtin();
  const auto published = [&](const model::TrainingGroup& training) {
    const model::Facts facts = model::facts(training.group->identity, catalogue);
    return search::unknown_quantity(power_time_structures().energy->formula, facts).empty();
  };
  model::FitOptions with = options;
  with.structures = std::ranges::all_of(data, published) ? &power_time_structures() : &found_structures();
  return fit(data, with);
}

Model from_front(const search::Front& front, const search::Measurements& data, bool energy,
                 const model::FitOptions& options) {
  const search::Formula& chosen = front.chosen();
  std::vector<model::FramedRows> framed;
  for (std::size_t g = 0; g < data.groups.size(); ++g) {
    model::TrainingGroup training{data.groups[g], {}, {}};
    for (std::size_t i = 0; i < data.rows.size(); ++i) {
      if (data.problem.group_of(i) == g)
        training.rows.push_back(static_cast<std::size_t>(data.rows[i] - data.groups[g]->rows.data()));
    }
    framed.push_back(model::framed(training, options));
  }
  Content content = frame_content(framed, options);
  content.pooled = framed.size() > 1;
  const model::Structure structure = structure_of(chosen, data.problem.form, true);
  const FormulaPrograms programs(structure.formula, structure.constants);
  const Reading reading = reading_of(framed, structure, programs, energy);
  std::vector<std::vector<double>> coordinates;
  for (const std::size_t g : reading.groups)
    coordinates.push_back(to_coordinates(structure, constants_of(chosen, structure, g)));
  content.effective_parameters = store(reading, coordinates, content.pooled, energy, content.groups);
  Provenance search{data.problem.fingerprint(),
                    std::string(search::ended_text(front.why)),
                    data.problem.group_names,
                    data.problem.rows(),
                    front.evaluations,
                    options.seed,
                    chosen.complexity,
                    chosen.loss,
                    chosen.cv_mape};
  (energy ? content.structures.energy : content.structures.time) = structure;
  (energy ? content.energy_search : content.time_search) = std::move(search);
  return Model(std::move(content));
}

void require_joinable(const Model& other, bool energy, std::span<const table::GroupIdentity> groups) {
  const model::Structures& held = other.content().structures;
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
