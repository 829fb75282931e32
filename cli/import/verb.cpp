// SPDX-License-Identifier: Apache-2.0
#include "energylens/importers/import.hpp"

#include <memory>

#include "cli/console.hpp"
#include "cli/verb.hpp"
#include "core/file.hpp"
#include "core/named_table.hpp"
#include "core/text.hpp"

namespace energylens::cli {
namespace {

struct ImportOptions {
  importers::Request request;
  std::vector<std::string> words, set;
  double utc_offset_h = 0, date_utc_offset_h = kUnknown, log_utc_offset_h = kUnknown;
  std::string format = "csv", output = "-";
};

std::pair<std::string, std::string> assignment(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos) {
    throw Error::usage("--set: expected COLUMN=VALUE, not " + quote(text));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

int import_files(const ImportOptions& options) {
  const importers::Format& format = importers::find_format(options.words.front());
  importers::Request request = options.request;
  request.files.assign(options.words.begin() + 1, options.words.end());
  if (request.files.empty()) throw Error::usage("FILE is required");
  if (!request.energy_file.empty() && !format.takes_energy_file) {
    throw Error::usage("--energy is not supported for format " + std::string(format.name));
  }
  request.utc_offset_s = 3600 * options.utc_offset_h;
  request.date_utc_offset_s = 3600 * options.date_utc_offset_h;
  request.log_utc_offset_s = 3600 * options.log_utc_offset_h;
  for (const std::string& text : options.set) request.set.push_back(assignment(text));
  const importers::Imported imported = format.import(request);
  warn(imported.warnings);
  write_file(options.output,
             options.format == "csv" ? table::to_csv(imported.table) : table::to_json(imported.table));
  return kOk;
}

std::string format_names() {
  return join(names_of(importers::formats()));
}

}  // namespace

Run import_verb(Arguments& args) {
  const auto options = std::make_shared<ImportOptions>();
  importers::Request& request = options->request;
  std::vector<std::string> formats;
  args.positionals("FORMAT FILE", options->words,
                   "format (" + format_names() + "), then files in that format; - reads standard input");
  for (const std::string_view name : names_of(importers::formats())) formats.emplace_back(name);
  args.suggest(std::move(formats));
  args.uses_files(FileRole::read, [options](FileUses& uses) {
    for (std::size_t i = 1; i < options->words.size(); ++i) uses.reads(options->words[i]);
  });
  args.text(
      "--energy", request.energy_file, "FILE",
      "energy readings of the run: a recording, an nvidia-smi log, or a JSON report of `energylens meter`");
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
  args.number("--max-gap-s", request.limits.max_gap_s, kPositive,
              "maximum gap between readings; a longer one makes the measurement invalid (s)");
  args.choice("--format", options->format, {"csv", "json"}, "output format");
  args.text("-o,--output", options->output, "FILE", "output file; - writes to standard output");
  args.writes();
  args.example("energylens import mlenergy image-chat.json --set gpu=H100-80GB-SXM -o rows.csv");
  args.example("energylens import vllm run.json --energy smi.csv --set tp=8 --set quant=fp8 -o rows.csv");
  args.example("energylens import nvidia-smi smi.csv --gpus 0,1 --set batch=8 --set osl=256 -o row.csv");
  return [options] { return import_files(*options); };
}

}  // namespace energylens::cli
