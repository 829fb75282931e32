// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "energylens/importers/import.hpp"
#include "table/expect_error.hpp"
#include "temporary_folder.hpp"

namespace energylens::importers {

/// A folder of files for a test.
class Files : public testing::Test {
 protected:
  std::string put(const char* name, const std::string& content) const {
    const std::string path = folder_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  Imported import(const char* format, const Request& request) const {
    return find_format(format).import(request);
  }
  /// The text of the Error that the import throws, without the folder.
  std::string refusal(const char* format, const Request& request) const {
    std::string text = table::error_of([&] { import(format, request); });
    const std::string path = folder_.path().string() + "/";
    for (std::size_t at; (at = text.find(path)) != std::string::npos;) text.erase(at, path.size());
    return text;
  }
  /// Warnings without the folder.
  std::vector<std::string> warnings(const Imported& imported) const {
    std::vector<std::string> all = imported.warnings;
    const std::string path = folder_.path().string() + "/";
    for (std::string& text : all) {
      for (std::size_t at; (at = text.find(path)) != std::string::npos;) text.erase(at, path.size());
    }
    return all;
  }
  static Request of(const std::string& file) {
    Request request;
    request.files = {file};
    return request;
  }
  /// A public file, in `folder` beside the public data; empty if it is absent.
  static std::string public_file(const std::string& name) {
    const char* data = std::getenv("ENERGYLENS_DATA");
    const std::filesystem::path path = std::filesystem::path(data ? data : "") / name;
    return data && std::filesystem::exists(path) ? path.string() : std::string();
  }

  TemporaryFolder folder_;
};

inline double number(const Imported& imported, table::Column column, std::size_t row = 0) {
  const auto values = imported.table.numbers(column);
  return values.empty() ? kUnknown : values[row];
}

}  // namespace energylens::importers
