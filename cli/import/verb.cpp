// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/console.hpp"
#include "cli/import/list.hpp"
#include "cli/verb.hpp"
#include "core/file.hpp"
#include "core/named_table.hpp"
#include "core/text.hpp"
#include "energylens/importers/import.hpp"

namespace energylens::cli {
namespace {

struct ImportOptions {
  importers::Request request;
  std::vector<std::string> words, set;
  double utc_offset_h = 0, date_utc_offset_h = kUnknown, log_utc_offset_h = kUnknown;
  std::string format = "csv", output = "-";
  bool list = false;
};

std::pair<std::string, std::string> assignment(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos) {
    throw Error::usage("--set: expected COLUMN=VALUE, not " + quote(text));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

bool is_format(const std::string& word) {
  return std::ranges::find(importers::formats(), word, &importers::Format::name) !=
         importers::formats().end();
}

bool is_file(const std::string& word) {
  std::error_code ignored;
  return word == "-" || std::filesystem::exists(word, ignored);
}

/// The format that is named: by --format, or by the first word, which then is no file. A first word that is neither is
/// taken for a misspelt format if files follow.
std::string named_format(ImportOptions& options) {
  if (is_format(options.format)) {
    if (options.words.size() > 1 && options.words.front() == options.format &&
        !is_file(options.words.front()))
      options.words.erase(options.words.begin());
    return options.format;
  }
  const std::string first = options.words.front();
  if (is_file(first) ||
      (options.words.size() == 1 && !is_format(first) && first.find_first_of("./") != std::string::npos))
    return {};
  importers::find_format(first);
  options.words.erase(options.words.begin());
  return first;
}

int import_named_files(ImportOptions& options) {
  if (options.list) {
    print(format_list(options.words, options.format == "json"));
    return kOk;
  }
  if (options.words.empty()) throw Error::usage("FILE is required");
  const std::string format = named_format(options);
  importers::Request request = options.request;
  request.files = options.words;
  if (request.files.empty()) throw Error::usage("FILE is required");
  request.utc_offset_s = 3600 * options.utc_offset_h;
  request.date_utc_offset_s = 3600 * options.date_utc_offset_h;
  request.log_utc_offset_s = 3600 * options.log_utc_offset_h;
  for (const std::string& text : options.set) request.set.push_back(assignment(text));
  const importers::Imported imported = importers::import_files(request, format);
  warn(imported.warnings);
  write_file(options.output,
             options.format == "json" ? table::to_json(imported.table) : table::to_csv(imported.table));
  return kOk;
}

}  // namespace

Run import_verb(Arguments& args) {
  const auto options = std::make_shared<ImportOptions>();
  importers::Request& request = options->request;
  std::vector<std::string> formats;
  for (const std::string_view name : names_of(importers::formats())) formats.emplace_back(name);
  args.positionals(
      "FILE", options->words,
      "files, each recognised by its content; - reads standard input; a format may be named first, as in "
      "import vllm FILE",
      false);
  args.suggest(formats);
  args.uses_files(FileRole::read, [options](FileUses& uses) {
    for (std::size_t i = 0; i < options->words.size(); ++i) {
      if (i > 0 || !is_format(options->words[i])) uses.reads(options->words[i]);
    }
  });
  args.text("--energy", request.energy_file, "FILE",
            "energy of the run: a power log, a recording, or a JSON report of `energylens meter`");
  args.reads();
  args.repeated("--set", options->set, "COLUMN=VALUE", "set this column in all rows; may be repeated");
  args.words("--gpus", request.gpus, "G,G,...", "GPUs in the log to include, by index or UUID [all]");
  args.number("--begin", request.window.begin_s, {}, "start of the measurement window (Unix time in s)");
  args.number("--end", request.window.end_s, {}, "end of the measurement window (Unix time in s)");
  args.number("--utc-offset-h", options->utc_offset_h, {.min = -24, .max = 24},
              "UTC offset of local times in the files (hours)");
  args.number("--date-utc-offset-h", options->date_utc_offset_h, {.min = -24, .max = 24},
              "UTC offset of the date in a result (hours) [--utc-offset-h]");
  args.number("--log-utc-offset-h", options->log_utc_offset_h, {.min = -24, .max = 24},
              "UTC offset of the times in a log (hours) [--utc-offset-h]");
  args.words("--columns", request.log_columns, "NAME,NAME,...",
             "names of the columns of a log without a header");
  args.number("--log-period-s", request.log_period_s, kPositive,
              "time between the readings of a log without times (s)");
  args.number("--max-gap-s", request.limits.max_gap_s, kPositive,
              "maximum gap between readings; a longer one makes the measurement invalid (s)");
  formats.insert(formats.begin(), {"csv", "json"});
  args.choice("--format", options->format, formats,
              "output format (csv or json), or the format of the files");
  args.flag("--list", options->list, "list the formats, or the fields of the named ones, and exit");
  args.text("-o,--output", options->output, "FILE", "output file; - writes to standard output");
  args.writes();
  args.example("energylens import image-chat.json --set gpu=H100-80GB-SXM -o rows.csv");
  args.example("energylens import run.json --energy smi.csv --set tp=8 --set quant=fp8 -o rows.csv");
  args.example("energylens import smi.csv --gpus 0,1 --set batch=8 --set osl=256 -o row.csv");
  args.example("energylens import --list vllm");
  return [options] { return import_named_files(*options); };
}

}  // namespace energylens::cli
