// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <exception>
#include <string>
#include <string_view>

namespace energylens {

/// Why something was refused; decides the exit code of the program.
enum class ErrorCode {
  usage,      ///< wrong options or arguments (exit 2)
  bad_input,  ///< a file, row or value that cannot be used (exit 2)
  io,         ///< a file that cannot be written, a full disk, a missing library (exit 1)
  cancelled,  ///< stopped by the caller (exit 130)
};

/// A place in the input. Empty or zero members are unknown and left out of the text.
struct Place {
  std::string file;
  long line = 0;  ///< 1-based
  std::string column;
};

/// Bad input or a missing resource. One class for all; each message has one named factory.
/// `what()` is one line: `file:line:column: message`.
class Error : public std::exception {
 public:
  Error(ErrorCode code, Place place, std::string message);

  ErrorCode code() const noexcept { return code_; }
  const Place& place() const noexcept { return place_; }
  const std::string& message() const noexcept { return message_; }
  const char* what() const noexcept override { return text_.c_str(); }

  static Error usage(std::string message);
  static Error bad_input(Place place, std::string message);
  /// `"n/a" is not a power in watts`
  static Error bad_cell(Place place, std::string_view text, std::string_view wanted);
  /// `cannot read: No such file or directory`
  static Error cannot_read(std::string file, std::string_view reason);
  /// `cannot write: No space left on device`
  static Error cannot_write(std::string file, std::string_view reason);
  static Error cancelled();

 private:
  ErrorCode code_;
  Place place_;
  std::string message_;
  std::string text_;
};

}  // namespace energylens
