// SPDX-License-Identifier: Apache-2.0
// Files are grouped by format, in the order in which they were given, and the tables of the groups joined. Held by
// formats_test.cpp.
#include <algorithm>

#include "core/file.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "importers/content.hpp"
#include "importers/foreign.hpp"
#include "importers/formats.hpp"

namespace energylens::importers {
namespace {

struct FilesOfFormat {
  const Format* format;
  std::vector<std::string> files;
};

const Format& format_of(const std::string& file, const Request& request) {
  const std::string whole = file == "-" ? text_of(file, request) : std::string();
  const std::string beginning = file == "-" ? std::string(beginning_of_text(whole)) : beginning_of(file);
  if (!request.log_columns.empty()) return find_format("nvidia-smi");
  // Kinds that are no format have narrower signs.
  const std::string foreign = foreign_text(beginning, {});
  const Format* const found = recognise(beginning);
  if (found && (foreign.empty() || foreign.ends_with("import " + std::string(found->name)))) return *found;
  throw Error::bad_input(
      {file, 0, {}},
      !foreign.empty()
          ? foreign
          : "the format is not recognised; energylens import --list shows those that are read, and "
            "--format names one");
}

std::vector<FilesOfFormat> grouped(const Request& request, std::string_view format) {
  std::vector<FilesOfFormat> groups;
  for (const std::string& file : request.files) {
    const Format& of_file = format.empty() ? format_of(file, request) : find_format(format);
    const auto found = std::ranges::find(groups, &of_file, &FilesOfFormat::format);
    if (found == groups.end()) {
      groups.push_back({&of_file, {file}});
    } else {
      found->files.push_back(file);
    }
  }
  return groups;
}

/// A single log of power beside results is their energy.
void pair_with_log(std::vector<FilesOfFormat>& groups, Request& request) {
  const auto is_log = [](const FilesOfFormat& group) { return group.format->read_log != nullptr; };
  const auto takes = [](const FilesOfFormat& group) { return group.format->takes_energy_file; };
  const auto log = std::ranges::find_if(groups, is_log);
  if (log == groups.end() || std::ranges::count_if(groups, is_log) != 1 || log->files.size() != 1) return;
  if (!std::ranges::any_of(groups, takes) || !request.energy_file.empty()) return;
  request.energy_file = log->files.front();
  groups.erase(log);
}

}  // namespace

Imported import_files(const Request& request, std::string_view format) {
  Request whole = request;
  if (std::ranges::count(request.files, "-") > 1) throw Error::usage("standard input is named twice");
  if (std::ranges::find(request.files, "-") != request.files.end() && !whole.standard_input)
    whole.standard_input = read_file("-");
  std::vector<FilesOfFormat> groups = grouped(whole, format);
  pair_with_log(groups, whole);
  Imported all;
  std::vector<table::Table> tables;
  for (const FilesOfFormat& group : groups) {
    if (!whole.energy_file.empty() && !group.format->takes_energy_file)
      throw Error::usage("--energy is not supported for format " + std::string(group.format->name));
    Request of_group = whole;
    of_group.files = group.files;
    Imported one = group.format->import(of_group);
    tables.push_back(std::move(one.table));
    all.warnings.insert(all.warnings.end(), one.warnings.begin(), one.warnings.end());
  }
  all.table = tables.size() == 1 ? std::move(tables.front()) : table::concatenate(std::move(tables));
  return all;
}

}  // namespace energylens::importers
