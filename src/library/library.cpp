// SPDX-License-Identifier: Apache-2.0
// The library: a list of fitted groups, read once. A prior for a system comes from the entries that are read as it is, the
// nearest first, because the cost of the population grows with the cube of their number. Held by library_test.cpp.
#include "energylens/library/library.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

#include "core/fnv1a.hpp"
#include "energylens/core/error.hpp"
#include "energylens/parametric/transfer.hpp"
#include "library/builtin_library.hpp"
#include "parametric/compact_law.hpp"
#include "parametric/transfer_likeness.hpp"

namespace energylens::library {
namespace {

using io::Json;

constexpr std::string_view kSchema = "energylens-library-1";
/// Entries of a prior: more of them add little, and their equations take longer than a second.
constexpr std::size_t kMostSources = 64;

DataSet data_set_from(const Json& json) {
  return {json.text("name"), json.text("tier"), json.text("licence"), json.text("origin"),
          json.text("data_hash")};
}

HeldOut held_out_from(const Json* json) {
  if (!json || json->is_null()) return {};
  return {json->number_or_unknown("model"), json->number_or_unknown("gpu"),
          json->number_or_unknown("vendor")};
}

Entry entry_from(const Json& json, const std::vector<DataSet>& data) {
  Entry entry;
  const std::string& name = json.text("data");
  const auto found = std::ranges::find(data, name, &DataSet::name);
  if (found == data.end()) throw json.at("data").error("no such data set: " + name);
  entry.data_set = static_cast<std::size_t>(found - data.begin());
  entry.assumed_isl = json.number_or_unknown("assumed_isl");
  entry.held_out = held_out_from(json.find("held_out"));
  entry.law = parametric::compact_law_from(json, hardware::Catalogue::builtin());
  const table::GroupIdentity& identity = entry.law.identity;
  entry.system = {identity["model"], identity["gpu"], identity["quant"], identity["engine"]};
  return entry;
}

/// Whether two texts name the same GPU or model.
template <typename Found>
bool same_name(const Found* a, const Found* b, table::Column column, const std::string& x,
               const std::string& y) {
  return (a && a == b) || table::normal_text(column, x) == table::normal_text(column, y);
}

bool same_quant(const std::string& a, const std::string& b) {
  const double bytes = hardware::bytes_per_weight(a);
  return table::normal_text(*table::find_column("quant"), a) ==
             table::normal_text(*table::find_column("quant"), b) ||
         (known(bytes) && bytes == hardware::bytes_per_weight(b) &&
          hardware::compute_type(a) == hardware::compute_type(b));
}

bool same_system(const System& wanted, const System& there) {
  const hardware::Catalogue& catalogue = hardware::Catalogue::builtin();
  if (!same_name(catalogue.find_model(wanted.model), catalogue.find_model(there.model),
                 *table::find_column("model"), wanted.model, there.model))
    return false;
  if (!same_name(catalogue.find_gpu(wanted.gpu), catalogue.find_gpu(there.gpu), *table::find_column("gpu"),
                 wanted.gpu, there.gpu))
    return false;
  return wanted.quant.empty() || same_quant(wanted.quant, there.quant);
}

std::size_t rows_of(const Entry& entry) {
  return entry.law.measured_rows.value_or(0);
}

}  // namespace

Reading reading_of(const predictor::GroupContext& context) {
  if (!context.isl_known) return Reading::no_lengths;
  return context.serving ? Reading::server : Reading::job;
}

std::string_view reading_text(Reading reading) {
  constexpr std::array<std::string_view, 3> kTexts = {"job", "server", "isl unknown"};
  return kTexts[static_cast<std::size_t>(reading)];
}

const Library& Library::builtin() {
  static const Library library = from_text(kBuiltinLibrary, "data/library/library.json");
  return library;
}

Library Library::from_text(std::string_view text, const std::string& file) {
  Library library = from_json(io::parse_json(text, file));
  Fnv1a hash;
  hash.add(text);
  library.hash_ = hash.hex();
  return library;
}

Library Library::from_json(const Json& json) {
  if (!json.is_object() || json.text_or("schema", "") != kSchema)
    throw json.error("not a library of fitted laws (" + std::string(kSchema) + ")");
  Library out;
  for (const Json& one : json.array_at("data")) out.data_.push_back(data_set_from(one));
  for (const Json& one : json.array_at("groups")) out.entries_.push_back(entry_from(one, out.data_));
  return out;
}

std::vector<std::size_t> Library::matching(const System& system, Reading reading) const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    if (known(entry.assumed_isl) || reading_of(entry.law) != reading || !same_system(system, entry.system))
      continue;
    if (!system.engine.empty() && !parametric::same_engine(system.engine, entry.system.engine)) continue;
    out.push_back(i);
  }
  std::ranges::stable_sort(
      out, [&](std::size_t a, std::size_t b) { return rows_of(entries_[a]) > rows_of(entries_[b]); });
  return out;
}

