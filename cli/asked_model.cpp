// SPDX-License-Identifier: Apache-2.0
#include "cli/asked_model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "core/file.hpp"
#include "core/fnv1a.hpp"
#include "energylens/registry/kinds.hpp"

namespace energylens::cli {
namespace {

std::string file_hash(std::string_view text) {
  Fnv1a hash;
  hash.add(text);
  return hash.hex();
}

const predictor::Verdict* verdict_of(const AskedModel& model) {
  const predictor::GroupContext* const context = model.context();
  return context && context->verdict ? &*context->verdict : nullptr;
}

io::Json verdict_json(const AskedModel& model) {
  const predictor::Verdict* const verdict = verdict_of(model);
  return verdict ? io::Json(predictor::grade_text(verdict->grade)) : io::Json();
}

io::Json note_json(const LibraryNote& note) {
  return io::Json::object({{"groups", note.groups},
                           {"nearest", io::Json::array_of(note.nearest)},
                           {"likeness", note.likeness},
                           {"fitted_to", note.fitted.empty() ? io::Json() : io::Json(note.fitted)},
                           {"note", note.text()}});
}

io::Json measured_rows_json(const AskedModel& model) {
  const predictor::GroupContext* const context = model.context();
  return context && context->measured_rows ? io::Json(*context->measured_rows) : io::Json();
}

}  // namespace

bool AskedModel::not_to_be_used() const {
  const predictor::Verdict* const verdict = verdict_of(*this);
  return verdict && verdict->grade == predictor::Grade::do_not_use;
}

bool AskedModel::unmeasured() const {
  return context() && context()->measured_rows && *context()->measured_rows == 0;
}

bool is_sound(const predictor::GroupContext* context) {
  if (context == nullptr) return true;
  if (context->verdict && context->verdict->grade == predictor::Grade::do_not_use) return false;
  return !context->measured_rows || *context->measured_rows > 0;
}

void AskedModel::warn_of_verdict() const {
  cli::warn_of_verdict(context());
}

void warn_of_verdict(const predictor::GroupContext* context) {
  if (context == nullptr) return;
  if (context->verdict && context->verdict->grade == predictor::Grade::do_not_use)
    warn("do not use this model: " + context->verdict->reasons.front());
  if (!context->measured_rows || *context->measured_rows > 0) return;
  warn(fmt::format("no row of {} was measured: the answer rests on {}", context->identity.text(),
                   context->identity.simulated ? "simulated rows" : "other groups and published figures"));
}

std::string LibraryNote::text() const {
  if (!fitted.empty()) return "from the library: fitted to " + nearest.front() + ", data set " + fitted;
  return fmt::format("nothing measured here: prior from {} groups, nearest: {}", groups,
                     fmt::join(nearest, ", "));
}

std::string AskedModel::verdict_line() const {
  const predictor::Verdict* const verdict = verdict_of(*this);
  const std::string origin = note ? note->text() + '\n' : std::string();
  if (!verdict || verdict->grade == predictor::Grade::good) return origin;
  return origin + "verdict of the fit: " + predictor::verdict_text(*verdict) + '\n';
}

AskedModel load_asked_model(const std::string& file, const std::vector<std::string>& where) {
  const std::string text = read_file(file);
  AskedModel model{file, file_hash(text), registry::load(text, file), 0, std::nullopt};
  model.group = select_group(model.predictor->groups(), where);
  return model;
}

void add_echo(io::Json& answer, const io::Json& question, const AskedModel& model) {
  const predictor::Verdict* const verdict = verdict_of(model);
  answer["question"] = question;
  answer["model"] =
      io::Json::object({{"file", model.file},
                        {"hash", model.hash},
                        {"group", identity_json(model.predictor->groups()[model.group])},
                        {"verdict", verdict_json(model)},
                        {"verdict_reasons", verdict ? io::Json::array_of(verdict->reasons) : io::Json()}});
  answer["measured_rows"] = measured_rows_json(model);
  if (model.note) answer["library"] = note_json(*model.note);
}

void add_echo_cells(io::Json& row, const io::Json& question, const AskedModel& model) {
  for (const io::Json::Member& member : question.members()) {
    if (!member.value.is_null()) row["question_" + member.name] = member.value;
  }
  row["model_file"] = model.file;
  row["model_hash"] = model.hash;
  row["verdict"] = verdict_json(model);
  row["measured_rows"] = measured_rows_json(model);
  if (model.note) row["library_note"] = model.note->text();
}

}  // namespace energylens::cli
