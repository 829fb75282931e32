// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>

#include "campaign/slurm.hpp"
#include "cli/console.hpp"
#include "cli/profile/report.hpp"
#include "cli/verb.hpp"
#include "core/file.hpp"

namespace energylens::cli {
namespace {

struct CollectOptions {
  std::string folder, output, format = "table";
  bool strict = false;
};

/// What a campaign wrote, but for the table that this command makes: none of it can be made again.
void read_all_of(const std::string& folder, FileUses& uses) {
  namespace fs = std::filesystem;
  std::error_code none;
  for (fs::recursive_directory_iterator at(folder, none), end; at != end && !none; at.increment(none)) {
    const std::string inside = at->path().lexically_relative(folder).string();
    const bool ours = inside.starts_with("task_") || inside.starts_with("samples/") ||
                      inside.starts_with("logs/") || inside.starts_with("slurm_") ||
                      inside == campaign::kPlanFile || inside == campaign::kTasksFile ||
                      inside == campaign::kJournalFile || inside == campaign::kEnvironmentFile;
    if (ours && at->is_regular_file(none)) uses.reads(at->path().string());
  }
}

int collect(const CollectOptions& options) {
  const campaign::Array array = campaign::read_array(options.folder);
  const campaign::JournalContent journals = campaign::collect_records(options.folder, array);
  for (const std::string& warning : journals.warnings) warn(warning);
  const campaign::Summary summary = campaign::summarise(array.plan, journals.records);
  const std::string file =
      options.output.empty() ? options.folder + '/' + campaign::kRowsFile : options.output;
  if (options.output.empty() && campaign::would_lose_rows(options.folder, journals.rows())) {
    warn(file + " has more rows than the journals and is not overwritten; write to another file with -o");
    return options.strict ? kMeasurementInvalid : kFailure;
  }
  write_file(file, campaign::rows_of(journals.records));
  if (file != "-") print(summary_text(summary, file, options.format));
  if (journals.refused > 0) return kUsage;  // bad input, though the rest is written
  if (options.strict && !summary.missing.empty()) return kMeasurementInvalid;
  return summary.rows == 0 ? kFailure : kOk;
}

}  // namespace

Run collect_verb(Arguments& args) {
  const auto options = std::make_shared<CollectOptions>();
  args.positional("FOLDER", options->folder, "campaign folder written by energylens profile");
  args.uses_files(FileRole::read, [options](FileUses& uses) { read_all_of(options->folder, uses); });
  args.text("-o,--output", options->output, "DATA",
            "table to write; - writes to standard output [FOLDER/rows.csv]");
  args.writes();
  args.flag("--strict", options->strict, "exit with code 3 if a configuration lacks rows");
  args.choice("--format", options->format, {"table", "json"}, "output format of the summary");
  args.example("energylens collect campaign -o rows.csv");
  return [options] { return collect(*options); };
}

}  // namespace energylens::cli