std::vector<Neighbour> Library::nearest(const table::GroupIdentity& identity, const predictor::Facts& facts,
                                        Reading reading) const {
  std::vector<Neighbour> out;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const parametric::GroupLaw& law = entries_[i].law;
    if (reading_of(law) != reading) continue;
    out.push_back({i, parametric::likeness_of(law, identity, facts)});
  }
  std::ranges::stable_sort(out, std::greater{}, &Neighbour::likeness);
  return out;
}

parametric::LawModel Library::model_of(std::size_t entry) const {
  const parametric::GroupLaw& law = entries_[entry].law;
  parametric::LawContent content;
  content.data_hash = data_[entries_[entry].data_set].data_hash;
  content.effective_parameters =
      (law.energy ? law.energy->effective_parameters : 0) + (law.time ? law.time->effective_parameters : 0);
  content.laws.push_back(law);
  return parametric::LawModel(std::move(content));
}

namespace {

/// How the rows of the target are read, or the question without rows.
Reading reading_asked(const PriorQuestion& question, const predictor::FitOptions& options) {
  if (question.group->rows.empty()) return question.reading;
  const predictor::TrainingData data = predictor::all_rows(std::span(question.group, 1));
  return reading_of(predictor::prepared_rows(data.front(), options, &question.facts).context);
}

}  // namespace

std::vector<Neighbour> Library::sources_of(const PriorQuestion& question, Reading reading,
                                           predictor::Metric metric) const {
  std::vector<Neighbour> out;
  for (const Neighbour& one : nearest(question.group->identity, question.facts, reading)) {
    const Entry& entry = entries_[one.entry];
    if (question.allowed && !question.allowed(entry)) continue;
    if (!(metric == predictor::Metric::energy ? entry.law.energy : entry.law.time)) continue;
    out.push_back(one);
    if (out.size() == kMostSources) break;
  }
  return out;
}

std::vector<Neighbour> Library::sources(const PriorQuestion& question,
                                        const predictor::FitOptions& options) const {
  return sources_of(question, reading_asked(question, options), predictor::Metric::energy);
}

parametric::LawModel Library::prior(const PriorQuestion& question,
                                    const predictor::FitOptions& options) const {
  const Reading reading = reading_asked(question, options);
  parametric::LawContent content;
  // The sources of energies and of times apart: groups without times leave room for those with times.
  for (const predictor::Metric metric : {predictor::Metric::energy, predictor::Metric::time}) {
    if (!predictor::wants(options.target, metric)) continue;
    for (const Neighbour& one : sources_of(question, reading, metric)) {
      parametric::GroupLaw law = entries_[one.entry].law;
      (metric == predictor::Metric::energy ? law.time : law.energy).reset();
      content.laws.push_back(std::move(law));
    }
  }
  if (content.laws.empty()) {
    throw Error::bad_input({}, "the library has no group of this kind (" +
                                   std::string(reading_text(reading)) + ") to predict " +
                                   question.group->identity.text() + " from");
  }
  std::vector<std::size_t> all(content.laws.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const parametric::LawModel sources(std::move(content));
  return parametric::transfer(sources, all, {*question.group, question.facts}, options, question.relation);
}

parametric::LawModel Library::fit(const predictor::TrainingData& data,
                                  const predictor::FitOptions& options) const {
  const hardware::Catalogue& catalogue =
      options.catalogue ? *options.catalogue : hardware::Catalogue::builtin();
  std::vector<table::Group> groups;
  for (const predictor::TrainingGroup& training : data) {
    table::Group& group = groups.emplace_back(table::Group{training.group->identity, {}});
    for (const std::size_t row : training.rows) group.rows.push_back(training.group->rows[row]);
  }
  parametric::LawContent content;
  content.seed = options.seed;
  content.flag_capacity_tokens = options.kv_capacity_tokens;
  content.data_hash = table::data_hash(groups);
  content.effective_parameters = 0;
  for (const table::Group& group : groups) {
    predictor::Facts facts = predictor::facts(group.identity, catalogue);
    predictor::set_memory_share(facts, options.gpu_memory_utilization);
    const parametric::LawModel one = prior({&group, facts, Reading::job, {}}, options);
    content.effective_parameters += one.effective_parameters();
    content.laws.push_back(one.laws().front());
  }
  return parametric::LawModel(std::move(content));
}

}  // namespace energylens::library
