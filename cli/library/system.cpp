// SPDX-License-Identifier: Apache-2.0
#include "cli/library/system.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/hardware/model_file.hpp"

namespace energylens::cli {
namespace {

/// Of a model whose weights nobody names: what servers run by default.
constexpr const char* kUsualQuant = "bf16";
constexpr const char* kUsualEngine = "vLLM";
/// Groups that the answer names.
constexpr std::size_t kNamed = 3;

/// The identity with what the catalogue knows of the model.
table::GroupIdentity described(const library::System& system, const hardware::Catalogue& catalogue) {
  table::GroupIdentity identity = system.identity();
  if (const hardware::Model* const model = catalogue.find_model(system.model)) {
    identity.params_b = model->params.value / 1e9;
    identity.active_params_b = model->active_params.value / 1e9;
    identity.arch = model->arch;
  }
  return identity;
}

void require_figures(const AskedSystem& asked) {
  const library::System& system = asked.system;
  if (!asked.catalogue.find_gpu(system.gpu)) {
    throw Error::usage("the catalogue has no GPU " + quote(system.gpu) +
                       alike_text(system.gpu, asked.catalogue.gpus_like(system.gpu)) +
                       "; add it with --catalogue");
  }
  if (!asked.catalogue.find_model(system.model)) {
    throw Error::usage("the catalogue has no model " + quote(system.model) +
                       alike_text(system.model, asked.catalogue.models_like(system.model)) +
                       "; name its config.json or GGUF file, or add it with --catalogue");
  }
  if (!known(asked.facts.weight_bytes))
    throw Error::usage("bytes per weight of the quantisation " + quote(system.quant) + " unknown");
}

std::string group_name(const library::Entry& entry) {
  return entry.law.identity["model"] + " on " + entry.law.identity["gpu"];
}

/// What the answer says about where it comes from.
LibraryNote note_of(const library::Library& from, const std::vector<library::Neighbour>& sources) {
  LibraryNote note;
  note.groups = sources.size();
  for (const library::Neighbour& one : sources) {
    const std::string name = group_name(from.entries()[one.entry]);
    if (note.nearest.size() == kNamed) break;
    if (std::ranges::find(note.nearest, name) == note.nearest.end()) note.nearest.push_back(name);
  }
  if (!sources.empty()) note.likeness = sources.front().likeness;
  return note;
}

}  // namespace

void SystemChoice::declare(Arguments& args) {
  args.text(
      "--model", model, "NAME",
      "instead of MODEL: language model, by name or by its config.json or GGUF file; the law comes from the "
      "library (docs/guide/library.md)");
  args.text("--gpu", gpu, "NAME", "GPU of --model");
  args.text("--quant", quant, "LABEL", "quantisation of --model [bf16]");
  args.text("--engine", engine, "NAME", "serving engine of --model [vLLM]");
}

library::System SystemChoice::chosen(const std::string& address) const {
  if (!address.empty()) {
    if (given()) throw Error::usage("specify either MODEL or --model with --gpu, not both");
    return library::parse_address(address);
  }
  if (model.empty() || gpu.empty())
    throw Error::usage("specify a MODEL file, library:MODEL@GPU:QUANT, or --model and --gpu");
  return {model, gpu, quant, engine};
}

AskedSystem SystemChoice::resolved(const std::string& address, const SystemFlags& system) const {
  AskedSystem asked{chosen(address), {}, {}, system.open()};
  if (const std::optional<hardware::ModelFile> file = hardware::model_in_file(asked.system.model)) {
    asked.system.model = file->model.name;
    if (asked.system.quant.empty()) asked.system.quant = file->quant;
    asked.catalogue = asked.catalogue.with_model(file->model);
  }
  if (asked.system.quant.empty()) asked.system.quant = kUsualQuant;
  const bool any_engine = asked.system.engine.empty();
  if (any_engine) asked.system.engine = kUsualEngine;
  asked.identity = described(asked.system, asked.catalogue);
  asked.facts = system.facts_in(asked.catalogue, asked.identity);
  require_figures(asked);
  if (any_engine) asked.system.engine.clear();  // a fitted law of any engine answers
  return asked;
}

library::Reading library_reading(const table::Load& request, bool job) {
  if (!known(request.isl)) return library::Reading::no_lengths;
  return job ? library::Reading::job : library::Reading::server;
}

AskedModel asked_model(const ModelChoice& choice, library::Reading reading, const SystemFlags& flags) {
  if (!choice.file.empty() && !library::is_address(choice.file)) {
    if (choice.system.given()) throw Error::usage("specify either MODEL or --model with --gpu, not both");
    return load_asked_model(choice.file, choice.where);
  }
  if (!choice.where.empty()) throw Error::usage("--where requires a MODEL file");
  return library_model(choice.system.resolved(choice.file, flags), reading, flags, choice.file);
}

AskedModel library_model(const AskedSystem& asked, library::Reading reading, const SystemFlags& system,
                         const std::string& address) {
  const library::Library& from = library::Library::builtin();
  AskedModel out;
  out.file = address.empty() ? asked.system.address() : address;
  out.hash = from.hash();
  const std::vector<std::size_t> same = from.matching(asked.system, reading);
  if (!same.empty()) {
    const library::Entry& entry = from.entries()[same.front()];
    out.predictor = std::make_unique<parametric::LawModel>(from.model_of(same.front()));
    out.note = LibraryNote{};
    out.note->groups = 1;
    out.note->likeness = 1;
    out.note->fitted = from.data()[entry.data_set].name;
    out.note->nearest = {group_name(entry)};
    return out;
  }
  const table::Group target{asked.identity, {}};
  library::PriorQuestion question{&target, asked.facts, reading, {}};
  predictor::FitOptions options;
  system.apply(options);
  options.catalogue = &asked.catalogue;
  out.note = note_of(from, from.sources(question, options));
  out.predictor = std::make_unique<parametric::LawModel>(from.prior(question, options));
  return out;
}

}  // namespace energylens::cli
