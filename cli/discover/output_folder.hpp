// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "core/file.hpp"

namespace energylens::cli {

/// The folder of -o; without one nothing is written.
class OutputFolder {
 public:
  /// Makes the folder before a long search, so that the search does not end at a folder that cannot be made.
  /// Throws Error (io).
  explicit OutputFolder(std::string path);
  /// Removes a folder that was made here and is still empty: a refusal leaves nothing behind.
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  /// The files that a search writes into a folder; none without one.
  static std::vector<std::string> files_in(const std::string& folder);

  bool given() const { return !path_.empty(); }
  /// A file of this name is to be written.
  void add(const std::string& name, std::string content);
  /// Writes all files that were added, or none: they belong to one search.
  void write() const;
  /// Removes the model file of an earlier search, which would not belong to the front that is written.
  void remove_model() const;

 private:
  std::string path_;
  std::vector<FileContent> files_;
  bool made_ = false;
};

}  // namespace energylens::cli
