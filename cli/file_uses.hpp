// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

namespace energylens::cli {

/// The files that a command reads and those that it writes, so that no output destroys an input. Collected from the
/// declarations of its arguments before it runs.
class FileUses {
 public:
  /// "-" is standard input; an empty path or one that does not exist is nothing.
  void reads(const std::string& path);
  /// `flag` as in "-o"; "-" and an empty path are nothing.
  void writes(const std::string& flag, const std::string& path);
  /// Throws Error (usage) if an output is an input or another output, whatever their spelling: relative paths, symbolic
  /// and hard links. A device or pipe can be both.
  void check() const;

 private:
  struct Output {
    std::string flag, path;
  };
  std::vector<std::string> inputs_;
  std::vector<Output> outputs_;
};

}  // namespace energylens::cli
