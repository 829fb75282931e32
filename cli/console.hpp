// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <exception>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "energylens/core/parallel.hpp"

namespace energylens::cli {

/// Standard output carries data only, whole or not at all. Throws Error (io) when it cannot be written.
void print(std::string_view data);

/// Text for people on standard error, as it is.
void note(std::string_view line);
/// "energylens: note: LINE", "energylens: warning: LINE" and "energylens: error: LINE".
void inform(std::string_view line);
void warn(std::string_view line);
void warn(std::span<const std::string> lines);
void report_error(std::string_view line);
/// The same for an exception; "FILE:LINE:COLUMN: error: MESSAGE" where it names a place in a file.
void report_error(const std::exception& error);

/// Opens those of the standard streams that are closed, so that no file takes their place and warnings are written into
/// it. Reading, or writing data, then fails.
void open_standard_streams();

/// Ctrl-C asks running work to stop: this token is cancelled, and a second Ctrl-C ends the program at once.
/// A closed pipe, or a file that grows too large, becomes an error of the write instead of a signal.
void install_signal_handlers();
const CancelToken& interrupted();
/// From now on SIGTERM, by which a cluster ends a job, asks running work to stop too.
void stop_on_terminate();

/// A line on standard error that shows how much of `what` is done and how long the rest will take; nothing
/// where standard error is not a terminal or `quiet` is set.
Progress progress_line(std::string what, bool quiet);

/// Replaces the line on standard error by a text, "" wipes it; empty where standard error is not a terminal or
/// `quiet` is set.
std::function<void(const std::string&)> status_line(bool quiet);

}  // namespace energylens::cli
