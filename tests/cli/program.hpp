// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace energylens::cli {

/// What a run of the program left.
struct Outcome {
  int code = -1;  ///< exit code; 128 + the signal if one ended it
  std::string out, err;
};

/// A folder of its own for each test, removed afterwards, in which the real program runs.
class ProgramTest : public ::testing::Test {
 protected:
  ProgramTest();
  ~ProgramTest() override;

  /// Runs `energylens ARGUMENTS` by the shell, so that redirections work.
  Outcome run(const std::string& arguments) const;
  /// Runs a shell command in which $ENERGYLENS is the program.
  Outcome shell(const std::string& command) const;

  std::string write(const std::string& name, const std::string& content) const;  ///< returns `name`
  std::string read(const std::string& name) const;
  bool exists(const std::string& name) const;
  const std::filesystem::path& folder() const { return folder_; }
  /// Files in the folder, but for those that `run` itself makes.
  std::size_t files() const;

 private:
  std::filesystem::path folder_, streams_;
};

/// Compares with tests/golden/NAME; ENERGYLENS_UPDATE_GOLDEN=1 rewrites it instead.
void expect_golden(const std::filesystem::path& golden, const std::string& text);

/// A small measured table: `rows` is put below a header of layout, load and results.
std::string table_of(const std::string& rows);

/// 24 rows of four layouts that follow a simple law, without noise.
std::string good_table();

}  // namespace energylens::cli
