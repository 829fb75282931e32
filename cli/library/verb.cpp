// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/library/entries.hpp"
#include "cli/library/file.hpp"
#include "cli/library/system.hpp"
#include "cli/output.hpp"
#include "cli/verb.hpp"
#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"

namespace energylens::cli {
namespace {

struct LibraryOptions {
  SystemChoice system;
  SystemFlags catalogue;
  std::string address, library, format = "table", reading = "server";
  int top = 10;
};

void print_rows(io::Json rows, const char* name, const std::string& format) {
  print(format == "csv" ? csv_text(rows)
                        : io::print_json(io::Json::object({{name, std::move(rows)}})) + '\n');
}

int list_library(const LibraryOptions& options) {
  const library::Library from = library_of(options.library);
  if (options.format != "table") {
    io::Json rows = io::Json::array();
    for (const library::Entry& entry : from.entries()) rows.push_back(entry_json(from, entry));
    print_rows(std::move(rows), "entries", options.format);
    return kOk;
  }
  TextTable text = entry_table();
  for (const library::Entry& entry : from.entries()) text.add(entry_cells(from, entry));
  print(text.text());
  return kOk;
}

library::Reading reading_named(const std::string& name) {
  for (const library::Reading one :
       {library::Reading::job, library::Reading::server, library::Reading::no_lengths}) {
    if (library::reading_text(one) == name) return one;
  }
  return library::Reading::server;
}

int show_library(const LibraryOptions& options) {
  const library::Library from = library_of(options.library);
  const library::System system = options.system.chosen(options.address);
  bool found = false;
  io::Json shown_entries = io::Json::array();
  std::string text;
  for (const library::Reading reading :
       {library::Reading::job, library::Reading::server, library::Reading::no_lengths}) {
    for (const std::size_t index : from.matching(system, reading)) {
      const library::Entry& entry = from.entries()[index];
      const library::DataSet& data = from.data()[entry.data_set];
      const parametric::LawModel model = from.model_of(index);
      io::Json one = entry_json(from, entry);
      if (options.format == "json") one["model"] = model.json();
      shown_entries.push_back(std::move(one));
      TextTable head = entry_table();
      head.add(entry_cells(from, entry));
      text += (found ? "\n" : "") + head.text() + "from " + data.origin + ", licence: " + data.licence +
              ", tier " + data.tier + ", data hash " + data.data_hash + '\n' +
              parameters_text(model, predictor::Metric::energy) +
              parameters_text(model, predictor::Metric::time);
      found = true;
    }
  }
  if (!found)
    throw Error::usage("the library has no fit of " + system.address() +
                       "; `energylens library nearest` lists what is near");
  if (options.format == "table") {
    print(text);
  } else {
    print_rows(std::move(shown_entries), "entries", options.format);
  }
  return kOk;
}

int nearest_library(const LibraryOptions& options) {
  const library::Library from = library_of(options.library);
  const AskedSystem asked = options.system.resolved(options.address, options.catalogue);
  io::Json rows = io::Json::array();
  TextTable text("rllrrl", {"likeness", "address", "engine", "rows", "held out: model", "data"});
  int shown_count = 0;
  for (const library::Neighbour& one :
       from.nearest(asked.identity, asked.facts, reading_named(options.reading))) {
    if (++shown_count > options.top) break;
    const library::Entry& entry = from.entries()[one.entry];
    io::Json json = io::Json::object({{"likeness", one.likeness}});
    const io::Json described = entry_json(from, entry);
    for (const io::Json::Member& member : described.members()) json[member.name] = member.value;
    rows.push_back(std::move(json));
    text.add({rounded_text(one.likeness, 2), entry.system.address(), entry.system.engine,
              std::to_string(entry.law.measured_rows.value_or(0)), error_text(entry.held_out.model),
              from.data()[entry.data_set].name});
  }
  if (options.format == "table") {
    print(text.text());
  } else {
    print_rows(std::move(rows), "nearest", options.format);
  }
  return kOk;
}

void declare_library_file(Arguments& args, LibraryOptions& options) {
  args.text("--library", options.library, "FILE", "library of fitted laws (JSON) [built-in]");
  args.reads();
}

}  // namespace

Run library_list_verb(Arguments& args) {
  const auto options = std::make_shared<LibraryOptions>();
  declare_library_file(args, *options);
  declare_format(args, options->format);
  args.example("energylens library list --format csv");
  return [options] { return list_library(*options); };
}

Run library_show_verb(Arguments& args) {
  const auto options = std::make_shared<LibraryOptions>();
  args.positional("ADDRESS", options->address, "library:MODEL@GPU:QUANT");
  declare_library_file(args, *options);
  declare_format(args, options->format);
  args.example("energylens library show library:llama-3.1-70b@h800-80gb:fp8");
  return [options] { return show_library(*options); };
}

Run library_nearest_verb(Arguments& args) {
  const auto options = std::make_shared<LibraryOptions>();
  args.positional("ADDRESS", options->address, "library:MODEL@GPU:QUANT");
  args.choice("--reading", options->reading, {"server", "job", "isl unknown"},
              "what is asked: a server under continuous batching, a job, or rows without input lengths");
  args.whole("--top-n", options->top, kCount, "number of groups to list");
  options->catalogue.declare_catalogue(args);
  declare_library_file(args, *options);
  declare_format(args, options->format);
  args.example("energylens library nearest library:qwen3-32b@mi300x:bf16");
  return [options] { return nearest_library(*options); };
}

}  // namespace energylens::cli
