// SPDX-License-Identifier: Apache-2.0
#include "cli/import/list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "energylens/importers/import.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

std::string kinds_text() {
  std::string text;
  std::size_t width = 0;
  for (const importers::Format& format : importers::formats()) width = std::max(width, format.name.size());
  for (const auto kind : {importers::FormatKind::result, importers::FormatKind::power}) {
    text += kind == importers::FormatKind::result ? "Results of loads:\n" : "\nPower and energy:\n";
    for (const importers::Format& format : importers::formats()) {
      if (format.kind == kind) text += fmt::format("  {:<{}}  {}\n", format.name, width, format.sentence);
    }
  }
  return text + "\nenergylens import --list FORMAT shows the fields of a format.\n";
}

std::string fields_text(const importers::Format& format) {
  std::string text = fmt::format("{}: {}\n", format.name, format.sentence);
  for (const importers::FieldInfo& field : format.fields()) {
    text += fmt::format("  {:<8} {}", importers::field_use_text(field.use),
                        field.field.empty() ? "-" : field.field);
    if (!field.column.empty()) text += " -> " + field.column;
    if (!field.meaning.empty()) text += ": " + field.meaning;
    text += '\n';
  }
  return text;
}

io::Json format_json(const importers::Format& format) {
  io::Json fields = io::Json::array();
  for (const importers::FieldInfo& field : format.fields())
    fields.push_back(io::Json::object({{"field", field.field},
                                       {"column", field.column},
                                       {"use", importers::field_use_text(field.use)},
                                       {"meaning", field.meaning}}));
  return io::Json::object({{"name", format.name},
                           {"kind", importers::format_kind_text(format.kind)},
                           {"sentence", format.sentence},
                           {"takes_energy_file", format.takes_energy_file},
                           {"fields", std::move(fields)}});
}

}  // namespace

std::string format_list(std::span<const std::string> names, bool as_json) {
  std::vector<const importers::Format*> wanted;
  for (const std::string& name : names) wanted.push_back(&importers::find_format(name));
  if (as_json) {
    if (names.empty()) {
      for (const importers::Format& format : importers::formats()) wanted.push_back(&format);
    }
    io::Json list = io::Json::array();
    for (const importers::Format* format : wanted) list.push_back(format_json(*format));
    return io::print_json(io::Json::object({{"formats", std::move(list)}})) + "\n";
  }
  if (names.empty()) return kinds_text();
  std::string text;
  for (const importers::Format* format : wanted) text += (text.empty() ? "" : "\n") + fields_text(*format);
  return text;
}

}  // namespace energylens::cli
